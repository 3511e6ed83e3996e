# SPDX-License-Identifier: Apache-2.0
"""Phases of centrald's life that sweeps spoil. kioskd carries on beside it and must never
take for delivered what the centre then does not have."""

import json
import subprocess
import time

from kiosk_phases import Commanding, Phase
from lives import UNKNOWN_OUTCOME
from reckoning import Troubles
from shim import Control
from stage import Trouble
from stage.processes import until
from walk import Told, Walk
from writelog import Record


class CentrePhase(Phase):
    program = "centrald"
    may_end = (UNKNOWN_OUTCOME, 1)

    @property
    def control(self) -> Control:
        return self.house.centre_control

    @property
    def process(self) -> subprocess.Popen:
        return self.house.centrald

    def what(self, record: Record) -> str | None:
        data, ports = str(self.house.centre_data), self.house.ports
        if record.op == "send":
            own = record.path.removeprefix("tcp:").split(">")[0]
            doors = {str(ports[door]): door for door in ("centre", "terminals", "enrolment")}
            return doors.get(own)
        if record.path == data:
            return "data"
        return record.path.removeprefix(data + "/") if record.path.startswith(data + "/") else None

    def only(self, what: str) -> str:
        data, ports = str(self.house.centre_data), self.house.ports
        if what in ("centre", "terminals", "enrolment"):
            return f"tcp:{ports[what]}>"
        return f"{data}$" if what == "data" else f"{data}/{what}$"

    def rise(self) -> None:
        """The centre serves again on what it left; a life that was spoilt is not trusted."""
        house = self.house
        if house.centre_alive and house.stop_centre() not in (0, *self.may_end):
            raise Trouble("centrald did not end in order: " + house.crew.last_words("centrald"))
        house.start_centre()

    def after(self, troubles: Troubles) -> None:
        self.rise()
        self.house.panel.network("through")


class Ingest(CentrePhase):
    """What waits at the terminal comes in."""

    name = "centre-ingest"

    def prepare(self) -> None:
        self.house.panel.network("cut")
        walk = Walk(self.house.enter(), self.house.panel, self.resident())
        self.reckoning.hear(walk.file(walk.to_summary()))

    def act(self) -> Told:
        house = self.house
        house.panel.network("through")
        end = time.monotonic() + 20
        while house.centre_alive and time.monotonic() < end:
            counts = house.ask("/v1/counts")
            if counts and counts["waiting"] == 0 or house.centre_control.fired:
                break
            time.sleep(0.02)
        return Told(end="idle")


class CentreStart(CentrePhase):
    """From exec to the first answer, after an unclean end, with a log to repair."""

    name = "centre-start"

    def prepare(self) -> None:
        house = self.house
        walk = Walk(house.enter(), house.panel, self.resident())
        self.reckoning.hear(walk.file(walk.to_summary()))
        house.delivered()
        house.panel.network("cut")
        house.stop_centre(9)

    def act(self) -> Told:
        house = self.house
        house.start_centre(wait=False)
        end = time.monotonic() + 20
        while house.centre_alive and time.monotonic() < end:
            if house.centre.answers("/healthz"):
                return Told(end="idle")
            time.sleep(0.02)
        return Told(end="ended" if not house.centre_alive else "gone: it never answered")


class Enrolling(CentrePhase):
    """Another terminal spends its one-time code. Whatever happens, the same code and key get
    it in afterwards, and no two terminals number from one allotment."""

    name = "centre-enrolment"

    def prepare(self) -> None:
        house = self.house
        self.turn += 1
        self.terminal = f"T9{self.turn:03}"
        self.code = house.crew.run([
            house.folder.command("centrald"), "enrolment", "new", "--data", str(house.centre_data),
            "--terminal", self.terminal, "--area", "320507"]).strip().splitlines()[-1]
        profile = json.loads(house.profile.read_text())
        self.state = house.folder.make(f"state-{self.terminal}")
        profile["folders"]["state"] = str(self.state)
        self.profile = house.folder.write(house.run / f"{self.terminal}.json", json.dumps(profile))

    def enrol(self) -> bool:
        house = self.house
        try:
            house.crew.run(house.enrolment_words(self.profile), given=self.code + "\n", seconds=60)
            return True
        except (Trouble, subprocess.TimeoutExpired) as trouble:
            self.why = str(trouble)
            return False

    def act(self) -> Told:
        self.enrol()
        return Told(end="idle")

    def after(self, troubles: Troubles) -> None:
        self.rise()
        self.house.panel.network("through")
        identity = self.state / "identity" / "identity.json"
        if not identity.exists() and not self.enrol():
            troubles.brokenPromises.append(f"{self.terminal} cannot enrol any more: {self.why}")
        if identity.exists():
            mine = json.loads(identity.read_text())["allotment"]
            if mine in self.given:
                troubles.doubled.append(f"allotment {mine} was given twice")
            self.given.add(mine)

    @property
    def given(self) -> set[str]:
        if not hasattr(self, "_given"):
            first = json.loads((self.house.state / "identity" / "identity.json").read_text())
            self._given = {first["allotment"]}
        return self._given


class Ordering(CentrePhase, Commanding):
    """A clerk orders something. Once she has its id, the terminal gets it and its word comes."""

    name = "centre-command"

    def after(self, troubles: Troubles) -> None:
        CentrePhase.after(self, troubles)
        until("The word on each command", 30, lambda: self._open() == 0, step=0.05)
