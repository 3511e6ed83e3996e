# SPDX-License-Identifier: Apache-2.0
"""The terminal boots at 1970 without a network; then its time comes, and it is set right.

kioskd lives by a clock of its own (libfaketime). It serves at once and says that its time is not
checked; liars about the time change nothing; signed time is asked in clear while TLS cannot be,
nightdesk-clock steps the clock, and all is delivered with the quality that its paper bears. Then
a midnight, a day back, a year ahead.
"""

import base64
import json
import re
import secrets
import time
from datetime import datetime, timedelta
from pathlib import Path

import residents
from counter import Counter, Told, open_counter
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from drawing import second_drawing
from stage.claims import Claims
from stage.clock import FakeClock
from stage.house import CHINA, House
from stage.papers import differing_dots, papers
from stage.processes import until
from stage.stranger import Answer, Stranger, http, portal
from visit import WORDS

EPOCH = datetime(1970, 1, 1, 8, 0, 30, tzinfo=CHINA)
SETTLE = 1.0  # seconds in which a lie that is believed would show


def play(claims: Claims, keep: Path | None) -> None:
    with House(rests=True) as house:
        clock = FakeClock(house.folder)
        clock.set(EPOCH)
        house.around = clock.around
        house.afterwards.append(clock.tidy)
        house.panel.network("cut")
        house.start_kioskd()
        open_counter(lambda counter: Clock1970(counter, clock), house, claims, keep)


