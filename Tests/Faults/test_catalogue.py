# SPDX-License-Identifier: Apache-2.0
"""Another catalogue arrives, and a call is spoilt or the power goes: the terminal has the old one
or the new one, whole."""

import sqlite3
import time
from pathlib import Path

import pytest

import powercut
from catalogue_phase import CatalogueArriving, editions
from lives import Lives
from night import Opened, paths, places, spread
from powercut import MODES, Disk
from reckoning import Troubles
from sweep import ONLY, REPORT, play, wanted
from writelog import Record


@pytest.fixture(scope="module")
def house():
    with Lives(rests=True) as house:
        house.bodies = True
        yield house


@pytest.fixture(scope="module")
def arriving(house):
    return CatalogueArriving(house)


def arrival(arriving: CatalogueArriving) -> tuple[Disk, list[Record]]:
    """The disk before a start, and all that happened up to the end of her visit."""
    house = arriving.house
    house.stop_kioskd()
    disk = Disk(powercut.image(house.state), house.state)
    first = house.tail.mark()
    house.start_kioskd()
    arriving.prepare()
    arriving.act()
    return disk, house.tail.since(first)


def test_the_shelves_hold_one_catalogue_whole_whenever_the_power_goes(arriving, tmp_path):
    if not wanted("cut-catalogue"):
        pytest.skip("another point is wanted")
    shelves, failed = arriving.house.state / "shelves", {}
    allowed = ({arriving.edition}, {arriving.edition + 1})
    disk, records = arrival(arriving)
    writes = {one.place for one in records if one.path.startswith(str(shelves)) and one.op == "write"}
    cuts = {place: at for at, place in enumerate(sorted({*places(records, [shelves]), *writes}))}
    for record in records:
        disk.take(record)
        for mode in MODES if record.place in cuts else ():
            point = f"cut-catalogue/{mode}/{cuts[record.place]}"
            if ONLY not in ("", point):
                continue
            began, troubles = time.monotonic(), Troubles()
            spread(disk.cut(mode, record.place, paths(shelves.parent, shelves.name)), tmp_path)
            found = held(tmp_path / shelves.name)
            if found not in allowed:
                troubles.brokenPromises.append(f"the shelves hold editions {found or 'none'}")
                failed[point] = troubles.all()
            REPORT.add("cut-catalogue", point, troubles, True, began)
    assert not arriving.finish().all()
    assert not failed


def held(shelves: Path) -> set:
    """Editions that SQLite finds there, or its words."""
    try:
        with Opened(shelves) as base:
            return editions(base)
    except sqlite3.DatabaseError as error:
        return {str(error)}


def test_a_catalogue_is_taken_whole_or_not_at_all_when_a_call_is_spoilt(arriving):
    if not wanted("catalogue"):
        pytest.skip("another point is wanted")
    assert not play(arriving, 4)
