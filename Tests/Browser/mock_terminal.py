# SPDX-License-Identifier: Apache-2.0
"""A terminal without a terminal: serves the resident's page and shows it scenes from files.

As a module it is the other end of the page tests. As a program it lets a person look:

    python3 mock_terminal.py [PORT] [SCENE]

prints an address; each press goes to the next scene, 大字版, 高对比 and English work.
"""

import json
import queue
import random
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

HERE = Path(__file__).resolve().parent
WEB = HERE.parent.parent / "Kiosk" / "Web"
SCENES = HERE / "scenes"
TOKEN = "token-of-the-mock"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; object-src 'none'; frame-ancestors 'none'"
)
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css",
    ".js": "text/javascript",
    ".svg": "image/svg+xml",
}


def scene_names():
    return sorted(path.stem for path in SCENES.glob("[a-z]*.json"))


def in_language(value, language):
    """Replaces each `{"zh": …, "en": …}` by the text in one language."""
    if isinstance(value, dict):
        if set(value) == {"zh", "en"}:
            return value[language]
        return {key: in_language(child, language) for key, child in value.items()}
    if isinstance(value, list):
        return [in_language(child, language) for child in value]
    return value


def load_scene(name, language="zh", elder=False, contrast=False, identifier=1, visit=1):
    """The scene as the terminal would send it."""
    common = json.loads((SCENES / "_common.json").read_text("utf-8"))
    scene = json.loads((SCENES / f"{name}.json").read_text("utf-8"))
    base = common["baseIdle" if scene["layout"] == "idle" else "base"]
    on = {"size": elder, "contrast": contrast}
    scene["base"] = [
        {**control, "state": "on" if on.get(control["choice"]) else "normal"} for control in base
    ]
    scene["roof"] = dict(common["roof"])
    if tag := scene.pop("tag", None):
        scene["roof"]["tag"] = tag
    scene["look"] = {"language": language, "elder": elder, "contrast": contrast}
    scene["id"] = identifier
    scene["visit"] = visit
    return in_language(scene, language)


class MockTerminal:
    """Shows scenes to the newest page and remembers what came back."""

    def __init__(self, port=0):
        self.choices = []
        self.typings = []
        self.drawn = []
        self.pages = []
        self.refuse = False
        self.stale = False
        self.away = False
        self.on_choice = None
        self._ids = 0
        self._visit = 1
        self._scene = None
        self._streams = []
        self._lock = threading.Lock()
        terminal = self

        class Handler(_Handler):
            mock = terminal

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def url(self, host="127.0.0.1", token=TOKEN):
        return f"http://{host}:{self.port}/#{token}"

    def show(self, name, **look):
        """Loads a scene file and shows it; returns the id it was given."""
        return self.show_scene(load_scene(name, **look))

    def show_scene(self, scene):
        with self._lock:
            self._ids += 1
            scene = {**scene, "id": self._ids, "visit": self._visit}
            self._scene = scene
            for stream in self._streams:
                stream.put(("message", scene))
            return self._ids

    def restart_with(self, name):
        """As after a restart: the line breaks and the old number means another scene."""
        self._scene = {**load_scene(name), "id": self._ids, "visit": self._visit}
        self.drop()

    def next_visit(self):
        self._visit += 1

    def replace(self, words):
        """Tells the open page that a newer one took over."""
        self._send("replaced", words)

    def drop(self):
        """Closes the line to every page."""
        self._send("end", None)

    def _send(self, event, data):
        with self._lock:
            for stream in self._streams:
                stream.put((event, data))

    def forget(self):
        self.choices.clear()
        self.typings.clear()
        self.drawn.clear()
        self.pages.clear()
        self.refuse = self.stale = self.away = False

    def open_stream(self):
        stream = queue.Queue()
        with self._lock:
            if self._scene:
                stream.put(("message", self._scene))
            self._streams.append(stream)
        return stream

    def close_stream(self, stream):
        with self._lock:
            if stream in self._streams:
                self._streams.remove(stream)

    def close(self):
        self.drop()
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    mock = None

    def log_message(self, *_):
        pass

    def _answer(self, status, kind="text/plain", body=b""):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("Cache-Control", "no-store")
        self.send_header("Referrer-Policy", "no-referrer")
        self.end_headers()
        self.wfile.write(body)

    def _allowed(self):
        if self.mock.away:
            self._answer(503)
            return False
        if self.mock.refuse or self.headers.get("Authorization") != f"Bearer {TOKEN}":
            self._answer(401)
            return False
        return True

    def do_GET(self):
        path, _, query = self.path.partition("?")
        if path == "/scenes":
            if self._allowed():
                self.mock.pages.append(query.removeprefix("page="))
                self._stream()
            return
        file = WEB / ("index.html" if path == "/" else path.removeprefix("/assets/"))
        if path != "/" and not path.startswith("/assets/") or not file.is_file():
            self._answer(404)
            return
        self._answer(200, TYPES[file.suffix], file.read_bytes())

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if not self._allowed():
            return
        if self.path == "/drawn":
            self.mock.drawn.append(body["scene"])
        elif self.path == "/choices" and body["choice"] == "typing":
            self.mock.typings.append(body)
        elif self.path == "/choices":
            self.mock.choices.append(body)
            if self.mock.stale:
                self._answer(409)
                return
            if self.mock.on_choice:
                self.mock.on_choice(body)
        self._answer(204)

    def _stream(self):
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        stream = self.mock.open_stream()
        try:
            while True:
                try:
                    event, data = stream.get(timeout=10)
                except queue.Empty:
                    self._write(": still here\n\n")
                    continue
                if event == "end":
                    return
                name = "" if event == "message" else f"event: {event}\n"
                self._write(f"{name}data: {json.dumps(data, ensure_ascii=False)}\n\n")
        except (BrokenPipeError, ConnectionResetError):
            pass
        finally:
            self.mock.close_stream(stream)
            self.close_connection = True

    def _write(self, text):
        """In two pieces, as a network may."""
        data = text.encode()
        cut = random.randrange(len(data))
        for piece in (data[:cut], data[cut:]):
            self.wfile.write(piece)
            self.wfile.flush()


def main():
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 0
    names = scene_names()
    first = sys.argv[2] if len(sys.argv) > 2 else names[0]
    now = {"name": first, "language": "zh", "elder": False, "contrast": False}
    mock = MockTerminal(port)

    def chosen(choice):
        name = choice["choice"]
        if name == "language":
            now["language"] = "en" if now["language"] == "zh" else "zh"
        elif name == "size":
            now["elder"] = not now["elder"]
        elif name == "contrast":
            now["contrast"] = not now["contrast"]
        else:
            step = -1 if name == "back" else 1
            now["name"] = names[(names.index(now["name"]) + step) % len(names)]
        mock.show(**now)

    mock.on_choice = chosen
    mock.show(**now)
    print(f"page: {mock.url()}", flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    main()
