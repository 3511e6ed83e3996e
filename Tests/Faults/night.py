# SPDX-License-Identifier: Apache-2.0
"""A night to cut the power in: both daemons under the shim, one log, visits with the network up
and down, a sync that fails for good, a kill. And what each disk says after a cut."""

import dataclasses
import pickle
import sqlite3
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import powercut
from kiosk_phases import Filing
from lives import Lives, wait_end
from powercut import Disk
from reckoning import Reckoning
from stage import Trouble
from walk import Walk
from writelog import Record, told

PAGE = 4096
HEADER, FRAME = 32, 24 + PAGE


@dataclass
class Night:
    """The start images and the log of one night."""

    house: Lives | None
    images: dict[str, dict] = field(default_factory=dict)
    records: list[Record] = field(default_factory=list)
    told: dict[str, int] = field(default_factory=dict)
    roots: dict[str, Path] = field(default_factory=dict)
    centre_base: str = ""
    # Numbers on its papers.
    printed: tuple[str, ...] = ()

    @classmethod
    def of(cls, house: Lives, whole: bool = True) -> "Night":
        night = cls(house, roots={"terminal": house.state, "centre": house.centre_data})
        night.pass_by(whole)
        return night

    @classmethod
    def read(cls, path: Path) -> "Night":
        """One that was kept, to cut its power once more at the same places."""
        return pickle.loads(path.read_bytes())

    def keep(self, path: Path) -> None:
        path.write_bytes(pickle.dumps(dataclasses.replace(self, house=None)))

    def into(self, house: Lives) -> "Night":
        """One that was kept, in a house whose daemons can start on its disks."""
        roots = {"terminal": house.state, "centre": house.centre_data}

        def there(path: str) -> str:
            for name, root in self.roots.items():
                if path == str(root) or path.startswith(f"{root}/"):
                    return f"{roots[name]}{path.removeprefix(str(root))}"
            return path

        records = [dataclasses.replace(
            one, path=there(one.path),
            data=there(one.data.decode()).encode() if one.op == "rename" else one.data)
            for one in self.records]
        images = {name: {there(path): what for path, what in image.items()}
                  for name, image in self.images.items()}
        return dataclasses.replace(self, house=house, roots=roots, records=records, images=images)

    def pass_by(self, whole: bool) -> None:
        """`whole`: with all that may happen in a night; else one failing sync and two visits."""
        house = self.house
        house.bodies = True
        house.stop_kioskd()
        house.stop_centre()
        self.images = {name: powercut.image(root) for name, root in self.roots.items()}
        first = house.tail.mark()
        house.start_centre()
        house.start_kioskd()
        filing = Filing(house)
        if whole:
            self._first_visits(filing)
        self._failing_sync(filing)
        if whole:
            self._kills(filing)
        self._visit(filing)
        house.delivered()
        self.records = house.tail.since(first)
        self._numbers()
        self.printed = tuple(Reckoning.of(house).papers.look())
        logs = [path.name for path in house.centre_data.iterdir() if path.name.endswith("-wal")]
        if len(logs) != 1:
            raise Trouble(f"which of {logs} is the centre's?")
        self.centre_base = logs[0].removesuffix("-wal")

    def _first_visits(self, filing: Filing) -> None:
        house = self.house
        for network in ("through", "cut"):
            house.panel.network(network)
            self._visit(filing)
        # An end in order, whose last sync fails for good.
        house.control.arm("lost", 1, ("sync",), f"{house.state}/ledger$")
        house.stop_kioskd()
        house.control.rest()
        house.start_kioskd()

    def _failing_sync(self, filing: Filing) -> None:
        """Of a filing, for good: the process ends, the next start repairs and delivers."""
        self._spoilt(filing, "lost")
        self.house.delivered()

    def _kills(self, filing: Filing) -> None:
        """Of kioskd between filing and telling, and of the centre meanwhile."""
        house = self.house
        self._spoilt(filing, "kill-after", lambda: (house.stop_centre(9), house.start_centre()))

    def _spoilt(self, filing: Filing, fault: str, meanwhile=lambda: None) -> None:
        house = self.house
        filing.prepare()
        house.control.arm(fault, 1, ("sync",), f"{house.state}/ledger-wal$")
        filing.act()
        wait_end(house.kioskd, 5)
        house.control.rest()
        meanwhile()
        filing.rise()

    def _visit(self, filing: Filing) -> None:
        walk = Walk(self.house.enter(), self.house.panel, filing.resident())
        walk.file(walk.to_summary())

    def _numbers(self) -> None:
        """When each number was told: in a scene, or handed to the spooler in its slip's job."""
        for record, number in told(self.records, self.house.ports["screens"]):
            self.told.setdefault(number, record.place)
        with Opened(self.house.state / "ledger", copy=True) as base:
            jobs = dict(base.execute("""
                SELECT job, number FROM slip JOIN envelope USING (row)
                UNION SELECT job, number FROM untold JOIN envelope USING (row)
                WHERE job IS NOT NULL""").fetchall())
        for record in self.records:
            if record.op == "send" and record.path.endswith("cups.sock"):
                for job, number in jobs.items():
                    if job.encode() in record.data:
                        self.told[number] = min(record.place, self.told.get(number, record.place))

    def places(self) -> list[int]:
        return places(self.records, list(self.roots.values()))

    def disks(self, places: list[int]):
        """Both disks at each of the places, in order."""
        disks = {name: Disk(self.images[name], root) for name, root in self.roots.items()}
        wanted = iter(sorted(places))
        place = next(wanted, None)
        for record in self.records:
            for disk in disks.values():
                disk.take(record)
            while place is not None and record.place >= place:
                yield place, disks
                place = next(wanted, None)


