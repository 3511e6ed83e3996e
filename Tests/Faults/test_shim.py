# SPDX-License-Identifier: Apache-2.0
"""The shim itself: each fault really happens, at its point, and the log says so."""

import errno
import os
import signal
import subprocess
from pathlib import Path

import pytest

import shim
import writelog

CALLS = ("open", "write", "pwrite", "writev", "pwritev", "fsync", "fdatasync", "ftruncate", "rename",
         "truncating", "unlink", "mkdir", "send", "sendmsg", "socketwrite", "heard")

WITHOUT_TRACE = ("fsync", "fdatasync", "send", "sendmsg", "socketwrite")


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("shim")
    return shim.build(folder / "faults.so"), shim.compile_c("toy.c", folder / "toy")


class Toy:
    """One run of the toy in a new folder."""

    def __init__(self, built, folder: Path, fault: str = "", at: int = 0, **choice):
        self.folder, self.log = folder / "room", folder / "log"
        self.folder.mkdir()
        (self.folder / "old").write_text("a longer old word")
        control = shim.Control(folder / "control")
        if fault:
            control.arm(fault, at, **choice)
        words = os.environ | shim.environment(built[0], "toy", [self.folder], self.log, control, True)
        done = subprocess.run([built[1], str(self.folder)], env=words, capture_output=True, text=True)
        self.status, self.count, self.fired = done.returncode, control.count, control.fired
        lines = [line.split() for line in done.stdout.splitlines()]
        self.said = {name: (int(result), int(error)) for name, result, error in lines}
        self.records, _ = writelog.read(self.log)

    def text(self, name: str) -> str | None:
        path = self.folder / name
        return path.read_text() if path.is_file() else None


def test_without_a_fault_nothing_changes_and_all_is_written_down(built, tmp_path):
    toy = Toy(built, tmp_path)
    assert tuple(toy.said) == CALLS and all(error == 0 for _, error in toy.said.values())
    assert toy.text("newer") == "abcdgh" and toy.text("old") is None and toy.status == 0
    assert [record.op for record in toy.records] == [
        "start", "create", "write", "write", "write", "write", "sync", "synced", "sync", "synced",
        "truncate", "rename", "truncate", "unlink", "mkdir", "send", "send", "send"]
    writes = [(one.offset, one.data) for one in toy.records if one.op == "write"]
    assert writes == [(0, b"abcd"), (4, b"ef"), (4, b"ghij"), (8, b"ghij")]
    renamed = next(one for one in toy.records if one.op == "rename")
    assert renamed.data.decode() == str(toy.folder / "newer")
    assert b"".join(one.data for one in toy.records if one.op == "send") == b"toldghijmore"
    assert toy.count == 15


@pytest.mark.parametrize("at, call", list(enumerate(CALLS[:-1], 1)))
def test_the_program_is_killed_before_and_after_each_call(built, tmp_path, at, call):
    for name in ("before", "after"):
        (tmp_path / name).mkdir()
    before = Toy(built, tmp_path / "before", "kill-before", at)
    after = Toy(built, tmp_path / "after", "kill-after", at)
    for toy in (before, after):
        assert toy.status == -signal.SIGKILL and toy.fired
        assert tuple(toy.said) == CALLS[:at - 1]
    assert not before.records[-1].happened and after.records[-1].happened
    if call not in WITHOUT_TRACE:
        assert changed(after) != changed(before)


def changed(toy: Toy):
    return {path.name: path.is_file() and path.read_text() for path in toy.folder.iterdir()}


@pytest.mark.parametrize("fault, number", [("eio", errno.EIO), ("enospc", errno.ENOSPC)])
def test_each_call_fails_alone(built, tmp_path, fault, number):
    on_sockets = {"eio": errno.ECONNRESET, "enospc": errno.ENOBUFS}[fault]
    for at, call in enumerate(CALLS[:-1], 1):
        (tmp_path / call).mkdir()
        toy = Toy(built, tmp_path / call, fault, at)
        expected = on_sockets if call in ("send", "sendmsg", "socketwrite") else number
        assert toy.said[call] == (-1, expected), call
        # Without its first file the toy's later calls have nothing to act on.
        others = [name for name in CALLS[:-1] if name != call and call != "open"]
        assert all(toy.said[name][1] == 0 for name in others), call


def test_a_short_write_writes_half_and_says_so(built, tmp_path):
    toy = Toy(built, tmp_path, "short", 1, only="/new$")
    assert toy.said["write"] == (4, 0), "the first call is open, which cannot be short"
    (tmp_path / "again").mkdir()
    toy = Toy(built, tmp_path / "again", "short", 1, ops=("write",))
    assert toy.said["write"] == (2, 0)
    (tmp_path / "sends").mkdir()
    toy = Toy(built, tmp_path / "sends", "short", 1, ops=("send",), times=shim.EVER)
    assert toy.said["heard"] == (6, 0) and toy.said["sendmsg"] == (2, 0)


def test_a_lost_sync_fails_and_is_marked_and_a_lie_says_yes(built, tmp_path):
    for name in ("lost", "lie"):
        (tmp_path / name).mkdir()
    lost = Toy(built, tmp_path / "lost", "lost", 1, ops=("sync",))
    assert lost.said["fsync"] == (-1, errno.EIO) and lost.said["fdatasync"] == (0, 0)
    assert [one.flags & writelog.DROPPED for one in lost.records if one.op == "sync"] == [4, 0]
    lie = Toy(built, tmp_path / "lie", "lie", 1, ops=("sync",))
    assert lie.said["fsync"] == (0, 0)
    assert [one.op for one in lie.records].count("synced") == 1


def test_only_the_chosen_files_and_program_are_looked_at(built, tmp_path):
    toy = Toy(built, tmp_path, "eio", 1, only="/newer$")
    assert not toy.fired and toy.count == 0, "the toy writes to new before it is newer"
    words = os.environ | shim.environment(built[0], "another", [tmp_path], tmp_path / "none")
    (tmp_path / "beside").mkdir()
    subprocess.run([built[1], str(tmp_path / "beside")], env=words, check=True, capture_output=True)
    assert not (tmp_path / "none").exists()


def test_a_tail_gives_what_is_forgotten_back_and_goes_on(built, tmp_path):
    first = Toy(built, tmp_path)
    tail = writelog.Tail(first.log)
    end = tail.mark()
    assert tail.since(0) == first.records
    big = tmp_path / "big"
    big.write_bytes(bytes(1 << 20))
    with first.log.open("ab") as log:
        log.write(first.log.read_bytes())
    tail.forget(end)
    again = tail.since(end)
    assert [one.op for one in again] == [one.op for one in first.records]
    assert [one.place for one in again] == list(range(end, 2 * end))
