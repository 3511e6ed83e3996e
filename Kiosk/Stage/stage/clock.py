# SPDX-License-Identifier: Apache-2.0
"""Another clock for one process, by Debian's libfaketime: what the process reads as the time of
day is ours to move; how time passes (monotonic and boot clock) stays the machine's."""

import subprocess
import time
from datetime import datetime
from pathlib import Path

from stage import Trouble
from stage.folder import Folder

LIBRARY = Path("/usr/lib")


def library() -> Path:
    found = sorted(LIBRARY.glob("*/faketime/libfaketimeMT.so.1"))
    if not found:
        raise Trouble("libfaketime is not installed; Kiosk/run installs it.")
    return found[0]


class FakeClock:
    """Moves by a file that the library reads anew each second."""

    def __init__(self, folder: Folder):
        self.folder = folder
        self.file = folder.write(folder.root / "clock", "+0", mode=0o644)
        self.timers = folder.bin / "timers.so"
        subprocess.run(["gcc", "-Wall", "-Werror", "-O2", "-shared", "-fPIC", "-o", str(self.timers),
                        str(Path(__file__).with_name("timers.c"))], check=True)
        self.timers.chmod(0o755)
        self.offset = 0.0

    @property
    def around(self) -> list[str]:
        """Words before a command that is to live by this clock."""
        return ["/usr/bin/env", f"LD_PRELOAD={self.timers}:{library()}",
                f"FAKETIME_TIMESTAMP_FILE={self.file}", "FAKETIME_CACHE_DURATION=1",
                "FAKETIME_DONT_FAKE_MONOTONIC=1",
                # The day on which a program was put on the disk is true.
                "NO_FAKE_STAT=1",
                # The library puts a word of its own into the environment of the first process
                # that it meets, which moves it; a Swift program then finds no arguments.
                "/usr/bin/env"]

    @staticmethod
    def tidy() -> None:
        """Removes what the library leaves in shared memory of processes that have ended."""
        for path in Path("/dev/shm").glob("*faketime_s*_*"):
            if not Path("/proc", path.name.rpartition("_")[2]).exists():
                path.unlink(missing_ok=True)

    def set(self, moment: datetime | float) -> None:
        """From now on it is `moment` there, and goes on."""
        seconds = moment if isinstance(moment, float) else moment.timestamp()
        self.shift(seconds - time.time())

    def shift(self, offset: float) -> None:
        """As many seconds beside the machine's clock."""
        self.offset = offset
        # Renamed into place: the library must never read half a figure.
        new = self.folder.write(self.file.with_suffix(".new"), f"{offset:+.3f}", mode=0o644)
        new.rename(self.file)

    @property
    def now(self) -> float:
        return time.time() + self.offset