class Clock1970:
    def __init__(self, counter: Counter, clock: FakeClock):
        self.counter, self.house, self.claims = counter, counter.house, counter.claims
        self.panel, self.clock = counter.panel, clock
        self.proposal = self.house.run / "clock" / "proposal.json"
        signed = self.house.settings["signed"]
        self.floor = f"{signed['year']:04}{signed['month']:02}{signed['day']:02}"

    def pass_through(self) -> None:
        self.at_1970()
        self.liars()
        self.time_comes()
        self.clock_is_stepped()
        self.delivered()
        self.jumps()
        self.all_is_reckoned()

    # 1. No network, no time.

    def at_1970(self) -> None:
        said = WORDS["problem.clock.unknown.resident"]["zh"]
        self.claims.add("1970: the terminal serves, and its first page says that its time is not checked",
                        self.counter.says("roof.time-unknown", 10) and said in self.counter.idle(),
                        f"“{WORDS['roof.time-unknown']['zh']}”, “{said}”")
        self.counter.picture("1970-first-page")
        self.early = [self.counter.file(who) for who in (residents.RARE_NAME, residents.GRANDMOTHER)]
        days = {day(one) for one in self.early}
        self.claims.add("1970: she files, and her number bears the day before which it cannot be",
                        days == {self.floor}, f"{', '.join(days)}; settings were signed on {self.floor}")

    # 2. Somebody lies about the time.

    def liars(self) -> None:
        believed, asked = [], []
        lies = {"signed by another key": self._foreign(), "an old answer played again": self._old(),
                "the centre's answer with another time": self._altered(), "a portal's page": portal}
        for what, lie in lies.items():
            self._reboot(start=False)
            with Stranger(self.house.ports["timeProxy"], lie) as liar:
                self.house.start_kioskd()
                until(f"The question for the time ({what})", 30, lambda: liar.requests)
                self.counter.hands.wait("idle", seconds=30)
                time.sleep(SETTLE)
                asked += liar.requests
            if self.proposal.exists() or not self.counter.says("roof.time-unknown", 5):
                believed.append(what)
        self.claims.add("a lying time server changes nothing", not believed and len(asked) >= len(lies),
                        f"{len(lies)} lies ({', '.join(lies)}); believed: {', '.join(believed) or 'none'}")
        words = {re.sub(rb"nonce=[0-9a-f]{32} ", b"nonce=N ", one.split(b"\r\n")[0]) for one in asked}
        self.claims.add("the question in clear holds a nonce and nothing else",
                        words == {b"GET /v1/time?nonce=N HTTP/1.1"}
                        and not any(b"T0012" in one or b"ookie" in one for one in asked), words)

    def _true(self, nonce: str) -> dict:
        return self.house.centre.public.get(f"/v1/time?nonce={nonce}")

    def _foreign(self) -> Answer:
        """Right in all, but signed by a key of its own."""
        key = Ed25519PrivateKey.generate()

        def answer(request: bytes) -> bytes:
            told = self._true(_nonce(request))
            # A field order and spacing that the product's signature is made over.
            statement = json.dumps({"at": told["at"], "kind": "nightdesk time 1", "nonce": told["nonce"]},
                                   separators=(",", ":")).encode()
            return _json(told | {"signature": _base64(key.sign(statement))})
        return answer

    def _old(self) -> Answer:
        old = self._true(secrets.token_hex(16))
        return lambda _: _json(old)

    def _altered(self) -> Answer:
        def answer(request: bytes) -> bytes:
            told = self._true(_nonce(request))
            return _json(told | {"at": told["at"] + 3_600_000})
        return answer

    # 3. The network comes.

    def time_comes(self) -> None:
        self._reboot()
        waiting = len(self.counter.cases())
        self.panel.network("through")
        until("The proposal of another time", 60, self.proposal.exists, step=0.05)
        calls = [one for one in self.panel.get("/events") if one["event"] == "network.call"
                 and one.get("port") == self.house.ports["proxy"]]
        self.claims.add("the signed time is asked in clear while TLS cannot be: nothing was delivered yet",
                        not waiting and not self.counter.cases() and calls,
                        f"{len(calls)} calls for TLS, {len(self.counter.cases())} cases at the centre")
        self.counter.picture("1970-network-back")
        self.claims.add("the terminal knows the time before its clock is set, and says so no more",
                        self.counter.hushes("roof.time-unknown", 20)
                        and self.counter.hushes("problem.clock.unknown.resident", 20),
                        "no word of an unchecked time, above or below")

    # 4. nightdesk-clock, as its unit runs it; only the last call is not let through.

    def clock_is_stepped(self) -> None:
        good = self.proposal.read_bytes()
        spoilt = []
        for what, lie in (("another time", self._with_other_time(good)),
                          ("read two minutes ago", self._older(good))):
            self.house.folder.write(self.proposal, lie)
            status, call = self._clock_helper()
            if call is not None or status == 0:
                spoilt.append(what)
        self.claims.add("nightdesk-clock refuses a proposal that was altered, or is old", not spoilt,
                        f"taken: {', '.join(spoilt) or 'none'}")
        self.house.folder.write(self.proposal, good)
        status, call = self._clock_helper()
        off = None if call is None else call[0] - call[1]
        self.claims.add("nightdesk-clock steps the clock to the centre's time",
                        status == 0 and off is not None and abs(off) < 2,
                        f"status {status}; " + ("it never called clock_settime" if off is None else
                                                f"{1000 * off:+.0f} ms beside the machine's own clock"))
        if off is not None:
            self.clock.shift(off)

    def _clock_helper(self) -> tuple[int, tuple[float, float] | None]:
        """Status, and what it gave clock_settime with the moment at which it did."""
        trace = self.house.folder.evidence / "nightdesk-clock.strace"
        trace.unlink(missing_ok=True)
        identity = self.house.state / "identity" / "identity.json"
        done = self.house.crew.call([
            "/usr/bin/strace", "-f", "-qq", "-ttt",
            "--trace=clock_settime,settimeofday,adjtimex,clock_adjtime",
            "--inject=clock_settime:retval=0", "-o", str(trace), "--", *self.clock.around,
            self.house.folder.command("nightdesk-clock"), "--identity", str(identity),
            "--proposal", str(self.proposal)])
        self.claims.step(f"nightdesk-clock: {(done.stdout + done.stderr).strip() or 'no word'}")
        found = re.search(r"(\d+\.\d+) clock_settime\(CLOCK_REALTIME, \{tv_sec=(\d+), tv_nsec=(\d+)\}\) = 0",
                          trace.read_text())
        call = (int(found[2]) + int(found[3]) / 1e9, float(found[1])) if found else None
        return done.returncode, call

    @staticmethod
    def _with_other_time(proposal: bytes) -> bytes:
        return re.sub(rb'("at": ?)(\d{13})', lambda m: m[1] + str(int(m[2]) + 86_400_000).encode(),
                      proposal)

    @staticmethod
    def _older(proposal: bytes) -> bytes:
        """As if the boot clock had stood two minutes earlier when the answer came."""
        value = json.loads(proposal)
        return json.dumps(value | {"boot": value["boot"] - 120_000}).encode()

    # 5. All arrives, with the quality that its paper bears.

    def delivered(self) -> None:
        seconds = self.counter.await_arrival()
        cases = self.counter.cases()
        quality = {str(one): cases.get(one.number, {}).get("timeQuality") for one in self.early}
        self.claims.add("with its clock set the terminal speaks TLS, and what it filed at 1970 arrives",
                        all(one.number in cases for one in self.early), f"after {seconds:.1f} s")
        late = self.counter.file(residents.ENGLISH)
        self.counter.await_arrival()
        after = self.counter.cases()[late.number]["timeQuality"]
        self.claims.add("each filing has its quality of time at the centre",
                        set(quality.values()) == {"unknown"} and after == "synchronised",
                        f"at 1970: {quality}; after: {after}")
        self._papers_say_so(late)

    def _papers_say_so(self, late: Told) -> None:
        folder = self.house.folder.make("evidence/drawings")
        found = {one.number: one for one in papers(self.house.printed(), folder)}
        wrong, telling = [], 0
        for told in [*self.early, late]:
            paper = found[told.number]
            wrong += [str(told)] * (differing_dots(
                paper.rows, second_drawing(self.house, folder, paper, told.who)) != 0)
            other = "synchronised" if told is not late else "unknown"
            telling += differing_dots(
                paper.rows, second_drawing(self.house, folder, paper, told.who, other)) > 0
        self.claims.add("the papers of 1970 say 时间待核对, dot by dot, and the later one does not",
                        not wrong and telling == 3, f"3 papers; other than drawn again: {len(wrong)}; "
                        f"other than with the other word: {telling}")

    # 6. Midnight, a day back, a year ahead: without a network, the clock alone.

    def jumps(self) -> None:
        tomorrow = datetime.now(CHINA).replace(hour=0, minute=0, second=0) + timedelta(days=1)
        self.panel.network("cut")
        self._reboot(tomorrow.replace(hour=23, minute=59, second=46))
        expected = {"before midnight": tomorrow}
        told = {"before midnight": self.counter.file()}
        until("Midnight", 30, lambda: self.clock.now > (tomorrow + timedelta(days=1)).timestamp() + 1.5)
        for what, at in (("after midnight", tomorrow + timedelta(days=1, minutes=1)),
                         ("a day back", tomorrow + timedelta(hours=23)),
                         ("a year ahead", tomorrow + timedelta(days=365, hours=12)),
                         ("tomorrow again", tomorrow + timedelta(hours=12))):
            if what != "after midnight":
                self.clock.set(at)
                time.sleep(2.0)  # the library looks at its file once a second
            expected[what] = at
            told[what] = self.counter.file()
        days = {what: day(one) for what, one in told.items()}
        right = {what: f"{at:%Y%m%d}" for what, at in expected.items()}
        self.claims.add("across midnight, a day back, a year ahead: the number bears the clock's day",
                        days == right, days)
        numbers = [one.number for one in told.values()]
        self.claims.add("and no number is given twice", len(set(numbers)) == len(numbers),
                        ", ".join(map(str, told.values())))

    def all_is_reckoned(self) -> None:
        self.panel.network("through")
        self.clock.shift(0)
        self.counter.await_arrival()
        self.counter.reckon()

    # What the steps share.

    def _reboot(self, at: datetime = EPOCH, start: bool = True) -> None:
        """kioskd ends and begins with the clock at `at`; what lay in memory is gone."""
        self.house.stop_kioskd()
        self.proposal.unlink(missing_ok=True)
        self.clock.set(at)
        if start:
            self.house.start_kioskd()
            self.counter.hands.wait("idle", seconds=30)


def day(told: Told) -> str:
    return told.number[10:18]


def _nonce(request: bytes) -> str:
    return re.search(rb"nonce=([0-9a-f]{32})", request)[1].decode()


def _json(value: dict) -> bytes:
    return http(200, json.dumps(value).encode())


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
