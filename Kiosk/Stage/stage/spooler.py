# SPDX-License-Identifier: Apache-2.0
"""The terminal's own cupsd, laid out as on a terminal by Kiosk/Units/cups/prepare."""

import os
import signal

from stage.folder import Folder
from stage.processes import Crew, descendants


class Spooler:
    def __init__(self, folder: Folder, crew: Crew):
        self.folder, self.crew = folder, crew
        self.root = folder.root / "cups"
        self.socket = self.root / "run" / "cups.sock"
        self.spool = self.root / "spool"
        self.paper = self.root / "paper"

    def start(self) -> None:
        self.folder.make("cups")
        self.boot()

    def boot(self) -> None:
        """As at a start of the machine: on folders made anew, whatever it held before."""
        for part in self.paper.rglob("*"):
            if part.is_file():
                part.unlink()
        prepare = self.folder.share / "Kiosk" / "Units" / "cups" / "prepare"
        said = self.crew.run(["/bin/sh", str(prepare), str(self.root),
                              self.folder.command("nightdesk-escpos")])
        self.command = said.split()
        self.rise()

    def rise(self) -> None:
        """Starts cupsd on its folders as they are; after a fall it runs again what it held."""
        self.socket.unlink(missing_ok=True)
        self.process = self.crew.start("cupsd", self.command)
        self.crew.await_start("cupsd", self.process, 10, self.socket.exists)

    def fall(self) -> None:
        """cupsd and all that it started end at once, as in a power cut of the machine."""
        for pid in [self.process.pid, *descendants(self.process.pid)]:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.process.wait()

    def is_idle(self) -> bool:
        """No job has data left to print."""
        return not list(self.spool.glob("d*"))
