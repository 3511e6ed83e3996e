# SPDX-License-Identifier: Apache-2.0
"""Looks for a former resident's words in files, in every writing they may have taken."""

import base64
import json
import os
import urllib.parse
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Iterable, Iterator

import numpy

from stage.folder import PREFIX
from stage.raster import Raster

# A search by short words would find them everywhere by chance.
SHORTEST = 6
PAGE = 4096


def writings(word: str) -> dict[str, bytes]:
    """`word` in each encoding that a program might have kept it in."""
    found = {"UTF-8": word.encode()}
    for name, codec in (("UTF-16LE", "utf-16-le"), ("UTF-16BE", "utf-16-be"),
                        ("GB 18030", "gb18030")):
        found[name] = word.encode(codec)
    escaped = json.dumps(word)[1:-1]
    found["JSON"] = escaped.encode()
    found["JSON, capitals"] = _capital_escapes(escaped).encode()
    percent = "".join(f"%{byte:02X}" for byte in word.encode())
    found["percent, all"] = percent.encode()
    found["percent"] = urllib.parse.quote(word, safe="").encode()
    found["percent, small"] = urllib.parse.quote(word, safe="").lower().encode()
    for name, codec in (("UTF-8", "utf-8"), ("UTF-16LE", "utf-16-le"), ("GB 18030", "gb18030")):
        for shift, text in enumerate(_base64(word.encode(codec))):
            found[f"base64 of {name}, shifted by {shift}"] = text
    return found


def _capital_escapes(escaped: str) -> str:
    parts = escaped.split("\\u")
    return parts[0] + "".join("\\u" + part[:4].upper() + part[4:] for part in parts[1:])


def _base64(data: bytes) -> Iterator[bytes]:
    """The characters that depend on `data` alone, for each of its three positions."""
    for before in range(3):
        text = base64.b64encode(b"\0" * before + data)
        first = (8 * before + 5) // 6
        last = 8 * (before + len(data)) // 6
        yield text[first:last]


def patterns(words: Iterable[str]) -> dict[bytes, str]:
    """Bytes to look for → what they are. Words of digits only are long enough to be sure of;
    equal writings (ASCII words look alike in many) are looked for once."""
    found: dict[bytes, str] = {}
    for place, word in enumerate(words):
        for name, data in writings(word).items():
            if len(data) >= SHORTEST:
                found.setdefault(data, f"word {place + 1} as {name}")
    return found


@dataclass(frozen=True)
class Hit:
    path: str
    what: str

    def __str__(self) -> str:
        return f"{self.what} in {self.path}"


class Searched:
    """The places in which nothing may be left: the run's folder without what the stage keeps
    as evidence and what the account cannot write, and its account's other new files."""

    def __init__(self, root: Path, uid: int, since: float, without: Iterable[Path]):
        self.root, self.uid, self.since = root, uid, since
        self.without = {str(path) for path in without}

    def files(self) -> Iterator[str]:
        yield from _files(str(self.root), self.without, lambda _: True)
        for place in ("/tmp", "/var/tmp", "/dev/shm"):
            yield from (path for path in _files(place, self.without, self._could_enter)
                        if self._is_new(path))

    def _could_enter(self, folder: str) -> bool:
        """Whether the account could have put a file there. Folders of other runs beside ours
        are theirs to search."""
        if folder == str(self.root) or f"/{PREFIX}" in folder:
            return False
        status = _status(folder)
        return status is not None and (status.st_uid == self.uid or bool(status.st_mode & 0o002))

    def _is_new(self, path: str) -> bool:
        status = _status(path)
        return (status is not None and status.st_uid == self.uid
                and status.st_mtime >= self.since)


def _status(path: str) -> os.stat_result | None:
    try:
        return os.lstat(path)
    except OSError:
        return None


def _files(root: str, without: set[str], enters: Callable[[str], bool]) -> Iterator[str]:
    for folder, folders, files in os.walk(root, onerror=lambda _: None):
        paths = [os.path.join(folder, name) for name in folders]
        folders[:] = [os.path.basename(path) for path in paths
                      if path not in without and enters(path)]
        for path in (os.path.join(folder, name) for name in files):
            if os.path.isfile(path) and not os.path.islink(path):
                yield path


def condensed(data: bytes) -> bytes:
    """`data` with one page of zeros for each run of them: logs are laid out at full size, and
    nothing looked for is that empty."""
    whole = len(data) // PAGE * PAGE
    pages = numpy.frombuffer(data, dtype=numpy.uint8, count=whole).reshape(-1, PAGE)
    inked = pages.any(axis=1)
    if inked.all():
        return data
    keep = inked.copy()
    keep[1:] |= inked[:-1]
    return bytes(PAGE) + pages[keep].tobytes() + data[whole:]


def search(files: Iterable[str], wanted: dict[bytes, str],
           rasters: Iterable[Raster] = ()) -> list[Hit]:
    rasters = list(rasters)
    hits = []
    for path in files:
        try:
            data = Path(path).read_bytes()
        except OSError:
            continue
        data = condensed(data)
        haystack = data + b"\n" + os.fsencode(path)
        hits += [Hit(path, what) for pattern, what in wanted.items() if pattern in haystack]
        hits += [Hit(path, "a run of a slip's raster") for one in rasters if one.is_in(data)]
    return hits
