# SPDX-License-Identifier: Apache-2.0
"""The power is cut, at the terminal, at the centre, or at both: what was told is on the disk,
and whoever starts on that disk carries it on."""

import random
import time
from pathlib import Path

import pytest

from residents import GRANDMOTHER
from lives import Lives
from night import Found, Night, look, paths
from powercut import MODES, Disk
from reckoning import Reckoning, Troubles
from stage import Trouble
from stage.folder import TREE
from sweep import ONLY, REPORT, SEED, WHOLE, wanted
from walk import Walk

LIVES = 8
SIDES = ("terminal", "centre", "both")
# A night in which something was lost is kept: no other night has the same places.
KEPT = TREE / ".build" / "faults-night"


@pytest.fixture(scope="module")
def night():
    kept = Night.read(KEPT) if KEPT.exists() and ONLY.startswith("cut-") else None
    if kept and ONLY.startswith("cut-files/"):
        yield kept
        return
    with Lives(rests=kept is not None) as house:
        yield kept.into(house) if kept else Night.of(house)


def test_each_disk_holds_what_was_told_whenever_the_power_goes(night, tmp_path_factory):
    if not wanted("cut-files"):
        pytest.skip("another point is wanted")
    scratch, failed = tmp_path_factory.mktemp("cut"), {}
    for place, disks in night.disks(night.places()[::1 if WHOLE or ONLY else 3]):
        for mode in MODES:
            point = f"cut-files/{mode}/{place}"
            if ONLY not in ("", point):
                continue
            began, troubles = time.monotonic(), held(night, disks, mode, place, scratch)
            if troubles.all():
                failed[point] = troubles.all()[:4]
            REPORT.add("cut-files", point, troubles, True, began)
    keep(night, failed)
    assert not failed


def keep(night: Night, failed: dict) -> None:
    if failed and not ONLY:
        night.keep(KEPT)


def held(night: Night, disks: dict[str, Disk], mode: str, place: int, scratch: Path) -> Troubles:
    """Whether both disks hold what was told, and what the terminal takes for delivered."""
    troubles = Troubles()
    names = {"terminal": "ledger", "centre": night.centre_base}

    def found(side: str, files) -> Found:
        return look(files, night.roots[side], names[side], scratch)

    only = {side: paths(night.roots[side], name) for side, name in names.items()}
    live = found("terminal", disks["terminal"].live(only["terminal"]))
    terminal, centre = (found(side, disks[side].cut(mode, place, only[side])) for side in names)
    told = {number for number, when in night.told.items() if when <= place}
    troubles.lost += [f"{one} was told and is not on the disk" for one in sorted(told - terminal.filings)]
    troubles.lost += [f"{one.hex()} was acknowledged and is not at the centre"
                      for one in sorted(live.sent - centre.kept)]
    troubles.brokenPromises += terminal.damage + centre.damage
    return troubles


def lives_of(night: Night) -> list[tuple[str, str, int]]:
    """Side, mode and place of each cut after which the daemons are started."""
    every = [(side, mode, place) for place in night.places() for mode in MODES for side in SIDES]
    if ONLY:
        return [one for one in every if f"cut-lives/{one[0]}/{one[1]}/{one[2]}" == ONLY]
    if WHOLE:
        return [one for at, one in enumerate(every) if at % 3 == at // 9 % 3]
    return random.Random(SEED).sample(every, LIVES)


def test_whoever_starts_after_the_cut_carries_it_on(night):
    if not wanted("cut-lives"):
        pytest.skip("another point is wanted")
    chosen = sorted(lives_of(night), key=lambda one: one[2])
    kept = {name: night.house.keep(root) for name, root in night.roots.items()}
    # What is written to the files matters for the night only.
    night.house.bodies = False
    failed = {}
    for place, disks in night.disks([place for _, _, place in chosen]):
        side, mode, _ = chosen.pop(0)
        began, point = time.monotonic(), f"cut-lives/{side}/{mode}/{place}"
        files = {name: disk.cut(mode, place) if side in (name, "both") else disk.live()
                 for name, disk in disks.items()}
        troubles = live_after(night, files, place)
        if troubles.all():
            failed[point] = troubles.all()
        REPORT.add("cut-lives", point, troubles, True, began)
    restore(night, kept)
    keep(night, failed)
    assert not failed


def restore(night: Night, files: dict[str, dict[str, bytes | None]]) -> None:
    night.house.stop_centre(9)
    night.house.cut()
    for name, root in night.roots.items():
        night.house.lay(root, files[name])
    # A night that was kept brings its own clerk.
    token = (night.house.centre_data / "clerk.token").read_text().strip()
    night.house.centre.headers["Authorization"] = f"Bearer {token}"


def live_after(night: Night, files: dict[str, dict[str, bytes | None]], place: int) -> Troubles:
    """Both start on these files; all is delivered; one more files, under a new number."""
    house, troubles = night.house, Troubles()
    restore(night, files)
    reckoning = Reckoning.of(house)
    reckoning.forget()
    # Papers of the night were printed before the cut, or are of numbers it undid.
    reckoning.former = 0
    told = {number for number, when in night.told.items() if when <= place}
    try:
        house.panel.network("through")
        house.start_centre()
        house.start_kioskd()
        walk = Walk(house.enter(), house.panel, GRANDMOTHER)
        mine = walk.file(walk.to_summary())
        if mine.number in told:
            troubles.doubled.append(f"{mine.number} was given twice")
        house.delivered()
        reckoning.hear(mine)
        cases = [case["number"] for case in house.centre.cases()]
        troubles.lost += [f"{one} was told and is no case" for one in sorted(told - set(cases))]
        troubles.lost += [] if mine.number in cases else [f"{mine.number}, filed after, is no case"]
        troubles.doubled += sorted({one for one in cases if cases.count(one) > 1})
        printed = {*night.printed, *reckoning.papers.look()}
        troubles.brokenPromises += [
            f"{case['number']} is said to be {case['told']}" for case in house.centre.cases()
            if case["told"] == "printed" and case["number"] not in printed
            or case["told"] is None or case["told"] == "shown"]
    except Trouble as trouble:
        troubles.restartsFailed.append(str(trouble))
    reckoning.forget_log()
    return troubles

