# SPDX-License-Identifier: Apache-2.0
"""Pruning, spoilt at its calls. kioskd prunes a minute after its start, so several of them wait
for it side by side, each on its own copy of an old ledger."""

import json
import sqlite3
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

import residents
import shim
from lives import UNKNOWN_OUTCOME, Lives, wait_end
from page import Walk
from reckoning import Troubles
from stage.http import Service
from stage.processes import free_ports, until
from sweep import KILLS, REPORT, Point, sample, wanted

OLD = 40 * 86_400_000  # milliseconds
PATIENCE = 90
SENT, WAITING = 3, 1
# More than pruning three filings takes; what is not reached is said.
WRITES = 24


@dataclass
class Life:
    """One kioskd with a state folder and a control page of its own."""

    point: Point
    process: subprocess.Popen
    control: shim.Control
    profile: Path
    state: Path
    began: float


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
        yield house


def every_point() -> list[Point]:
    calls = [("write", number) for number in range(1, WRITES + 1)] + [("sync", 1)]
    return [Point("pruning", fault, op, "ledger-wal", number) for op, number in calls
            for fault in (*KILLS, "eio", "enospc")]


def raise_one(house: Lives, point: Point, place: int) -> Life:
    state, run = house.folder.make(f"state-{place}"), house.folder.make(f"run-{place}")
    kept = {path.replace(str(house.state), str(state)): data
            for path, data in house.keep(house.state).items()}
    house.lay(state, kept)
    profile = json.loads(house.profile.read_text())
    profile["folders"] |= {"state": str(state), "run": str(run)}
    profile["screens"]["port"], profile["staff"]["port"] = free_ports(2)
    # Nobody's devices: the others' visits must not be heard here.
    profile["places"]["reader"]["tty"] = str(run / "none")
    profile["cups"]["socket"] = str(run / "none.sock")
    path = house.folder.write(run / "profile.json", json.dumps(profile))
    control = house.control_of(f"kioskd-{place}")
    words = house.shimmed("kioskd", [state], control, False)
    process = house.crew.start("kioskd", [house.folder.command("kioskd"), "--profile", str(path)],
                               environment=words)
    door = Service(profile["screens"]["port"])
    until("The start of one of many", 60, lambda: door.answers("/"), step=0.1)
    # Pruning is the first to write from here on: nobody visits, and the network is cut.
    control.arm(point.fault, point.number, (point.op,), f"{state}/ledger-wal$")
    return Life(point, process, control, path, state, time.monotonic())


def ended(life: Life) -> bool:
    """Pruned, or ended by its fault."""
    if life.process.poll() is not None:
        return True
    return filings(life.state)[0] == WAITING


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
    chosen = sample(every_point(), 4)
    failed = {}
    for start in range(0, len(chosen), 12):
        lives = [raise_one(house, point, start + place)
                 for place, point in enumerate(chosen[start:start + 12])]
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and not all(map(ended, lives)):
            time.sleep(0.5)
        for life in lives:
            reached, troubles = life.control.fired, judge(house, life)
            if troubles.all():
                failed[str(life.point)] = troubles.all()
            REPORT.add("pruning", life.point, troubles, reached, life.began)
    assert not failed


def judge(house: Lives, life: Life) -> Troubles:
    troubles, fired = Troubles(), life.control.fired
    if fired and life.point.fault in KILLS and not wait_end(life.process, 5):
        troubles.brokenPromises.append("the shim's kill did not end it")
    if fired and life.point.fault == "eio" and life.point.op == "sync" \
            and not (wait_end(life.process, 5) and life.process.returncode == UNKNOWN_OUTCOME):
        troubles.brokenPromises.append(f"after an unknown outcome: {life.process.returncode}")
    if not fired and life.process.poll() is not None:
        troubles.brokenPromises.append(f"it ended by itself: {life.process.returncode}")
    life.control.rest()
    if life.process.poll() is None:
        life.process.terminate()
        wait_end(life.process, 15)
    checked = subprocess.run(
        house.folder.account.command([house.folder.command("kioskctl"), "ledger", "check", "--json",
                                      "--profile", str(life.profile)]),
        capture_output=True, text=True, env=house.folder.environment(), check=False, timeout=60)
    if checked.returncode != 0:
        troubles.restartsFailed.append(f"ledger check: {(checked.stdout + checked.stderr)[-300:]}")
    count, untold, counted = filings(life.state)
    if count not in (WAITING, SENT + WAITING) or untold:
        troubles.lost.append(f"{count} filings are left, {untold} of them without their word")
    if counted != count:
        troubles.brokenPromises.append(f"{counted} filings are counted, {count} are there")
    return troubles
