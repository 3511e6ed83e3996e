# SPDX-License-Identifier: Apache-2.0
"""Reads what the shim wrote down: changes of files and bytes sent, in one order."""

import ctypes
import re
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Iterator

from shim import OPS

_HEAD = struct.Struct("<4sBBHIIQQQqQ")
_NAMES = {number: name for name, number in OPS.items()}
FAILED, SHORT, DROPPED, LIED, KILLED = 1, 2, 4, 8, 16


@dataclass(frozen=True, slots=True)
class Record:
    """One call. `place` is its place in the order of the whole log."""

    place: int
    op: str
    flags: int
    pid: int
    thread: int
    call: int
    nanoseconds: int
    inode: int
    offset: int
    path: str
    data: bytes

    @property
    def happened(self) -> bool:
        """It reached the kernel: neither spoilt nor killed before."""
        return not self.flags & (FAILED | KILLED)

    @property
    def name(self) -> str:
        """What it is called where it does not matter which of many it was."""
        return self.path.rsplit("/", 1)[-1]


_KEEP_SIZE, _PUNCH_HOLE = 1, 2  # <linux/falloc.h>
_C = ctypes.CDLL(None, use_errno=True)
_C.fallocate.argtypes = [ctypes.c_int, ctypes.c_int, ctypes.c_int64, ctypes.c_int64]


def _punch(file: int, end: int) -> None:
    """Gives the room up to `end` back; the places of what follows stay. Where a file system
    cannot, the room stays taken."""
    if end:
        _C.fallocate(file, _KEEP_SIZE | _PUNCH_HOLE, 0, end)


def read(path: Path, start: int = 0, first: int = 0) -> tuple[list[Record], int]:
    """Records from byte `start` on, and where the next ones will begin."""
    with open(path, "rb") as file:
        file.seek(start)
        data = file.read()
    found, at = [], 0
    while at + _HEAD.size <= len(data):
        (magic, op, flags, path_length, pid, thread, call, ns, inode, offset,
         length) = _HEAD.unpack_from(data, at)
        assert magic == b"FLT1", f"the log is torn at byte {start + at}"
        body = at + _HEAD.size
        end = body + path_length + length
        if end > len(data):
            break
        name = data[body:body + path_length].decode(errors="surrogateescape")
        found.append(Record(first + len(found), _NAMES[op], flags, pid, thread, call, ns, inode,
                            offset, name, data[body + path_length:end]))
        at = end
    return found, start + at


class Tail:
    """Reads a log that still grows."""

    def __init__(self, path: Path):
        self.path, self.at = path, 0
        # Those that are not forgotten, and the place of the first of them.
        self.records, self.first = [], 0

    def _more(self) -> None:
        if self.path.exists():
            found, self.at = read(self.path, self.at, self.first + len(self.records))
            self.records += found

    def mark(self) -> int:
        """The place behind all that came so far."""
        self._more()
        return self.first + len(self.records)

    def since(self, mark: int) -> list[Record]:
        """What came from that place on; it must not be forgotten."""
        self._more()
        return self.records[mark - self.first:]

    def forget(self, mark: int) -> None:
        """What lies before that place is not asked for again: a sweep of a thousand points
        leaves more than a machine's memory holds."""
        if mark == self.first + len(self.records) and self.path.exists():
            with self.path.open("r+b") as log:
                _punch(log.fileno(), self.at)
        del self.records[:mark - self.first]
        self.first = mark


# A number in a scene: whole, in its groups, or as the list of its groups.
_GAP = rb'(?:[^0-9A-Za-z]{0,6})'
NUMBER = re.compile(rb"(?<![0-9A-Z])([0-9]{6})" + _GAP + rb"([0-9A-Z]{4})" + _GAP + rb"([0-9]{8})"
                    + _GAP + rb"([0-9]{5})" + _GAP + rb"([0-9A-Z])(?![0-9A-Za-z])")


def numbers_in(data: bytes) -> list[str]:
    """Case numbers in a page's bytes."""
    return [b"".join(match.groups()).decode() for match in NUMBER.finditer(data)]


def told(records: list[Record], port: int) -> Iterator[tuple[Record, str]]:
    """Each number that the page's server (at `port`) sent, with the first record that held
    it whole; a scene may come in several sends."""
    known: set[str] = set()
    tails: dict[int, bytes] = {}
    for record in records:
        if record.op != "send" or not record.happened or not record.path.startswith(f"tcp:{port}>"):
            continue
        text = tails.get(record.inode, b"") + record.data
        for number in numbers_in(text):
            if number not in known:
                known.add(number)
                yield record, number
        tails[record.inode] = text[-80:]
