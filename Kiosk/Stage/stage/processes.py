# SPDX-License-Identifier: Apache-2.0
"""The processes of a run: started apart, ended together, none left."""

import ctypes
import os
import resource
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import Callable

from stage import Trouble
from stage.folder import Folder

PR_SET_CHILD_SUBREAPER = 36


def free_ports(count: int) -> list[int]:
    """Ports that are free now, each from binding port 0."""
    held = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in held]
    for one in held:
        one.close()
    return ports


def until(what: str, seconds: float, holds: Callable[[], object], step: float = 0.02):
    """The first true answer of `holds`; after `seconds` a Trouble that names `what`."""
    end = time.monotonic() + seconds
    while True:
        answer = holds()
        if answer:
            return answer
        if time.monotonic() > end:
            raise Trouble(f"{what} did not come about within {seconds:g} s.")
        time.sleep(step)


class Crew:
    """All processes started by this run, and whatever they started themselves."""

    def __init__(self, folder: Folder):
        self.folder = folder
        self.started: list[tuple[str, subprocess.Popen]] = []
        # A crash must not write a resident's words to disk; children inherit this.
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        # Orphans become our children, so that none can outlive us unseen.
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)

    def start(self, name: str, argv: list[str], log: Path | None = None,
              environment: dict[str, str] | None = None) -> subprocess.Popen:
        """Starts `argv` as the run's account, in a session of its own, its words in a log."""
        log = log or self.folder.logs / f"{name}.log"
        if not log.exists():
            self.folder.write(log, "")
        with open(log, "ab") as out:
            process = subprocess.Popen(
                self.folder.account.command(argv), stdin=subprocess.DEVNULL, stdout=out,
                stderr=out, env=self.folder.environment() | (environment or {}),
                cwd=self.folder.tmp, start_new_session=True)
        self.started.append((name, process))
        return process

    def child(self, process: subprocess.Popen, name: str) -> int:
        """The process called `name` at or below `process`: itself, not what stands around it."""
        return until(f"{name} below its wrapper", 5, lambda: [
            pid for pid in [process.pid, *descendants(process.pid)] if name_of(pid) == name])[0]

    def run(self, argv: list[str], given: str = "", seconds: float = 30) -> str:
        """Runs a command to its end and returns what it printed; a bad end is a Trouble."""
        done = self.call(argv, given, seconds)
        if done.returncode != 0:
            words = (done.stderr or done.stdout).strip().splitlines()
            said = words[-1] if words else f"status {done.returncode}"
            raise Trouble(f"{Path(argv[0]).name} {argv[1]} failed: {said}")
        return done.stdout

    def call(self, argv: list[str], given: str = "", seconds: float = 30) -> subprocess.CompletedProcess:
        """Runs a command to its end, also to a bad one."""
        return subprocess.run(
            self.folder.account.command(argv), input=given, capture_output=True, text=True,
            env=self.folder.environment(), cwd=self.folder.tmp, timeout=seconds, check=False)

    def await_start(self, name: str, process: subprocess.Popen, seconds: float,
                    holds: Callable[[], object]):
        """As `until`, but a process that ended says why."""
        def ready():
            if process.poll() is not None:
                raise Trouble(f"{name} ended at its start ({process.returncode}): "
                              f"{self.last_words(name)}")
            return holds()
        try:
            return until(f"The start of {name}", seconds, ready)
        except Trouble as trouble:
            raise Trouble(f"{trouble} Its last words: {self.last_words(name)}") from None

    def last_words(self, name: str) -> str:
        for place in (self.folder.logs, self.folder.evidence):
            if (place / f"{name}.log").exists():
                lines = (place / f"{name}.log").read_text(errors="replace").strip().splitlines()
                return " / ".join(lines[-3:])[-400:] or "none"
        return "none"

    def end(self, process: subprocess.Popen, seconds: float = 5) -> None:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(seconds)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def end_all(self) -> None:
        """Asks in the reverse order of starting, then ends every descendant that is left."""
        for _, process in reversed(self.started):
            if process.poll() is None:
                process.terminate()
        end = time.monotonic() + 3
        while time.monotonic() < end and any(p.poll() is None for _, p in self.started):
            time.sleep(0.02)
        for _ in range(100):
            left = descendants(os.getpid())
            if not left:
                return
            for pid in left:
                _quietly(os.kill, pid, signal.SIGKILL)
            _reap()
            time.sleep(0.02)


def _quietly(act: Callable, *arguments) -> None:
    try:
        act(*arguments)
    except ProcessLookupError:
        pass


def _reap() -> None:
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def parents() -> dict[int, int]:
    """Process id → parent's id, for all processes."""
    found = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            try:
                stat = Path("/proc", entry, "stat").read_text(errors="replace")
            except OSError:
                continue
            # The name, in parentheses, may hold anything; the parent follows it.
            found[int(entry)] = int(stat.rpartition(")")[2].split()[1])
    return found


def name_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/comm").read_text().strip()
    except OSError:
        return ""


def descendants(of: int) -> list[int]:
    parent = parents()
    found, grew = {of}, True
    while grew:
        grown = {pid for pid, its in parent.items() if its in found} | found
        grew, found = len(grown) > len(found), grown
    return sorted(found - {of})
