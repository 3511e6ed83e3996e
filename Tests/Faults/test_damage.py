# SPDX-License-Identifier: Apache-2.0
"""A byte of ledger, shelves or the ledger's log flips while the terminal is off. The guides are
served all the same, what can be read is carried, a salvage brings the rest, and whatever is lost
is said."""

import json
import random
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

import residents
from damage import Flip, flips, log_flips
from lives import Lives
from reckoning import Troubles
from salvage_phase import salvage
from stage import Trouble
from sweep import ONLY, REPORT, SEED, WHOLE, wanted
from walk import Walk, to_guides

SAMPLED = 8
FILED = 3


@dataclass
class Shop:
    """A terminal that is off, with filings that wait and some that are at the centre."""

    house: Lives
    files: dict[Path, dict[str, bytes | None]]
    told: set[str]


@pytest.fixture(scope="module")
def house():
    with Lives() as house:
        yield house


@pytest.fixture(scope="module")
def shop(house):
    """One that was closed in order."""
    told = file_some(house)
    house.stop_kioskd()
    return keep(house, told)


@pytest.fixture(scope="module")
def cut_shop(house, shop):
    """The same one later, when its power went: what was filed since stands in the log alone."""
    lay(shop)
    house.start_kioskd()
    told = shop.told | file_some(house)
    house.cut()
    return keep(house, told)


def file_some(house: Lives) -> set[str]:
    told = set()
    for turn in range(2 * FILED):
        if turn == FILED:
            house.delivered()
        house.panel.network("through" if turn < FILED else "cut")
        walk = Walk(house.enter(), house.panel, (residents.GRANDMOTHER, residents.RARE_NAME)[turn % 2])
        told.add(walk.file(walk.to_summary()).number)
    assert None not in told
    return told


def keep(house: Lives, told: set[str]) -> Shop:
    house.stop_centre()
    return Shop(house, {folder: house.keep(folder) for folder in (house.state, house.centre_data)}, told)


def flips_of_pages(shop: Shop) -> list[Flip]:
    every = [flip for name in ("ledger", "shelves")
             for flip in flips(shop.house.state / name, 3 if WHOLE else 1)]
    if ONLY:
        return [one for one in every if f"flip/{one}" == ONLY]
    return every if WHOLE else random.Random(SEED).sample(every, SAMPLED)


def flips_of_log(shop: Shop) -> list[Flip]:
    """All of the header; of every second frame one, another field each time."""
    header, *frames = log_flips(shop.house.state / "ledger-wal")
    if ONLY:
        return [one for fields in (header, *frames) for one in fields if f"log-flip/{one}" == ONLY]
    turns = [fields[at % len(fields)] for at, fields in enumerate(frames[::2])]
    if WHOLE:
        return header + turns
    chance = random.Random(SEED)
    return chance.sample(header, 2) + chance.sample(turns, 4)


@pytest.mark.skipif(not wanted("flip"), reason="another point is wanted")
def test_a_flipped_byte_hides_nothing_and_stops_nothing(shop):
    assert not play(shop, flips_of_pages(shop), "flip")


@pytest.mark.skipif(not wanted("log-flip"), reason="another point is wanted")
def test_a_byte_of_the_log_flipped_loses_nothing_or_the_terminal_promises_no_more(cut_shop):
    assert not play(cut_shop, flips_of_log(cut_shop), "log-flip")


def play(shop: Shop, chosen: list[Flip], sweep: str) -> dict[str, list[str]]:
    failed = {}
    for flip in chosen:
        began, troubles = time.monotonic(), Troubles()
        lay(shop, flip)
        try:
            after_flip(shop, flip, troubles)
        except Trouble as trouble:
            troubles.restartsFailed.append(str(trouble))
        if troubles.all():
            failed[str(flip)] = troubles.all()
        REPORT.add(sweep, f"{sweep}/{flip}", troubles, True, began)
    return failed


def lay(shop: Shop, flip: Flip | None = None) -> None:
    house = shop.house
    house.cut()
    house.stop_centre(9)
    for folder, files in shop.files.items():
        house.lay(folder, files)
    if flip:
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
    promises = standing(house) != "failed"
    if not missing and promises:
        one_more(shop, troubles)
    house.stop_kioskd()
    if not missing:
        return
    if flip.file == "shelves":
        troubles.lost += [f"{one} is not carried, though only the shelves are spoilt" for one in missing]
        return
    if flip.file == "ledger-wal" and promises:
        troubles.brokenPromises += [f"{one} is gone, and the terminal goes on as if it had never been"
                                    for one in sorted(missing)]
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


def standing(house: Lives) -> str:
    """What staff are told of the ledger."""
    found = [one["state"] for one in house.ask("/v1/doctor") or [] if one["item"] == "ledger"]
    return found[0] if found else "unknown"


def one_more(shop: Shop, troubles: Troubles) -> None:
    """The next one gets a number that nobody has; or none, and the terminal says why."""
    walk = Walk(shop.house.enter(), shop.house.panel, residents.GRANDMOTHER)
    told = walk.file(walk.to_summary())
    if told.number is None and standing(shop.house) != "failed":
        troubles.brokenPromises.append(f"nobody can file: {told.scenes[-3:]}")
    elif told.number in shop.told:
        troubles.doubled.append(f"{told.number} was given twice")


def guide(house: Lives) -> None:
    """The first page stands, and leads to the guides."""
    hands = house.enter()
    to_guides(hands)
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
