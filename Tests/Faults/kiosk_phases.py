# SPDX-License-Identifier: Apache-2.0
"""Phases of kioskd's life that sweeps spoil. Each gets ready, is played, and says what its
process may have come to."""

import os
import signal
import sqlite3
import subprocess
import time

import residents
from former import make_former
from lives import UNKNOWN_OUTCOME, Lives, wait_end
from reckoning import Reckoning, Troubles
from shim import Control
from stage import Trouble
from stage.hands import Gone
from stage.house import TERMINAL
from stage.processes import until
from sweep import KILLS, Point, REPORT
from walk import Told, Walk
from writelog import FAILED, KILLED, SHORT, Record, told as told_to_page

SERVE = 40.0


class Phase:
    """One phase, played in one house again and again."""

    name = ""
    program = "kioskd"
    # Exit statuses that are promised beside going on.
    may_end = (UNKNOWN_OUTCOME,)
    # Whether its points stand in the report; not where troubles are wanted.
    counted = True

    def __init__(self, house: Lives):
        self.house, self.reckoning, self.turn = house, Reckoning.of(house), 0

    @property
    def control(self) -> Control:
        return self.house.control

    @property
    def process(self) -> subprocess.Popen:
        return self.house.kioskd

    # What a phase is.

    def prepare(self) -> None:
        """Up to the moment from which calls are counted."""

    def act(self) -> Told:
        """What is spoilt. Ends soon when the process has ended."""
        return Told()

    def after(self, troubles: Troubles) -> None:
        """From whatever is left to a terminal at rest, with the network up."""

    # What is common.

    def resident(self) -> residents.Resident:
        self.turn += 1
        return (residents.GRANDMOTHER, residents.RARE_NAME)[self.turn % 2]

    def what(self, record: Record) -> str | None:
        """The name of what a call was made on, the same in each run."""
        ports = self.house.ports
        if record.op == "send":
            ends = record.path.removeprefix("tcp:").split(">")
            if record.path.startswith("unix:"):
                return "cups" if record.path.endswith("cups.sock") else None
            if ends[0] == str(ports["screens"]):
                return "page"
            return {str(ports["proxy"]): "centre", str(ports.get("timeProxy")): "time"}.get(ends[-1])
        if str(self.house.spooler.paper) in record.path:
            return "tokens" if "/tokens/" in record.path else "paper"
        state = str(self.house.state)
        if record.path == state:
            return "state"
        # The centre may write into the same log; it is spoilt in phases of its own.
        return record.path.removeprefix(state + "/") if record.path.startswith(state + "/") else None

    def only(self, what: str) -> str:
        """The shim's words for what `what` names."""
        ports = self.house.ports
        named = {"page": f"tcp:{ports['screens']}>", "centre": f">{ports['proxy']}$",
                 "time": f">{ports.get('timeProxy')}$", "cups": "cups.sock$",
                 "tokens": "/tokens/", "paper": str(self.house.spooler.paper),
                 "state": f"{self.house.state}$"}
        return named.get(what, f"{self.house.state}/{what}$")

    def baseline(self) -> list[Record]:
        """The calls of the phase without a fault."""
        self.prepare()
        start = self.house.tail.mark()
        self.act()
        found = self.house.tail.since(start)
        troubles = self.finish()
        if troubles.all():
            raise Trouble(f"{self.name} without a fault: {troubles.all()}")
        return found

    def play(self, point: Point) -> Troubles:
        began, troubles, reached = time.monotonic(), Troubles(), False
        try:
            self.prepare()
            start = self.house.tail.mark()
            self.control.arm(point.fault, point.number, (point.op,), self.only(point.what))
            told = self.act()
            reached = self.control.fired
            if reached:
                self._ended_as_promised(point, told, start, troubles)
            self.control.rest()
            self.reckoning.hear(told)
            self.finish(troubles)
        except Trouble as trouble:
            # One point that goes astray does not end the sweep.
            troubles.restartsFailed.append(str(trouble))
            self.control.rest()
            self.start_again()
        self.reckoning.forget_log()
        if self.counted:
            REPORT.add(self.name, point, troubles, reached, began)
        return troubles

    def _ended_as_promised(self, point: Point, told: Told, start: int, troubles: Troubles) -> None:
        house = self.house
        if point.fault in KILLS:
            if not wait_end(self.process, 5):
                troubles.brokenPromises.append("the shim's kill did not end it")
            return
        wait_end(self.process, 0.05 if point.op == "send" else 0.3)
        status = self.process.poll()
        if status is None:
            if told.end.startswith("gone"):
                troubles.brokenPromises.append(f"it neither went on nor ended: {told.end}")
            return
        if status not in self.may_end:
            troubles.brokenPromises.append(
                f"it ended with {status}: {house.crew.last_words(self.program)}")
        records = house.tail.since(start)
        spoilt = next((one.place for one in records if one.flags & (FAILED | SHORT | KILLED)), None)
        if spoilt is not None and status == UNKNOWN_OUTCOME:
            later = [number for one, number in told_to_page(records, house.ports["screens"])
                     if one.place > spoilt]
            troubles.brokenPromises += [f"{one} was told after an unknown outcome" for one in later]

    def finish(self, troubles: Troubles | None = None) -> Troubles:
        troubles = troubles or Troubles()
        try:
            self.after(troubles)
            self.house.delivered()
            self.reckoning.close(troubles)
        except Trouble as trouble:
            troubles.restartsFailed.append(str(trouble))
            self.start_again()
        return troubles

    def start_again(self) -> None:
        """Both daemons, whatever state they are in."""
        house = self.house
        house.cut()
        house.stop_centre(9)
        house.panel.network("through")
        house.panel.take_card()
        house.start_centre()
        house.start_kioskd()

    def rise(self, network: str = "through") -> None:
        """kioskd serves, whatever it did before."""
        self.house.panel.network(network)
        self.house.panel.take_card()
        if self.house.alive:
            # A life that was spoilt is not trusted with the next point.
            if self.house.stop_kioskd() not in (0, *self.may_end):
                raise Trouble("kioskd did not end in order: "
                              + self.house.crew.last_words("kioskd"))
        self.house.leave()
        self.house.start_kioskd()


