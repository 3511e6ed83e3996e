# SPDX-License-Identifier: Apache-2.0
"""Reads what `strace` writes about kioskd, while it writes it.

strace stops a thread at each call's entry and exit and writes lines in the order of these
stops, so the place of a line is an order that no clock can blur: a call that was `entered`
after another had `returned` really came later."""

import re
import time
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Callable, Iterator

CALLS = ("write,writev,pwrite64,pwritev,pwritev2,sendto,sendmsg,sendmmsg,connect,fdatasync,"
         "fsync,openat,rename,renameat,renameat2,unlink,unlinkat,execve")


def strace(out: Path, argv: list[str]) -> list[str]:
    """`argv` under strace: its threads too, contents, files and sockets by name. Of one write
    128 KB are kept: more than a scene, a page of the ledger or the head of a slip has; only
    files that are laid out with zeros write more at once."""
    return ["/usr/bin/strace", "-f", "--seccomp-bpf", "-yy", "-T", "-s", "131072",
            "--absolute-timestamps=format:unix,precision:ns", "--quiet=attach,personality",
            f"--trace={CALLS}", "-o", str(out), "--", *argv]


_LINE = re.compile(rb"(\d+) +(\d+)\.(\d+) (.*)", re.S)
_RESUMED = re.compile(rb"<\.\.\. (\w+) resumed>(.*)", re.S)
_CALL = re.compile(rb"(\w+)\((.*)", re.S)
_RESULT = re.compile(rb"\)? *= (-?\d+|\?)(?:<[^\n]*?>)?(?: (E[A-Z]+) \([^\"]*\))?(?: <(\d+)\.(\d+)>)?$")
_TARGET = re.compile(rb'(?:\d+|AT_FDCWD)<((?:->|"(?:[^"\\]|\\.)*"|\\.|[^<>"\\])*)>')
_ZEROS = re.compile(rb', "(?:\\0)++"')
_STRING = re.compile(rb'"((?:[^"\\]|\\.)*)"', re.S)
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)", re.S)
_PLAIN = {b"n": b"\n", b"t": b"\t", b"r": b"\r", b"v": b"\v", b"f": b"\f", b"e": b"\x1b"}


def unescape(text: bytes) -> bytes:
    """What stood in memory, from strace's C-like notation."""
    def plain(match: re.Match) -> bytes:
        what = match.group(1)
        if what[:1].isdigit():
            return bytes([int(what, 8)])
        return _PLAIN.get(what, what)
    return _ESCAPE.sub(plain, text) if b"\\" in text else text


@dataclass(eq=False)
class Call:
    """One system call. `entered` and `returned` are places in the order of the whole run;
    times are nanoseconds of the wall clock. `returned` is None while it has not."""

    pid: int
    name: str
    arguments: bytes
    entered: int
    entered_at: int
    returned: int | None = None
    returned_at: int | None = None
    result: int | None = None

    @cached_property
    def target(self) -> str:
        """The file or socket of the first descriptor: a path, `TCP:[…]`, `UNIX-STREAM:[…]`."""
        match = _TARGET.match(self.arguments)
        return unescape(match.group(1)).decode(errors="replace") if match else ""

    @cached_property
    def data(self) -> bytes:
        """All strings of the arguments, one after the other: what was written, or a path."""
        match = _TARGET.match(self.arguments)
        rest = self.arguments[match.end():] if match else self.arguments
        if zeros := _ZEROS.match(rest):
            # A file laid out, a megabyte at a time: too much for the patterns below.
            return bytes((zeros.end() - zeros.start() - len(b', ""')) // 2)
        return b"".join(unescape(one) for one in _STRING.findall(rest))

    @property
    def succeeded(self) -> bool:
        return self.result is not None and self.result >= 0


WRITES = {"write", "writev", "pwrite64", "pwritev", "pwritev2", "sendto", "sendmsg", "sendmmsg"}
SYNCS = {"fdatasync", "fsync"}


@dataclass
class Trace:
    """All calls of all lives of kioskd, in order. Fed line by line."""

    calls: list[Call] = field(default_factory=list)
    first_pid: int | None = None
    ended: bool = False
    _place: int = 0
    _open: dict[int, Call] = field(default_factory=dict)

    def feed(self, line: bytes) -> Call | None:
        """Takes one line; returns the call that it completes, if it does."""
        match = _LINE.match(line)
        if not match:
            return None
        self._place += 1
        pid, text = int(match.group(1)), match.group(4)
        at = int(match.group(2)) * 1_000_000_000 + int(match.group(3).ljust(9, b"0")[:9])
        if self.first_pid is None:
            self.first_pid = pid
        if text.startswith(b"+++"):
            self.ended = self.ended or pid == self.first_pid
            self._open.pop(pid, None)
            return None
        resumed = _RESUMED.match(text)
        if resumed:
            return self._complete(self._open.pop(pid, None), resumed.group(2), at)
        return self._begin(pid, at, text)

    def _begin(self, pid: int, at: int, text: bytes) -> Call | None:
        match = _CALL.match(text)
        if not match:
            return None
        unfinished = text.endswith(b"<unfinished ...>")
        arguments = match.group(2).removesuffix(b"<unfinished ...>")
        call = Call(pid, match.group(1).decode(), arguments, self._place, at)
        self.calls.append(call)
        if unfinished:
            self._open[pid] = call
            return None
        return self._complete(call, b"", at)

    def _complete(self, call: Call | None, more: bytes, at: int) -> Call | None:
        if call is None:
            return None
        call.arguments += more
        end = _RESULT.search(call.arguments[-400:])
        if end and end.group(1) != b"?":
            call.result = -1 if end.group(2) else int(end.group(1))
            spent = int(end.group(3) or 0) * 1_000_000_000
            spent += int((end.group(4) or b"0").ljust(9, b"0")[:9])
            call.returned, call.returned_at = self._place, call.entered_at + spent
            if more:
                call.returned_at = at
        return call

    def new_life(self) -> None:
        """The next lines are of a new process: the place goes on, the first pid is unknown."""
        self.first_pid, self.ended = None, False
        self._open.clear()

    def writes(self, holds: Callable[[str], bool]) -> Iterator[Call]:
        """Writes to files and sockets whose name `holds`."""
        return (c for c in self.calls if c.name in WRITES and holds(c.target))

    def syncs(self, suffix: str) -> Iterator[Call]:
        """Syncs that succeeded, of files whose path ends in `suffix`."""
        return (c for c in self.calls
                if c.name in SYNCS and c.succeeded and c.target.endswith(suffix))


class Follower:
    """Feeds a trace from the file that strace is writing."""

    def __init__(self, trace: Trace, path: Path):
        self.trace, self.path, self.offset, self.rest = trace, path, 0, b""

    def read(self) -> list[Call]:
        """Takes what is new; returns the calls that were completed by it."""
        if not self.path.exists():
            return []
        with open(self.path, "rb") as file:
            file.seek(self.offset)
            new = file.read()
        self.offset += len(new)
        *lines, self.rest = (self.rest + new).split(b"\n")
        completed = (self.trace.feed(line) for line in lines)
        return [call for call in completed if call is not None]

    def wait(self, seconds: float, sees: Callable[[Call], bool]) -> bool:
        """Reads on, handing over each completed call, until one is the one waited for."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            for call in self.read():
                if sees(call):
                    return True
            time.sleep(0.001)
        return False
