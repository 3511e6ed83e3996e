# SPDX-License-Identifier: Apache-2.0
"""The rebuilder, on logs written by hand and on one that SQLite made under the shim."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

import powercut
import shim
import writelog
from powercut import Disk
from writelog import DROPPED, LIED, Record

ROOT = Path("/room")


class Log:
    def __init__(self, start: dict[str, tuple[int, bytes]] | None = None):
        self.disk, self.place = Disk(start or {}, ROOT), 0

    def add(self, op: str, name: str, inode: int = 1, offset: int = 0, data: bytes = b"",
            flags: int = 0, call: int = 0) -> "Log":
        self.place += 1
        path = str(ROOT / name) if name else str(ROOT)
        self.disk.take(Record(self.place, op, flags, 1, 1, call or self.place, 0, inode, offset,
                              path, data))
        return self

    def sync(self, name: str, inode: int = 1, flags: int = 0) -> "Log":
        self.add("sync", name, inode, flags=flags, call=900 + self.place)
        return self if flags else self.add("synced", name, inode, call=900 + self.place - 1)

    def after(self, mode: str = "none", seed: int = 1) -> dict[str, bytes | None]:
        return {path[len("/room/"):]: data for path, data in self.disk.cut(mode, seed).items()}


def started(data: bytes = b"old") -> Log:
    return Log({"/room/a": (1, data)})


def test_what_is_synced_stays_and_what_is_not_may_go():
    log = started().add("write", "a", offset=3, data=b"+one").sync("a")
    log.add("write", "a", offset=7, data=b"+two")
    assert log.after() == {"a": b"old+one"}
    seen = {log.after("subset", seed)["a"] for seed in range(20)}
    assert seen == {b"old+one", b"old+one+two"}
    assert log.disk.live() == {"/room/a": b"old+one+two"}


def test_a_write_during_a_sync_is_not_covered_by_it():
    log = started().add("sync", "a", call=5).add("write", "a", data=b"new").add("synced", "a", call=5)
    assert log.after() == {"a": b"old"}


def test_a_torn_write_keeps_whole_sectors_of_the_disk():
    log = started(b"").add("write", "a", offset=100, data=b"x" * 1400)
    seen = {log.after("torn", seed)["a"] for seed in range(60)}
    assert len(seen) > 4
    for data in seen:
        ends = {place for place in range(1, len(data)) if data[place - 1:place] != data[place:place + 1]}
        assert ends <= {100, 512, 1024, 1500}


def test_a_lost_sync_forgets_and_a_later_good_one_does_not_bring_it_back():
    log = started().add("write", "a", offset=3, data=b"gone").sync("a", flags=DROPPED | 1)
    log.add("write", "a", offset=7, data=b"kept").sync("a")
    assert log.after("subset") == {"a": b"old\0\0\0\0kept"}


def test_a_lie_leaves_all_at_risk():
    log = started().add("write", "a", data=b"new").sync("a", flags=LIED)
    assert log.after() == {"a": b"old"}


def test_a_new_name_waits_for_its_folder_or_its_own_sync():
    log = started().add("create", "b", 2).add("write", "b", 2, data=b"word")
    assert log.after() == {"a": b"old"}
    assert log.sync("b", 2).after() == {"a": b"old", "b": b"word"}
    log.add("create", "c", 3)
    assert "c" not in log.after() and log.sync("", 9).after()["c"] == b""


def test_a_rename_may_come_before_the_bytes_and_never_out_of_order():
    log = started().add("create", "b", 2).add("write", "b", 2, data=b"word")
    log.add("rename", "b", 2, data=b"/room/a")
    seen = {tuple(log.after("subset", seed).items()) for seed in range(60)}
    assert (("a", b""),) in seen and (("a", b"old"),) in seen and (("a", b"word"),) in seen
    assert log.sync("", 9).after() == {"a": b""}, "the folder's sync keeps the name, not the bytes"


def test_an_unlinked_file_may_come_back_whole():
    log = started().add("unlink", "a")
    assert log.after() == {"a": b"old"} and log.sync("", 9).after() == {}


def test_the_same_seed_makes_the_same_files():
    log = started(b"").add("write", "a", data=os.urandom(9000))
    assert log.after("torn", 7) == log.after("torn", 7) != log.after("torn", 8)


WRITER = """
import sqlite3, sys
base = sqlite3.connect(sys.argv[1], isolation_level=None)
base.execute("PRAGMA journal_mode = WAL")
base.execute("PRAGMA synchronous = " + sys.argv[2])
base.execute("CREATE TABLE IF NOT EXISTS word (row INTEGER PRIMARY KEY, text TEXT)")
for row in range(40):
    base.execute("INSERT INTO word VALUES (?, ?)", (row, "x" * 900))
    open(sys.argv[3] + "/told", "ab", buffering=0).write(b"%d\\n" % row)
"""


@pytest.mark.parametrize("synchronous, loses", [("FULL", False), ("NORMAL", True)])
def test_sqlite_keeps_what_it_promised_and_the_rebuilder_sees_when_it_does_not(
        tmp_path, synchronous, loses):
    library = shim.build(tmp_path / "faults.so")
    room = tmp_path / "room"
    room.mkdir()
    words = os.environ | shim.environment(library, Path(sys.executable).resolve().name[:15],
                                          [room], tmp_path / "log")
    start = powercut.image(room)
    subprocess.run([Path(sys.executable).resolve(), "-c", WRITER, str(room / "base"), synchronous,
                    str(room)], env=words, check=True)
    records, _ = writelog.read(tmp_path / "log")
    assert any(one.op == "sync" for one in records)
    disk, told, lost, cuts = Disk(start, room), 0, 0, 0
    for record in records:
        disk.take(record)
        told += record.op == "write" and record.name == "told"
        if record.place % 4 == 0:
            cuts += 1
            mode = powercut.MODES[record.place // 4 % 3]
            lost += kept(disk.cut(mode, record.place), room, tmp_path / "after") < told
    assert cuts > 40 and (lost > 20) == loses and (loses or lost == 0)


def kept(files: dict[str, bytes | None], room: Path, to: Path) -> int:
    subprocess.run(["rm", "-rf", str(to)], check=True)
    to.mkdir()
    powercut.lay(files, room, to)
    base = sqlite3.connect(to / "base")
    try:
        assert base.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return base.execute("SELECT count(*) FROM word").fetchone()[0]
    except sqlite3.OperationalError:
        return 0
    finally:
        base.close()
