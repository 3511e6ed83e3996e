# SPDX-License-Identifier: Apache-2.0
"""The strangers themselves: what they could read is told, and TLS is told from all else."""

import socket
import time
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives import serialization

from stage.http import ask
from stage.stranger import Stranger, only_tls, portal, refuses
from stage.tls import Mint, client


def pem(mint: Mint) -> str:
    return mint.certificate.public_bytes(serialization.Encoding.PEM).decode()


def eventually(holds) -> bool:
    end = time.monotonic() + 5
    while not holds() and time.monotonic() < end:
        time.sleep(0.01)
    return bool(holds())


def test_who_is_believed_reads_what_is_sent(tmp_path):
    mint = Mint.foreign()
    with Stranger(0, refuses((404, 410)), mint.server(tmp_path)) as stranger:
        url = f"https://127.0.0.1:{stranger.port}/v1/batches"
        answers = [ask("POST", url, {"word": "secret"}, context=client(pem(mint)))[0] for _ in range(3)]
        assert answers == [404, 410, 404]
    assert [b"secret" in one for one in stranger.requests] == [True] * 3
    assert all(only_tls(bytes(one)) and b"secret" not in one for one in stranger.raw)


@pytest.mark.parametrize("made, reason", [
    ({"signs_itself": True}, "UNKNOWN_CA"), ({"until": -timedelta(minutes=1)}, "EXPIRED"),
    ({"names": ("other.example",)}, "BAD_CERTIFICATE")])
def test_who_is_not_believed_reads_nothing(tmp_path, made, reason):
    mint = Mint.foreign()
    with Stranger(0, portal, mint.server(tmp_path, **made)) as stranger:
        assert ask("GET", f"https://127.0.0.1:{stranger.port}/", context=client(pem(mint)))[0] == 0
        assert eventually(lambda: stranger.turned_away)
    assert reason in stranger.turned_away[0] and not stranger.requests


def test_a_foreign_authority_is_not_believed(tmp_path):
    with Stranger(0, portal, Mint.foreign().server(tmp_path)) as stranger:
        trusted = client(pem(Mint.foreign()))
        assert ask("GET", f"https://127.0.0.1:{stranger.port}/", context=trusted)[0] == 0
    assert not stranger.requests


def test_a_portal_answers_in_clear_and_keeps_what_came(tmp_path):
    with Stranger(0, portal) as stranger:
        status, page = ask("GET", f"http://127.0.0.1:{stranger.port}/v1/time")
        assert status == 200 and "登录" in page.decode()
        assert ask("GET", f"https://127.0.0.1:{stranger.port}/", context=client(pem(Mint.foreign())))[0] == 0
        assert [only_tls(bytes(one)) for one in stranger.raw] == [False, True]


def test_its_port_is_free_again_when_it_is_left():
    with Stranger(0, portal) as stranger:
        ask("GET", f"http://127.0.0.1:{stranger.port}/")
    socket.create_server(("127.0.0.1", stranger.port)).close()


@pytest.mark.parametrize("data, is_tls", [
    (b"", True), (b"\x16\x03\x01\x00\x02ab\x17\x03\x03\x00\x01c", True), (b"\x16\x03\x01\x00\x09cut", True),
    (b"GET / HTTP/1.1\r\n\r\n", False), (b"\x16\x03\x01\x00\x02abGET /", False),
    (b"\x17\x03\x03\x00\x01c", False), (b"\x16\x02\x01\x00\x01c", False)])
def test_tls_is_told_from_all_else(data, is_tls):
    assert only_tls(data) == is_tls
