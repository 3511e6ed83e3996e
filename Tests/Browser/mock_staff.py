# SPDX-License-Identifier: Apache-2.0
"""The staff page's server without a terminal behind it."""

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from mock_terminal import POLICY, TYPES

TREE = Path(__file__).resolve().parent.parent.parent
FOLDERS = (TREE / "Kiosk" / "Staff", TREE / "Kiosk" / "Web")
WORDS = json.loads((TREE / "Kiosk" / "Words" / "staff.json").read_text("utf-8"))
PROBLEMS = {
    key: sentence
    for path in (TREE / "Kiosk" / "Words").glob("problems-*.json")
    for key, sentence in json.loads(path.read_text("utf-8")).items()
}
TOKEN = "token-of-the-mock"
# 2026-11-22 03:12 in China.
NOW = 1_795_288_320_000
HOUR = 3_600_000
PARTS = [key.removeprefix("staff.part.") for key in WORDS if key.startswith("staff.part.")]


def sentence(problem):
    places = {"missing": "/etc/udev/rules.d/70-sdt-usb.rules"}
    told = PROBLEMS[f"problem.{problem}.staff"]
    return {language: re.sub(r"\{(\w+)\}", lambda found: places[found[1]], text)
            for language, text in told.items()}


def line(place, state, problem=None, since=NOW - HOUR, model=None, kind="place"):
    told = {"place": place, "name": WORDS[f"staff.{kind}.{place.split('.')[0]}"], "state": state,
            "since": since, "model": model, "problem": problem,
            "sentence": sentence(problem) if problem else None}
    return {key: value for key, value in told.items() if value is not None}


def well():
    """Nothing to do."""
    return {
        "at": NOW, "site": {"zh": "平澜街道便民服务中心", "en": "Pinglan Service Centre"},
        "terminal": {"zh": "自助终端12号", "en": "Terminal 12"},
        "devices": [line("reader", "ready", model="sdt-usb"),
                    line("receiptPrinter", "ready", model="escpos-80")],
        "parts": [line(part, "ready", kind="part") for part in PARTS],
        "counts": {"filed": 131, "waiting": 3, "sent": 128, "refused": 0, "untold": 0},
        "paper": "enough",
    }


def ill():
    """All that may go wrong in one night."""
    view = well()
    view["devices"] = [
        line("reader", "absent", "reader.gone", NOW - 240_000),
        line("reader.low", "failed", "reader.denied", NOW - 30 * HOUR, "sdt-usb"),
        line("receiptPrinter", "attention", "printer.paperLow", NOW - 2 * HOUR, "escpos-80"),
        line("scanner", "starting", since=NOW - 1000),
    ]
    troubles = {"centre": ("failed", "centre.not-trusted"), "clock": ("attention", "clock.unknown")}
    view["parts"] = [line(part, *troubles.get(part, ("ready",)), kind="part") for part in PARTS]
    view["counts"] |= {"refused": 1, "untold": 2}
    view["paper"] = "low"
    return view


class MockStaff:
    """Answers as a terminal would; `view` is what it says of itself."""

    def __init__(self):
        self.view = well()
        self.restarts, self.looks = [], 0
        self.on_restart = None
        self.away = self.deaf = False
        terminal = self

        class Handler(_Handler):
            mock = terminal

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def url(self, token=TOKEN):
        return f"http://127.0.0.1:{self.port}/#{token}"

    def close(self):
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    mock = None
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_GET(self):
        if self.path == "/":
            return self._file("index.html")
        if self.path.startswith("/assets/"):
            return self._file(self.path.removeprefix("/assets/"))
        if self.path == "/words":
            return self._json(200, WORDS)
        if self.path != "/state":
            return self._json(404, {})
        self.mock.looks += 1
        return self._guarded(lambda: self._json(200, self.mock.view))

    def do_POST(self):
        place = re.fullmatch(r"/devices/([^/]+)/restart", self.path)
        if not place:
            return self._json(404, {})
        return self._guarded(lambda: self._restart(place[1]))

    def _restart(self, place):
        if self.mock.deaf:
            return self._json(503, {})
        self.mock.restarts.append(place)
        if self.mock.on_restart:
            self.mock.on_restart(place)
        return self._json(202, {})

    def _guarded(self, answer):
        if self.mock.away:
            return self._json(503, {})
        if self.headers.get("Authorization") != f"Bearer {TOKEN}":
            return self._json(401, {})
        return answer()

    def _file(self, name):
        for folder in FOLDERS:
            if re.fullmatch(r"[\w.-]+", name) and (folder / name).is_file():
                return self._send(200, (folder / name).read_bytes(), TYPES[(folder / name).suffix])
        return self._json(404, {})

    def _json(self, status, value):
        self._send(status, json.dumps(value, ensure_ascii=False).encode(), "application/json")

    def _send(self, status, body, kind):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", POLICY)
        self.end_headers()
        self.wfile.write(body)
