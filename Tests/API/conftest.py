# SPDX-License-Identifier: Apache-2.0
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from running import RunningCentre, Terminal  # noqa: E402
from sealing import Sealer  # noqa: E402


@pytest.fixture(scope="session")
def centre(tmp_path_factory):
    """One centre for all: what a test does to it must not be another's trouble."""
    running = RunningCentre(tmp_path_factory.mktemp("centre"))
    running.start()
    yield running
    running.stop()
    assert all(process.returncode == 0 for process in running.processes)


@pytest.fixture(scope="session")
def terminal(centre) -> Terminal:
    return centre.enrolled("T0012")


@pytest.fixture(scope="session")
def sealer(terminal) -> Sealer:
    return Sealer(terminal)


@pytest.fixture(scope="session")
def deliver(centre, terminal):
    """Delivers envelopes; a verdict for each."""
    session = centre.session(terminal)

    def deliver(*envelopes: dict) -> list[dict]:
        answer = session.post(centre.doors["terminals"] + "/v1/batches", timeout=30, json={
            "batch": "b1", "terminal": terminal.name, "envelopes": list(envelopes)})
        assert answer.status_code == 200, answer.text
        assert answer.headers["content-type"] == "application/vnd.nightdesk.verdicts+json"
        assert answer.json()["batch"] == "b1"
        return answer.json()["verdicts"]

    return deliver


@pytest.fixture(scope="session")
def filed(sealer, deliver) -> tuple[str, str]:
    """An application that was stored: number and claim code."""
    number, envelope = sealer.application("elder_allowance")
    assert [one["verdict"] for one in deliver(envelope)] == ["stored"]
    return number, "7KQ4M2XD"
