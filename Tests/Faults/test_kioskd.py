# SPDX-License-Identifier: Apache-2.0
"""kioskd, spoilt at its calls: killed before and after, told of an error, half written."""

import pytest

import kiosk_phases
from lives import Lives
from salvage_phase import Salvaging
from sweep import points, sample, wanted

SHARES = {"filing": 14, "delivery": 5, "start": 5, "first-start": 5, "migration": 5,
          "salvage": 3, "command": 2}


@pytest.fixture(scope="module")
def house():
    with Lives() as house:
        yield house


def play(phase) -> dict[str, list[str]]:
    """The points of a phase that do not hold."""
    chosen = sample(points(phase.name, phase.baseline(), phase.what), SHARES[phase.name])
    return {str(point): found for point in chosen if (found := phase.play(point).all())}


@pytest.mark.parametrize("phase", [kiosk_phases.Filing, kiosk_phases.Delivering,
                                   kiosk_phases.Starting, kiosk_phases.Commanding], ids=lambda phase: phase.name)
def test_what_was_told_stays_true_when_a_call_is_spoilt(house, phase):
    if not wanted(phase.name):
        pytest.skip("another point is wanted")
    assert not play(phase(house))


@pytest.mark.parametrize("phase", [kiosk_phases.FirstStart, kiosk_phases.Migrating, Salvaging],
                         ids=lambda phase: phase.name)
def test_a_first_start_that_is_spoilt_is_made_good_by_the_next(phase):
    if not wanted(phase.name):
        pytest.skip("another point is wanted")
    with Lives(rests=True) as house:
        assert not play(phase(house))
