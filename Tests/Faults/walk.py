# SPDX-License-Identifier: Apache-2.0
"""A resident who goes from her card to her rating as fast as the terminal lets her: a whole
visit in a second, by hands without a browser."""

import time
from dataclasses import dataclass, field

from residents import Resident
from stage.hands import Gone, Hands
from stage.http import Panel
from stage.screen import Seen

import visit as asking


@dataclass
class Told:
    """What one visit came to, as its resident saw it."""

    number: str | None = None
    way: str | None = None
    end: str = "gone"
    scenes: list[str] = field(default_factory=list)


class Walk:
    """One resident's way. `give_up` is asked while she waits: true ends it."""

    def __init__(self, hands: Hands, panel: Panel, who: Resident, give_up=lambda: False):
        self.hands, self.panel, self.who, self.give_up = hands, panel, who, give_up
        self.told = Told()

    def _next(self, after: int, seconds: float = 45) -> Seen:
        end = time.monotonic() + seconds
        while True:
            try:
                seen = self.hands.wait(*EVERY, after=after, seconds=0.3)
                self.told.scenes.append(seen.name)
                return seen
            except Gone:
                if self.give_up() or time.monotonic() > end:
                    raise

    def to_guide(self) -> Seen:
        """From her card to what her matter needs."""
        self.hands.wait("idle", seconds=30)
        seen = self._card_read()
        while seen.name == "greeting":
            self.hands.tap(seen, f"matter:{self.who.matter}")
            seen = self._next(seen.id)
        return seen

    def to_summary(self) -> Seen:
        """From her card to the button that files."""
        return self.fill(self.to_guide())

    def fill(self, seen: Seen) -> Seen:
        """From the guide on to the button that files."""
        while seen.name != "summary":
            self.hands.tap(seen, self._answer(seen))
            seen = self._next(seen.id)
        return seen

    def _card_read(self) -> Seen:
        """A card that lies there when the reader is opened was put on by nobody: then again."""
        for _ in range(10):
            self.panel.put_card(self.who.card)
            try:
                return self.hands.wait("greeting", seconds=3)
            except Gone:
                self.panel.take_card()
                time.sleep(0.5)
        raise Gone("the card is not read")

    def _answer(self, seen: Seen) -> str:
        """Enters what is asked for; the choice that goes on."""
        if seen.name in ("field", "choice"):
            asked = asking.question(asking.MATTERS[self.who.matter], seen.title, "zh")
            answer = self.who.answers[asked["key"]]
            if seen.name == "field":
                self.hands.type(answer)
            else:
                self.hands.choose([str(answer).lower() if isinstance(answer, bool) else answer])
            return "answer"
        plain = {"guide": "start", "deposit": "agree", "check": "confirm"}
        if seen.name not in plain:
            raise Gone(f"an unexpected scene: {seen.name}")
        return plain[seen.name]

    def file(self, summary: Seen) -> Told:
        """Presses the button and goes on to the first page; ends early when all is gone."""
        try:
            self.hands.tap(summary, "file")
            self._leave(summary.id)
        except Gone as gone:
            self.told.end = f"gone: {gone}"
        finally:
            self.panel.take_card()
        return self.told

    def _leave(self, last: int) -> None:
        on_reader = True
        while True:
            seen = self._next(last)
            last, name = seen.id, seen.name
            plate = self.hands.plate_on(seen.id)
            if plate:
                self.told.number, self.told.way = plate[0], name
            if name == "idle":
                self.told.end = "idle"
                return
            if name in ("filing", "printing"):
                continue
            if name in ("farewell", "rating", "trouble") and on_reader:
                on_reader = False
                self.panel.take_card()
            if name == "rating":
                self.hands.tap(seen, "rate:5" if self.who.rating == "skip" else self.who.rating)
            elif plate:
                self.hands.tap(seen, "finish")
            elif name != "farewell":
                self.hands.tap(seen, "home")


def to_guides(hands: Hands) -> None:
    """From the first page to the guides, without a card. Again, as a person would, when the page
    was drawn anew under her finger."""
    for turn in range(5):
        first = hands.wait("idle", seconds=30)
        hands.press("guide")
        try:
            hands.wait("find", after=first.id, seconds=4)
            return
        except Gone:
            now = hands.look()
            if turn == 4 or now and now.id == first.id:
                raise


EVERY = ("idle", "greeting", "guide", "deposit", "check", "field", "choice", "summary", "filing",
         "printing", "filed", "noPaper", "farewell", "rating", "trouble", "goOn", "card", "find")
