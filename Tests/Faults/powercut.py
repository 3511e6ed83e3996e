# SPDX-License-Identifier: Apache-2.0
"""Rebuilds a folder as a power cut would have left it, from its start image and the shim's log.

The model, which allows at least what ext4 with its default options (data=ordered, delayed
allocation, barriers) allows, and more:

- What was written to a file is on the disk when a later fsync or fdatasync of that file has
  ended well; before, each write (and each change of size) may be there or not, in any
  combination, and of a write any of its 512-byte sectors. ext4 keeps more: it journals sizes.
- A sync that failed as `lost` forgets the file's unsynced writes for good, as the kernel does:
  they are read back while the machine runs and are gone after the cut, unless written again.
- Names (create, rename, unlink, mkdir) are one ordered list for the whole folder, as in the
  journal: some first part of it survives. It reaches at least to the last change in a folder
  that was synced afterwards, and to the last change of name of a file that was synced
  afterwards (ext4 commits the journal for it). A rename never waits for the file's bytes:
  a new name may stand for an empty file.

Modes: `none` keeps nothing unsynced, `subset` a random choice of the writes, `torn` a random
choice of their sectors. The same seed makes the same files."""

import os
import random
from dataclasses import dataclass, field
from pathlib import Path

from writelog import DROPPED, LIED, Record

MODES = ("none", "subset", "torn")
SECTOR = 512
FOLDER = -1


@dataclass
class Content:
    """A file's bytes. Zeros at its end are not held: a log of full size is mostly that."""

    data: bytearray = field(default_factory=bytearray)
    size: int = 0

    @classmethod
    def of(cls, data: bytes) -> "Content":
        return cls(bytearray(data.rstrip(b"\0")), len(data))

    def copy(self) -> "Content":
        return Content(bytearray(self.data), self.size)

    def put(self, offset: int, data: bytes | None) -> None:
        """One write; without bytes a change of size."""
        if data is None:
            self.size = offset
            del self.data[offset:]
            return
        self.size = max(self.size, offset + len(data))
        used = data.rstrip(b"\0")
        end = min(len(self.data), offset + len(data))
        if end > offset + len(used):
            self.data[offset + len(used):end] = bytes(end - offset - len(used))
        if used:
            if len(self.data) < offset:
                self.data.extend(bytes(offset - len(self.data)))
            self.data[offset:offset + len(used)] = used

    def bytes(self, whole: bool) -> bytes:
        return bytes(self.data).ljust(self.size, b"\0") if whole else bytes(self.data)


@dataclass
class File:
    """What is on the disk, and writes on the way there: place, offset or size, bytes or None."""

    disk: Content = field(default_factory=Content)
    unsynced: list[tuple[int, int, bytes | None]] = field(default_factory=list)

    def sync(self, before: int) -> None:
        for place, offset, data in self.unsynced:
            if place < before:
                self.disk.put(offset, data)
        self.forget(before)

    def forget(self, before: int) -> None:
        self.unsynced = [one for one in self.unsynced if one[0] >= before]


@dataclass(frozen=True)
class Change:
    """One change of names. `node` is the inode that `to` stands for from now on."""

    place: int
    gone: str | None
    to: str | None
    node: int | None

    def touches(self, folder: str) -> bool:
        return any(os.path.dirname(path) == folder for path in (self.gone, self.to) if path)


def image(folder: Path) -> dict[str, tuple[int, bytes]]:
    """A folder as it stands: path → inode and bytes; folders have no bytes and FOLDER."""
    found: dict[str, tuple[int, bytes]] = {}
    for path in sorted(folder.rglob("*")):
        if path.is_dir():
            found[str(path)] = (FOLDER, b"")
        elif path.is_file():
            found[str(path)] = (path.stat().st_ino, path.read_bytes())
    return found


