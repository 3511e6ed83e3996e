# SPDX-License-Identifier: Apache-2.0
"""An issuer of codes, as a city's app is one: draws a code for a person's telephone, and says
once to whoever asks with it whose it is. Writes and reads codes by itself on purpose: one shared
with the terminal would hide its faults."""

import json
import secrets
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

NAME = "STAGE"
LONGEST = 4096


class Issuer:
    def __init__(self):
        self.key = Ed25519PrivateKey.generate()
        self.holders: dict[str, dict[str, str]] = {}
        self.used: set[str] = set()
        # Statuses of all answers, in order.
        self.answers: list[int] = []
        # Answers nobody.
        self.rests = False
        self._door = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        threading.Thread(target=self._door.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._door.shutdown()
        self._door.server_close()

    @property
    def settings(self) -> dict[str, str]:
        """What a terminal's settings say of it."""
        return {"name": NAME, "key": self.key.public_key().public_bytes_raw().hex(),
                "register": f"http://127.0.0.1:{self._door.server_port}/holders"}

    def code(self, name: str, id_number: str, age: int = 0) -> str:
        """A new code, drawn so many seconds ago."""
        mark = secrets.token_hex(16).upper()
        self.holders[mark] = {"name": name, "idNumber": id_number}
        body = f"NDID1:{NAME}:{int(time.time()) - age}:{mark}"
        return f"{body}:{self.key.sign(body.encode()).hex().upper()}"

    def tell(self, code: str) -> tuple[int, dict[str, str] | None]:
        """Status and holder for one who asks with a code."""
        mark = code.split(":")[3] if code.count(":") == 4 else ""
        if self.rests:
            return 503, None
        if mark not in self.holders:
            return 404, None
        if mark in self.used:
            return 409, None
        self.used.add(mark)
        return 200, self.holders[mark]


def _handler(issuer: Issuer) -> type[BaseHTTPRequestHandler]:
    class Register(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = self.rfile.read(min(int(self.headers["content-length"]), LONGEST))
            status, holder = issuer.tell(json.loads(asked)["code"])
            issuer.answers.append(status)
            body = json.dumps(holder, ensure_ascii=False).encode() if holder else b""
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_) -> None:
            """What was asked is nobody's business."""

    return Register
