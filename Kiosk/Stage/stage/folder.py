# SPDX-License-Identifier: Apache-2.0
"""The one folder that holds all that a run writes; removed at the end."""

import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path

from stage import Trouble
from stage.account import Account

TREE = Path(__file__).resolve().parents[3]
COMMANDS = ("kioskd", "kioskctl", "centrald", "nightdesk-escpos", "nightdesk-sim", "nightdesk-clock",
            "nightdesk-usb-sim")
# A path of a Unix socket has at most 107 bytes; the longest of ours is about 30 beyond the folder.
LONGEST = 60
PREFIX = "nightdesk."


class Folder:
    """Everything that may be written lies below `root`. `evidence` is what the stage keeps to
    look at afterwards (papers, trace, pictures): it holds persons on purpose and is left out of
    the search for leaks. `bin` and `share` are read-only to the account."""

    def __init__(self, account: Account, outside_dev: bool = False):
        """`outside_dev`: not below /dev, where umockdev takes every file for a device."""
        self.account = account
        self.root = Path(tempfile.mkdtemp(prefix=PREFIX, dir=self._place(outside_dev)))
        account.own(str(self.root))
        self.bin = self.make("bin", owned=False)
        self.share = self.make("share", owned=False)
        self.evidence = self.make("evidence")
        self.home = self.make("home")
        self.tmp = self.make("tmp")
        self.logs = self.make("logs")

    @staticmethod
    def _place(outside_dev: bool) -> str:
        places = ("/dev/shm", os.environ.get("TMPDIR", "/tmp"), "/tmp")
        for place in places[1:] if outside_dev else places:
            runs = not os.statvfs(place).f_flag & os.ST_NOEXEC
            if os.access(place, os.W_OK | os.X_OK) and runs and len(place) < LONGEST:
                return place
        raise Trouble("No writable temporary folder with a short path; set TMPDIR to one.")

    def make(self, name: str, owned: bool = True) -> Path:
        path = self.root / name
        path.mkdir(mode=0o700 if owned else 0o755)
        path.chmod(0o700 if owned else 0o755)
        if owned:
            self.account.own(str(path))
        return path

    def write(self, path: Path, text: str | bytes, mode: int = 0o600) -> Path:
        """A file of the account's."""
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        path.chmod(mode)
        self.account.own(str(path))
        return path

    def command(self, name: str) -> str:
        return str(self.bin / name)

    def stage_tree(self) -> None:
        """Lays commands and shared data where the account can read them, wherever the clone
        lies. Libraries of the toolchain that it cannot read are laid beside them."""
        built = TREE / ".build" / "debug"
        for name in COMMANDS:
            if not (built / name).exists():
                raise Trouble(f"{name} is not built; run Kiosk/run, which builds it.")
            self._lay(built / name, self.bin / name)
        self._lay_libraries(built / "kioskd")
        for part in ("Kiosk/Web", "Kiosk/Staff", "Kiosk/Words", "Kiosk/Catalogue", "Kiosk/Config", "Kiosk/Units",
                     "Kiosk/Bench", "Kiosk/Centre", "Devices"):
            if (TREE / part).is_dir():
                shutil.copytree(TREE / part, self.share / part, symlinks=False,
                                ignore=shutil.ignore_patterns("*.swift", "Libraries"))
        for path in [self.share, *self.share.rglob("*")]:
            path.chmod(0o755 if path.is_dir() else 0o644)

    def _lay(self, source: Path, target: Path) -> None:
        if self.account.can("x", str(source)):
            target.symlink_to(source)
            return
        try:
            os.link(source, target)
        except OSError:
            subprocess.run(["cp", "--reflink=auto", str(source), str(target)], check=True)
            target.chmod(0o755)

    def _lay_libraries(self, command: Path) -> None:
        listed = subprocess.run(["ldd", str(command)], capture_output=True, text=True, check=False)
        libraries = re.findall(r"=> (/\S+)", listed.stdout)
        hidden = [path for path in libraries if not self.account.can("r", path)]
        if not hidden:
            return
        (self.root / "lib").mkdir(mode=0o755)
        for path in hidden:
            shutil.copy(path, self.root / "lib" / Path(path).name)

    def environment(self) -> dict[str, str]:
        """What a part sees of ours: nothing of the caller's, and no place but this folder."""
        places = {"HOME": self.home, "TMPDIR": self.tmp, "XDG_CACHE_HOME": self.home / ".cache",
                  "XDG_CONFIG_HOME": self.home / ".config", "XDG_RUNTIME_DIR": self.tmp}
        plain = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8", "TZ": "Asia/Shanghai"}
        if (self.root / "lib").is_dir():
            plain["LD_LIBRARY_PATH"] = str(self.root / "lib")
        return plain | {key: str(value) for key, value in places.items()}

    def remove(self) -> None:
        # A part that is just ending may still write; what comes late is removed too.
        for _ in range(20):
            shutil.rmtree(self.root, ignore_errors=True)
            if not self.root.exists():
                return
        raise Trouble(f"Could not remove {self.root}; please remove it.")
