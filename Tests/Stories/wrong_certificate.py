# SPDX-License-Identifier: Apache-2.0
"""Strangers in the centre's place: wrong certificates, a lying name service, a captive portal.

Nothing but TLS reaches any of them, everything waits, and the terminal says so in words. Then
certificates are renewed on both sides without a restart, and a terminal is revoked.
"""

import ssl
import time
from datetime import timedelta
from pathlib import Path

import residents
from counter import Counter, open_counter
from cryptography import x509
from stage.claims import Claims
from stage.house import TERMINAL, House
from stage.processes import until
from stage.stranger import Stranger, only_tls, portal, refuses
from stage.tls import Mint, serial
from visit import WORDS

CALLS = 2  # of the terminal at each stranger's door


def play(claims: Claims, keep: Path | None) -> None:
    with House() as house:
        open_counter(WrongCertificate, house, claims, keep)


class WrongCertificate:
    def __init__(self, counter: Counter):
        self.counter, self.house, self.claims = counter, counter.house, counter.claims
        self.panel, self.centre = counter.panel, counter.house.centre
        self.identity = self.house.state / "identity"

    def pass_through(self) -> None:
        self.doors()
        self.counter.file()
        self.counter.await_arrival()
        self.strangers()
        self.captive_portal()
        self.back_home()
        self.centre_renews()
        self.terminal_renews()
        self.revoked()
        self.all_is_reckoned()

    # 1. Who may enter where.

    def doors(self) -> None:
        """As somebody on the network would try the centre's doors."""
        terminal, nobody = self.house.as_terminal(), self.house.as_nobody()
        enrolment = self.house.as_nobody("enrolment")
        self.claims.add("the terminals' door opens to the terminal's own certificate, to none else",
                        terminal.status("GET", "/healthz") == 200 and nobody.status("GET", "/healthz") == 0,
                        f"with it {terminal.status('GET', '/healthz')}, without any "
                        f"{nobody.status('GET', '/healthz') or 'closed in the handshake'}")
        other = {path: enrolment.status(*path.split(" ")) for path in
                 ("POST /v1/batches", "GET /v1/events", "GET /v1/cases", "GET /v1/counts")}
        self.claims.add("the enrolment door does enrolments only",
                        set(other.values()) <= {404, 405} and enrolment.status("GET", "/v1/authority") == 200,
                        other)
        foreign = {"batch": "0" * 32, "terminal": "T9999", "envelopes": []}
        status = terminal.status("POST", "/v1/batches", foreign)
        self.claims.add("a terminal cannot deliver in another's name", status == 403, status)

    # 2. Certificates that are not the centre's.

    def strangers(self) -> None:
        place = self.house.folder.make("evidence/strangers")
        ours = Mint.of(self.centre.data / "authority.pem", self.centre.data / "authority.key")
        foreign = Mint.foreign()
        makes: dict[str, ssl.SSLContext] = {
            "signed by itself": foreign.server(place, signs_itself=True),
            "of a foreign authority": foreign.server(place),
            "over its time": ours.server(place, until=-timedelta(minutes=5)),
            "for another name": ours.server(place, names=("other.example",)),
        }
        self.panel.network("cut")
        told = [self.counter.file(residents.GRANDMOTHER)]
        before = set(self.counter.cases())
        readable, leaky = [], []
        for what, context in makes.items():
            with Stranger(self.house.ports["proxy"], refuses(), context) as stranger:
                until(f"The terminal's call ({what})", 60, lambda: stranger.calls >= CALLS, step=0.05)
                if what == "of a foreign authority":
                    self._says_so()
                    told.append(self.counter.file(residents.ENGLISH))
                time.sleep(0.3)
            readable += [what] * len(stranger.requests)
            leaky += [what for one in stranger.raw if not only_tls(bytes(one))]
            # A name is looked at when the handshake is done: then it is hung up without a word.
            self.claims.step(f"{what}: {stranger.calls} calls, turned away with "
                             f"{', '.join(set(stranger.turned_away)) or 'a closed line'}")
        self.claims.add("a stranger with a certificate that is not the centre's reads nothing",
                        not readable and not leaky,
                        f"{len(makes)} strangers ({', '.join(makes)}); requests they could read: "
                        f"{len(readable)}; bytes that are no TLS: {len(leaky)}")
        self.claims.add("meanwhile everything waits, and she is told her number as ever",
                        set(self.counter.cases()) == before and len(told) == 2,
                        f"{', '.join(map(str, told))} told, none arrived")

    def _says_so(self) -> None:
        key = "problem.centre.not-trusted.resident"
        said = WORDS[key]["zh"]
        words = self._board("centre.not-trusted")
        self.claims.add("the board says that who answers is not the centre, the first page that the "
                        "network failed a check, and not that it is down",
                        "应答的不是中心" in words and self.counter.says(key)
                        and WORDS["idle.offline"]["zh"] not in self.counter.idle(),
                        f"“{words}”; “{said}”")
        self.counter.picture("not-trusted")

    def _board(self, problem: str) -> str:
        """The board's sentence for staff, once it names the problem."""
        board = until(f"{problem} on the board", 40, lambda: next(
            (one for one in self.counter.doctor().values() if one.get("problem") == problem), None),
            step=0.5)
        return board.get("sentence", {}).get("zh", "")

    # 3. A captive portal: plain HTTP at the centre's address and at its time's.

    def captive_portal(self) -> None:
        before = set(self.counter.cases())
        with (Stranger(self.house.ports["proxy"], portal) as at_centre,
              Stranger(self.house.ports["timeProxy"], portal) as at_time):
            until("The terminal's call at the portal", 60, lambda: at_centre.calls >= CALLS, step=0.05)
            time.sleep(0.3)
        clear = [one for one in at_centre.raw if not only_tls(bytes(one))]
        spoken = [one for one in at_time.requests if not one.startswith(b"GET /v1/time?nonce=")]
        sent = sum(map(len, at_centre.raw))
        self.claims.add("a captive portal gets TLS and nothing else, and settles nothing",
                        at_centre.calls >= CALLS and not clear and not spoken
                        and set(self.counter.cases()) == before,
                        f"{at_centre.calls} calls, {sent} bytes, {len(clear)} of them in clear; "
                        f"{len(at_time.requests)} questions for the time")

    def back_home(self) -> None:
        self.panel.network("through")
        seconds = self.counter.await_arrival()
        self.claims.add("the centre is back in its place: all that waited arrives",
                        set(self.counter.numbers) == set(self.counter.cases()), f"after {seconds:.1f} s")

    # 4. Certificates change while everything runs.

    def centre_renews(self) -> None:
        before, process = serial(self.centre.data / "server.pem"), self.centre.pid
        self.centre.run("certificates", "renew")
        after = serial(self.centre.data / "server.pem")
        until("The new certificate at the doors", 15, lambda: self._shown() == after, step=0.1)
        told = self.counter.file()
        self.counter.await_arrival([told.number], 30)
        self.claims.add("the centre's certificate is changed without a restart, and deliveries go on",
                        before != after and self.centre.pid == process
                        and told.number in self.counter.cases(),
                        f"serial …{before % 10 ** 6} → …{after % 10 ** 6}, the same process")

    def _shown(self) -> int:
        """The serial of the certificate that the doors show now: one for both."""
        pem = ssl.get_server_certificate(("127.0.0.1", self.house.ports["enrolment"]), timeout=5)
        return x509.load_pem_x509_certificate(pem.encode()).serial_number

    def terminal_renews(self) -> None:
        before, process = serial(self.identity / "tls.pem"), self.house.kioskd_pid
        order = self.centre.order(TERMINAL, "renew")
        outcome = until("The command's outcome", 40,
                        lambda: self.centre.commands(TERMINAL)[order].get("outcome"), step=0.1)
        self.claims.step(f"renew: {outcome}")
        until("The terminal's new certificate", 20,
              lambda: serial(self.identity / "tls.pem") != before, step=0.1)
        told = self.counter.file()
        self.counter.await_arrival([told.number], 30)
        now, known = serial(self.identity / "tls.pem"), self.centre.terminal(TERMINAL)["certificate"]
        self.claims.add("the terminal's certificate is changed without a restart, and deliveries go on",
                        self.house.kioskd_pid == process and told.number in self.counter.cases()
                        and int(known["serial"], 16) == now != before,
                        f"serial {before:x} → {now:x}, which the centre knows; the same process")

    # 5. The terminal is revoked.

    def revoked(self) -> None:
        self.centre.revoke(TERMINAL)
        status = self.house.as_terminal().status("POST", "/v1/batches", {
            "batch": "0" * 32, "terminal": TERMINAL, "envelopes": []})
        before = set(self.counter.cases())
        self.waiting = self.counter.file(residents.NO_PAPER)
        words = self._board("centre.unknown-terminal")
        self.claims.add("a revoked terminal is let in nowhere; what it files waits, and it says so",
                        status == 403 and set(self.counter.cases()) == before and "中心不认识本终端" in words,
                        f"status {status}; “{words}”")
        self.counter.picture("revoked")

    def all_is_reckoned(self) -> None:
        """Enrolled anew the terminal is known again, and what waited arrives."""
        house = self.house
        house.stop_kioskd()
        (self.identity / "identity.json").rename(self.identity / "former.json")
        house.crew.run([house.folder.command("kioskctl"), "enrol", "--centre", self.centre.enrolment_url,
                        "--profile", str(house.profile)], given=self.centre.ticket(TERMINAL, "320507"))
        house.start_kioskd()
        self.counter.await_arrival()
        self.claims.add("enrolled anew, what waited under the old certificate arrives",
                        self.waiting.number in self.counter.cases(), f"{self.waiting}")
        self.counter.reckon()
