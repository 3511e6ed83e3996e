# SPDX-License-Identifier: Apache-2.0
"""The network comes back: what arrives, what is refused, what the public is told."""

import json

from residents import REFUSED, Resident
from stage import Trouble
from stage.claims import Claims
from stage.house import House
from stage.processes import until
from stage.screen import Screen

ARRIVAL = 120.0  # seconds for the courier's back-off to end and all to arrive


class CentreClaims:
    def __init__(self, house: House, claims: Claims, filed: dict[str, Resident], screen: Screen):
        self.house, self.claims, self.filed, self.screen = house, claims, filed, screen
        self.refused = next(n for n, who in filed.items() if who is REFUSED)

    def morning(self) -> None:
        centre = self.house.centre
        before = {number: centre.progress(number) for number in self.filed}
        self.claims.add("a number that has not arrived is answered 尚未收到",
                        all(one["state"] == "notArrived" and "尚未收到" in one["words"]["zh"]
                            for one in before.values()),
                        next(iter(before.values()))["words"]["zh"])
        centre.withdraw(REFUSED.matter)
        self.house.panel.network("loseNextAnswer")
        try:
            until("The arrival of everything filed", ARRIVAL, self._all_arrived, step=0.2)
        except Trouble:
            pass  # What did not arrive is counted here.
        cases = {case["number"]: case for case in centre.cases()}
        self._count(cases)
        if self.claims.numbers["lost"]:
            return
        self._lost_answer(cases)
        self._told(cases)
        self._refusal(cases[self.refused])
        self._contents()
        self._staff()

    def _all_arrived(self) -> bool:
        return (self._counts()["waiting"] == 0
                and len(self.house.centre.cases()) >= len(self.filed))

    def _counts(self) -> dict:
        """As staff would ask: the last line of the outbox's list."""
        return json.loads(self.house.ctl("outbox", "list", "--json").splitlines()[-1])

    def _count(self, cases: dict[str, dict]) -> None:
        listed = [case["number"] for case in self.house.centre.cases()]
        lost = [number for number in self.filed if number not in cases]
        extra = len(listed) - len(set(listed))
        refused = [case for case in cases.values() if case["state"] == "refused"]
        numbers = self.claims.numbers
        numbers["delivered"] = sum(1 for case in cases.values() if case["state"] == "received")
        numbers["refused"], numbers["lost"] = len(refused), len(lost)
        numbers["doubled"] = (numbers["doubled"] or 0) + extra
        self.claims.add("every number filed is a case at the centre, once",
                        not lost and not extra and set(listed) == set(self.filed),
                        f"{len(listed)} cases for {len(self.filed)} numbers, {len(lost)} lost, "
                        f"{extra} doubled")

    def _lost_answer(self, cases: dict[str, dict]) -> None:
        state, counts = self.house.panel.state(), self.house.centre.counts()
        again = [case["number"] for case in cases.values() if case["deliveries"] >= 2]
        self.claims.add("a lost answer: delivered again, yet once at the centre",
                        state["network"]["answersLost"] == 1 and again and counts["repeats"] >= 1
                        and counts["applications"] + counts["refused"] == len(self.filed),
                        f"{state['network']['answersLost']} answer lost; {len(again)} cases came "
                        f"twice; counts: {counts}")

    def _told(self, cases: dict[str, dict]) -> None:
        expected = dict(zip(self.filed, ("printed", "unknown", "printed", "shown", "printed")))
        seen = {number: cases[number]["told"] for number in self.filed}
        self.claims.add("how each number reached its resident is known at the centre",
                        seen == expected,
                        ", ".join(f"…{n[18:]} {how}" for n, how in seen.items()))
        flagged = [number for number in self.filed if cases[number]["flagged"]]
        unknown = [number for number, how in expected.items() if how == "unknown"]
        self.claims.add("the filing killed before its paper is flagged, and only that",
                        flagged == unknown, f"flagged: {[n[18:] for n in flagged]}")

    def _refusal(self, case: dict) -> None:
        centre = self.house.centre
        answer = centre.progress(self.refused)
        self.claims.add("the refused application is kept by number with its reason",
                        case["state"] == "refused" and case["reason"]
                        and centre.case(self.refused)["content"]["applicant"]["name"]
                        == REFUSED.name and answer["state"] == "refused",
                        f"{case['reason']}; the public reads: {answer['words']['zh'][:60]}")
        page = self.screen.read_elsewhere(f"{centre.url}/p/{self.refused}")
        self.claims.add("the page behind the slip's code answers for the refused number",
                        "不是不予受理" in page, page[:80].replace("\n", " "))

    def _contents(self) -> None:
        """What was typed is what the centre opens, rare characters and all."""
        wrong = []
        for number, who in self.filed.items():
            content = self.house.centre.case(number)["content"]
            wrong += [f"…{number[18:]} {key}" for key, value in who.answers.items()
                      if content["answers"].get(key) != value]
            wrong += [f"…{number[18:]} card {key}" for key, value in who.card.items()
                      if content["applicant"].get(key) != value]
            if content["language"] != who.language:
                wrong.append(f"…{number[18:]} language")
        answers = sum(len(who.answers) + len(who.card) for who in self.filed.values())
        self.claims.add("the centre opens the same words that were read and typed, 𠮷 㼆 · intact",
                        not wrong, f"{answers - len(wrong)} of {answers} equal"
                        + (f"; not: {', '.join(wrong[:4])}" if wrong else ""))

    def _staff(self) -> None:
        words = self._counts()
        self.house.ctl("ledger", "check")
        self.claims.add("kioskctl counts the same: all sent, one refused, none untold",
                        words["filed"] == len(self.filed) and words["waiting"] == 0
                        and words["refused"] == 1 and words["untold"] == 0, words)
