# SPDX-License-Identifier: Apache-2.0
"""One resident at the screen, from her card to the summary: answers each question by what
the screen asks, as a person would, not by its place in the form."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field

from residents import Resident
from stage import Trouble
from stage.folder import TREE
from stage.http import Panel
from stage.screen import Screen, Seen


def catalogue() -> dict[str, dict]:
    text = (TREE / "Kiosk" / "Catalogue" / "catalogue.json").read_text()
    return {matter["id"]: matter for matter in json.loads(text)["matters"]}


def words() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for path in (TREE / "Kiosk" / "Words").glob("*.json"):
        found |= json.loads(path.read_text())
    return found


MATTERS, WORDS = catalogue(), words()
ASKED_BY_TYPE = {"phone": "fill.ask-phone", "bank_card": "fill.ask-bank"}


def question(matter: dict, title: str, language: str) -> dict:
    """The field that a scene with this title asks for."""
    for one in matter["form"]:
        own = f"ask.{matter['id']}.{one['key']}"
        said = WORDS[own if own in WORDS else ASKED_BY_TYPE.get(one["type"], "fill.ask")][language]
        if title.startswith(said.replace("{label}", one[f"label_{language}"]).rstrip("？?")):
            return one
    raise Trouble(f"The screen asks something that the form does not hold: {title}")


@dataclass
class Visit:
    screen: Screen
    panel: Panel
    who: Resident
    scenes: list[Seen] = field(default_factory=list)
    greeted_at: int = 0
    corrected: str = ""

    def arrive(self) -> Seen:
        self.screen.wait("idle")
        self.panel.put_card(self.who.card)
        greeting = self._saw(self.screen.wait("greeting"))
        if self.who.language == "en":
            greeting = self._saw(self.screen.press_and_wait("language", "greeting"))
        return greeting

    def find(self) -> Seen:
        """From the greeting to her matter's guide."""
        return self.look_through(self._saw(self.screen.press_and_wait("find", "find")))

    def look_through(self, seen: Seen) -> Seen:
        """Looks through the groups, page by page, for her matter."""
        wanted = f"matter:{self.who.matter}"
        for group in [one for one in seen.choices if one.startswith("group:")]:
            page = self._saw(self.screen.press_and_wait(group, "matters"))
            while wanted not in page.choices and "page:next" in page.choices:
                page = self.screen.press_and_wait("page:next", "matters")
            if wanted in page.choices:
                return self._saw(self.screen.press_and_wait(wanted, "guide"))
            seen = self.screen.press_and_wait("back", "find", "matters")
            while seen.name == "matters":
                seen = self.screen.press_and_wait("back", "find", "matters")
        raise Trouble(f"{self.who.matter} is in none of the groups.")

    def fill(self, interrupt: Callable[[Seen, str], None] = lambda seen, typed: None) -> Seen:
        """From the guide to the summary. `interrupt` is called at each question whose answer
        stands in its field and is not given yet."""
        return self.answer(self._saw(self.screen.press_and_wait("start")), interrupt)

    def answer(self, seen: Seen,
               interrupt: Callable[[Seen, str], None] = lambda seen, typed: None) -> Seen:
        """From the notice before the first question to the summary."""
        while seen.name != "summary":
            if seen.name == "field" and self._asks(seen)["type"] == "phone" and not self.corrected:
                seen = self._wrong_first(seen)
            act = {"deposit": lambda: self.screen.press("agree"),
                   "check": lambda: self.screen.press("confirm"),
                   "field": lambda: self._type(seen, interrupt),
                   "choice": lambda: self._choose(seen)}.get(seen.name)
            if act is None:
                raise Trouble(f"While filling, the screen shows {seen.name}: {seen.title}")
            answered = act() or seen.id
            seen = self._saw(self.screen.wait(after=answered))
        return seen

    def _asks(self, seen: Seen) -> dict:
        return question(MATTERS[self.who.matter], seen.title, self.who.language)

    def file(self) -> None:
        """Presses the button; what comes of it is awaited by the story."""
        self.screen.press("file")

    def leave(self) -> Seen:
        """From the number to the idle screen, taking the card along."""
        self._saw(self.screen.press_and_wait("finish", "farewell"))
        self.panel.take_card()
        # Taking the card is the answer; a press as well would be a double tap.
        seen = self.screen.wait("rating", "idle")
        if seen.name == "rating":
            self._saw(seen)
            seen = self.screen.press_and_wait(self.who.rating, "idle")
        return seen

    def _type(self, seen: Seen, interrupt: Callable[[Seen, str], None]) -> int:
        """The number of the scene that was answered: it may have been drawn anew meanwhile."""
        answer = self.who.answers[self._asks(seen)["key"]]
        self.screen.type(answer)
        interrupt(seen, answer)
        now = self.screen.wait().id
        self.screen.press_key("done")
        return now

    def _wrong_first(self, seen: Seen) -> Seen:
        """A figure too few: the screen says what is missing and keeps what was typed."""
        self.screen.type(self.who.answers[self._asks(seen)["key"]][:-1])
        self.screen.press_key("done")
        again = self._saw(self.screen.wait("field", after=seen.id))
        self.corrected = again.error or "no sentence"
        return again

    def _choose(self, seen: Seen) -> None:
        value = self.who.answers[self._asks(seen)["key"]]
        self.screen.choose([str(value).lower() if isinstance(value, bool) else value])
        self.screen.press("answer")

    def _saw(self, seen: Seen) -> Seen:
        self.scenes.append(seen)
        return seen


def browse(screen: Screen) -> tuple[set[str], list[str]]:
    """Opens every matter's guide without a card: the matters seen, and what a guide lacked."""
    seen, lacking = set(), []
    place = screen.press_and_wait("guide", "find")
    for group in [one for one in place.choices if one.startswith("group:")]:
        page = screen.press_and_wait(group, "matters")
        while True:
            for choice in [one for one in page.choices if one.startswith("matter:")]:
                matter = choice.removeprefix("matter:")
                if matter not in seen:
                    lacking += _lacks(matter, screen.press_and_wait(choice, "guide"))
                    seen.add(matter)
                    screen.press_and_wait("back", "matters")
            if "page:next" not in page.choices:
                break
            page = screen.press_and_wait("page:next", "matters")
        while screen.wait("matters", "find").name == "matters":
            screen.press_and_wait("back", "matters", "find")
    screen.press_and_wait("home", "idle")
    return seen, lacking


def _lacks(matter: str, guide: Seen) -> list[str]:
    """Who, materials, time limit, fee, what follows: the parts that this guide does not say."""
    facts = MATTERS[matter]
    may = facts["kiosk"]["offline_submit"] == "deposit"
    parts = ["guide.who", "guide.fee", *(["guide.after", "guide.next"] if may else ["guide.next-none"])]
    parts += ["guide.materials"] if facts["materials"] else []
    parts += ["guide.time"] if facts["limits"].get("promised") or facts["limits"].get(
        "statutory") else []
    lacking = [part for part in parts if WORDS[part]["zh"] not in guide.text]
    lacking += [] if facts["name_zh"] in guide.text else ["its name"]
    return [f"{matter}: {part}" for part in lacking]
