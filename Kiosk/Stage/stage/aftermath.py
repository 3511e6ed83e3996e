# SPDX-License-Identifier: Apache-2.0
"""What a visit leaves behind: searches files and memory, and proves that it can find."""

import json
import time
from dataclasses import dataclass, field
from pathlib import Path

from stage.chromium import Chromium
from stage.house import House
from stage.leaks import SHORTEST, Hit, Searched, patterns, search, writings
from stage.memory import finds_in_memory
from stage.raster import Raster

MEMORY_AFTER = 10.0  # seconds after a visit


@dataclass
class MemoryLook:
    due: float
    wanted: dict[bytes, str]
    hits: int | None = None


@dataclass
class Aftermath:
    house: House
    chromium: Chromium
    rasters: list[Raster] = field(default_factory=list)
    hits: list[Hit] = field(default_factory=list)
    looks: list[MemoryLook] = field(default_factory=list)
    began: float = field(default_factory=time.time)

    def searched(self) -> Searched:
        folder = self.house.folder
        # The centre is the one place that may keep them; it is searched apart. Commands and
        # shared data cannot be written by the account.
        without = [folder.evidence, folder.bin, folder.share, folder.root / "lib",
                   self.house.centre.data, self.house.centre.office_data]
        return Searched(folder.root, folder.account.uid, self.began, without)

    def after_visit(self, words: list[str]) -> list[Hit]:
        """Searches at once, and asks for a look at memory ten seconds from now."""
        found = search(self.searched().files(), patterns(words), self.rasters)
        self.hits += found
        plain = {word.encode(codec): word for word in words
                 for codec in ("utf-8", "utf-16-le") if len(word.encode(codec)) >= SHORTEST}
        self.looks.append(MemoryLook(time.monotonic() + MEMORY_AFTER, plain))
        return found

    def look_at_memory(self, wait: bool = False) -> None:
        """Takes the looks that are due; with `wait` all that are left."""
        for look in self.looks:
            if look.hits is not None:
                continue
            if wait:
                time.sleep(max(0.0, look.due - time.monotonic()))
            if time.monotonic() >= look.due:
                pids = [self.house.kioskd_pid, *self.chromium.renderers()]
                counts = [finds_in_memory(pid, look.wanted) for pid in pids]
                look.hits = sum(one for one in counts if one is not None)

    def at_centre(self, words: list[str]) -> list[Hit]:
        centre = self.house.centre
        files = (str(path) for place in (centre.data, centre.office_data)
                 for path in place.rglob("*") if path.is_file())
        return search(files, patterns(words))

    def in_web_tier(self, words: list[str]) -> int | None:
        """Finds in the memory of the centre's web tier, which lacks the key to them; None: its
        memory could not be read."""
        plain = [word.encode(codec) for word in words for codec in ("utf-8", "utf-16-le")
                 if len(word.encode(codec)) >= SHORTEST]
        return finds_in_memory(self.house.centre.pid, plain)

    def planted(self, words: list[str]) -> tuple[int, int]:
        """Lays each writing of each word, and a run of each kind of place of a slip's
        picture, into a file of its own; returns how many there were and were found."""
        place = self.house.folder.make("state/planted")
        laid = 0
        for word in words:
            for data in writings(word).values():
                if len(data) >= SHORTEST:
                    laid += 1
                    (place / f"{laid}").write_bytes(b"\x07 before " + data + b" after \xff")
        for raster in self.rasters:
            runs = raster.runs()
            for step in range(8):
                laid += 1
                run = runs[step * (len(runs) - 1) // 7]
                (place / f"{laid}").write_bytes(b"x" * (step + 1) + run + b"tail")
        hits = search(self.searched().files(), patterns(words), self.rasters)
        found = {hit.path for hit in hits if Path(hit.path).parent == place}
        for path in place.iterdir():
            path.unlink()
        place.rmdir()
        return laid, len(found)

    def in_snapshot(self, snapshot: Path, raster: Raster) -> list[Hit]:
        files = (str(path) for path in snapshot.rglob("*") if path.is_file())
        return search(files, {}, [raster])


def core_dumps(pids: list[int]) -> list[str]:
    """Limits of processes that may dump core; empty is right."""
    found = []
    for pid in pids:
        try:
            limits = Path(f"/proc/{pid}/limits").read_text().splitlines()
            name = Path(f"/proc/{pid}/comm").read_text().strip()
        except OSError:
            continue
        line = next(one for one in limits if one.startswith("Max core file size"))
        if line.split()[4:6] != ["0", "0"]:
            found.append(f"{name}: {json.dumps(line.split()[4:6])}")
    return found
