# SPDX-License-Identifier: Apache-2.0
"""A byte of ledger or shelves flips while the terminal is off. The guides are served all the
same, what can be read is carried, a salvage brings the rest, and whatever is lost is said."""

import json
import random
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

import residents
from damage import Flip, flips
from lives import Lives
from reckoning import Troubles
from salvage_phase import salvage
from stage import Trouble
from sweep import ONLY, REPORT, SEED, WHOLE, wanted
from walk import Walk

SAMPLED = 8
FILED = 3


@dataclass
class Shop:
    """A terminal that is off, with filings that wait and some that are at the centre."""

    house: Lives
    files: dict[Path, dict[str, bytes | None]]
    told: set[str]


@pytest.fixture(scope="module")
def shop():
    with Lives() as house:
        told = set()
        for turn in range(2 * FILED):
            if turn == FILED:
                house.delivered()
            house.panel.network("through" if turn < FILED else "cut")
            who = (residents.GRANDMOTHER, residents.RARE_NAME)[turn % 2]
            walk = Walk(house.enter(), house.panel, who)
            told.add(walk.file(walk.to_summary()).number)
        assert None not in told
        house.stop_kioskd()
        house.stop_centre()
        folders = (house.state, house.centre_data)
        yield Shop(house, {folder: house.keep(folder) for folder in folders}, told)


def chosen(shop: Shop) -> list[Flip]:
    every = [flip for name in ("ledger", "shelves")
             for flip in flips(shop.house.state / name, 3 if WHOLE else 1)]
    if ONLY:
        return [one for one in every if f"flip/{one}" == ONLY]
    return every if WHOLE else random.Random(SEED).sample(every, SAMPLED)


@pytest.mark.skipif(not wanted("flip"), reason="another point is wanted")
def test_a_flipped_byte_hides_nothing_and_stops_nothing(shop):
    failed = {}
    for flip in chosen(shop):
        began, troubles = time.monotonic(), Troubles()
        lay(shop, flip)
        try:
            after_flip(shop, flip, troubles)
        except Trouble as trouble:
            troubles.restartsFailed.append(str(trouble))
        if troubles.all():
            failed[str(flip)] = troubles.all()
        REPORT.add("flip", f"flip/{flip}", troubles, True, began)
    assert not failed


def lay(shop: Shop, flip: Flip) -> None:
    house = shop.house
    house.cut()
    house.stop_centre(9)
    for folder, files in shop.files.items():
        house.lay(folder, files)
    path = house.state / flip.file
    house.folder.write(path, flip.of(path.read_bytes()))
    house.panel.network("through")
    house.start_centre()


def after_flip(shop: Shop, flip: Flip, troubles: Troubles) -> None:
    house = shop.house
    house.start_kioskd()
    guide(house)
    settle(house)
    carried = {case["number"] for case in house.centre.cases()}
    missing = shop.told - carried
    said = json.dumps(house.ask("/v1/ledger"))
    house.stop_kioskd()
    if not missing:
        return
    if flip.file == "shelves":
        troubles.lost += [f"{one} is not carried, though only the shelves are spoilt" for one in missing]
        return
    # What the running terminal could not carry, a salvage brings, or says that it is lost.
    status, report, words = salvage(house)
    if report is None:
        troubles.restartsFailed.append(f"the salvage ended with {status}: {words}")
        return
    house.start_kioskd()
    settle(house)
    missing -= {case["number"] for case in house.centre.cases()}
    owned = report["lostUnsent"] + (report.get("lostFilings") or 0)
    if len(missing) > min(1, owned):
        troubles.lost += [f"{one} is lost; the ledger's check said {said[:200]}; salvage: {report}"
                          for one in sorted(missing)]
    if Path(report["aside"]).exists() is False:
        troubles.brokenPromises.append("the broken file was not moved aside whole")


def guide(house: Lives) -> None:
    """The first page stands, and leads to the guides."""
    hands = house.enter()
    hands.wait("idle", seconds=30)
    hands.press_and_wait("guide", "find")
    hands.press_and_wait("home", "idle")


def settle(house: Lives) -> None:
    """Until nothing waits, or nothing has moved for two seconds."""
    last, since = None, time.monotonic()
    while time.monotonic() - since < 2:
        counts = house.ask("/v1/counts")
        if counts and counts["waiting"] == 0 and counts["untold"] == 0:
            return
        if counts != last:
            last, since = counts, time.monotonic()
        time.sleep(0.05)
