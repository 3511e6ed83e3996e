# SPDX-License-Identifier: Apache-2.0
"""The card reader on the line is swapped for one on USB, pulled, forbidden, restarted.

The terminal's place allows both models: nothing is set anew and kioskd is never restarted. What
staff are told is read where they read it: from kioskctl and from the staff page's own door.
"""

import json
import time
from pathlib import Path

import residents
from counter import Counter, open_counter
from stage import Trouble
from stage.claims import Claims
from stage.house import House
from stage.http import Service
from stage.processes import until
from stage.usb import Bus

PORT = "1-1"


def play(claims: Claims, keep: Path | None) -> None:
    with House(rests=True, outside_dev=True) as house:
        bus = Bus(house, {PORT: "four"})
        house.start_kioskd()
        open_counter(lambda counter: ReaderSwap(counter, bus), house, claims, keep)


class ReaderSwap:
    def __init__(self, counter: Counter, bus: Bus):
        self.counter, self.house, self.claims, self.bus = counter, counter.house, counter.claims, bus
        url, token = self.house.staff_url.split("/#")
        self.door = Service(int(url.rpartition(":")[2]), {"Authorization": f"Bearer {token}"})
        self.pid = self.house.kioskd_pid

    def pass_through(self) -> None:
        self.on_the_line()
        self.swapped_for_usb()
        self.pulled()
        self.forbidden()
        self.restarted()
        self.claims.add("kioskd was never restarted", self.house.kioskd_pid == self.pid,
                        f"process {self.pid}, then {self.house.kioskd_pid}")
        self.counter.await_arrival()
        self.counter.reckon()

    # Looking, as staff do.

    def device(self) -> dict:
        """The reader, as the staff page hears of it."""
        return next(one for one in self.door.get("/state")["devices"] if one["place"] == "reader")

    def await_device(self, **wanted) -> tuple[float, dict]:
        """Until the reader is as `wanted`; the seconds it took, and the last that was seen."""
        began = time.monotonic()
        try:
            until("The reader", 20, lambda: wanted.items() <= self.device().items(), step=0.02)
        except Trouble as trouble:
            self.claims.step(f"{trouble} {self.device()}")
        return time.monotonic() - began, self.device()

    def see(self, claim: str, since: int = 0, **wanted) -> dict:
        """`since`: the state must have begun later."""
        seconds, seen = self.await_device(**wanted)
        self.claims.add(claim, wanted.items() <= seen.items() and seen["since"] > since,
                        f"{seen.get('model')} {seen['state']} {seen.get('problem', '')}, "
                        f"{seconds:.2f} s")
        return seen

    def kioskctl(self, *words: str) -> tuple[int, dict]:
        done = self.house.crew.call([self.house.folder.command("kioskctl"), "device", *words, "--json",
                                     "--profile", str(self.house.profile)])
        line = next((one for one in done.stdout.splitlines() if '"reader"' in one), "{}")
        return done.returncode, json.loads(line)

    # What happens.

    def on_the_line(self) -> None:
        self.see("a tty shows no model: the first allowed one of a line serves",
                 model="sdt-serial", state="ready")
        self.counter.file(residents.GRANDMOTHER)

    def swapped_for_usb(self) -> None:
        self.bus.tell("add", PORT)
        self.see("an allowed reader on USB takes over when it is plugged in", model="sdt-usb",
                 state="ready")
        told = self.counter.file(residents.ENGLISH)
        self.claims.add("a card on it is read and filed with", told.number, str(told))

    def pulled(self) -> None:
        before = self.device()["since"]
        self.bus.tell("remove", PORT)
        line = self.see("pulled, the one on the line serves again", before, model="sdt-serial",
                        state="ready")
        self.bus.tell("add", PORT)
        self.see("plugged in again, it is back", line["since"], model="sdt-usb", state="ready")

    def forbidden(self) -> None:
        self.bus.tell("deny", PORT)
        status, line = self.kioskctl("restart", "reader")
        self.claims.add("a restart that does not help says why, and which rule is missing",
                        status == 1 and line.get("problem") == "reader.denied"
                        and "70-sdt-usb.rules" in line["sentence"]["zh"],
                        f"exit {status}: {line.get('sentence', {}).get('zh')}")
        seen = self.device()
        self.claims.add("the staff page says the same", seen.get("sentence") == line.get("sentence"),
                        seen.get("problem"))
        self.bus.tell("allow", PORT)
        self.see("allowed again, it comes back by itself", state="ready")

    def restarted(self) -> None:
        before = self.device()
        self.door.post("/devices/reader/restart")
        until("The restart", 10, lambda: self.device()["since"] != before["since"], step=0.02)
        self.see("a restart from the staff page ends in ready", state="ready")
        status, line = self.kioskctl("restart", "reader")
        self.claims.add("kioskctl returns from a restart when the reader is ready",
                        status == 0 and line["state"] == "ready", f"exit {status}: {line['state']}")
        status = Service(self.house.ports["staff"]).status("POST", "/devices/reader/restart")
        self.claims.add("without the token nothing is restarted", status == 401, status)
        self.counter.file(residents.RARE_NAME)
