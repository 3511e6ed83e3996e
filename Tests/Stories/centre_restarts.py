# SPDX-License-Identifier: Apache-2.0
"""The centre falls again and again while residents file; commands and a new catalogue go on.

centrald is killed in the middle of deliveries, between commit and answer, and while nobody looks;
each case is there once. A command ordered for a terminal that cannot be reached is obeyed once,
also when kioskd is killed over it. A new catalogue is used by the next visit, not by this one.
"""

import json
import re
import sqlite3
import time
from pathlib import Path

import residents
from counter import Counter, open_counter
from hard_lives import start
from stage.claims import Claims
from stage.house import TERMINAL, House
from stage.leaks import patterns, search
from stage.processes import until
from visit import Visit

WHO = (residents.RARE_NAME, residents.GRANDMOTHER, residents.ENGLISH, residents.NO_PAPER)


def play(claims: Claims, keep: Path | None) -> None:
    with House() as house:
        open_counter(CentreRestarts, house, claims, keep)


class CentreRestarts:
    def __init__(self, counter: Counter):
        self.counter, self.house, self.claims = counter, counter.house, counter.claims
        self.panel, self.centre = counter.panel, counter.house.centre
        self.falls = 0

    def pass_through(self) -> None:
        self.killed_in_the_middle()
        self.killed_before_its_answer()
        self.ordered_while_away()
        self.killed_over_a_command()
        self.a_new_catalogue()
        self.all_is_reckoned()

    # 1. In the middle of deliveries.

    def killed_in_the_middle(self) -> None:
        for turn in range(4):
            self.counter.file(WHO[turn])
            # Told, her number is on its way: the fall comes sooner or later after it.
            time.sleep(0.02 * turn)
            self._fall()
            self.counter.file(WHO[turn - 1])
            self.centre.serve()
        seconds = self.counter.await_arrival()
        self.claims.add("the centre killed in the middle of deliveries: all arrives after it is back",
                        set(self.counter.numbers) == set(self.counter.cases()),
                        f"{self.falls} falls; the last arrived after {seconds:.1f} s")

    def _fall(self) -> None:
        self.centre.kill()
        self.falls += 1

    # 2. Between its commit and its answer.

    def killed_before_its_answer(self) -> None:
        again = []
        for _ in range(2):
            self.panel.network("halfOpen")
            told = self.counter.file()
            self.counter.await_arrival([told.number], 20, told=False)
            committed = told.number in self.counter.cases()
            self._fall()
            # What was under way is lost with it.
            self.panel.network("cut")
            self.centre.serve()
            kept = told.number in self.counter.cases()
            self.panel.network("through")
            until("The repetition of the unanswered batch", 60,
                  lambda: self.counter.cases()[told.number]["deliveries"] >= 2, step=0.1)
            again.append(committed and kept)
        self.counter.await_arrival()
        self.claims.add("killed between commit and answer: the case is kept, comes again, is one",
                        again == [True, True] and self.centre.counts()["repeats"] >= 2,
                        f"{self.centre.counts()['repeats']} repeats seen by the centre")

    # 3. Orders for a terminal that is away, by a centre that falls.

    def ordered_while_away(self) -> None:
        self.panel.network("cut")
        orders = [self.centre.order(TERMINAL, act) for act in ("deliver", "report")]
        unknown = self.centre.order(TERMINAL, "dance")
        self._fall()
        self.centre.serve()
        self.panel.network("through")
        ended = self._outcomes([*orders, unknown])
        self.claims.add("commands ordered while the terminal was away and the centre fell are obeyed",
                        all(ended[one]["word"] == "done" for one in orders),
                        {act: ended[one]["word"] for act, one in zip(("deliver", "report"), orders)})
        self.claims.add("an act that no terminal knows is refused aloud",
                        ended[unknown]["word"] == "refused", ended[unknown])
        begun = self._begun()
        self.claims.add("each was begun once at the terminal, by its own ledger",
                        all(begun.get(one) == 1 for one in (*orders, unknown)),
                        {one[:6]: begun.get(one, 0) for one in (*orders, unknown)})

    def _outcomes(self, orders: list[str], seconds: float = 60) -> dict[str, dict]:
        until("The outcomes of all commands", seconds, lambda: all(
            self.centre.commands(TERMINAL)[one].get("outcome") for one in orders), step=0.1)
        return {one: self.centre.commands(TERMINAL)[one]["outcome"] for one in orders}

    def _begun(self) -> dict[str, int]:
        """Entries of the audit chain that begin a command, by its id; read from the ledger's
        file, beside kioskd."""
        copy = self.house.folder.make(f"evidence/ledger-{time.monotonic_ns()}")
        for path in self.house.state.glob("ledger*"):
            if path.suffix != ".lock":
                (copy / path.name).write_bytes(path.read_bytes())
        base = sqlite3.connect(copy / "ledger")
        try:
            rows = base.execute("SELECT * FROM audit").fetchall()
        finally:
            base.close()
        found: dict[str, int] = {}
        for row in rows:
            text = " ".join(one.decode(errors="replace") if isinstance(one, bytes) else str(one)
                            for one in row)
            if "command.begun" in text:
                for order in re.findall(r"\b[0-9a-f]{32}\b", text):
                    found[order] = found.get(order, 0) + 1
        return found

    # 4. kioskd is killed over a command: begun on its disk, not yet answered.

    def killed_over_a_command(self) -> None:
        house = self.house
        house.stop_kioskd()
        # Each sync returns two seconds late: time to strike between the book and the deed.
        start(house, "--trace=fdatasync", "-P", str(house.state / "ledger-wal"),
              "--inject=fdatasync:delay_exit=2000000")
        self.counter.hands.wait("idle", seconds=30)
        time.sleep(3)  # what it writes at its start is synced
        order = self.centre.order(TERMINAL, "deliver")
        log = house.state / "ledger-wal"
        until("The command in the ledger's log", 40, lambda: order.encode() in log.read_bytes(), step=0.02)
        time.sleep(0.5)
        answered = self.centre.commands(TERMINAL)[order].get("outcome")
        house.kill_kioskd()
        house.start_kioskd()
        outcome = self._outcomes([order])[order]
        begun = self._begun()
        self.claims.add("killed between a command's beginning and its answer: it is not obeyed again",
                        answered is None and outcome["word"] == "unknown" and begun.get(order) == 1,
                        f"answered before: {answered}; begun {begun.get(order, 0)} times; {outcome}")
        self.counter.idle()

    # 5. Two catalogues: one whole, one as a difference while a visit runs and the centre falls.

    def a_new_catalogue(self) -> None:
        first, second = "灵活就业参保（甲版）", "灵活就业参保（乙版）"
        self._publish(first)
        guide = self._guide()
        self.claims.add("a published catalogue is used by the next visit", first in guide, first)
        # Opened before, ended after.
        visit = Visit(self.counter.hands, self.panel, residents.RARE_NAME)
        visit.arrive()
        visit.find()
        self._fall()
        self._publish(second, serve=True)
        seen = visit.fill()
        now = f"{seen.title}\n{seen.text}"
        self.claims.add("a visit that runs keeps its catalogue when another arrives",
                        first in now and second not in now, f"her summary says “{first}”")
        visit.file()
        self.counter.read_number(visit.who)
        visit.leave()
        guide = self._guide()
        self.claims.add("the next visit uses the one that came meanwhile", second in guide, second)
        self.counter.file()
        self.counter.await_arrival()

    def _publish(self, name: str, serve: bool = False) -> None:
        """Calls one matter `name`; waits for it on the terminal's shelf, read beside kioskd."""
        catalogue = json.loads(self.centre.catalogue.read_text())
        for one in catalogue["matters"]:
            if one["id"] == residents.RARE_NAME.matter:
                one["name_zh"] = name
        folder = self.house.folder
        self.claims.step(self.centre.publish(folder.write(
            folder.tmp / "catalogue.json", json.dumps(catalogue, ensure_ascii=False))))
        if serve:
            self.centre.serve()
        # It is kept as it was signed, in base 64.
        wanted = patterns([name])
        until(f"“{name}” on the terminal's shelf", 40,
              lambda: search(map(str, self.house.state.glob("shelves*")), wanted), step=0.2)

    def _guide(self) -> str:
        """What a new visit reads of the matter."""
        visit = Visit(self.counter.hands, self.panel, residents.RARE_NAME)
        self.counter.idle()
        visit.arrive()
        guide = visit.find()
        self.panel.take_card()
        self.counter.hands.wait("cardTaken", "idle")
        if self.counter.hands.look().name == "cardTaken":
            self.counter.hands.press_and_wait("end", "idle", "farewell")
        self.counter.idle()
        return f"{guide.title}\n{guide.text}"

    def all_is_reckoned(self) -> None:
        self.counter.await_arrival()
        cases = self.counter.reckon()
        flagged = [one for one in cases.values() if one["flagged"]]
        self.claims.add("how each number was told is known, none is in doubt", not flagged,
                        f"{len(cases) - len(flagged)} of {len(cases)}; {self.falls} falls of the centre")
