# SPDX-License-Identifier: Apache-2.0
"""Phases of kioskd's life that sweeps spoil. Each gets ready, is played, and says what its
process may have come to."""

import os
import signal
import time

import residents
from lives import UNKNOWN_OUTCOME, Lives, wait_end
from page import Gone, Told, Walk
from reckoning import Reckoning, Troubles
from stage import Trouble
from sweep import KILLS, Point, REPORT
from writelog import FAILED, KILLED, SHORT, Record, told as told_to_page

SERVE = 40.0


class Phase:
    """One phase, played in one house again and again."""

    name = ""
    # Exit statuses that are promised beside going on.
    may_end = (UNKNOWN_OUTCOME,)

    def __init__(self, house: Lives):
        self.house, self.reckoning, self.turn = house, Reckoning(house), 0

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
            return "page" if ends[0] == str(ports["screens"]) else \
                "centre" if ends[-1] == str(ports["proxy"]) else None
        if str(self.house.spooler.paper) in record.path:
            return "tokens" if "/tokens/" in record.path else "paper"
        return record.path.removeprefix(str(self.house.state)).removeprefix("/") or "state"

    def only(self, what: str) -> str:
        """The shim's words for what `what` names."""
        ports = self.house.ports
        named = {"page": f"tcp:{ports['screens']}>", "centre": f">{ports['proxy']}$",
                 "cups": "cups.sock$", "tokens": "/tokens/", "paper": str(self.house.spooler.paper),
                 "state": f"{self.house.state}$"}
        return named.get(what, f"{self.house.state}/{what}$")

    def baseline(self) -> list[Record]:
        """The calls of the phase without a fault."""
        self.prepare()
        self.house.tail.more()
        start = len(self.house.tail.records)
        self.act()
        self.house.tail.more()
        found = self.house.tail.records[start:]
        troubles = self.finish()
        if troubles.all():
            raise Trouble(f"{self.name} without a fault: {troubles.all()}")
        return found

    def play(self, point: Point) -> Troubles:
        began = time.monotonic()
        self.prepare()
        house = self.house
        house.tail.more()
        start = len(house.tail.records)
        house.control.arm(point.fault, point.number, (point.op,), self.only(point.what))
        told = self.act()
        troubles = Troubles()
        reached = house.control.fired
        if reached:
            self._ended_as_promised(point, told, start, troubles)
        house.control.rest()
        self.reckoning.hear(told)
        self.finish(troubles)
        REPORT.add(self.name, point, troubles, reached, began)
        return troubles

    def _ended_as_promised(self, point: Point, told: Told, start: int, troubles: Troubles) -> None:
        house = self.house
        if point.fault in KILLS:
            if not wait_end(house.kioskd, 5):
                troubles.brokenPromises.append("the shim's kill did not end it")
            return
        wait_end(house.kioskd, 0.3 if point.what.startswith("ledger") else 0.05)
        status = house.kioskd.poll()
        if status is None:
            if told.end.startswith("gone"):
                troubles.brokenPromises.append(f"it neither went on nor ended: {told.end}")
            return
        if status not in self.may_end:
            troubles.brokenPromises.append(
                f"it ended with {status}: {house.crew.last_words('kioskd')}")
        house.tail.more()
        records = house.tail.records[start:]
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
            self.house.cut()
            self.house.start_kioskd()
        return troubles

    def rise(self) -> None:
        """kioskd serves, whatever it did before, with the network up."""
        self.house.panel.network("through")
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