class Filing(Phase):
    """From the button to the first page again: filed, printed, told, rated; the network cut,
    so that delivery is a phase of its own."""

    name = "filing"

    def prepare(self) -> None:
        self.house.panel.network("cut")
        self.walk = Walk(self.house.enter(), self.house.panel, self.resident(),
                         give_up=lambda: not self.house.alive)
        self.summary = self.walk.to_summary()

    def act(self) -> Told:
        return self.walk.file(self.summary)

    def after(self, troubles: Troubles) -> None:
        self.rise()


class Delivering(Phase):
    """The network comes back and what waits goes out."""

    name = "delivery"

    def prepare(self) -> None:
        self.house.panel.network("cut")
        walk = Walk(self.house.enter(), self.house.panel, self.resident())
        self.reckoning.hear(walk.file(walk.to_summary()))

    def act(self) -> Told:
        self.house.panel.network("through")
        try:
            self.drained()
        except Gone as gone:
            return Told(end=f"gone: {gone}")
        return Told(end="idle")

    def drained(self) -> None:
        end = time.monotonic() + 20
        while time.monotonic() < end and self.house.alive:
            counts = self.house.ask("/v1/counts")
            if counts and counts["waiting"] == 0:
                return
            time.sleep(0.02)
        if self.house.alive and not self.house.control.fired:
            raise Gone("not drained in 20 s")

    def after(self, troubles: Troubles) -> None:
        self.rise()


