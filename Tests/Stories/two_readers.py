# SPDX-License-Identifier: Apache-2.0
"""Two card readers of one model at two ports, one for people who sit: whichever works serves.

They differ in how they carry frames on USB, which their descriptors tell. One alone is enough
for residents; the other's absence is for staff to know.
"""

import json
from pathlib import Path

import residents
from counter import Counter, open_counter
from stage import Trouble
from stage.claims import Claims
from stage.house import House
from stage.http import Service
from stage.processes import until
from stage.usb import Bus

HIGH, LOW = "1-1", "1-2"
PLACES = {"reader": {"models": ["sdt-usb"], "port": HIGH},
          "reader.low": {"models": ["sdt-usb"], "port": LOW}}


def play(claims: Claims, keep: Path | None) -> None:
    with House(rests=True, outside_dev=True) as house:
        profile = json.loads(house.profile.read_text())
        profile["places"] |= PLACES
        house.folder.write(house.profile, json.dumps(profile))
        bus = Bus(house, {HIGH: "four", LOW: "two"})
        house.start_kioskd()
        open_counter(lambda counter: TwoReaders(counter, bus), house, claims, keep)


class TwoReaders:
    def __init__(self, counter: Counter, bus: Bus):
        self.counter, self.claims, self.bus = counter, counter.claims, bus
        url, token = counter.house.staff_url.split("/#")
        self.door = Service(int(url.rpartition(":")[2]), {"Authorization": f"Bearer {token}"})

    def pass_through(self) -> None:
        resting = self.counter.says("problem.reader.gone.resident")
        self.claims.add("with no reader the first page says that it rests", resting, resting)
        self.bus.tell("add", LOW)
        self.await_states("the low one alone is there", {"reader": "absent", "reader.low": "ready"})
        hushed = self.counter.hushes("problem.reader.gone.resident")
        self.claims.add("one that works is enough for residents", hushed, hushed)
        self.file_with(residents.GRANDMOTHER, "low")
        self.bus.tell("remove", LOW)
        self.bus.tell("add", HIGH)
        self.await_states("the high one alone is there", {"reader": "ready", "reader.low": "absent"})
        self.file_with(residents.ENGLISH, "high")
        self.counter.await_arrival()
        self.counter.reckon()

    def states(self) -> dict[str, str]:
        return {one["place"]: one["state"] for one in self.door.get("/state")["devices"]
                if one["place"] in PLACES}

    def await_states(self, claim: str, wanted: dict[str, str]) -> None:
        try:
            until(claim, 20, lambda: self.states() == wanted, step=0.02)
        except Trouble as trouble:
            self.claims.step(str(trouble))
        seen = self.states()
        self.claims.add(claim, seen == wanted, seen)

    def file_with(self, who: residents.Resident, which: str) -> None:
        told = self.counter.file(who)
        self.claims.add(f"a card on the {which} one is read and filed with", told.number, told)
