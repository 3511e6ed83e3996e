# SPDX-License-Identifier: Apache-2.0
"""kioskd, spoilt at its calls: killed before and after, told of an error, half written."""

import pytest

from kiosk_phases import Commanding, Delivering, Filing, FirstStart, Migrating, Starting
from lives import Lives
from salvage_phase import Salvaging
from sweep import play, wanted

SHARES = {Filing: 12, Delivering: 5, Starting: 4, Commanding: 2}
PUT_BACK = {FirstStart: 4, Migrating: 4, Salvaging: 3}


@pytest.fixture(scope="module")
def house():
    with Lives() as house:
        yield house


@pytest.mark.parametrize("phase", SHARES, ids=lambda phase: phase.name)
def test_what_was_told_stays_true_when_a_call_is_spoilt(house, phase):
    if not wanted(phase.name):
        pytest.skip("another point is wanted")
    assert not play(phase(house), SHARES[phase])


@pytest.mark.parametrize("phase", PUT_BACK, ids=lambda phase: phase.name)
def test_a_first_start_that_is_spoilt_is_made_good_by_the_next(phase):
    if not wanted(phase.name):
        pytest.skip("another point is wanted")
    with Lives(rests=True) as house:
        assert not play(phase(house), PUT_BACK[phase])
