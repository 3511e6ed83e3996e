# SPDX-License-Identifier: Apache-2.0
"""A house for many lives: kioskd and centrald run under the shim and are started again and
again, while cupsd, simulator and folders stay."""

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path

import shim
from stage import Trouble
from stage.hands import Hands
from stage.house import House
from stage.processes import until
from writelog import Tail

UNKNOWN_OUTCOME = 70


class Lives(House):
    """`with` as House; what is kept of the faults lies in `watch`."""

    # Whether the log holds what was written to files: for nights, whose power is cut.
    bodies = False
    # Program and what it is made to do wrong, see shim/mutants.c: proves that a sweep can fail.
    mutant = ("", "")
    # What was told in this house, see reckoning.py.
    reckoning = None

    def _start(self) -> None:
        self.library = shim.build(self.folder.bin / "faults.so")
        self.spoiler = shim.compile_c("mutants.c", self.folder.bin / "mutants.so", "-shared", "-fPIC")
        self.watch = self.folder.make("evidence/faults")
        self.log = self.folder.write(self.watch / "log", b"")
        self.tail = Tail(self.log)
        self.control = self.control_of("kioskd")
        self.centre_control = self.control_of("centrald")
        self.hands: Hands | None = None
        super()._start()

    def __exit__(self, *error) -> None:
        self.leave()
        super().__exit__(*error)

    def control_of(self, name: str) -> shim.Control:
        """The page through which a program of this name is steered."""
        path = self.folder.write(self.watch / f"{name}.control", b"")
        path.unlink()
        control = shim.Control(path)
        self.folder.account.own(str(path))
        return control

    # kioskd.

    def shimmed(self, program: str, paths: list[Path], control: shim.Control,
                 sockets: bool) -> dict[str, str]:
        words = shim.environment(self.library, program, paths, self.log, control, sockets,
                                 self.bodies)
        if self.mutant[0] == program:
            words |= {"LD_PRELOAD": f"{self.spoiler}:{self.library}", "MUTANT": self.mutant[1]}
        return words

    def start_kioskd(self, wait: bool = True) -> None:
        self.lives += 1
        words = self.shimmed("kioskd", [self.state, self.spooler.paper], self.control, True)
        self.kioskd = self.crew.start(
            "kioskd", [*self.around, self.folder.command("kioskd"), "--profile", str(self.profile)],
            environment=words)
        if wait:
            self.crew.await_start("kioskd", self.kioskd, 40, self._serves)

    @property
    def alive(self) -> bool:
        return self.kioskd is not None and self.kioskd.poll() is None

    def stop_kioskd(self, seconds: float = 15) -> int:
        """As systemd stops it; its exit status."""
        self.leave()
        if self.alive:
            os.kill(self.kioskd.pid, signal.SIGTERM)
        try:
            return self.kioskd.wait(seconds)
        except subprocess.TimeoutExpired:
            self.kioskd.kill()
            self.kioskd.wait()
            return -signal.SIGABRT

    def cut(self) -> None:
        """Ends kioskd at once."""
        self.leave()
        if self.alive:
            self.kioskd.kill()
            self.kioskd.wait()

    def enter(self) -> Hands:
        """A resident before the screen, the same one until she leaves."""
        if self.hands is None:
            self.hands = Hands(self.ports["screens"], lambda: self.token)
        return self.hands

    def leave(self) -> None:
        if self.hands:
            self.hands.close()
        self.hands = None

    def ask(self, path: str):
        """kioskd's own answer to staff, from its Unix socket; None when it has none."""
        line = http.client.HTTPConnection("localhost", timeout=20)
        try:
            line.sock = socket.socket(socket.AF_UNIX)
            line.sock.settimeout(20)
            line.sock.connect(str(self.run / "control.sock"))
            line.request("GET", path)
            answer = line.getresponse()
            body = answer.read()
            return json.loads(body) if answer.status == 200 else None
        except (OSError, http.client.HTTPException, ValueError):
            return None
        finally:
            line.close()

    def delivered(self, seconds: float = 30) -> dict:
        """Waits until nothing waits and every filing has its word; the ledger's counts."""
        def done():
            counts = self.ask("/v1/counts")
            return counts and counts["waiting"] == 0 and counts["untold"] == 0 and counts
        try:
            return until("The delivery of all that waits", seconds, done, step=0.03)
        except Trouble as trouble:
            raise Trouble(f"{trouble} Counts: {self.ask('/v1/counts')}; doctor: "
                          f"{json.dumps(self.ask('/v1/doctor'))[:600]}") from None

    # The centre.

    @property
    def centre_data(self) -> Path:
        return self.centre.data

    @property
    def centrald(self) -> subprocess.Popen:
        return self.centre.process

    def start_centre(self, wait: bool = True) -> None:
        self.centre.environment = self.shimmed(
            "centrald", [self.centre_data], self.centre_control, True)
        self.centre.serve(wait)

    @property
    def centre_alive(self) -> bool:
        return self.centrald.poll() is None

    def stop_centre(self, number: int = signal.SIGTERM) -> int:
        if self.centre_alive:
            os.kill(self.centrald.pid, number)
        try:
            return self.centrald.wait(15)
        except subprocess.TimeoutExpired:
            self.centrald.kill()
            self.centrald.wait()
            return -signal.SIGABRT

    def enrolment_words(self, profile: Path) -> list[str]:
        """The command that enrols a terminal; its ticket is typed."""
        return [self.folder.command("kioskctl"), "enrol",
                "--centre", self.centre.enrolment_url, "--profile", str(profile)]

    # Folders.

    def lay(self, folder: Path, files: dict[str, bytes | None]) -> None:
        """Puts rebuilt files in the place of all that lies in `folder`."""
        for path in folder.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        for path, data in sorted(files.items()):
            if data is None:
                Path(path).mkdir(mode=0o700)
                self.folder.account.own(path)
            else:
                self.folder.write(Path(path), data)

    def keep(self, folder: Path) -> dict[str, bytes | None]:
        """What `lay` takes, of a folder as it stands."""
        return {str(path): path.read_bytes() if path.is_file() else None
                for path in sorted(folder.rglob("*")) if path.is_file() or path.is_dir()}


def wait_end(process: subprocess.Popen, seconds: float) -> bool:
    """Whether it ended in time."""
    end = time.monotonic() + seconds
    while process.poll() is None and time.monotonic() < end:
        time.sleep(0.01)
    return process.poll() is not None
