# SPDX-License-Identifier: Apache-2.0
"""The sweeps can fail: a night with a rule broken on purpose is found out. Not counted among
the points: here losses must be seen."""

import dataclasses

import pytest

import writelog
from lives import Lives
from night import Night, look, paths
from powercut import MODES
from sweep import ONLY

pytestmark = pytest.mark.skipif(bool(ONLY), reason="another point is wanted")


def losses(night: Night, scratch, step: int = 3) -> tuple[int, int]:
    """Cuts after which a number that was told is not on the terminal's disk; and cuts after
    which what the terminal holds for delivered is not on the centre's."""
    at_terminal = at_centre = 0
    roots, base = night.roots, night.centre_base
    mine, its = paths(roots["terminal"], "ledger"), paths(roots["centre"], base)
    for place, disks in night.disks(night.places()[::step]):
        told = {number for number, when in night.told.items() if when <= place}
        live = look(disks["terminal"].live(mine), roots["terminal"], "ledger", scratch)
        for mode in MODES:
            kept = look(disks["terminal"].cut(mode, place, mine), roots["terminal"], "ledger", scratch)
            centre = look(disks["centre"].cut(mode, place, its), roots["centre"], base, scratch)
            at_terminal += bool(told - kept.filings)
            at_centre += bool(live.sent - centre.kept)
    return at_terminal, at_centre


@pytest.mark.parametrize("mutant", ["normal", "norepair"])
def test_a_kioskd_that_breaks_a_rule_is_found_out(mutant, tmp_path):
    with Lives() as house:
        house.mutant = ("kioskd", mutant)
        night = Night.of(house, whole=False)
        assert losses(night, tmp_path)[0] > 3


def test_syncs_that_never_reach_the_disk_are_found_out_on_both_sides(tmp_path):
    with Lives() as house:
        night = Night.of(house, whole=False)
        # The same log, read as if each sync had been answered and not made.
        night.records = [lying(one) for one in night.records]
        at_terminal, at_centre = losses(night, tmp_path, step=6)
        assert at_terminal > 3 and at_centre > 3


def lying(record: writelog.Record) -> writelog.Record:
    if record.op != "sync":
        return record
    return dataclasses.replace(record, flags=record.flags | writelog.LIED)
