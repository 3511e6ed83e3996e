# SPDX-License-Identifier: Apache-2.0
"""The salvage of a broken ledger, spoilt at one call after another: run again it goes on, and
all that could be read is carried."""

import subprocess

import residents
from kiosk_phases import PutBack
from lives import Lives
from page import Told, Walk
from reckoning import Troubles
from shim import Control
from stage import Trouble
from sweep import KILLS, Point


class Salvaging(PutBack):
    """`kioskctl ledger salvage` on a ledger whose first page is gone."""

    name = "salvage"
    program = "kioskctl"

    def __init__(self, house: Lives):
        house.start_kioskd()
        house.panel.network("cut")
        told = []
        for who in (residents.GRANDMOTHER, residents.RARE_NAME):
            walk = Walk(house.enter(), house.panel, who)
            told.append(walk.file(walk.to_summary()).number)
        house.stop_kioskd()
        path = house.state / "ledger"
        data = bytearray(path.read_bytes())
        data[:100] = bytes(100)
        house.folder.write(path, bytes(data))
        super().__init__(house)
        if None in told:
            raise Trouble("nothing was filed")
        self.before = set(told)
        self.reckoning.carried = self.reckoning.papers.look()
        self.ctl_control = house.control_of("kioskctl")
        self.running: subprocess.Popen | None = None

    @property
    def control(self) -> Control:
        return self.ctl_control

    @property
    def process(self) -> subprocess.Popen:
        return self.running

    def _salvage(self, spoilt: bool) -> int:
        house = self.house
        words = house.shimmed("kioskctl", [house.state], self.ctl_control, False) if spoilt else {}
        self.running = house.crew.start(
            "kioskctl", [house.folder.command("kioskctl"), "ledger", "salvage", "--json",
                         "--profile", str(house.profile)], environment=words)
        return self.running.wait(60)

    def act(self) -> Told:
        self.status = self._salvage(spoilt=True)
        return Told(end="idle")

    def _ended_as_promised(self, point: Point, told: Told, start: int, troubles: Troubles) -> None:
        if point.fault in KILLS:
            if self.status >= 0:
                troubles.brokenPromises.append("the shim's kill did not end it")
        elif self.status not in (0, 1):
            troubles.brokenPromises.append(f"the salvage ended with {self.status}")

    def after(self, troubles: Troubles) -> None:
        house = self.house
        # Once more, unless the first was whole: then there is nothing to salvage.
        if self.status != 0 and self._salvage(spoilt=False) != 0:
            troubles.restartsFailed.append(
                "a second salvage fails: " + house.crew.last_words("kioskctl"))
        aside = [path for path in house.state.rglob("*") if path.is_file() and "wal" not in path.name
                 and path.name != "ledger" and path.stat().st_size > 4096
                 and path.read_bytes()[:100] == bytes(100)]
        if not aside:
            troubles.brokenPromises.append("the broken file is nowhere")
        super().after(troubles)
