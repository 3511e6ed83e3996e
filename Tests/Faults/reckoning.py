# SPDX-License-Identifier: Apache-2.0
"""The account after a fault: what people were told, against what the centre knows."""

from dataclasses import dataclass, field

from lives import Lives
from stage.papers import codes_in, decode, write_png, URL
from walk import Told
from writelog import told as told_to_page

TROUBLES = ("lost", "doubled", "toldButUnknown", "brokenPromises", "restartsFailed")


@dataclass
class Troubles:
    """What does not add up after one point, by kind, in words."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    toldButUnknown: list[str] = field(default_factory=list)
    brokenPromises: list[str] = field(default_factory=list)
    restartsFailed: list[str] = field(default_factory=list)

    def all(self) -> list[str]:
        return [f"{kind}: {words}" for kind in TROUBLES for words in getattr(self, kind)]


class Papers:
    """Papers as they come out, each read once."""

    def __init__(self, house: Lives):
        self.house, self.at, self.numbers = house, 0, []

    def look(self) -> list[str]:
        """The number on each paper so far; ink that hangs in the slot counts when its code
        can be read."""
        stream = self.house.printed()
        cut, hanging = decode(stream[self.at:])
        found = [self._number(rows) or "unreadable" for rows in cut]
        last = self._number(hanging) if hanging.strip(b"\0") else None
        if last is None:
            # All of it is read; what comes begins with a command of its own.
            self.at, self.numbers = len(stream), self.numbers + found
            return list(self.numbers)
        return self.numbers + found + [last]

    def _number(self, rows: bytes) -> str | None:
        picture = self.house.watch / "paper.png"
        write_png(picture, rows)
        found = [match for match in map(URL.fullmatch, codes_in(picture)) if match]
        return found[0].group(2) if found else None


class Reckoning:
    """Compares, after everything was delivered. Each house has one, which remembers what was
    seen there."""

    @classmethod
    def of(cls, house: Lives) -> "Reckoning":
        if house.reckoning is None:
            house.reckoning = cls(house)
        return house.reckoning

    def __init__(self, house: Lives):
        self.house, self.papers = house, Papers(house)
        self.drawn: set[str] = set()
        self.seen = 0
        # Papers of a state that was put back since do not count; those of what was put back do.
        self.former, self.carried = 0, []
        self.told: set[str] = set()

    def hear(self, told: Told) -> None:
        """What a resident saw with her own eyes."""
        if told.number:
            self.told.add(told.number)
            if told.way == "noPaper":
                self.drawn.add(told.number)

    def read_log(self) -> None:
        records = self.house.tail.since(self.seen)
        self.seen += len(records)
        self.told |= {number for _, number in told_to_page(records, self.house.ports["screens"])}

    def forget_log(self) -> None:
        """What was read of it is reckoned with."""
        self.read_log()
        self.house.tail.forget(self.seen)

    def forget(self) -> None:
        """The folders were put back to an earlier state; what came before counts no more."""
        self.read_log()
        self.former = len(self.papers.look())
        self.told.clear()
        self.drawn.clear()

    def close(self, troubles: Troubles) -> None:
        self.read_log()
        papers = self.carried + self.papers.look()[self.former:]
        self.told |= set(papers) - {"unreadable"}
        cases = self.house.centre.cases()
        numbers = [case["number"] for case in cases]
        troubles.doubled += sorted({f"case {one} is there twice" for one in numbers
                                    if numbers.count(one) > 1})
        troubles.doubled += sorted({f"two slips with {one}" for one in papers
                                    if one != "unreadable" and papers.count(one) > 1})
        rows = self.house.ask("/v1/outbox?limit=100000") or []
        in_ledger = {row["number"] for row in rows}
        self._count(rows, troubles)
        for number in sorted((self.told | in_ledger) - set(numbers)):
            known = number in in_ledger
            (troubles.lost if known else troubles.toldButUnknown).append(
                f"{number} {'is in the ledger' if known else 'was told'} and is no case")
        for case in cases:
            self._judge(case, papers, troubles)

    def _count(self, rows: list[dict], troubles: Troubles) -> None:
        """Ratings have no case: they are counted."""
        counts = self.house.centre.counts()
        there, here = counts["ratings"] + counts["invited"], [row["kind"] for row in rows].count("rating")
        if there != here:
            (troubles.lost if there < here else troubles.doubled).append(
                f"{here} ratings in the ledger, {there} at the centre")

    def _judge(self, case: dict, papers: list[str], troubles: Troubles) -> None:
        number, told = case["number"], case["told"]
        if case["state"] != "received":
            troubles.lost.append(f"{number} is {case['state']} ({case.get('reason')})")
        if told is None:
            troubles.brokenPromises.append(f"of {number} nobody says whether it was told")
        elif told == "printed" and number not in papers:
            troubles.brokenPromises.append(f"{number} is said to be printed, and no paper has it")
        elif told == "shown" and number not in self.drawn:
            troubles.brokenPromises.append(f"{number} is said to be shown, and no page drew it")
        elif (told == "unknown") != bool(case["flagged"]):
            troubles.brokenPromises.append(f"{number}: told {told}, flagged {case['flagged']}")
