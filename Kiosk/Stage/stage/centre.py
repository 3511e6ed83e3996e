# SPDX-License-Identifier: Apache-2.0
"""The centre: its web tier, which holds no key to what residents wrote, and its office, which
does, in two processes with a folder each."""

import os
import signal
import subprocess
from pathlib import Path

from stage import Trouble
from stage.folder import Folder
from stage.http import Service, ask
from stage.processes import Crew
from stage.tls import client

DAY = 86_400  # seconds


class Centre(Service):
    """As its clerk and as the public see it: what is asked of it here is asked of the web tier;
    opened contents come from the office."""

    def __init__(self, folder: Folder, crew: Crew, ports: dict[str, int], traced: bool = False):
        self.folder, self.crew, self.ports, self.traced = folder, crew, ports, traced
        # More of its environment: a library to preload.
        self.environment: dict[str, str] = {}
        self.centrald = folder.command("centrald")
        self.data = folder.make("centre")
        self.pages = folder.share / "Kiosk" / "Centre"
        self.catalogue = folder.share / "Kiosk" / "Catalogue" / "catalogue.json"
        crew.run([self.centrald, "keys", "new", "--data", str(self.data)])
        # The office's keys lie elsewhere, as on another machine: whatever the web tier does, it
        # does without them.
        self.office_data = folder.root / "office"
        (self.data / "office").rename(self.office_data)
        clerk = {"Authorization": f"Bearer {(self.data / 'clerk.token').read_text().strip()}"}
        super().__init__(ports["centre"], clerk)
        self.public = Service(ports["centre"])
        self.office = Service(ports["office"], clerk)
        self.process: subprocess.Popen | None = None
        self.lives = 0

    # Its processes.

    def start(self) -> None:
        self.serve()
        office = self.crew.start("centrald-office", [
            self.centrald, "office", "--data", str(self.office_data), "--centre", self.url,
            "--port", str(self.ports["office"]), "--pages", str(self.pages)])
        self.crew.await_start("centrald-office", office, 30,
                              lambda: self.office.answers("/healthz"))

    @property
    def words(self) -> list[str]:
        """The web tier's command, with its three doors."""
        ports = self.ports
        return [self.centrald, "serve", "--data", str(self.data), "--port", str(ports["centre"]),
                "--terminals-port", str(ports["terminals"]),
                "--enrolment-port", str(ports["enrolment"]),
                "--terminals-address", f"https://127.0.0.1:{ports['proxy']}",
                "--catalogue", str(self.catalogue), "--pages", str(self.pages)]

    def serve(self, wait: bool = True) -> None:
        """Traced, each file that the web tier opens is written down."""
        self.lives += 1
        argv = self.words
        if self.traced:
            opened = self.folder.evidence / f"centrald-{self.lives}.strace"
            argv = ["/usr/bin/strace", "-f", "--seccomp-bpf", "-qq", "--trace=%file", "-o", str(opened),
                    "--", "/usr/bin/setpriv", "--pdeathsig=KILL", *argv]
        self.process = self.crew.start("centrald", argv, environment=self.environment)
        if wait:
            self.await_doors()

    def await_doors(self) -> None:
        self.crew.await_start("centrald", self.process, 40, lambda: self.public.answers("/healthz")
                              and self._enrolment("/healthz") == 200)

    def _enrolment(self, path: str) -> int:
        context = client((self.data / "authority.pem").read_text())
        return ask("GET", self.enrolment_url + path, context=context, seconds=2)[0]

    @property
    def enrolment_url(self) -> str:
        return f"https://127.0.0.1:{self.ports['enrolment']}"

    @property
    def pid(self) -> int:
        """centrald itself, not the strace around it."""
        return self.crew.child(self.process, "centrald")

    def kill(self) -> None:
        """As a power cut of its machine would."""
        os.kill(self.pid, signal.SIGKILL)
        self.process.wait()

    # Its commands.

    def run(self, *words: str) -> str:
        """`centrald … --data DIR`."""
        return self.crew.run([self.centrald, *words, "--data", str(self.data)])

    def ticket(self, terminal: str, area: str) -> str:
        said = self.run("enrolment", "new", "--terminal", terminal, "--area", area)
        return said.strip().splitlines()[-1] + "\n"

    def sign(self, settings: Path, out: Path) -> None:
        self.run("settings", "sign", str(settings), "--out", str(out))

    def publish(self, catalogue: Path) -> str:
        return self.run("catalogue", "publish", str(catalogue)).strip()

    # What is asked of it.

    def cases(self) -> list[dict]:
        found, cursor = [], None
        while True:
            page = self.get("/v1/cases?limit=100" + (f"&cursor={cursor}" if cursor else ""))
            found += page["cases"]
            cursor = page["next"]
            if not cursor:
                return found

    def case(self, number: str) -> dict:
        """With its content, as the office opens it."""
        return self.office.get(f"/v1/cases/{number}")

    def counts(self) -> dict:
        return self.get("/v1/counts")

    def progress(self, number: str) -> dict:
        return self.public.get(f"/v1/progress/{number}")

    def withdraw(self, matter: str) -> None:
        self.post(f"/v1/clerk/matters/{matter}/withdraw")

    def order(self, terminal: str, act: str) -> str:
        """Orders a command; its id."""
        return self.post(f"/v1/terminals/{terminal}/commands", {"act": act, "seconds": DAY})["id"]

    def commands(self, terminal: str) -> dict[str, dict]:
        answer = self.get(f"/v1/terminals/{terminal}/commands")
        return {one["id"]: one for one in answer["commands"]}

    def terminal(self, name: str) -> dict:
        found = [one for one in self.get("/v1/terminals")["terminals"] if one["name"] == name]
        if not found:
            raise Trouble(f"The centre knows no terminal {name}.")
        return found[0]

    def revoke(self, terminal: str) -> None:
        self.post(f"/v1/terminals/{terminal}/revocation")

    # What it did.

    def opened(self) -> list[str]:
        """Lines of the traces of all its lives that name a place of the office."""
        found = []
        for path in sorted(self.folder.evidence.glob("centrald-*.strace")):
            found += [line for line in path.read_text(errors="replace").splitlines()
                      if "content.key" in line or str(self.office_data) in line
                      or f"{self.data}/office" in line]
        return found
