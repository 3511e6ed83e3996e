# SPDX-License-Identifier: Apache-2.0
"""The terminal's own cupsd, laid out as on a terminal by Kiosk/Units/cups/prepare."""

from stage.folder import Folder
from stage.processes import Crew


class Spooler:
    def __init__(self, folder: Folder, crew: Crew):
        self.folder, self.crew = folder, crew
        self.root = folder.root / "cups"
        self.socket = self.root / "run" / "cups.sock"
        self.spool = self.root / "spool"
        self.paper = self.root / "paper"

    def start(self) -> None:
        self.folder.make("cups")
        prepare = self.folder.share / "Kiosk" / "Units" / "cups" / "prepare"
        said = self.crew.run(["/bin/sh", str(prepare), str(self.root),
                              self.folder.command("nightdesk-escpos")])
        process = self.crew.start("cupsd", said.split())
        self.crew.await_start("cupsd", process, 10, self.socket.exists)
