# SPDX-License-Identifier: Apache-2.0
"""A terminal at which many file, and the reckoning at the end: what each was told against what
the centre has and what the printer was sent."""

import json
import shutil
import time
from dataclasses import dataclass
from pathlib import Path

import residents
from stage import Trouble
from stage.chromium import Chromium
from stage.claims import Claims
from stage.hands import Hands
from stage.house import House
from stage.papers import papers
from stage.processes import until
from stage.screen import Screen
from visit import WORDS, Visit

ARRIVAL = 90.0  # seconds for back-offs to end and all to arrive


@dataclass(frozen=True)
class Told:
    """What a resident took along: from the screen that she read."""

    number: str
    claim: str
    who: residents.Resident

    def __str__(self) -> str:
        return f"…{self.number[18:]}"


class Counter:
    def __init__(self, house: House, claims: Claims):
        self.house, self.claims, self.panel = house, claims, house.panel
        self.scenes = house.folder.make("evidence/scenes")
        self.hands = Hands(house.ports["screens"], lambda: house.token)
        self.told: list[Told] = []
        self._chromium: Screen | None = None

    # Residents.

    def fill(self, who: residents.Resident = residents.RARE_NAME) -> Visit:
        """From her card to the summary."""
        self.idle()
        visit = Visit(self.hands, self.panel, who)
        visit.arrive()
        visit.find()
        visit.fill()
        return visit

    def file(self, who: residents.Resident = residents.RARE_NAME) -> Told:
        """A whole visit; her number is one that was told."""
        visit = self.fill(who)
        visit.file()
        told = self.read_number(who)
        visit.leave()
        self.idle()
        return told

    def read_number(self, who: residents.Resident) -> Told:
        self.hands.wait("filed", "noPaper", seconds=40)
        plate = self.hands.plate
        if plate is None:
            raise Trouble("The screen of a filing shows no number.")
        told = Told(plate[0], plate[1].replace("-", ""), who)
        self.told.append(told)
        return told

    def idle(self) -> str:
        """The first page, in words."""
        return self.hands.wait("idle", seconds=60).text

    def says(self, key: str, seconds: float = 40) -> bool:
        """Whether the first page comes to say this sentence."""
        said = WORDS[key]["zh"]
        try:
            until(f"“{said}” on the first page", seconds, lambda: said in self.idle(), step=0.1)
            return True
        except Trouble:
            return False

    def hushes(self, key: str, seconds: float = 40) -> bool:
        """Whether the first page comes to say it no more."""
        said = WORDS[key]["zh"]
        try:
            until(f"An end of “{said}”", seconds, lambda: said not in self.idle(), step=0.1)
            return True
        except Trouble:
            return False

    def picture(self, name: str) -> None:
        """The scene that stands, as Chromium draws it; kept with the story."""
        url = self.house.screen_url
        if self._chromium is None:
            self._chromium = Screen(Chromium(self.house.folder, self.house.crew), url,
                                    self.house.folder.make("evidence/scratch"), None)
        else:
            self._chromium.page.goto(url)
            self._chromium.page.reload()
        self._chromium.wait()
        self._chromium.picture(self.scenes / f"{name}.png")
        self._chromium.page.goto("about:blank")
        self.hands.attach()
        self.hands.wait()

    def close(self) -> None:
        self.hands.close()
        if self._chromium:
            self._chromium.close()

    # Staff.

    def doctor(self) -> dict[str, dict]:
        """What kioskctl's doctor says, by item, whatever its exit status."""
        done = self.house.crew.call([self.house.folder.command("kioskctl"), "doctor", "--json",
                                     "--profile", str(self.house.profile)])
        lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
        return {one["item"]: one for one in map(json.loads, lines)}

    # The reckoning.

    @property
    def numbers(self) -> list[str]:
        return [one.number for one in self.told]

    def cases(self) -> dict[str, dict]:
        return {case["number"]: case for case in self.house.centre.cases()}

    def await_arrival(self, numbers: list[str] | None = None, seconds: float = ARRIVAL,
                      told: bool = True) -> float:
        """Until the centre has each, and how it was told; the seconds it took. What does not
        come is counted by `reckon`."""
        wanted = set(self.numbers if numbers is None else numbers)
        began = time.monotonic()

        def there() -> bool:
            cases = self.cases()
            return wanted <= set(cases) and not (told and any(
                cases[one]["told"] is None for one in wanted))
        try:
            until("The arrival of all that was filed", seconds, there, step=0.05)
        except Trouble as trouble:
            self.claims.step(str(trouble))
        return time.monotonic() - began

    def reckon(self, untold: tuple[str, ...] = ()) -> dict[str, dict]:
        """Every number told is a case, once; every other case is one of `untold`: filed, and
        nobody was told."""
        listed = [case["number"] for case in self.house.centre.cases()]
        cases = self.cases()
        lost = [one for one in self.told if one.number not in cases]
        doubled = len(listed) - len(set(listed)) + len(self.numbers) - len(set(self.numbers))
        strange = set(cases) - set(self.numbers) - set(untold)
        refused = [one for one in cases.values() if one["state"] == "refused"]
        self._papers()
        self.claims.numbers |= {
            "filed": len(set(self.numbers) | set(untold)), "delivered": len(cases) - len(refused),
            "refused": len(refused), "lost": len(lost), "restarts": self.house.lives - 1,
            "doubled": (self.claims.numbers["doubled"] or 0) + doubled}
        counts = self.house.centre.counts()
        self.claims.add("every number told is a case at the centre, once, and nothing else is",
                        self.told and not lost and not doubled and not strange and not refused
                        and counts["applications"] == len(cases),
                        f"{len(self.told)} told, {len(listed)} cases, {len(lost)} lost, "
                        f"{doubled} doubled, {len(strange)} unexplained, {len(refused)} refused; "
                        f"counts: {counts}")
        return cases

    def _papers(self) -> None:
        """A number told stands on one paper, with its claim code, and on no second."""
        found = papers(self.house.printed(), self.house.folder.make("evidence/papers"))
        numbers = [one.number for one in found]
        twice = len(numbers) - len(set(numbers))
        codes = {one.number: one.claim for one in found}
        wrong = [str(one) for one in self.told if codes.get(one.number) != one.claim]
        self.claims.numbers |= {"slips": len(found), "doubled": twice}
        self.claims.add("each number told is on one paper, with the claim code that the screen showed",
                        found and not twice and not wrong,
                        f"{len(found)} papers, {twice} doubled, {len(wrong)} without or with another code")

    def keep(self, keep: Path) -> None:
        """Lays by what can be looked at afterwards."""
        keep.mkdir(parents=True, exist_ok=True)
        evidence = self.house.folder.evidence
        (keep / "events.json").write_text(json.dumps(self.panel.get("/events")))
        for name in ("scenes", "papers"):
            if (evidence / name).is_dir():
                shutil.copytree(evidence / name, keep / name, dirs_exist_ok=True)
        shutil.copytree(self.house.folder.logs, keep / "logs", dirs_exist_ok=True)
        for path in evidence.glob("*.*"):
            shutil.copy(path, keep / path.name)


def open_counter(story, house: House, claims: Claims, keep: Path | None) -> None:
    """Opens a counter, plays `story` (a class that takes it) and lays its evidence by."""
    counter = Counter(house, claims)
    try:
        story(counter).pass_through()
    finally:
        if keep:
            counter.keep(keep)
    counter.close()
