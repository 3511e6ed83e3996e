# SPDX-License-Identifier: Apache-2.0
"""The trace reader, on what the real strace writes about a small program."""

import subprocess
import sys

import pytest

from stage.trace import Follower, Trace, strace, unescape

PROGRAM = r"""
import os, socket, sys, threading
place = sys.argv[1]
wal = os.open(place + "/ledger-wal", os.O_RDWR | os.O_CREAT)
os.pwrite(wal, '{"name":"王","end":"\\"}\x00\x07\n'.encode(), 32)
os.fdatasync(wal)
server = socket.socket(socket.AF_UNIX); server.bind(place + "/cups.sock"); server.listen()
client = socket.socket(socket.AF_UNIX); client.connect(place + "/cups.sock")
client.sendall(b"to cupsd")
web = socket.create_server(("127.0.0.1", 0))
there = socket.create_connection(web.getsockname()); here, _ = web.accept()
print(web.getsockname()[1], flush=True)
os.writev(here.fileno(), [b'one "', b'two\\']); here.sendmsg([b"three", b"four"])
slow = threading.Thread(target=lambda: os.read(os.pipe()[0], 1), daemon=True); slow.start()
os.unlink(place + "/ledger-wal")
os._exit(0)
"""


@pytest.fixture(scope="module")
def traced(tmp_path_factory):
    place = tmp_path_factory.mktemp("traced")
    out = place / "trace"
    done = subprocess.run(strace(out, [sys.executable, "-c", PROGRAM, str(place)]),
                          capture_output=True, text=True, check=True)
    trace = Trace()
    Follower(trace, out).read()
    return trace, place, int(done.stdout)


def test_contents_come_back_as_they_stood_in_memory(traced):
    trace, place, _ = traced
    page = next(trace.writes(lambda target: target == f"{place}/ledger-wal"))
    assert page.data == '{"name":"王","end":"\\"}\x00\x07\n'.encode()
    assert page.name == "pwrite64" and page.result == len(page.data)


def test_a_sync_comes_after_the_page_that_it_makes_durable(traced):
    trace, _, _ = traced
    page = next(trace.writes(lambda target: target.endswith("/ledger-wal")))
    sync = next(trace.syncs("/ledger-wal"))
    assert page.returned < sync.entered <= sync.returned
    assert page.returned_at <= sync.entered_at <= sync.returned_at


def test_pieces_of_one_write_are_put_together(traced):
    trace, _, port = traced
    sent = [c.data for c in trace.writes(lambda target: f"TCP:[127.0.0.1:{port}->" in target)]
    assert sent == [b'one "two\\', b"threefour"]


def test_a_unix_socket_is_known_from_its_connect(traced):
    trace, place, _ = traced
    connect = next(c for c in trace.calls if c.name == "connect" and b"cups.sock" in c.data)
    sent = next(trace.writes(lambda target: target == connect.target))
    assert sent.data == b"to cupsd"


def test_the_end_of_the_first_process_is_seen(traced):
    assert traced[0].ended


def test_an_interrupted_call_returns_where_it_is_resumed():
    trace = Trace()
    for line in [
        b'7 100.000000001 fdatasync(3</x/ledger-wal> <unfinished ...>',
        b'8 100.000000002 write(1<TCP:[127.0.0.1:80->127.0.0.1:9]>, "early", 5) = 5 <0.000001>',
        b'7 100.000000009 <... fdatasync resumed>) = 0 <0.000000008>',
        b'8 100.000000010 write(1<TCP:[127.0.0.1:80->127.0.0.1:9]>, "late", 4) = 4 <0.000001>',
    ]:
        trace.feed(line)
    sync = next(trace.syncs("/ledger-wal"))
    early, late = trace.writes(lambda target: target.startswith("TCP"))
    assert early.entered < sync.returned < late.entered
    assert sync.returned_at == 100_000_000_009


def test_a_failed_sync_is_none():
    trace = Trace()
    trace.feed(b'7 1.0 fdatasync(3</x/ledger-wal>) = -1 EIO (Input/output error) <0.000010>')
    assert list(trace.syncs("/ledger-wal")) == []


def test_a_line_cut_in_two_is_read_once(tmp_path):
    file = tmp_path / "trace"
    follower = Follower(Trace(), file)
    file.write_bytes(b'7 1.0 fsync(3</x')
    assert follower.read() == []
    file.write_bytes(b'7 1.0 fsync(3</x>) = 0 <0.000010>\n')
    assert [call.target for call in follower.read()] == ["/x"]


@pytest.mark.parametrize("written, meant", [
    (rb"\0\1\17\377", bytes([0, 1, 15, 255])), (rb"\"\\\n\t\r\v\f", b"\"\\\n\t\r\v\f"),
    (rb"\347\216\213", "王".encode()), (rb"\0011", b"\x011"),
])
def test_escapes(written, meant):
    assert unescape(written) == meant


def test_a_megabyte_of_zeros_is_read_at_once_and_what_only_begins_so_is_read_whole():
    zeros = rb'5 1.000000001 pwrite64(3</s/ledger-wal>, "' + rb"\0" * 1_000_000 + rb'", 1000000, 0) = 1000000'
    call = Trace().feed(zeros)
    assert call.data == bytes(1_000_000)
    mixed = rb'5 1.000000001 pwrite64(3</s/ledger-wal>, "\0\0\0told\0", 8, 0) = 8'
    assert Trace().feed(mixed).data == b"\0\0\0told\0"
