# SPDX-License-Identifier: Apache-2.0
"""The card reader's cable comes out: between visits, during a read, in mid-form, and comes back.

Each time the screen must say it, nothing typed may be lost, and the reader must work again
within a second by itself. Looked at: scenes in Chromium, the paper, the case at the centre.
"""

import json
import shutil
import time
from pathlib import Path

import residents
from stage.chromium import Chromium
from stage.claims import Claims
from stage.house import House
from stage.papers import papers
from stage.processes import until
from stage.screen import Screen, Seen
from visit import WORDS, Visit

# Promise of the house, in seconds.
READY = 1.0


def play(claims: Claims, keep: Path | None) -> None:
    with House() as house:
        story = ReaderUnplugged(house, claims)
        try:
            story.pass_through()
        finally:
            if keep:
                story.keep(keep)
        story.screen.close()


class ReaderUnplugged:
    def __init__(self, house: House, claims: Claims):
        self.house, self.claims, self.panel = house, claims, house.panel
        self.scenes = house.folder.make("evidence/scenes")
        self.screen = Screen(Chromium(house.folder, house.crew), house.screen_url,
                             house.folder.make("evidence/scratch"), self.scenes)
        self.returns: list[float] = []
        self.life = house.kioskd_pid

    def pass_through(self) -> None:
        self.between_visits()
        self.during_a_read()
        self.asked_for_a_card()
        self.in_mid_form()
        self.claims.add("the reader works again within a second of each return",
                        len(self.returns) >= 6 and max(self.returns) <= READY,
                        "seconds from the plug to the screen: "
                        + ", ".join(f"{one:.2f}" for one in self.returns))
        self.claims.add("the daemon was never started anew", self.house.kioskd_pid == self.life
                        and self.house.lives == 1, f"{self.house.lives} life")

    def keep(self, keep: Path) -> None:
        keep.mkdir(parents=True, exist_ok=True)
        (keep / "events.json").write_text(json.dumps(self.panel.get("/events")))
        shutil.copytree(self.scenes, keep / "scenes", dirs_exist_ok=True)
        shutil.copytree(self.house.folder.logs, keep / "logs", dirs_exist_ok=True)

    # 1. Nobody is there.

    def between_visits(self) -> None:
        for _ in range(3):
            self.screen.wait("idle", seconds=30)
            self.panel.plug("out")
            said = self._until_says("problem.reader.gone.resident")
            self._back("idle.place-card")
        self.claims.add("between visits: the first page says that the reader rests, and takes it back",
                        said.name == "idle" and WORDS["idle.apply-note-no-reader"]["zh"] in said.text,
                        WORDS["problem.reader.gone.resident"]["zh"])
        self._opens("after three returns between visits")

    # 2. While a card is being read.

    def during_a_read(self) -> None:
        reads = len(self.panel.events("card.read"))
        # The module answers the read with silence, so that the cable comes out in the middle.
        self.panel.post("/reader", {"fault": "silence", "on": "read"})
        self.panel.put_card(residents.GRANDMOTHER.card)
        until("The read", 10, lambda: len(self.panel.events("card.read")) > reads)
        self.panel.plug("out")
        said = self._until_says("problem.reader.gone.resident")
        self._back("idle.card-lies")
        time.sleep(1.5)  # six looks of the reader, which may open nothing
        self.claims.add("during a read: no visit opens; the card that lies there must be put on anew",
                        said.name == "idle" and self.screen.wait().name == "idle",
                        WORDS["idle.card-lies"]["zh"])
        self.panel.take_card()
        self._until_says("idle.place-card")
        self._opens("after a read that was cut off")

    def _opens(self, when: str) -> None:
        """A card put on is greeted; it is taken again and the visit ended."""
        self.panel.put_card(residents.GRANDMOTHER.card)
        greeting = self.screen.wait("greeting", seconds=5)
        self.claims.add(f"{when}: a card put on is read", greeting.name == "greeting", greeting.title)
        self.panel.take_card()
        self.screen.wait("cardTaken")
        self.screen.press_and_wait("end", "idle")

    # 3. While the screen asks for a card.

    def asked_for_a_card(self) -> None:
        self.screen.press_and_wait("guide", "find")
        visit = Visit(self.screen, self.panel, residents.GRANDMOTHER)
        self._to_guide(visit)
        self.screen.press_and_wait("start", "card")
        self.panel.plug("out")
        said = self._until_says("card.away")
        offered = [WORDS["card.away-counter"]["zh"], "12345", WORDS["notice.nearest"]["zh"]]
        self._back("card.back")
        self.claims.add("asked for a card: the other ways are offered, and the card is asked for again",
                        all(one in said.text for one in offered) and "guide" in said.choices,
                        f"“{said.title}”: {', '.join(offered)}, guide")
        self.panel.put_card(visit.who.card)
        deposit = self.screen.wait("deposit", seconds=5)
        self.claims.add("the matter she had chosen goes on", deposit.name == "deposit", deposit.title)
        self.panel.take_card()
        self.screen.wait("cardTaken")
        self.screen.press_and_wait("end", "idle")

    def _to_guide(self, visit: Visit) -> None:
        wanted = f"matter:{visit.who.matter}"
        for group in [one for one in self.screen.wait("find").choices if one.startswith("group:")]:
            page = self.screen.press_and_wait(group, "matters")
            if wanted in page.choices:
                self.screen.press_and_wait(wanted, "guide")
                return
            self.screen.press_and_wait("back", "find")

    # 4. She is filling in, and is in the middle of a number.

    def in_mid_form(self) -> None:
        who = residents.RARE_NAME
        visit = Visit(self.screen, self.panel, who)
        visit.arrive()
        visit.find()
        kept: list[bool] = []
        visit.fill(lambda seen, typed: kept.append(self._unplug_at(typed)))
        self.claims.add("in mid-form: what was typed stands there while the reader is away and after",
                        len(kept) >= 3 and all(kept), f"{sum(kept)} of {len(kept)} answers whole")
        visit.file()
        shown = self.screen.wait("filed", seconds=40)
        found = papers(self.house.printed(), self.house.folder.make("evidence/papers"))
        self.claims.add("she is told her number, and it is on one paper",
                        len(found) == 1 and found[0].number[18:] in shown.text.replace("-", ""),
                        f"{len(found)} paper")
        visit.leave()
        number = found[0].number if found else ""
        until("The case at the centre", 60, lambda: any(
            case["number"] == number for case in self.house.centre.cases()))
        answers = self.house.centre.case(number)["content"]["answers"]
        wrong = [key for key, value in who.answers.items() if answers.get(key) != value]
        self.claims.add("the case at the centre holds every answer as it was typed", not wrong,
                        f"{len(who.answers)} answers, wrong: {', '.join(wrong) or 'none'}")
        self.claims.numbers |= {"filed": 1, "delivered": len(self.house.centre.cases()),
                                "slips": len(found), "restarts": self.house.lives - 1}

    def _unplug_at(self, typed: str) -> bool:
        self.panel.plug("out")
        away = self._until_says("reader.away")
        self._back("reader.back")
        back = self.screen.wait()
        return all(_digits(one.field) == typed for one in (away, back))

    # What the steps share.

    def _until_says(self, key: str, seconds: float = 10) -> Seen:
        said = WORDS[key]["zh"]

        def says() -> Seen | None:
            seen = self.screen.look()
            return seen if seen and said in seen.text.replace("\n", "") else None
        seen = until(f"“{said}” on the screen", seconds, says)
        return self.screen.wait(seen.name)

    def _back(self, key: str) -> None:
        """The cable goes in again; counts the seconds until the screen says so."""
        began = time.monotonic()
        self.panel.plug("in")
        self._until_says(key)
        self.returns.append(time.monotonic() - began)


def _digits(text: str | None) -> str:
    """Without the gaps, units and cursor among which figures are shown."""
    return "".join(one for one in text or "" if one.isdigit())
