# SPDX-License-Identifier: Apache-2.0
"""Whom the parts run as: never root. As root everything becomes `nobody`, so that kioskd and
its cupsd share one unprivileged user, as on a terminal."""

import os
import pwd
import subprocess
from dataclasses import dataclass


@dataclass(frozen=True)
class Account:
    uid: int
    gid: int
    switched: bool

    @classmethod
    def choose(cls) -> "Account":
        if os.geteuid() != 0:
            return cls(os.geteuid(), os.getegid(), False)
        nobody = pwd.getpwnam("nobody")
        return cls(nobody.pw_uid, nobody.pw_gid, True)

    def command(self, argv: list[str], dies_with_parent: bool = True) -> list[str]:
        """`argv` as this account; killed by the kernel should the stage vanish."""
        words = ["/usr/bin/setpriv"]
        if self.switched:
            words += [f"--reuid={self.uid}", f"--regid={self.gid}", "--clear-groups"]
        if dies_with_parent:
            words += ["--pdeathsig=KILL"]
        return words + argv

    def can(self, test: str, path: str) -> bool:
        """Asks `/usr/bin/test` as this account: `r`, `x`, …; folders on the way count."""
        argv = self.command(["/usr/bin/test", f"-{test}", path])
        return subprocess.run(argv, check=False).returncode == 0

    def can_unshare(self) -> bool:
        """Whether Chromium's own sandbox can work: it needs user namespaces."""
        argv = self.command(["/usr/bin/unshare", "--user", "true"])
        return subprocess.run(argv, check=False, stderr=subprocess.DEVNULL).returncode == 0

    def own(self, path: str) -> None:
        if self.switched:
            os.chown(path, self.uid, self.gid, follow_symlinks=False)