class Disk:
    """A folder and the records of what happened to it, taken one by one."""

    def __init__(self, start: dict[str, tuple[int, bytes]], root: Path):
        self.root = str(root)
        self.names = {path: node for path, (node, _) in start.items()}
        self.files = {node: File(Content.of(data)) for node, data in start.values() if node != FOLDER}
        self.changes: list[Change] = []
        self.syncing: dict[tuple[int, int], int] = {}
        # Made again under an old number after the first was unlinked: a node of its own.
        self.alias: dict[int, int] = {}

    def take(self, record: Record) -> None:
        if not record.path.startswith(self.root):
            return
        if record.op == "sync":
            if record.flags & DROPPED:
                self._file(record).forget(record.place)
            elif record.happened and not record.flags & LIED:
                self.syncing[record.pid, record.call] = record.place
        elif not record.happened:
            return
        elif record.op == "synced":
            begun = self.syncing.pop((record.pid, record.call), None)
            if begun is not None:
                self._synced(record, begun)
        elif record.op in ("write", "truncate"):
            data = record.data if record.op == "write" else None
            self._file(record).unsynced.append((record.place, record.offset, data))
        else:
            self._name(record)

    def _node(self, record: Record) -> int:
        return self.alias.get(record.inode, record.inode)

    def _file(self, record: Record) -> File:
        return self.files.setdefault(self._node(record), File())

    def _name(self, record: Record) -> None:
        gone = record.path if record.op in ("rename", "unlink") else None
        to = record.data.decode() if record.op == "rename" else None
        node = self._node(record)
        if record.op == "create":
            if node in self.files:
                self.alias[record.inode] = node = -2 - record.place
            self.files[node], to = File(), record.path
        elif record.op == "mkdir":
            node, to = FOLDER, record.path
        self.changes.append(Change(record.place, gone, to, node if to else None))

    def _synced(self, record: Record, begun: int) -> None:
        node = self._node(record)
        if node in self.files and record.path in self._all_names():
            self.files[node].sync(begun)
        reached = [at for at, change in enumerate(self.changes)
                   if change.place < begun and (change.node == node or change.touches(record.path))]
        if reached:
            self._settle(reached[-1] + 1)

    def _settle(self, count: int) -> None:
        for change in self.changes[:count]:
            _rename(self.names, change)
        del self.changes[:count]

    def _all_names(self) -> dict[str, int]:
        names = dict(self.names)
        for change in self.changes:
            _rename(names, change)
        return names

    def live(self, only: tuple[str, ...] = ()) -> dict[str, bytes | None]:
        """As a running machine sees it (forgotten writes excepted); None is a folder."""
        return self._files(self._all_names(), "all", random.Random(0), only)

    def cut(self, mode: str, seed: int, only: tuple[str, ...] = ()) -> dict[str, bytes | None]:
        """As the disk is found after the power was cut now. `only`: these paths alone, without
        the zeros at their ends."""
        chance = random.Random(f"{mode} {seed}")
        names = dict(self.names)
        survive = 0 if mode == "none" else chance.randint(0, len(self.changes))
        for change in self.changes[:survive]:
            _rename(names, change)
        return self._files(names, mode, chance, only)

    def _files(self, names: dict[str, int], mode: str, chance: random.Random, only: tuple[str, ...]):
        found: dict[str, bytes | None] = {}
        for path, node in sorted(names.items()):
            if only and path not in only:
                continue
            found[path] = None if node == FOLDER else \
                _after(self.files[node], mode, chance).bytes(whole=not only)
        return found


def _rename(names: dict[str, int], change: Change) -> None:
    if change.gone is not None:
        for path in [one for one in names if one.startswith(change.gone + "/")]:
            node = names.pop(path)
            if change.to:
                names[change.to + path[len(change.gone):]] = node
        names.pop(change.gone, None)
    if change.to is not None and change.node is not None:
        names[change.to] = change.node


def _after(file: File, mode: str, chance: random.Random) -> Content:
    if mode == "none" or not file.unsynced:
        return file.disk
    disk = file.disk.copy()
    for _, offset, data in file.unsynced:
        if mode != "all" and chance.random() < 0.5:
            continue
        if mode != "torn" or data is None:
            disk.put(offset, data)
            continue
        # Sectors are the disk's, so a write that begins within one is torn there.
        start = 0
        while start < len(data):
            end = min(len(data), start + SECTOR - (offset + start) % SECTOR)
            if chance.random() < 0.7:
                disk.put(offset + start, data[start:end])
            start = end
    return disk


def lay(files: dict[str, bytes | None], root: Path, to: Path) -> None:
    """Writes the rebuilt files below `to`."""
    for path, data in files.items():
        target = to / Path(path).relative_to(root)
        if data is None:
            target.mkdir(parents=True, exist_ok=True)
        else:
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
