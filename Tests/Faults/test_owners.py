# SPDX-License-Identifier: Apache-2.0
"""A second process on the same files is turned away, and harms nothing."""

import json
import subprocess
import time

import pytest

import residents
from lives import Lives
from reckoning import Reckoning, Troubles
from stage.processes import free_ports
from sweep import REPORT, wanted
from walk import Walk


@pytest.fixture(scope="module")
def house():
    with Lives() as house:
        yield house


def second_kioskd(house: Lives) -> list[str]:
    profile = json.loads(house.profile.read_text())
    profile["screens"]["port"], profile["staff"]["port"] = free_ports(2)
    profile["folders"]["run"] = str(house.folder.make("run-2"))
    path = house.folder.write(house.run / "second.json", json.dumps(profile))
    return [house.folder.command("kioskd"), "--profile", str(path)]


def second_centre(house: Lives) -> list[str]:
    words = list(house.centre.words)
    for option, port in zip(("--port", "--terminals-port", "--enrolment-port"), free_ports(3)):
        words[words.index(option) + 1] = str(port)
    return words


def salvage(house: Lives) -> list[str]:
    return [house.folder.command("kioskctl"), "ledger", "salvage", "--profile", str(house.profile)]


@pytest.mark.parametrize("second", [second_kioskd, second_centre, salvage], ids=lambda one: one.__name__)
def test_who_comes_second_is_told_so_and_the_first_goes_on(house, second):
    if not wanted("owner"):
        pytest.skip("another point is wanted")
    began, troubles = time.monotonic(), Troubles()
    done = subprocess.run(
        house.folder.account.command(second(house)), capture_output=True, text=True, timeout=30,
        env=house.folder.environment(), cwd=house.folder.tmp, check=False)
    if done.returncode == 0:
        troubles.brokenPromises.append(f"{second.__name__} was let in: {done.stdout[-200:]}")
    said = (done.stderr + done.stdout).strip()
    if "held" not in said and "holds" not in said and "running" not in said:
        troubles.brokenPromises.append(f"it does not say why: {said[-200:]}")
    reckoning = Reckoning.of(house)
    walk = Walk(house.enter(), house.panel, residents.GRANDMOTHER)
    told = walk.file(walk.to_summary())
    if told.number is None:
        troubles.brokenPromises.append(f"the first could not go on: {told}")
    reckoning.hear(told)
    house.delivered()
    reckoning.close(troubles)
    REPORT.add("owner", f"owner/{second.__name__}", troubles, True, began)
    assert not troubles.all()