def places(records: list[Record], roots: list[Path]) -> list[int]:
    """Where the power is cut: before and after each sync, and midway to the next one."""
    ends = [one.place for one in records if one.op in ("sync", "synced")
            and any(one.path.startswith(str(root)) for root in roots)]
    between = [(left + right) // 2 for left, right in zip(ends, ends[1:]) if right - left > 2]
    return sorted({*ends, *(place - 1 for place in ends), *between})


class Opened:
    """A SQLite file, or a copy of it with its log, to look at."""

    def __init__(self, path: Path, copy: bool = False):
        self.path, self.scratch = path, None
        if copy:
            self.scratch = tempfile.TemporaryDirectory(dir="/dev/shm")
            for end in ("", "-wal"):
                beside = path.with_name(path.name + end)
                if beside.exists():
                    Path(self.scratch.name, path.name + end).write_bytes(beside.read_bytes())
            self.path = Path(self.scratch.name, path.name)

    def __enter__(self) -> sqlite3.Connection:
        self.base = sqlite3.connect(self.path)
        return self.base

    def __exit__(self, *_) -> None:
        self.base.close()
        if self.scratch:
            self.scratch.cleanup()


@dataclass
class Found:
    """What a disk holds after a cut."""

    damage: list[str]
    filings: set[str]
    sent: set[bytes]
    kept: set[bytes]


def paths(root: Path, name: str) -> tuple[str, str]:
    """What `look` needs of a disk."""
    return f"{root}/{name}", f"{root}/{name}-wal"


def spread(files: dict[str, bytes | None], scratch: Path) -> None:
    """Lays rebuilt files (`paths`) where SQLite can open them."""
    for path in scratch.iterdir():
        path.unlink()
    # Bytes that end with zeros came without them: a page must be whole, and a base has as many as
    # its header says (free pages that were never written are zeros).
    sizes = {True: (HEADER, FRAME), False: (0, PAGE)}
    for path, data in files.items():
        head, step = sizes[path.endswith("-wal")]
        steps = -(-max(0, len(data) - head) // step)
        if data and not head:
            steps = max(steps, int.from_bytes(data[28:32], "big"))
        (scratch / Path(path).name).write_bytes(data.ljust(head + steps * step, b"\0") if data else b"")


def look(files: dict[str, bytes | None], root: Path, name: str, scratch: Path) -> Found:
    """Opens the base `name` of the rebuilt files (`paths`) as SQLite would after the boot."""
    found = Found([], set(), set(), set())
    spread(files, scratch)
    with Opened(scratch / name) as base:
        try:
            found.damage = [row[0] for row in base.execute("PRAGMA integrity_check")
                            if row[0] != "ok"]
            tables = {row[0] for row in base.execute("SELECT name FROM sqlite_master")}
            if "settled" in tables:
                found.filings = {row[0] for row in base.execute("""
                    SELECT number FROM envelope
                    JOIN (SELECT row FROM outbox UNION SELECT row FROM settled) USING (row)
                    JOIN (SELECT row FROM untold UNION SELECT row FROM slip) USING (row)""")}
                found.sent = {row[0] for row in base.execute(
                    "SELECT id FROM envelope JOIN settled USING (row) WHERE state = 'sent'")}
            elif "envelope" in tables and "outbox" not in tables:
                found.kept = {row[0] for row in base.execute(
                    "SELECT id FROM envelope WHERE belongs = 1")}
        except sqlite3.DatabaseError as error:
            found.damage = [str(error)]
    return found
