# SPDX-License-Identifier: Apache-2.0
"""Somebody else in the centre's place: a lying name service, a captive portal, an old proxy.
Whoever it is, what reached it is kept."""

import json
import re
import socket
import ssl
import threading
from typing import Callable

# Answers the bytes of one request; None: hangs up without a word.
Answer = Callable[[bytes], bytes | None]


class Stranger:
    """Listens on `port` of this machine until left. With a `context` it speaks TLS, else plain
    HTTP; each request is answered by `answer`."""

    def __init__(self, port: int, answer: Answer, context: ssl.SSLContext | None = None):
        self.answer, self.context = answer, context
        # All that came over the wire, by connection; and what of it could be read.
        self.raw: list[bytearray] = []
        self.requests: list[bytes] = []
        # Why TLS came to nothing, in OpenSSL's words.
        self.turned_away: list[str] = []
        self._listener = socket.create_server(("127.0.0.1", port), backlog=64)
        self.port = self._listener.getsockname()[1]
        self._open: set[socket.socket] = set()

    def __enter__(self) -> "Stranger":
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_) -> None:
        # Closing alone would leave the port taken by the thread that waits in accept.
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for line in list(self._open):
            _hang_up(line)

    @property
    def calls(self) -> int:
        return len(self.raw)

    def _accept(self) -> None:
        while True:
            try:
                line, _ = self._listener.accept()
            except OSError:
                return
            self._open.add(line)
            threading.Thread(target=self._serve, args=(line,), daemon=True).start()

    def _serve(self, line: socket.socket) -> None:
        heard = bytearray()
        self.raw.append(heard)
        try:
            speech = _Sealed(line, heard, self.context) if self.context else _Clear(line, heard)
            while request := _request(speech.read):
                self.requests.append(request)
                answer = self.answer(request)
                if answer is None:
                    break
                speech.write(answer)
        except ssl.SSLError as error:
            self.turned_away.append(error.reason or str(error))
        except OSError:
            pass  # it hung up
        finally:
            self._open.discard(line)
            _hang_up(line)


def _hang_up(line: socket.socket) -> None:
    try:
        line.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    line.close()


class _Clear:
    def __init__(self, line: socket.socket, heard: bytearray):
        self.line, self.heard = line, heard

    def read(self) -> bytes:
        data = self.line.recv(65536)
        self.heard += data
        return data

    def write(self, data: bytes) -> None:
        self.line.sendall(data)


class _Sealed(_Clear):
    """TLS by hand, so that the bytes on the wire are seen as well."""

    def __init__(self, line: socket.socket, heard: bytearray, context: ssl.SSLContext):
        super().__init__(line, heard)
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = context.wrap_bio(self.incoming, self.outgoing, server_side=True)
        self._turn(self.tls.do_handshake)

    def _turn(self, act: Callable):
        """Does `act`, moving bytes until it needs no more."""
        while True:
            try:
                done = act()
                self._flush()
                return done
            except ssl.SSLWantReadError:
                self._flush()
                data = super().read()
                if not data:
                    raise ConnectionResetError from None
                self.incoming.write(data)

    def _flush(self) -> None:
        if self.outgoing.pending:
            self.line.sendall(self.outgoing.read())

    def read(self) -> bytes:
        return self._turn(lambda: self.tls.read(65536))

    def write(self, data: bytes) -> None:
        self._turn(lambda: self.tls.write(data))


def _request(read: Callable[[], bytes]) -> bytes:
    """One HTTP/1.1 request, head and body; empty when none came. What is no HTTP is one piece."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = read()
        if not more or data == b"" and not more[:1].isalpha():
            return data + more
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", head)
    while length and len(body) < int(length.group(1)):
        body += read()
    return head + b"\r\n\r\n" + body


def http(status: int, body: bytes = b"", kind: str = "application/json", more: str = "") -> bytes:
    """An HTTP/1.1 answer."""
    return (f"HTTP/1.1 {status} So\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
            f"{more}\r\n").encode() + body


def refuses(statuses: tuple[int, ...] = (409, 404, 410, 400)) -> Answer:
    """Answers with one status of the four hundreds after the other."""
    turn = iter(range(1_000_000))

    def answer(_: bytes) -> bytes:
        status = statuses[next(turn) % len(statuses)]
        return http(status, json.dumps({"title": "no", "status": status}).encode(),
                    "application/problem+json")
    return answer


def sends_elsewhere(_: bytes) -> bytes:
    return http(307, more="Location: /elsewhere\r\n")


def portal(_: bytes) -> bytes:
    """A captive portal's page, for whatever was asked."""
    page = "<html><title>上网认证</title><body>请先登录无线网络</body></html>".encode()
    return http(200, page, "text/html; charset=utf-8")


def only_tls(data: bytes) -> bool:
    """Whether `data` is made of TLS records (RFC 8446, 5.1), the first of them a hello."""
    at = 0
    while at + 5 <= len(data):
        kind, major, length = data[at], data[at + 1], int.from_bytes(data[at + 3:at + 5], "big")
        if kind not in (20, 21, 22, 23) or major != 3 or length > 16_640:
            return False
        at += 5 + length
    return data[:1] in (b"", b"\x16")
