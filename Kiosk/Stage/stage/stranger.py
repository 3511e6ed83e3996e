# SPDX-License-Identifier: Apache-2.0
"""Somebody else's server at the centre's address: a wrong route, a portal, an old proxy."""

from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

STATUSES = (409, 404, 410, 400)


class Stranger:
    """Answers whatever is posted to `port` with a status of the four hundreds, until left."""

    def __init__(self, port: int):
        self.answered: list[int] = []
        stranger = self

        class Answers(BaseHTTPRequestHandler):
            def do_POST(self):
                self.rfile.read(int(self.headers.get("Content-Length", 0)))
                status = STATUSES[len(stranger.answered) % len(STATUSES)]
                body = b'{"title": "no", "status": %d}' % status
                self.send_response(status)
                self.send_header("Content-Type", "application/problem+json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
                stranger.answered.append(status)

            def log_message(self, *_):
                pass

        ThreadingHTTPServer.allow_reuse_address = True
        self._server = ThreadingHTTPServer(("127.0.0.1", port), Answers)
        self._server.daemon_threads = True

    def __enter__(self) -> "Stranger":
        Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_) -> None:
        self._server.shutdown()
        self._server.server_close()
