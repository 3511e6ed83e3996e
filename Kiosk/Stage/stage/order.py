# SPDX-License-Identifier: Apache-2.0
"""What the trace says about one filing: when it was safe, when its number was told."""

import re
from dataclasses import dataclass

from stage.trace import SYNCS, WRITES, Call, Trace

WAL = "/ledger-wal"
RASTER = b"\x1dv0"
_DOCUMENT = re.compile(rb"NDSLIP1\n([0-9a-f]{32})\n")


def _numbers(kind: str) -> re.Pattern:
    """Numbers of envelopes of a kind in a page: by their row (number and kind are
    neighbours in it) or by their header, for a row may be cut by the page's end."""
    word = kind.encode()
    return re.compile(rb"([0-9]{6}[0-9A-Z]{4}[0-9]{13}[0-9A-Z])(?=" + word + rb")"
                      rb'|(?<="kind":"' + word + rb'","number":")[0-9A-Z]{24}')


_APPLICATION, _TOLD = _numbers("application"), _numbers("told")


def _found(pattern: re.Pattern, data: bytes) -> list[str]:
    return [match.group().decode() for match in pattern.finditer(data)]


@dataclass(frozen=True)
class Filing:
    """An application on its way to disk: the page that holds its number, and the sync that
    made it durable (None: never synced)."""

    number: str
    written: Call
    sync: Call | None


def _is_commit(call: Call) -> bool:
    """A WAL frame header (24 bytes) whose size-after-commit, bytes 4-7, is not 0."""
    data = call.data
    return len(data) == 24 and data[4:8] != b"\0\0\0\0"


def _first_of(trace: Trace, pattern: re.Pattern) -> list[Filing]:
    """For each number that `pattern` finds in the WAL: first page, and its commit's sync."""
    pages = [c for c in trace.writes(lambda target: target.endswith(WAL))]
    seen: dict[str, Filing] = {}
    for place, call in enumerate(pages):
        for text in _found(pattern, call.data):
            if text not in seen:
                seen[text] = Filing(text, call, _sync_after(trace, pages, place))
    return list(seen.values())


def _sync_after(trace: Trace, pages: list[Call], place: int) -> Call | None:
    # The commit frame is the transaction's last; its header comes right before its page, so
    # it may be the one that stands before the page in question.
    commit = next((c for c in pages[max(0, place - 1):] if _is_commit(c)), None)
    if commit is None:
        return None
    after = max(commit.entered, pages[place].entered)
    return next((c for c in trace.syncs(WAL) if c.entered > after), None)


def filings(trace: Trace) -> list[Filing]:
    """Applications in the order in which they reached the ledger."""
    return _first_of(trace, _APPLICATION)


def told(trace: Trace, number: str) -> Filing | None:
    """The `told` envelope that bears `number`."""
    return next((one for one in _first_of(trace, _TOLD) if one.number == number), None)


class SyncWatch:
    """Sees, call by call, when the next envelope of a kind becomes durable: the moment at
    which a power cut could no longer take it back, and at which the story may cut."""

    def __init__(self, pattern: re.Pattern, known: set[str]):
        self.pattern, self.known = pattern, known
        self.number: str | None = None
        self.committed = self.after_header = False

    @classmethod
    def application(cls, trace: Trace) -> "SyncWatch":
        return cls(_APPLICATION, {one.number for one in filings(trace)})

    @classmethod
    def told(cls, trace: Trace) -> "SyncWatch":
        return cls(_TOLD, {one.number for one in _first_of(trace, _TOLD)})

    def sees(self, call: Call) -> bool:
        if call.name in SYNCS and call.succeeded and call.target.endswith(WAL):
            return self.committed
        if call.name not in WRITES or not call.target.endswith(WAL):
            return False
        if self.number is None:
            fresh = set(_found(self.pattern, call.data)) - self.known
            self.number = min(fresh, default=None)
            self.committed = self.number is not None and self.after_header
        self.after_header = _is_commit(call)
        self.committed = self.committed or self.number is not None and self.after_header
        return False


def number_anywhere(number: str) -> re.Pattern:
    """The number as it may stand in a scene: whole, 6-4-8-5-1, or as a list of groups."""
    groups = (number[0:6], number[6:10], number[10:18], number[18:23], number[23:24])
    return re.compile(rb"[^0-9A-Za-z]{0,6}".join(group.encode() for group in groups))


