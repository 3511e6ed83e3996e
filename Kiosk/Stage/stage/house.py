# SPDX-License-Identifier: Apache-2.0
"""A whole terminal on this machine: centre, simulated devices, cupsd, kioskd."""

import json
import os
import signal
import subprocess
import time
from datetime import datetime, timedelta, timezone
from typing import Callable

from stage import Trouble
from stage.account import Account
from stage.centre import Centre
from stage.folder import TREE, Folder
from stage.http import Panel, Service
from stage.issuer import Issuer
from stage.processes import Crew, descendants, free_ports, name_of
from stage.spooler import Spooler
from stage.tls import client
from stage.trace import Follower, Trace, strace

TERMINAL, AREA = "T0012", "320507"
CHINA = timezone(timedelta(hours=8))
PORTS = ("screens", "staff", "printer", "proxy", "timeProxy", "panel", "centre", "terminals", "enrolment",
         "office")


class House:
    """Starts the parts in the order in which they need each other. `with` ends them and
    removes the folder, whatever happened."""

    def __init__(self, traced: bool = False, rests: bool = False, outside_dev: bool = False,
                 issuer: Issuer | None = None):
        """`rests`: kioskd is left to be started by the story. `outside_dev`: see `Folder`.
        `issuer`: the terminal has a code scanner, and takes this one's codes."""
        self.traced, self.rests, self.outside_dev = traced, rests, outside_dev
        self.issuer = issuer
        # Words before kioskd's own: `env NAME=…`, to preload a library into it alone.
        self.around: list[str] = []
        # What is done when all processes have ended.
        self.afterwards: list[Callable[[], None]] = []
        self.trace = Trace()
        self.lives = 0
        self.kioskd: subprocess.Popen | None = None

    def __enter__(self) -> "House":
        self.folder = Folder(Account.choose(), self.outside_dev)
        self.crew = Crew(self.folder)
        try:
            self._start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_) -> None:
        self.crew.end_all()
        for tidy in self.afterwards:
            tidy()
        self.folder.remove()

    def _start(self) -> None:
        self.folder.stage_tree()
        self.state = self.folder.make("state")
        self.run = self.folder.make("run")
        self.ports = dict(zip(PORTS, free_ports(len(PORTS))))
        self.centre = Centre(self.folder, self.crew, self.ports, self.traced)
        self.centre.start()
        self.spooler = Spooler(self.folder, self.crew)
        self.spooler.start()
        self._start_simulator()
        self._enrol()
        if not self.rests:
            self.start_kioskd()

    # Its enrolment.

    def _enrol(self) -> None:
        """The terminal's key, made by itself, becomes known; settings are signed for it."""
        self.profile = self.folder.write(self.run / "profile.json", json.dumps(self._profile()))
        self.crew.run([self.folder.command("kioskctl"), "enrol",
                       "--centre", self.centre.enrolment_url, "--profile", str(self.profile)],
                      given=self.centre.ticket(TERMINAL, AREA))
        settings = json.loads((TREE / "Kiosk" / "Config" / "settings.sample.json").read_text())
        today = datetime.now(CHINA)
        settings["signed"] = {"year": today.year, "month": today.month, "day": today.day}
        settings["spareAllotments"] = self._spares()
        if self.issuer:
            settings["codeIssuers"] = [self.issuer.settings]
        plain = self.folder.write(self.folder.tmp / "settings.json",
                                  json.dumps(settings, ensure_ascii=False))
        self.centre.sign(plain, self.state / "settings.dsse")
        self.settings = settings

    def _spares(self) -> list[str]:
        """The centre gives a terminal its allotment and the next two, in base 36."""
        first = int(self.identity["allotment"], 36)
        return [base36(first + step) for step in (1, 2)]

    def _profile(self) -> dict:
        ports, folder = self.ports, self.folder
        return {
            "folders": {"state": str(self.state), "run": str(self.run),
                        "share": str(folder.share)},
            "screens": {"port": ports["screens"],
                        "frameAncestors": [f"http://127.0.0.1:{ports['panel']}"]},
            "staff": {"port": ports["staff"]},
            "centre": {"url": f"https://127.0.0.1:{ports['proxy']}",
                       "time": f"http://127.0.0.1:{ports['timeProxy']}"},
            "places": self._places(),
            "cups": {"socket": str(self.spooler.socket), "paper": str(self.spooler.paper)},
        }

    def _places(self) -> dict:
        places = {
            "reader": {"models": ["sdt-usb", "sdt-serial"],
                       "tty": str(self.simulated / "reader.tty")},
            "receiptPrinter": {
                "models": ["escpos-80"],
                "uri": f"socket://127.0.0.1:{self.ports['printer']}/?waiteof=false&contimeout=5"}}
        if self.issuer:
            places["scanner"] = {"models": ["scanner-serial"],
                                 "tty": str(self.simulated / "scanner.tty")}
        return places

    @property
    def identity(self) -> dict:
        return json.loads((self.state / "identity" / "identity.json").read_text())

    def as_terminal(self, port: str = "terminals") -> Service:
        """The centre as the terminal itself meets it: over TLS, with its certificate."""
        folder = self.state / "identity"
        context = client(self.identity["authority"], folder / "tls.pem", folder / "tls.key")
        return Service(self.ports[port], context=context)

    def as_nobody(self, port: str = "terminals") -> Service:
        """The same door, for one who has no certificate."""
        return Service(self.ports[port], context=client(self.identity["authority"]))

    # Simulated devices.

    def _start_simulator(self) -> None:
        # What the devices keep (papers, their log) is the stage's evidence.
        self.simulated = self.folder.make("evidence/sim")
        ports = self.ports
        process = self.crew.start("nightdesk-sim", [
            self.folder.command("nightdesk-sim"), "--folder", str(self.simulated),
            "--reader-tty", str(self.simulated / "reader.tty"),
            *(["--scanner-tty", str(self.simulated / "scanner.tty")] if self.issuer else []),
            "--printer-port", str(ports["printer"]), "--proxy-port", str(ports["proxy"]),
            "--proxy-to", f"127.0.0.1:{ports['terminals']}",
            "--time-proxy-port", str(ports["timeProxy"]),
            "--time-proxy-to", f"127.0.0.1:{ports['centre']}", "--panel-port", str(ports["panel"]),
            "--screen-origin", f"http://127.0.0.1:{ports['screens']}",
            "--screen-token-file", str(self.run / "screens.token"),
            "--bench-page", str(self.folder.share / "Kiosk" / "Bench")],
            log=self.folder.evidence / "nightdesk-sim.log")
        self.panel = Panel(ports["panel"])
        self.crew.await_start("nightdesk-sim", process, 15,
                              lambda: self.panel.answers("/state")
                              and (self.simulated / "reader.tty").exists())

    def printed(self) -> bytes:
        """Every byte that the printer was sent, whatever it made of it."""
        stream = self.simulated / "papers" / "stream.bin"
        return stream.read_bytes() if stream.exists() else b""

    # The terminal.

    def start_kioskd(self, wait: bool = True) -> None:
        self.lives += 1
        argv = [*self.around, self.folder.command("kioskd"), "--profile", str(self.profile)]
        if self.traced:
            trace_file = self.folder.evidence / f"kioskd-{self.lives}.strace"
            self.trace.new_life()
            self.follower = Follower(self.trace, trace_file)
            # Its parent is then strace: it must not outlive that either.
            argv = strace(trace_file, ["/usr/bin/setpriv", "--pdeathsig=KILL", *argv])
        self.kioskd = self.crew.start("kioskd", argv)
        if wait:
            self.crew.await_start("kioskd", self.kioskd, 40, self._serves)

    def _serves(self) -> bool:
        token = self.run / "screens.token"
        return token.exists() and Panel(self.ports["screens"]).answers("/")

    @property
    def kioskd_pid(self) -> int:
        """kioskd itself, not the strace around it."""
        return self.crew.child(self.kioskd, "kioskd")

    def kill_kioskd(self) -> None:
        os.kill(self.kioskd_pid, signal.SIGKILL)
        self.kioskd.wait()
        if self.traced:
            self.follower.read()

    def stop_kioskd(self) -> int:
        """As systemd stops it; its status."""
        os.kill(self.kioskd_pid, signal.SIGTERM)
        return self.kioskd.wait(20)

    @property
    def token(self) -> str:
        return (self.run / "screens.token").read_text().strip()

    @property
    def screen_url(self) -> str:
        return f"http://127.0.0.1:{self.ports['screens']}/#{self.token}"

    @property
    def staff_url(self) -> str:
        token = (self.run / "staff.token").read_text().strip()
        return f"http://127.0.0.1:{self.ports['staff']}/#{token}"

    def ctl(self, *words: str) -> str:
        return self.crew.run([self.folder.command("kioskctl"), *words,
                              "--profile", str(self.profile)])

    def counts(self) -> dict[str, int]:
        """What the ledger holds, as kioskctl counts it."""
        return json.loads(self.ctl("ledger", "check", "--json"))["counts"]

    def processes(self) -> list[int]:
        """Every process of the run that belongs to its account."""
        mine = self.folder.account.uid
        return [pid for pid in descendants(os.getpid()) if _uid(pid) == mine and name_of(pid)]

    def wait_for_end(self) -> None:
        """By hand: until a part that must live ends, or Ctrl-C."""
        while True:
            for name, process in self.crew.started:
                if process.poll() is not None and name != "chromium":
                    raise Trouble(f"{name} ended ({process.returncode}): "
                                  f"{self.crew.last_words(name)}")
            time.sleep(0.5)


def base36(value: int) -> str:
    """Four characters, as allotments are written."""
    digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    return "".join(digits[value // 36 ** place % 36] for place in (3, 2, 1, 0))


def _uid(pid: int) -> int | None:
    try:
        return os.stat(f"/proc/{pid}").st_uid
    except OSError:
        return None
