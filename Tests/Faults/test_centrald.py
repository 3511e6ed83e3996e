# SPDX-License-Identifier: Apache-2.0
"""centrald, spoilt at its calls. What a terminal takes for delivered is there, once."""

import pytest

import centre_phases
from lives import Lives
from sweep import points, sample, wanted

SHARES = {"centre-ingest": 8, "centre-start": 3, "centre-enrolment": 3, "centre-command": 2}


@pytest.fixture(scope="module")
def house():
    with Lives() as house:
        house.stop_centre()
        house.start_centre()
        yield house


@pytest.mark.parametrize("phase", [centre_phases.Ingest, centre_phases.CentreStart,
                                   centre_phases.Enrolling, centre_phases.Ordering], ids=lambda phase: phase.name)
def test_what_was_acknowledged_is_there_when_a_call_is_spoilt(house, phase):
    if not wanted(phase.name):
        pytest.skip("another point is wanted")
    played = phase(house)
    chosen = sample(points(phase.name, played.baseline(), played.what), SHARES[phase.name])
    failed = {str(point): found for point in chosen if (found := played.play(point).all())}
    assert not failed