def told_to_page(trace: Trace, number: str, port: int) -> list[Call]:
    """Writes to the page's connections that carry `number`, in one piece or in two."""
    pattern, tails, found = number_anywhere(number), {}, []
    for call in trace.writes(lambda target: f"TCP:[127.0.0.1:{port}->" in target):
        text = tails.get(call.target, b"") + call.data
        if pattern.search(text):
            found.append(call)
            text = b""
        tails[call.target] = text[-64:]
    return found


@dataclass(frozen=True)
class Submission:
    """A slip handed to cupsd: its job name and the write that began its document."""

    job: str
    begun: Call


def slips_submitted(trace: Trace, socket: str) -> list[Submission]:
    """Documents with raster written to cupsd's socket, in order; a health check has none."""
    ours = _connections(trace, socket)
    begun: dict[str, Submission] = {}
    tails: dict[str, bytes] = {}
    found: list[Submission] = []
    for call in trace.writes(lambda target: _inode(target) in ours):
        text = tails.get(call.target, b"") + call.data
        for job in _DOCUMENT.findall(text):
            begun[call.target] = Submission(job.decode(), call)
            text = text[text.index(job):]
        if RASTER in text and call.target in begun:
            found.append(begun.pop(call.target))
        tails[call.target] = text[-48:]
    return found


def _inode(target: str) -> str | None:
    match = re.match(r"UNIX-STREAM:\[(\d+)", target)
    return match.group(1) if match else None


def _connections(trace: Trace, socket: str) -> set[str | None]:
    """A client's descriptor shows no path: its connect tells where it leads."""
    return {_inode(c.target) for c in trace.calls
            if c.name == "connect" and socket.encode() in c.data} - {None}


@dataclass(frozen=True)
class Order:
    """How long after its sync the number of a filing was first told, in milliseconds;
    negative or `early` = told too soon. None: never told this way."""

    number: str
    early: bool
    page: float | None
    spooler: float | None
    printer: float | None

    def __str__(self) -> str:
        ways = {"page": self.page, "spooler": self.spooler, "printer": self.printer}
        said = ", ".join(f"{way} {ms:+.1f} ms" for way, ms in ways.items() if ms is not None)
        return f"…{self.number[18:]}: {said or 'never told'}{' EARLY' if self.early else ''}"


def orders(trace: Trace, port: int, socket: str, first_bytes: list[int]) -> list[Order]:
    """One for each filing. `first_bytes`: wall-clock nanoseconds at which the printer got the
    first byte of a paper. Each belongs to the newest filing begun before it: a slip is printed
    within its visit, and the next filing comes only after that."""
    all_filings = filings(trace)
    slips = [slip.begun for slip in slips_submitted(trace, socket)]
    return [_order(one, following, told_to_page(trace, one.number, port), slips, first_bytes)
            for one, following in zip(all_filings, [*all_filings[1:], None])]


def _order(one: Filing, following: Filing | None, page: list[Call], slips: list[Call],
           first_bytes: list[int]) -> Order:
    if one.sync is None or one.sync.returned is None:
        return Order(one.number, bool(page), None, None, None)
    safe, safe_at = one.sync.returned, one.sync.returned_at
    begun, begun_at = one.written.entered, one.written.entered_at
    end = following.written.entered if following else float("inf")
    end_at = following.written.entered_at if following else float("inf")
    spooled = [c for c in slips if begun <= c.entered < end]
    printed = [at for at in first_bytes if begun_at <= at < end_at]
    early = (any(c.entered <= safe for c in page + spooled)
             or any(at <= safe_at for at in printed))

    def since(times: list[int]) -> float | None:
        return (min(times) - safe_at) / 1e6 if times else None

    return Order(one.number, early, since([c.entered_at for c in page]),
                 since([c.entered_at for c in spooled]), since(printed))


def stray(trace: Trace, socket: str) -> list[str]:
    """Jobs of slips that no filing explains: handed to cupsd before the first filing was
    synced, or a second one for the same filing."""
    synced = [one.sync.returned for one in filings(trace) if one.sync and one.sync.returned]
    served: set[int] = set()
    found = []
    for slip in slips_submitted(trace, socket):
        before = sum(1 for place in synced if place < slip.begun.entered)
        if before == 0 or before in served:
            found.append(slip.job)
        served.add(before)
    return found
