# SPDX-License-Identifier: Apache-2.0
"""The little HTTP that the stage speaks: JSON to the centre and the simulator."""

import json
import time
import urllib.error
import urllib.request

from stage import Trouble

# No proxy of the caller's environment stands between parts of one machine.
_opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))


def ask(method: str, url: str, body: object = None, headers: dict | None = None,
        seconds: float = 10) -> tuple[int, bytes]:
    """Status and body, whatever the status; 0 when nobody answered."""
    data = None if body is None else json.dumps(body, ensure_ascii=False).encode()
    request = urllib.request.Request(url, data=data, method=method, headers=headers or {})
    if data is not None:
        request.add_header("Content-Type", "application/json")
    try:
        with _opener.open(request, timeout=seconds) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()
    except (urllib.error.URLError, OSError):
        return 0, b""


class Service:
    """JSON in, JSON out, at one address."""

    def __init__(self, port: int, headers: dict | None = None):
        self.url = f"http://127.0.0.1:{port}"
        self.headers = headers or {}

    def answers(self, path: str = "/") -> bool:
        return ask("GET", self.url + path, headers=self.headers)[0] not in (0, 502, 503)

    def get(self, path: str):
        return self._json("GET", path, None)

    def post(self, path: str, body: object = None):
        return self._json("POST", path, body)

    def _json(self, method: str, path: str, body: object):
        status, text = ask(method, self.url + path, body, self.headers)
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

    def paper(self, state: str) -> None:
        self.post("/printer", {"paper": state})

    def hold_status(self, hold: bool) -> None:
        self.post("/printer", {"holdStatus": hold})

    def network(self, mode: str) -> None:
        self.post("/network", {"mode": mode})

    def state(self) -> dict:
        return self.get("/state")

    def events(self, name: str) -> list[int]:
        """When events of this name happened, in nanoseconds of the wall clock."""
        to_wall = time.time_ns() - time.monotonic_ns()
        return [one["ns"] + to_wall for one in self.get("/events") if one["event"] == name]


class Centre(Service):
    """The centre as its clerk and as the public see it."""

    def __init__(self, port: int, token: str = ""):
        super().__init__(port, {"Authorization": f"Bearer {token}"} if token else None)

    def cases(self) -> list[dict]:
        found, cursor = [], None
        while True:
            page = self.get("/v1/cases?limit=100" + (f"&cursor={cursor}" if cursor else ""))
            found += page["cases"]
            cursor = page["next"]
            if not cursor:
                return found

    def case(self, number: str) -> dict:
        return self.get(f"/v1/cases/{number}")

    def counts(self) -> dict:
        return self.get("/v1/counts")

    def progress(self, number: str) -> dict:
        return self.get(f"/v1/progress/{number}")

    def withdraw(self, matter: str) -> None:
        self.post(f"/v1/clerk/matters/{matter}/withdraw")
