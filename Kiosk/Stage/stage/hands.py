# SPDX-License-Identifier: Apache-2.0
"""A resident's hands without a browser: takes scenes and gives choices as the page does, over
the same door. For stories in which many file, and for sweeps, whose drawing is not looked at."""

import http.client
import json
import socket
import threading
import time
import uuid
from typing import Callable, Iterator

from stage import Trouble
from stage.http import ask
from stage.screen import Seen

STALE = 409


class Gone(Trouble):
    """What was waited for or pressed is not on the screen."""


class Hands:
    """Has the members of `Screen` that a visit uses. Attached anew by itself when kioskd comes
    back; when another page takes the terminal over, only by `attach`."""

    def __init__(self, port: int, token: Callable[[], str]):
        self.port, self.token = port, token
        self.history: list[Seen] = []
        self.scene: dict | None = None
        self._typed: str | None = None
        self._chosen: list[str] | None = None
        self._plates: dict[int, tuple[str, str] | None] = {}
        self._page = ""
        self._line: socket.socket | None = None
        self._changed = threading.Condition()
        self.attach()

    def attach(self) -> None:
        """As a page that was just loaded."""
        self._become(uuid.uuid4().hex)
        threading.Thread(target=self._listen, args=(self._page,), daemon=True).start()

    def close(self) -> None:
        """The terminal sees the page go."""
        self._become("")

    def _become(self, page: str) -> None:
        with self._changed:
            self._page, self.scene, line = page, None, self._line
            self._changed.notify_all()
        try:
            if line:
                line.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # it is gone already

    # Looking.

    def _listen(self, page: str) -> None:
        while page == self._page:
            try:
                for event, data in self._events(page):
                    if page != self._page or event == "replaced":
                        return
                    self._take(json.loads(data))
            except (OSError, http.client.HTTPException, ValueError):
                pass  # kioskd is away; it comes back
            with self._changed:
                if page == self._page:
                    self.scene = None
            time.sleep(0.05)

    def _events(self, page: str) -> Iterator[tuple[str, str]]:
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            line.request("GET", f"/scenes?page={page}", headers=self._headers())
            with self._changed:
                self._line = line.sock
                if page != self._page:
                    return
            event, data = "message", []
            for text in line.getresponse():
                text = text.decode().rstrip("\r\n")
                if text == "" and data:
                    yield event, "\n".join(data)
                    event, data = "message", []
                elif text.startswith("data:"):
                    data.append(text[5:].lstrip())
                elif text.startswith("event:"):
                    event = text[6:].strip()
        finally:
            line.close()

    def _headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token()}"}

    def _take(self, scene: dict) -> None:
        with self._changed:
            if not self.scene or self.scene["id"] != scene["id"]:
                self._typed = self._chosen = None
            self.scene = scene
            plate = next(_parts(scene, "plate"), None)
            self._plates[scene["id"]] = ("".join(plate["number"]), plate["claim"]) if plate else None
            self._changed.notify_all()
        self._post("/drawn", {"scene": scene["id"]})

    def look(self) -> Seen | None:
        scene = self.scene
        return seen(scene) if scene else None

    def wait(self, *names: str, after: int = 0, seconds: float = 15) -> Seen:
        end = time.monotonic() + seconds
        with self._changed:
            while True:
                now = self.look()
                if now and now.id > after and (not names or now.name in names):
                    if not self.history or self.history[-1].id != now.id:
                        self.history.append(now)
                    return now
                left = end - time.monotonic()
                if left <= 0 or not self._changed.wait(min(left, 1)) and left <= 1:
                    raise Gone(f"The screen did not show {' or '.join(names) or 'a new scene'} "
                               f"within {seconds:g} s; it shows {now.name if now else 'nothing'}.")

    @property
    def plate(self) -> tuple[str, str] | None:
        """Number and claim code that stand on the screen."""
        scene = self.scene
        return self.plate_on(scene["id"]) if scene else None

    def plate_on(self, scene: int) -> tuple[str, str] | None:
        """Number and claim code that stood on a scene."""
        return self._plates.get(scene)

    # Touching.

    def press(self, choice: str) -> None:
        """Again, as a person would, when the scene was drawn anew just then."""
        for _ in range(5):
            now = self.look()
            if not now or choice not in now.choices:
                raise Gone(f"There is no {choice} in {now.name if now else 'no scene'}.")
            if self.tap(now, choice):
                return
            self.wait(after=now.id)

    def tap(self, on: Seen, choice: str) -> bool:
        """Once, on this very scene; false when it is no longer the one that stands there."""
        scene = self.scene
        if not scene or scene["id"] != on.id:
            return False
        return self._choose(scene, choice) != STALE

    def press_and_wait(self, choice: str, *names: str, seconds: float = 15) -> Seen:
        before = self.wait()
        self.press(choice)
        return self.wait(*names, after=before.id, seconds=seconds)

    def press_key(self, key: str) -> None:
        if key == "done" and self.scene:
            self._choose(self.scene, "answer")

    def choose(self, values: list[str]) -> None:
        self._chosen = values

    def type(self, text: str) -> None:
        self._typed = text

    def tell_typing(self) -> None:
        """As the page does by itself a moment after the last key."""
        if self.scene:
            self._choose(self.scene, "typing")

    def _choose(self, scene: dict, choice: str) -> int:
        field = next(iter(_parts(scene, "field")), None)
        body = {"scene": scene["id"], "choice": choice}
        if field is not None:
            body["value"] = field["value"] if self._typed is None else self._typed
        elif self._chosen is not None:
            body["values"] = self._chosen
        return self._post("/choices", body)

    def _post(self, path: str, body: dict) -> int:
        try:
            return ask("POST", f"http://127.0.0.1:{self.port}{path}", body, self._headers())[0]
        except http.client.HTTPException:
            return 0  # half an answer: as if there were none


def _parts(scene: dict, kind: str) -> Iterator:
    for zone in ("read", "body", "act"):
        yield from (part[kind] for part in scene.get(zone, []) if kind in part)


def _found(value, key: str | None) -> Iterator[str]:
    """Strings below `value`: all, or those under `key`."""
    if isinstance(value, dict):
        for name, one in value.items():
            if isinstance(one, str):
                if key in (None, name):
                    yield one
            else:
                yield from _found(one, key)
    elif isinstance(value, list):
        for one in value:
            if isinstance(one, str):
                if key is None:
                    yield one
            else:
                yield from _found(one, key)


def seen(scene: dict) -> Seen:
    """What a person would see of it."""
    field = next(iter(_parts(scene, "field")), None)
    options = [one["value"] for part in _parts(scene, "options") for one in part["options"]]
    return Seen(
        name=scene["name"], id=scene["id"], title=scene["title"],
        text="\n".join(_found(scene, None)), choices=list(_found(scene, "choice")), values=options,
        keys=[], field=field["value"] if field else None,
        error=(field or {}).get("error"), language=scene["look"]["language"])
