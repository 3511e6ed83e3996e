# SPDX-License-Identifier: Apache-2.0
"""The clock is put back a day, to 1970, on by a year, and over midnight while somebody files.
Numbers stay single, and all that was told arrives once the clock is right again."""

import time
from datetime import datetime, timedelta

import pytest

import residents
from lives import Lives
from reckoning import Reckoning, Troubles
from stage import Trouble
from stage.clock import FakeClock
from stage.house import CHINA
from sweep import REPORT, wanted
from walk import Walk

DAY = 86_400.0


@pytest.fixture(scope="module")
def house():
    with Lives() as house:
        house.clock = FakeClock(house.folder)
        yield house
    FakeClock.tidy()


def before_midnight() -> float:
    """Two seconds before the next midnight of the terminal."""
    tomorrow = datetime.now(CHINA).replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(1)
    return (tomorrow - datetime.now(CHINA)).total_seconds() - 2


SHIFTS = {"back-a-day": lambda: -DAY, "to-1970": lambda: 86_400 - time.time(),
          "on-a-year": lambda: 365 * DAY, "over-midnight": before_midnight}


def live_by(house: Lives, clock: FakeClock | None) -> None:
    """kioskd lives by this clock from now on."""
    house.stop_kioskd()
    words = clock.around if clock else []
    house.around = [f"{word}:{house.library}" if word.startswith("LD_PRELOAD=") else word
                    for word in words]
    house.start_kioskd()


def file_one(house: Lives, reckoning: Reckoning, troubles: Troubles) -> str | None:
    walk = Walk(house.enter(), house.panel, residents.GRANDMOTHER)
    told = walk.file(walk.to_summary())
    reckoning.hear(told)
    if told.number is None:
        troubles.brokenPromises.append(f"nobody can file: {told}")
    return told.number


@pytest.mark.parametrize("shift", SHIFTS)
def test_numbers_stay_single_and_nothing_is_lost_when_the_clock_moves(house, shift):
    if not wanted("clock"):
        pytest.skip("another point is wanted")
    began, troubles, reckoning = time.monotonic(), Troubles(), Reckoning.of(house)
    try:
        # No signed time: it would stand above the kernel's clock.
        house.panel.network("cut")
        live_by(house, house.clock)
        numbers = [file_one(house, reckoning, troubles)]
        house.clock.shift(SHIFTS[shift]())
        time.sleep(1.2)  # libfaketime reads its file anew each second.
        numbers += [file_one(house, reckoning, troubles) for _ in range(3 if "midnight" in shift else 2)]
        # A start under the wrong clock, then one under the right one.
        live_by(house, house.clock)
        numbers.append(file_one(house, reckoning, troubles))
        house.clock.shift(0.0)
        house.panel.network("through")
        live_by(house, None)
        numbers.append(file_one(house, reckoning, troubles))
        house.delivered()
        reckoning.close(troubles)
        troubles.doubled += sorted({f"{one} was given twice" for one in numbers if numbers.count(one) > 1})
        if shift == "over-midnight" and len({one[10:18] for one in numbers if one}) < 2:
            troubles.brokenPromises.append("the day of the numbers did not change at midnight")
    except Trouble as trouble:
        troubles.restartsFailed.append(str(trouble))
    REPORT.add("clock", f"clock/{shift}", troubles, True, began)
    assert not troubles.all()
