# SPDX-License-Identifier: Apache-2.0
"""The resident's page without a browser: reads scenes, says what it has drawn, chooses. And a
resident who goes through it from her card to her rating as fast as the terminal lets her."""

import http.client
import json
import threading
import time
import uuid
from dataclasses import dataclass, field

from residents import Resident
from stage.http import Panel

import visit as asking


class Gone(Exception):
    """The terminal does not answer any more."""


class Page:
    """One page at the screen's server. Reconnects as the page in the browser does."""

    def __init__(self, port: int, token: str):
        self.port, self.token, self.name = port, token, uuid.uuid4().hex
        self.scenes: list[dict] = []
        self.news = threading.Condition()
        self.ended = False
        self.connected = False
        self.reader = threading.Thread(target=self._listen, daemon=True)
        self.reader.start()

    def _listen(self) -> None:
        while not self.ended:
            try:
                self._stream()
            except (OSError, http.client.HTTPException):
                pass
            with self.news:
                self.connected = False
                self.news.notify_all()
            time.sleep(0.05)

    def _stream(self) -> None:
        self.line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        self.line.request("GET", f"/scenes?page={self.name}", headers=self._headers())
        answer = self.line.getresponse()
        if answer.status != 200:
            raise OSError(f"status {answer.status}")
        self.connected = True
        for line in answer:
            if self.ended:
                break
            if line.startswith(b"data: "):
                self._heard(json.loads(line[6:]))
        self.line.close()

    def _heard(self, scene: dict) -> None:
        if "id" not in scene:
            return
        with self.news:
            self.scenes.append(scene)
            self.news.notify_all()
        # As the browser does once a scene is on the glass.
        self._post("/drawn", {"scene": scene["id"]})

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}", "Accept": "text/event-stream",
                "Content-Type": "application/json"}

    def _post(self, path: str, body: dict) -> int:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            line.request("POST", path, json.dumps(body).encode(), self._headers())
            return line.getresponse().status
        except (OSError, http.client.HTTPException):
            return 0
        finally:
            line.close()

    @property
    def shown(self) -> dict | None:
        return self.scenes[-1] if self.scenes else None

    def wait(self, *names: str, after: int = 0, seconds: float = 15) -> dict:
        """The newest scene once it bears one of `names` and is not scene `after`."""
        end = time.monotonic() + seconds
        with self.news:
            while True:
                scene = self.shown
                if scene and scene["name"] in names and scene["id"] != after:
                    return scene
                left = end - time.monotonic()
                if left <= 0 or self.ended:
                    seen = scene and scene["name"]
                    raise Gone(f"no scene {' or '.join(names)} within {seconds:g} s, but {seen}")
                self.news.wait(min(left, 0.2))

    def choose(self, scene: dict, choice: str, **more) -> None:
        self._post("/choices", {"scene": scene["id"], "choice": choice} | more)

    def close(self) -> None:
        self.ended = True
        try:
            self.line.sock and self.line.sock.shutdown(2)
        except (AttributeError, OSError):
            pass
        self.reader.join(2)


@dataclass
class Told:
    """What one visit came to, as its resident saw it."""

    number: str | None = None
    way: str | None = None
    end: str = "gone"
    scenes: list[str] = field(default_factory=list)


def number_of(scene: dict) -> str | None:
    """The number on a scene's plate."""
    for part in scene.get("body", []) + scene.get("read", []):
        if "plate" in part:
            return "".join(part["plate"]["number"])
    return None


class Walk:
    """One resident's way. `give_up` is asked while she waits: true ends it."""

    def __init__(self, page: Page, panel: Panel, who: Resident, give_up=lambda: False):
        self.page, self.panel, self.who, self.give_up = page, panel, who, give_up
        self.told = Told()

    def _next(self, after: int, seconds: float = 45) -> dict:
        end = time.monotonic() + seconds
        while True:
            try:
                scene = self.page.wait(*EVERY, after=after, seconds=0.3)
                self.told.scenes.append(scene["name"])
                return scene
            except Gone:
                if self.give_up() or time.monotonic() > end:
                    raise

    def to_summary(self) -> dict:
        """From her card to the button that files."""
        self.page.wait("idle", seconds=30)
        scene = self._card_read()
        while scene["name"] != "summary":
            choice, more = self._answer(scene)
            self.page.choose(scene, choice, **more)
            scene = self._next(scene["id"])
        return scene

    def _card_read(self) -> dict:
        """A card that lies there when the reader is opened was put on by nobody: then again."""
        for _ in range(10):
            self.panel.put_card(self.who.card)
            try:
                return self.page.wait("greeting", seconds=3)
            except Gone:
                self.panel.take_card()
                time.sleep(0.5)
        raise Gone("the card is not read")

    def _answer(self, scene: dict) -> tuple[str, dict]:
        name = scene["name"]
        if name in ("field", "choice"):
            asked = asking.question(asking.MATTERS[self.who.matter], scene["title"], "zh")
            answer = self.who.answers[asked["key"]]
            if name == "field":
                return "answer", {"value": answer}
            return "answer", {"values": [str(answer).lower() if isinstance(answer, bool) else answer]}
        plain = {"greeting": f"matter:{self.who.matter}", "guide": "start", "deposit": "agree",
                 "check": "confirm"}
        if name not in plain:
            raise Gone(f"an unexpected scene: {name}")
        return plain[name], {}

    def file(self, summary: dict) -> Told:
        """Presses the button and goes on to the first page; ends early when all is gone."""
        try:
            self.page.choose(summary, "file")
            self._leave(summary["id"])
        except Gone as gone:
            self.told.end = f"gone: {gone}"
        finally:
            self.panel.take_card()
        return self.told

    def _leave(self, last: int) -> None:
        on_reader = True
        while True:
            scene = self._next(last)
            last, name = scene["id"], scene["name"]
            number = number_of(scene)
            if number:
                self.told.number, self.told.way = number, name
            if name == "idle":
                self.told.end = "idle"
                return
            if name in ("filing", "printing"):
                continue
            if name in ("farewell", "rating", "trouble") and on_reader:
                on_reader = False
                self.panel.take_card()
            if name == "rating":
                self.page.choose(scene, "rate:5" if self.who.rating == "skip" else self.who.rating)
            elif number:
                self.page.choose(scene, "finish")
            elif name != "farewell":
                self.page.choose(scene, "home")


EVERY = ("idle", "greeting", "guide", "deposit", "check", "field", "choice", "summary", "filing",
         "printing", "filed", "noPaper", "farewell", "rating", "trouble", "goOn", "card", "find")
