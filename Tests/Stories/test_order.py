# SPDX-License-Identifier: Apache-2.0
"""The judgement of order, on traces that are right and on traces that are wrong."""

import pytest

from stage.order import SyncWatch, filings, orders, stray, told
from stage.trace import Trace

ONE, TWO = "32050700A72026112100033K", "32050700A720261121000343"
JOB = "0123456789abcdef" * 2
SOCKET = "/r/cups.sock"


def text(data: bytes) -> bytes:
    return b'"' + b"".join(b"\\%03o" % byte for byte in data) + b'"'


class Script:
    """Writes trace lines, a millisecond apart."""

    def __init__(self):
        self.trace, self.at = Trace(), 1000

    def line(self, words: bytes) -> "Script":
        self.at += 1
        self.trace.feed(b"9 %d.%09d " % (self.at // 1000, self.at % 1000 * 1_000_000) + words)
        return self

    def frame(self, page: bytes, commit: bool) -> "Script":
        header = b"\0\0\0\2" + (b"\0\0\0\7" if commit else b"\0\0\0\0") + b"s" * 16
        for data in (header, page):
            self.line(b'pwrite64(5</s/ledger-wal>, ' + text(data) + b", 1, 2) = 1 <0.000001>")
        return self

    def sync(self) -> "Script":
        return self.line(b"fdatasync(5</s/ledger-wal>) = 0 <0.000100>")

    def filing(self, number: str, kind: str = "application") -> "Script":
        return self.frame(b"\1" * 16 + number.encode() + kind.encode() + b"{}", False).frame(
            b"other page", True)

    def screen(self, words: bytes, port: int = 80) -> "Script":
        return self.line(b"write(7<TCP:[127.0.0.1:%d->127.0.0.1:9]>, " % port + text(words)
                         + b", 1) = 1 <0.000001>")

    def connect(self) -> "Script":
        return self.line(b'connect(8<UNIX-STREAM:[77]>, {sa_family=AF_UNIX, '
                         b'sun_path="/r/cups.sock"}, 110) = 0 <0.000001>')

    def slip(self, job: str = JOB, raster: bytes = b"\x1dv0\0") -> "Script":
        return self.line(b"sendto(8<UNIX-STREAM:[77]>, "
                         + text(b"NDSLIP1\n" + job.encode() + b"\n" + raster)
                         + b", 9, 0, NULL, 0) = 9 <0.000001>")

    def orders(self, first_bytes=()):
        return orders(self.trace, 80, SOCKET, list(first_bytes))


def groups(number: str) -> bytes:
    parts = (number[:6], number[6:10], number[10:18], number[18:23], number[23:])
    return b'{"plate":{"number":["' + '","'.join(parts).encode() + b'"]}}'


def test_a_number_told_after_the_sync_is_in_order():
    script = Script().connect().filing(ONE).sync().slip().screen(groups(ONE))
    (order,) = script.orders()
    assert not order.early and order.page > 0 and order.spooler > 0
    assert stray(script.trace, SOCKET) == []


@pytest.mark.parametrize("early", [
    lambda s: s.screen(groups(ONE)), lambda s: s.screen(ONE.encode()), lambda s: s.slip(),
    lambda s: s.screen(b"320507-00A7-20261121-00033-K"),
])
def test_a_number_told_before_the_sync_is_caught(early):
    script = Script().connect().filing(ONE)
    early(script)
    assert script.sync().orders()[0].early


def test_a_number_on_the_page_in_two_writes_is_caught():
    script = Script().filing(ONE).screen(groups(ONE)[:25]).screen(groups(ONE)[25:]).sync()
    assert script.orders()[0].early


def test_a_first_byte_at_the_printer_before_the_sync_is_caught():
    script = Script().filing(ONE)
    moment = script.at * 1_000_000 + 1
    assert script.sync().orders([moment])[0].early


def test_a_filing_never_synced_but_shown_is_caught():
    assert Script().filing(ONE).screen(groups(ONE)).orders()[0].early


def test_a_sync_without_a_commit_frame_makes_nothing_safe():
    script = Script().frame(b"\1" * 16 + ONE.encode() + b"application", False).sync()
    assert filings(script.trace)[0].sync is None


def test_another_number_and_another_port_do_not_count():
    script = Script().filing(ONE).screen(groups(TWO)).screen(groups(ONE), port=81).sync()
    assert not script.orders()[0].early


def test_a_slip_before_any_filing_and_a_second_one_are_strays():
    other = JOB[::-1]
    assert stray(Script().connect().slip().filing(ONE).sync().trace, SOCKET) == [JOB]
    twice = Script().connect().filing(ONE).sync().slip().slip(other)
    assert stray(twice.trace, SOCKET) == [other]


def test_a_health_check_is_no_slip():
    script = Script().connect().slip(raster=b"").filing(ONE).sync().slip()
    assert stray(script.trace, SOCKET) == []


def test_two_filings_are_told_apart():
    script = Script().filing(ONE).sync().screen(groups(ONE)).filing(TWO).screen(groups(TWO)).sync()
    first, second = script.orders()
    assert not first.early and second.early


def test_told_is_found_by_its_number():
    script = Script().filing(ONE).sync().filing(ONE, "told").sync()
    assert told(script.trace, ONE).sync.returned > filings(script.trace)[0].sync.returned
    assert told(script.trace, TWO) is None


@pytest.mark.parametrize("kind", ["application", "told"])
def test_the_watch_sees_the_sync_of_the_next_envelope_only(kind):
    script = Script().filing(ONE).sync().filing(ONE, "told").sync()
    watch = getattr(SyncWatch, kind)(script.trace)
    start = len(script.trace.calls)
    script.frame(b"\1" * 16 + ONE.encode() + kind.encode(), True).sync().filing(TWO, kind).sync()
    seen = [watch.sees(call) for call in script.trace.calls[start:]]
    assert seen.index(True) == len(seen) - 1 and watch.number == TWO
