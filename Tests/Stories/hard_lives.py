# SPDX-License-Identifier: Apache-2.0
"""Lives of kioskd under faults: a disk that takes nothing, files that are spoilt, and an answer
of the centre that is lost."""

import json
import os
import signal
import subprocess

from stage.house import House
from stage.http import ask
from stage.processes import descendants, name_of, until
from stage.stranger import Answer, http
from stage.tls import client


def kioskd_of(house: House) -> int:
    """kioskd itself, also when strace stands around it."""
    pids = [house.kioskd.pid, *descendants(house.kioskd.pid)]
    return next((pid for pid in pids if name_of(pid) == "kioskd"), 0)


def alive(house: House) -> bool:
    return house.kioskd.poll() is None and kioskd_of(house) != 0


def stop(house: House) -> None:
    """As systemd stops it."""
    os.kill(kioskd_of(house), signal.SIGTERM)
    house.kioskd.wait(20)


def start(house: House, *faults: str) -> None:
    """kioskd, with strace's words for faults around it, if any."""
    house.lives += 1
    argv = [house.folder.command("kioskd"), "--profile", str(house.profile)]
    if faults:
        log = house.folder.evidence / f"faults-{house.lives}.strace"
        argv = ["/usr/bin/strace", "-f", "--seccomp-bpf", "-qq", "-o", str(log), *faults, "--",
                "/usr/bin/setpriv", "--pdeathsig=KILL", *argv]
    house.kioskd = house.crew.start("kioskd", argv)
    house.crew.await_start("kioskd", house.kioskd, 40,
                           lambda: ask("GET", house.screen_url.split("#")[0])[0] == 200)
    # A card that lies there when the reader is opened was put on by nobody.
    until("The reader's first word", 20,
          lambda: doctor(house).get("reader", {}).get("state") == "ready", step=0.1)


class Disk:
    """The disk under the ledger's log: takes nothing while the log bears another name, which
    is the one that strace spoils writes to."""

    def __init__(self, house: House):
        self.log = house.state / "ledger-wal"
        self.spoilt = house.state / "ledger-wal.spoilt"

    def fault(self, error: str, call: str = "pwrite64") -> list[str]:
        return [f"--trace={call}", "-P", str(self.spoilt), f"--inject={call}:error={error}"]

    def fail(self) -> None:
        self.log.rename(self.spoilt)

    def heal(self) -> None:
        self.spoilt.rename(self.log)


def read_only(house: House) -> list[str]:
    """No file of the state folder can be opened for writing."""
    locks = [str(house.state / name) for name in ("ledger.lock", "shelves.lock")]
    return ["--trace=openat", *(word for path in locks for word in ("-P", path)),
            "--inject=openat:error=EROFS"]


def doctor(house: House) -> dict[str, dict]:
    """What `kioskctl doctor --json` says, by item, whatever its exit status."""
    done = command(house, "doctor", "--json", "--profile", str(house.profile))
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    return {one["item"]: one for one in map(json.loads, lines)}


def command(house: House, *words: str, name: str = "kioskctl",
            given: str = "") -> subprocess.CompletedProcess:
    """Runs one of our commands to its end, also a bad one."""
    return house.crew.call([house.folder.command(name), *words], given)


def rewrite_profile(house: House, **places: str) -> None:
    profile = json.loads(house.profile.read_text())
    profile["centre"]["url"] = places.get("centre", profile["centre"]["url"])
    profile["folders"]["state"] = places.get("state", profile["folders"]["state"])
    house.folder.write(house.profile, json.dumps(profile))


def loses_the_answer_of(house: House) -> Answer:
    """Hands a request on to the centre's door for enrolments and keeps the answer to an
    enrolment from whoever asked."""
    def answer(request: bytes) -> bytes | None:
        head, _, body = request.partition(b"\r\n\r\n")
        method, path, _ = head.split(b"\r\n")[0].decode().split()
        status, said = ask(method, house.centre.enrolment_url + path, json.loads(body) if body else None,
                           context=client((house.centre.data / "authority.pem").read_text()))
        return None if method == "POST" else http(status, said, "application/x-pem-file")
    return answer
