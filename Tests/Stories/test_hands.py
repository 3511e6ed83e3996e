# SPDX-License-Identifier: Apache-2.0
"""Hands without a browser read a scene as the page shows it."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from stage import Trouble
from stage.hands import Gone, Hands, seen
from stage.processes import until

FIELD = {"keys": "digits", "value": "138", "groups": [3, 4, 4], "limit": 11, "error": "少 8 位", "labels": {}}
SCENE = {
    "id": 7, "name": "field", "visit": 3, "look": {"language": "zh", "elder": False, "contrast": False},
    "title": "您的手机号？", "steps": [], "read": [{"say": {"tone": "heed", "icon": "pen", "text": "请填写"}}],
    "body": [{"field": FIELD}], "act": [{"buttons": [{"choice": "answer", "text": "填好了", "style": "main"}]}],
    "base": [{"choice": "home", "icon": "home", "text": "首页", "state": "normal"}]}
FILED = SCENE | {"id": 9, "name": "filed", "body": [{"plate": {
    "numberCaption": "流水号", "number": ["320507", "0001", "20261122", "00001", "R"],
    "claimCaption": "查询码", "claim": "Y15H-TE0X", "huge": False}}]}


def test_a_scene_is_read_with_its_words_choices_and_field():
    it = seen(SCENE)
    assert (it.name, it.id, it.title, it.field, it.error) == ("field", 7, "您的手机号？", "138", "少 8 位")
    assert it.choices == ["answer", "home"] and "请填写" in it.text


class Door:
    """A kioskd's door with one scene behind it."""

    def __init__(self, scenes: list[dict], answer: bytes | None = None):
        self.posted: list[tuple[str, dict]] = []
        door = self

        class Answers(BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.end_headers()
                for scene in scenes:
                    self.wfile.write(f"data: {json.dumps(scene)}\n\n".encode())

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                door.posted.append((self.path, json.loads(body)))
                if answer is not None:
                    self.wfile.write(answer)
                    self.close_connection = True
                    return
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
        self.server.daemon_threads = True
        serve = {"poll_interval": 0.02}
        threading.Thread(target=self.server.serve_forever, kwargs=serve, daemon=True).start()

    def __enter__(self) -> "Door":
        self.hands = Hands(self.server.server_address[1], lambda: "token")
        return self

    def __exit__(self, *_) -> None:
        self.hands.close()
        self.server.shutdown()
        self.server.server_close()

    def choices(self) -> list[dict]:
        return [body for path, body in self.posted if path == "/choices"]


def test_what_is_typed_goes_with_the_choice_and_each_scene_is_confirmed():
    with Door([SCENE]) as door:
        door.hands.wait("field")
        door.hands.type("13800000000")
        door.hands.press_key("done")
        assert door.choices() == [{"scene": 7, "choice": "answer", "value": "13800000000"}]
        until("The word that it was drawn", 5, lambda: ("/drawn", {"scene": 7}) in door.posted)


def test_a_choice_that_is_not_there_cannot_be_pressed():
    with Door([SCENE]) as door:
        door.hands.wait("field")
        with pytest.raises(Trouble, match="no file"):
            door.hands.press("file")
        assert not door.choices()


def test_the_number_is_read_from_its_plate():
    number = ("320507000120261122" + "00001R", "Y15H-TE0X")
    with Door([FILED, SCENE | {"id": 10}]) as door:
        door.hands.wait("field", after=9)
        assert door.hands.plate is None
        # What stood there is still known when the next scene has come.
        assert door.hands.plate_on(9) == number
    with Door([FILED]) as door:
        door.hands.wait("filed")
        assert door.hands.plate == number


def test_a_tap_on_a_scene_that_has_gone_is_none():
    with Door([SCENE, SCENE | {"id": 8}]) as door:
        door.hands.wait("field", after=7)
        assert not door.hands.tap(seen(SCENE), "answer") and not door.choices()
        assert door.hands.tap(seen(SCENE | {"id": 8}), "answer")
        assert [one["scene"] for one in door.choices()] == [8]


def test_half_an_answer_is_none():
    with Door([SCENE], answer=b"HTTP/1.1 2") as door:
        seen_one = door.hands.wait("field")
        assert door.hands.tap(seen_one, "answer") and door.choices()


def test_who_leaves_sees_nothing_more():
    with Door([SCENE]) as door:
        door.hands.wait("field")
        door.hands.close()
        assert door.hands.look() is None
        with pytest.raises(Gone):
            door.hands.wait("field", seconds=0.2)


def test_a_scene_that_does_not_come_is_a_trouble():
    with Door([SCENE]) as door, pytest.raises(Trouble, match="did not show filed"):
        door.hands.wait("filed", seconds=0.2)
