# SPDX-License-Identifier: Apache-2.0
"""Pruning, spoilt at its calls: whole filings are taken out or none, and never what waits."""

import json
import sqlite3
import time
from pathlib import Path

import pytest

import residents
from kiosk_phases import Phase
from lives import UNKNOWN_OUTCOME, Lives, wait_end
from reckoning import Troubles
from sweep import KILLS, Point, play, wanted
from walk import Told, Walk
from writelog import Record

OLD = 40 * 86_400_000  # milliseconds
SENT, WAITING = 3, 1


@pytest.fixture(scope="module")
def house():
    """Off, with filings that the centre has had for forty days and one that it never got."""
    with Lives() as house:
        for turn in range(SENT + WAITING):
            if turn == SENT:
                house.delivered()
                house.panel.network("cut")
            walk = Walk(house.enter(), house.panel, residents.GRANDMOTHER)
            assert walk.file(walk.to_summary()).number
        house.stop_kioskd()
        with sqlite3.connect(house.state / "ledger") as base:
            base.execute("UPDATE envelope SET kept_at = kept_at - ?, quality = 'running'", (OLD,))
        base.close()
        # A second after its start instead of a minute.
        profile = json.loads(house.profile.read_text()) | {"pruning": {"lookEvery": 1}}
        house.folder.write(house.profile, json.dumps(profile))
        yield house


class Pruning(Phase):
    """The first one after a start, each time on the same old ledger. Nobody visits and the network
    is cut: from the start on it is the first to write."""

    name = "pruning"

    def __init__(self, house: Lives):
        super().__init__(house)
        self.kept = house.keep(house.state)

    def what(self, record: Record) -> str | None:
        named = super().what(record)
        return named if named == "ledger-wal" else None

    def prepare(self) -> None:
        self.house.cut()
        self.house.lay(self.house.state, self.kept)
        self.house.start_kioskd()

    def act(self) -> Told:
        house = self.house
        end = time.monotonic() + 30
        while house.alive and time.monotonic() < end:
            if filings(house.state)[0] == WAITING:
                return Told(end="idle")
            if self.control.fired and not wait_end(house.kioskd, 0.3):
                # Not pruned, or all the same: it goes on, and the next hour is not waited for.
                return Told(end="idle")
            time.sleep(0.03)
        return Told(end="gone: nothing was pruned" if house.alive else "ended")

    def finish(self, troubles: Troubles | None = None) -> Troubles:
        troubles, house = troubles or Troubles(), self.house
        if house.alive and house.stop_kioskd() not in (0, UNKNOWN_OUTCOME):
            troubles.brokenPromises.append("it did not end in order: " + house.crew.last_words("kioskd"))
        checked = house.crew.call([house.folder.command("kioskctl"), "ledger", "check", "--json",
                                   "--profile", str(house.profile)])
        if checked.returncode != 0:
            troubles.restartsFailed.append(f"ledger check: {(checked.stdout + checked.stderr)[-300:]}")
        count, untold, counted = filings(house.state)
        if count not in (WAITING, SENT + WAITING) or untold:
            troubles.lost.append(f"{count} filings are left, {untold} of them without their word")
        if counted != count:
            troubles.brokenPromises.append(f"{counted} filings are counted, {count} are there")
        return troubles

    def _ended_as_promised(self, point: Point, told: Told, start: int, troubles: Troubles) -> None:
        super()._ended_as_promised(point, told, start, troubles)
        if point.op == "sync" and point.fault not in KILLS and self.process.poll() != UNKNOWN_OUTCOME:
            troubles.brokenPromises.append(f"after an unknown outcome: {self.process.poll()}")


def filings(state: Path) -> tuple[int, int, int]:
    """Filings in the ledger, those without their word, and those that were ever filed less
    those pruned."""
    base = sqlite3.connect(f"file:{state / 'ledger'}?mode=ro", uri=True)
    try:
        return base.execute("""
            SELECT count(*), count(*) FILTER (WHERE NOT EXISTS (SELECT 1 FROM envelope AS word
                WHERE word.kind = 'told' AND word.number = filing.number)),
              (SELECT sum(filed - pruned) FROM sequence)
            FROM envelope AS filing WHERE kind = 'application'""").fetchone()
    finally:
        base.close()


def test_pruning_takes_whole_filings_or_none_and_never_what_waits(house):
    if not wanted("pruning"):
        pytest.skip("another point is wanted")
    assert not play(Pruning(house), 4)
