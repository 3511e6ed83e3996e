# SPDX-License-Identifier: Apache-2.0
"""The salvage of a broken ledger, spoilt at one call after another: run again it goes on, and
all that could be read is carried."""

import json
import subprocess

import residents
from kiosk_phases import PutBack
from lives import Lives
from reckoning import Troubles
from shim import Control
from stage import Trouble
from sweep import KILLS, Point
from walk import Told, Walk


def salvage(house: Lives, environment: dict[str, str] | None = None) -> tuple[int, dict | None, str]:
    """`kioskctl ledger salvage`: its status, its report when it came to one, its words."""
    try:
        done = subprocess.run(
            house.folder.account.command([house.folder.command("kioskctl"), "ledger", "salvage", "--json",
                                          "--profile", str(house.profile)]),
            capture_output=True, text=True, timeout=60, check=False, cwd=house.folder.tmp,
            env=house.folder.environment() | (environment or {}))
    except subprocess.TimeoutExpired:
        raise Trouble("The salvage did not end.") from None
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    return done.returncode, json.loads(lines[-1]) if lines else None, done.stderr.strip()[-300:]


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
        if None in told:
            raise Trouble("nothing was filed")
        path = house.state / "ledger"
        house.folder.write(path, bytes(100) + path.read_bytes()[100:])
        super().__init__(house)
        self.before = set(told)
        self.reckoning.carried = self.reckoning.papers.look()
        self.spoilt = house.control_of("kioskctl")

    @property
    def control(self) -> Control:
        return self.spoilt

    def act(self) -> Told:
        house = self.house
        self.status, self.report, self.words = salvage(
            house, house.shimmed("kioskctl", [house.state], self.spoilt, False))
        return Told(end="idle")

    def _ended_as_promised(self, point: Point, told: Told, start: int, troubles: Troubles) -> None:
        if point.fault in KILLS:
            if self.status >= 0 and self.status < 128:
                troubles.brokenPromises.append("the shim's kill did not end it")
        elif self.status not in (0, 1):
            troubles.brokenPromises.append(f"the salvage ended with {self.status}: {self.words}")

    def after(self, troubles: Troubles) -> None:
        house = self.house
        if self.report is None:
            _, report, words = salvage(house)
            if report is None:
                troubles.restartsFailed.append(f"a second salvage fails: {words}")
        aside = [path for path in house.state.rglob("*") if path.is_file() and path.name != "ledger"
                 and path.stat().st_size > 4096 and path.read_bytes()[:100] == bytes(100)
                 and not path.name.endswith("-wal")]
        if not aside:
            troubles.brokenPromises.append("the broken file is nowhere")
        super().after(troubles)
