# SPDX-License-Identifier: Apache-2.0
"""The terminal's own cupsd: settings from Kiosk/Units/cups, programs from Debian, our filter."""

import os
import re
from pathlib import Path

from stage import Trouble
from stage.folder import TREE, Folder
from stage.processes import Crew

TEMPLATES = TREE / "Kiosk" / "Units" / "cups"
PROGRAMS = Path("/usr/lib/cups")
TYPES = Path("/usr/share/cups/mime")


class Spooler:
    def __init__(self, folder: Folder, crew: Crew):
        self.folder, self.crew = folder, crew
        self.root = folder.make("cups")
        for name in ("etc", "run", "spool", "cache", "state", "log", "tmp", "paper", "doc"):
            folder.make(f"cups/{name}")
        for name in ("tokens", "outcomes"):
            folder.make(f"cups/paper/{name}")
        self.socket = self.root / "run" / "cups.sock"
        self.spool = self.root / "spool"
        self.paper = self.root / "paper"

    def start(self) -> None:
        self._lay_programs()
        self._lay_types()
        for name in ("cupsd.conf", "cups-files.conf"):
            text = self._filled((TEMPLATES / name).read_text())
            self.folder.write(self.root / "etc" / name, text)
        etc = self.root / "etc"
        process = self.crew.start("cupsd", [
            "/usr/sbin/cupsd", "-f", "-c", str(etc / "cupsd.conf"),
            "-s", str(etc / "cups-files.conf")])
        self.crew.await_start("cupsd", process, 10, self.socket.exists)

    def _filled(self, template: str) -> str:
        import grp
        import pwd
        account = self.folder.account
        values = {"FOLDER": str(self.root), "USER": pwd.getpwuid(account.uid).pw_name,
                  "GROUP": grp.getgrgid(account.gid).gr_name}
        text = re.sub(r"@([A-Z_]+)@", lambda found: values.get(found.group(1), found.group(0)),
                      template)
        left = re.findall(r"@[A-Z_]+@", text)
        if left:
            raise Trouble(f"Kiosk/Units/cups has a place that Kiosk/run does not know: {left[0]}")
        return text

    def _lay_programs(self) -> None:
        """ServerBin: Debian's programs and, among the filters, ours."""
        target = self.folder.make("cups/bin", owned=False)
        for kind in os.listdir(PROGRAMS):
            (target / kind).mkdir(mode=0o755)
            for program in (PROGRAMS / kind).iterdir():
                (target / kind / program.name).symlink_to(program)
        # In backend-available of the Debian package where nobody enabled it.
        socket = target / "backend" / "socket"
        if not socket.exists():
            socket.symlink_to(PROGRAMS / "backend-available" / "socket")
        (target / "filter" / "nightdesk-escpos").symlink_to(
            self.folder.command("nightdesk-escpos"))

    def _lay_types(self) -> None:
        """DataDir/mime: Debian's types and conversions, and our own type."""
        self.folder.make("cups/data", owned=False)
        target = self.folder.make("cups/data/mime", owned=False)
        for name in ("mime.types", "mime.convs"):
            (target / name).symlink_to(TYPES / name)
        own = TEMPLATES / "nightdesk.types"
        (target / own.name).write_text(own.read_text())
        (target / own.name).chmod(0o644)
