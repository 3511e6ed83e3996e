# SPDX-License-Identifier: Apache-2.0
"""Steers the shim: compiles it, says what it looks at, and spoils one chosen call while the
program runs. What the shim promises stands in shim/faults.h."""

import mmap
import struct
import subprocess
from pathlib import Path

SOURCES = Path(__file__).parent / "shim"
OPS = {"write": 1, "sync": 2, "synced": 3, "truncate": 4, "create": 5, "rename": 6, "unlink": 7,
       "mkdir": 8, "send": 9, "start": 10}
FAULTS = {"kill-before": 1, "kill-after": 2, "eio": 3, "enospc": 4, "short": 5, "lost": 6, "lie": 7}
EVER = 1 << 62


def compile_c(source: str, out: Path, *options: str) -> Path:
    """One of the C programs here, warnings being errors."""
    subprocess.run(["gcc", "-Wall", "-Wextra", "-Werror", "-O2", *options, "-o", str(out),
                    str(SOURCES / source), "-lpthread"], check=True)
    out.chmod(0o755)
    return out


def build(out: Path) -> Path:
    return compile_c("faults.c", out, "-shared", "-fPIC")


class Control:
    """The page through which a running program is steered. One page serves one program, or
    several that are counted together."""

    def __init__(self, path: Path):
        self.path = path
        if not path.exists():
            path.write_bytes(struct.pack("<I", 1).ljust(4096, b"\0"))
        self._file = open(path, "r+b")
        self._page = mmap.mmap(self._file.fileno(), 4096)

    def _get(self, form: str, at: int) -> int:
        return struct.unpack_from(form, self._page, at)[0]

    @property
    def count(self) -> int:
        return self._get("<Q", 8)

    @property
    def fired(self) -> bool:
        return self._get("<Q", 40) != 0

    def arm(self, fault: str, at: int, ops: tuple[str, ...] = (), only: str = "",
            times: int = 1) -> None:
        """From now on: spoils the `at`-th (from 1) of the calls that `ops` and `only` let
        through."""
        self.rest()
        bits = sum(1 << OPS[op] for op in ops)
        struct.pack_into("<I", self._page, 4, bits)
        self._page[48:304] = only.encode().ljust(256, b"\0")
        struct.pack_into("<QI", self._page, 24, times, FAULTS[fault])
        struct.pack_into("<Q", self._page, 8, 0)
        struct.pack_into("<Q", self._page, 16, at)

    def rest(self) -> None:
        """Spoils nothing more."""
        struct.pack_into("<Q", self._page, 16, 0)
        struct.pack_into("<Q", self._page, 40, 0)

    def close(self) -> None:
        self._page.close()
        self._file.close()


def environment(library: Path, program: str, paths: list[Path], log: Path | None = None,
                control: Control | None = None, sockets: bool = False,
                bodies: bool = True) -> dict[str, str]:
    """What to add to a program's environment."""
    words = {"LD_PRELOAD": str(library), "FAULTS_PROGRAM": program,
             "FAULTS_PATHS": ":".join(map(str, paths)), "FAULTS_SOCKETS": str(int(sockets)),
             "FAULTS_BODIES": str(int(bodies))}
    if log:
        words["FAULTS_LOG"] = str(log)
    if control:
        words["FAULTS_CONTROL"] = str(control.path)
    return words
