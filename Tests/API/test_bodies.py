# SPDX-License-Identifier: Apache-2.0
"""What no client of ours sends: each gets a clear refusal, and the centre lives."""

import gzip
import json
import socket

import pytest

TEN = 10 * 1024 * 1024


@pytest.fixture(autouse=True)
def the_centre_lives(centre):
    yield
    centre.lives()


@pytest.fixture
def send(centre, terminal):
    session = centre.session(terminal)

    def send(body: bytes, **headers: str):
        answer = session.post(centre.doors["terminals"] + "/v1/batches", data=body, timeout=30,
                              headers={"Content-Type": "application/json"} | headers)
        assert answer.headers["Content-Type"] == (
            "application/vnd.nightdesk.verdicts+json" if answer.ok else "application/problem+json")
        return answer

    return send


def batch(**more) -> bytes:
    return json.dumps({"batch": "b", "terminal": "T0012", "envelopes": []} | more).encode()


def test_an_empty_batch_is_answered(send):
    assert send(batch()).json() == {"batch": "b", "verdicts": []}


def test_too_large(send):
    assert send(b" " * (TEN + 1)).status_code == 413


def test_as_large_as_may_be(send):
    assert send(batch() + b" " * (TEN - len(batch()))).status_code == 200


def test_too_deep(send):
    assert send(b'{"batch":' + b"[" * 1000 + b"]" * 1000 + b"}").status_code == 422


@pytest.mark.parametrize("body", [
    b'{"batch":"a","batch":"b","terminal":"T0012","envelopes":[]}',
    b'{"batch":"a","terminal":"T0012","envelopes":[],"more":1}',
    b'{"batch":"a","terminal":"T0012","envelopes":[]} x', b"\xff\xfe", b"", b"null"])
def test_not_understood(send, body):
    assert send(body).status_code == 422


def test_gzip_is_taken(send):
    answer = send(gzip.compress(batch()), **{"Content-Encoding": "gzip"})
    assert answer.json() == {"batch": "b", "verdicts": []}


def test_gzip_that_is_cut_off(send):
    body = gzip.compress(batch(batch="b" * 9000 + str(list(range(3000)))))
    answer = send(body[:-20], **{"Content-Encoding": "gzip"})
    assert answer.status_code == 400 and "body-not-inflated" in answer.text


def test_gzip_that_is_none(send):
    assert send(b"no gzip at all", **{"Content-Encoding": "gzip"}).status_code == 400


def test_gzip_that_is_a_bomb(send):
    body = gzip.compress(b" " * (200 * 1024 * 1024))
    assert len(body) < 300_000
    assert send(body, **{"Content-Encoding": "gzip"}).status_code == 413


def read(connection: socket.socket) -> bytes:
    data = b""
    while piece := connection.recv(65_536):
        data += piece
    return data


@pytest.mark.parametrize("door", ["centre", "office", "enrolment"])
def test_no_http(centre, door):
    with centre.socket(door) as connection:
        connection.sendall(b"nothing that is\r\nHTTP\r\n\r\n")
        answer = read(connection)
    assert answer.startswith(b"HTTP/1.1 400 ") and b"application/problem+json" in answer


def test_no_tls(centre):
    host, port = centre.doors["terminals"].rsplit("/", 1)[-1].split(":")
    with socket.create_connection((host, int(port)), timeout=20) as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
        assert b"200" not in read(connection)


def test_a_body_that_is_half_there(centre):
    """The sender closes its side: the rest never comes."""
    with centre.socket("centre") as connection:
        connection.sendall(b"POST /v1/progress HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{")
        connection.shutdown(socket.SHUT_WR)
        answer = read(connection)
    assert b" 200 " not in answer.split(b"\r\n")[0]


def test_half_closed_after_a_whole_request(centre):
    with centre.socket("centre") as connection:
        connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
        connection.shutdown(socket.SHUT_WR)
        assert read(connection).startswith(b"HTTP/1.1 200 ")


def test_slow_ones_keep_nobody_waiting(centre):
    """Two hundred that send a byte and wait: others are answered meanwhile. That each ends in
    time is tested in Tests/Central, where the patience is short."""
    slow = [centre.socket("centre") for _ in range(200)]
    for connection in slow:
        connection.sendall(b"POST /v1/progress HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{")
    centre.lives()
    for connection in slow:
        connection.close()


def test_answers_are_small_when_that_is_accepted(centre):
    url = centre.doors["centre"] + "/assets/centre.css"
    session = centre.session()
    packed = session.get(url, headers={"Accept-Encoding": "gzip"})
    plain = session.get(url, headers={"Accept-Encoding": "identity"})
    assert packed.headers["Content-Encoding"] == "gzip" and packed.text == plain.text
    assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
    assert "Content-Encoding" not in plain.headers
    head = session.head(url, headers={"Accept-Encoding": "gzip"})
    assert head.status_code == 200 and head.content == b""
    small = session.get(centre.doors["centre"] + "/healthz", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in small.headers
