# SPDX-License-Identifier: Apache-2.0
"""The network is half up: requests arrive and no answer comes back, then nothing passes at all.

Every resident is told her number as ever; whatever the terminal sends twice, the centre has
each case once. What is counted is counted at the centre, on paper and on the screen.
"""

import time
from pathlib import Path

import residents
from counter import Counter, open_counter
from stage.claims import Claims
from stage.house import TERMINAL, House
from stage.processes import until


def play(claims: Claims, keep: Path | None) -> None:
    with House() as house:
        open_counter(HalfOpenNetwork, house, claims, keep)


class HalfOpenNetwork:
    def __init__(self, counter: Counter):
        self.counter, self.house, self.claims = counter, counter.house, counter.claims
        self.panel = counter.panel

    def pass_through(self) -> None:
        self.counter.file()
        self.counter.await_arrival()
        self.requests_alone_pass()
        self.nothing_passes()
        self.it_heals()
        self.answers_are_lost()
        self.the_stream_lives()
        self.all_is_reckoned()

    # 1. Requests arrive, answers do not.

    def requests_alone_pass(self) -> None:
        self.panel.network("halfOpen")
        before = set(self.counter.cases())
        first = self.counter.file(residents.GRANDMOTHER)
        self.counter.await_arrival([first.number], 20, told=False)
        self.claims.add("half open: what she filed arrives though no answer comes back",
                        first.number in self.counter.cases(), f"{first} is a case at the centre")
        # The terminal must have given the answer up before the network heals: it calls anew.
        known = self._calls()
        until("The terminal's next call", 60, lambda: self._calls() > known, step=0.1)
        second = self.counter.file(residents.ENGLISH)
        self.claims.add("half open: she files and is told her number as ever",
                        first.number != second.number, f"{first}, {second}; their papers are counted below")
        self.claims.add("half open: the first page says that the network is down",
                        self.counter.says("idle.offline"), "网络暂时中断")
        self.counter.picture("half-open")
        self.half_open = set(self.counter.cases()) - before

    def _calls(self) -> int:
        """How often the terminal called at the way to the centre."""
        port = self.house.ports["proxy"]
        return sum(1 for one in self.panel.get("/events")
                   if one["event"] == "network.call" and one.get("port") == port)

    # 2. Nothing passes, though each call is taken.

    def nothing_passes(self) -> None:
        self.panel.network("blackHole")
        before = set(self.counter.cases())
        known = self._calls()
        told = [self.counter.file(who) for who in (residents.NO_PAPER, residents.RARE_NAME)]
        until("Calls into the black hole", 60, lambda: self._calls() > known, step=0.1)
        came = set(self.counter.cases()) - before
        self.claims.add("black hole: calls are taken, nothing arrives, she is told her number as ever",
                        not came and len(told) == 2,
                        f"{self._calls() - known} calls, {len(came)} arrivals; {', '.join(map(str, told))}")
        self.waiting = set(self.counter.numbers) - set(self.counter.cases())

    # 3. The network is back.

    def it_heals(self) -> None:
        before = self.house.centre.counts()
        waiting = len(self.waiting)
        # The box in between has forgotten the connections: what it held back is lost for good.
        self.panel.network("cut")
        self.panel.network("through")
        began = time.monotonic()
        until("The first arrival", 60,
              lambda: set(self.counter.cases()) & self.waiting or not waiting, step=0.01)
        first = 1000 * (time.monotonic() - began)
        whole = self.counter.await_arrival()
        repeats = self.house.centre.counts()["repeats"]
        self.claims.step(f"first arrival {first:.0f} ms after the network's return, all after "
                         f"{first / 1000 + whole:.1f} s")
        self.claims.numbers["firstDeliveredMs"] = round(first)
        self.claims.numbers["repeats"] = repeats
        again = [case["number"] for case in self.counter.cases().values() if case["deliveries"] >= 2]
        self.claims.add("healed: what arrived without an answer is delivered again, and is a case once",
                        repeats > before["repeats"] and again,
                        f"{repeats} repeats seen by the centre; {len(again)} cases came twice or more")
        self.claims.add("healed: the first page says so", self.counter.hushes("idle.offline"),
                        "no word of a network that is down")

    # 4. Single answers are lost.

    def answers_are_lost(self) -> None:
        lost = self._lost()
        for who in (residents.GRANDMOTHER, residents.RARE_NAME):
            self.panel.network("loseNextAnswer")
            told = self.counter.file(who)
            until("The loss of an answer", 40, lambda: self._lost() > lost, step=0.05)
            lost = self._lost()
            self.counter.await_arrival([told.number])
        self.counter.await_arrival()
        until("The repetition of the last lost batch", 40, self._repeated, step=0.1)
        again = [one for one in self.counter.told[-2:]
                 if self.counter.cases()[one.number]["deliveries"] >= 2]
        self.claims.add("lost answers: delivered again, yet once at the centre",
                        self._lost() >= 2 and len(again) == 2,
                        f"{self._lost()} answers lost; {', '.join(map(str, again))} came twice")

    def _repeated(self) -> bool:
        cases = self.counter.cases()
        return all(cases[one.number]["deliveries"] >= 2 for one in self.counter.told[-2:])

    def _lost(self) -> int:
        return self.panel.state()["network"]["answersLost"]

    # 5. What the centre orders reaches the terminal again.

    def the_stream_lives(self) -> None:
        centre = self.house.centre
        order = centre.order(TERMINAL, "deliver")
        until("The command's outcome", 60, lambda: centre.commands(TERMINAL)[order].get("outcome"), step=0.1)
        outcome = centre.commands(TERMINAL)[order]["outcome"]
        self.claims.add("healed: the event stream lives again, a command is obeyed",
                        outcome["word"] == "done", outcome)

    def all_is_reckoned(self) -> None:
        cases = self.counter.reckon()
        told = {one: cases[one]["told"] for one in self.counter.numbers}
        self.claims.add("how each number reached its resident is known at the centre",
                        set(told.values()) == {"printed"}, f"{len(told)} printed")
