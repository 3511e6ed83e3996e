# SPDX-License-Identifier: Apache-2.0
"""centrald, spoilt at its calls. What a terminal takes for delivered is there, once."""

import pytest

from centre_phases import CentreStart, Enrolling, Ingest, Ordering
from lives import Lives
from sweep import play, wanted

SHARES = {Ingest: 6, CentreStart: 3, Enrolling: 3, Ordering: 2}


@pytest.fixture(scope="module")
def house():
    with Lives() as house:
        house.stop_centre()
        house.start_centre()
        yield house


@pytest.mark.parametrize("phase", SHARES, ids=lambda phase: phase.name)
def test_what_was_acknowledged_is_there_when_a_call_is_spoilt(house, phase):
    if not wanted(phase.name):
        pytest.skip("another point is wanted")
    assert not play(phase(house), SHARES[phase])