class Starting(Phase):
    """From exec to the first page, on the ledger that an unclean end left with work to do: a
    filing untold and its envelopes waiting."""

    name = "start"
    may_end = (UNKNOWN_OUTCOME, 1)

    def prepare(self) -> None:
        house = self.house
        house.panel.network("cut")
        walk = Walk(house.enter(), house.panel, self.resident(), give_up=lambda: not house.alive)
        summary = walk.to_summary()
        # Ends between filing and telling: at the send of the scene after the filing's sync.
        house.control.arm("kill-after", 1, ("sync",), f"{house.state}/ledger-wal$")
        self.reckoning.hear(walk.file(summary))
        wait_end(house.kioskd, 5)
        house.leave()
        house.control.rest()

    def act(self) -> Told:
        house = self.house
        house.panel.network("through")
        house.start_kioskd(wait=False)
        end = time.monotonic() + SERVE
        while house.alive and time.monotonic() < end:
            if house._serves():
                return self._serving()
            time.sleep(0.02)
        return Told(end="ended" if not house.alive else "gone: it never served")

    def _serving(self) -> Told:
        try:
            self.house.enter().wait("idle", "resting", seconds=20)
        except Gone as gone:
            if self.house.alive:
                return Told(end=f"gone: {gone}")
        return Told(end="idle")

    def after(self, troubles: Troubles) -> None:
        if self.house.alive:
            os.kill(self.house.kioskd.pid, signal.SIGTERM)
            wait_end(self.house.kioskd, 10)
        self.rise()


class Commanding(Phase):
    """The centre orders something; the terminal does it once and says how it ended."""

    name = "command"
    terminal = TERMINAL

    def prepare(self) -> None:
        self.ordered: list[str] = getattr(self, "ordered", [])

    def act(self) -> Told:
        house = self.house
        try:
            self.ordered.append(house.centre.order(self.terminal, "report"))
        except Trouble:
            # Nobody was told that it was taken.
            return Told(end="idle")
        end = time.monotonic() + 10
        while self.process.poll() is None and time.monotonic() < end and not self.control.fired:
            try:
                if self._open() == 0:
                    break
            except Trouble:
                pass  # It may be the centre that is spoilt; what it knows is asked afterwards.
            time.sleep(0.02)
        return Told(end="idle")

    def _open(self) -> int:
        """Ordered commands that have no word yet."""
        known = self.house.centre.commands(self.terminal)
        missing = [one for one in self.ordered if one not in known]
        if missing:
            raise Trouble(f"the centre took the command {missing[0]} and knows it no more")
        return sum(1 for one in self.ordered if not known[one].get("outcome"))

    def after(self, troubles: Troubles) -> None:
        self.rise()
        until("The word on each command", 30, lambda: self._open() == 0, step=0.05)


class PutBack(Starting):
    """A start on folders that are put back for each point: terminal and centre both."""

    def __init__(self, house: Lives):
        super().__init__(house)
        self.kept = {house.state: house.keep(house.state),
                     house.centre_data: house.keep(house.centre_data)}
        self.before: set[str] = set()

    def prepare(self) -> None:
        house = self.house
        house.leave()
        house.cut()
        house.stop_centre(9)
        house.panel.network("through")
        for folder, files in self.kept.items():
            house.lay(folder, files)
        house.start_centre()
        self.reckoning.forget()
        self.reckoning.told |= self.before

    def after(self, troubles: Troubles) -> None:
        """One more files: what was kept before must stand beside it."""
        super().after(troubles)
        walk = Walk(self.house.enter(), self.house.panel, self.resident())
        told = walk.file(walk.to_summary())
        if told.number in self.before:
            troubles.doubled.append(f"{told.number} was given twice")
        if told.number is None:
            troubles.brokenPromises.append(f"nobody can file: {told.scenes[-3:]}")
        self.reckoning.hear(told)


class FirstStart(PutBack):
    """The first start after the enrolment: ledger and shelves are made, settings and catalogue
    taken, an allotment begun."""

    name = "first-start"


class Migrating(PutBack):
    """The first start of a newer kioskd: the ledger has its former form, and two filings wait
    in it."""

    name = "migration"

    def __init__(self, house: Lives):
        house.start_kioskd()
        house.panel.network("cut")
        for who in (residents.GRANDMOTHER, residents.RARE_NAME):
            walk = Walk(house.enter(), house.panel, who)
            told = walk.file(walk.to_summary())
            if told.number is None:
                raise Trouble(f"nothing was filed: {told}")
        house.stop_kioskd()
        make_former(house.state / "ledger")
        with sqlite3.connect(house.state / "ledger") as base:
            numbers = [row[0] for row in base.execute("SELECT DISTINCT number FROM envelope")]
        super().__init__(house)
        self.before = set(numbers)
        self.reckoning.carried = self.reckoning.papers.look()
