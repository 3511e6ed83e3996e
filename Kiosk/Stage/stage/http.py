# SPDX-License-Identifier: Apache-2.0
"""The little HTTP that the stage speaks: JSON to the centre and the simulator, with TLS where
that is asked for."""

import json
import ssl
import time
import urllib.error
import urllib.request

from stage import Trouble

# No proxy of the caller's environment stands between parts of one machine.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def ask(method: str, url: str, body: object = None, headers: dict | None = None,
        seconds: float = 10, context: ssl.SSLContext | None = None) -> tuple[int, bytes]:
    """Status and body, whatever the status; 0 when nobody answered, or nobody whom `context`
    believes."""
    data = None if body is None else json.dumps(body, ensure_ascii=False).encode()
    request = urllib.request.Request(url, data=data, method=method, headers=headers or {})
    if data is not None:
        request.add_header("Content-Type", "application/json")
    opener = _opener if context is None else urllib.request.build_opener(
        urllib.request.ProxyHandler({}), urllib.request.HTTPSHandler(context=context))
    try:
        with opener.open(request, timeout=seconds) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()
    except (urllib.error.URLError, OSError):
        return 0, b""


class Service:
    """JSON in, JSON out, at one address; over TLS when there is a context for it."""

    def __init__(self, port: int, headers: dict | None = None, context: ssl.SSLContext | None = None):
        self.url = f"http{'s' if context else ''}://127.0.0.1:{port}"
        self.headers, self.context = headers or {}, context

    def answers(self, path: str = "/") -> bool:
        return self.status("GET", path) not in (0, 502, 503)

    def status(self, method: str, path: str, body: object = None) -> int:
        return ask(method, self.url + path, body, self.headers, context=self.context)[0]

    def get(self, path: str):
        return self._json("GET", path, None)

    def post(self, path: str, body: object = None):
        return self._json("POST", path, body)

    def _json(self, method: str, path: str, body: object):
        status, text = ask(method, self.url + path, body, self.headers, context=self.context)
        if not 200 <= status < 300:
            said = text[:200].decode(errors="replace")
            raise Trouble(f"{method} {path} was answered {status}: {said}")
        return json.loads(text) if text.strip() else None


class Panel(Service):
    """The simulator's controls: what hands would do at the terminal."""

    def put_card(self, card: dict) -> None:
        self.post("/card", {"put": card})

    def take_card(self) -> None:
        self.post("/card", {"take": True})

    def plug(self, place: str) -> None:
        """The reader's cable: `out` or `in`."""
        self.post("/reader", {"plugged": place == "in"})

    def scan(self, code: str) -> None:
        """A code is held before the scanner."""
        self.post("/scanner", {"code": code})

    def plug_scanner(self, place: str) -> None:
        """The scanner's cable: `out` or `in`."""
        self.post("/scanner", {"plugged": place == "in"})

    def paper(self, state: str) -> None:
        self.post("/printer", {"paper": state})

    def hold_status(self, hold: bool) -> None:
        self.post("/printer", {"holdStatus": hold})

    def network(self, mode: str, way: str | None = None) -> None:
        """`way`: `terminals` or `time`; none: both."""
        self.post("/network", {"mode": mode} | ({"way": way} if way else {}))

    def state(self) -> dict:
        return self.get("/state")

    def events(self, name: str) -> list[int]:
        """When events of this name happened, in nanoseconds of the wall clock."""
        to_wall = time.time_ns() - time.monotonic_ns()
        return [one["ns"] + to_wall for one in self.get("/events") if one["event"] == name]
