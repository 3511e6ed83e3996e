# SPDX-License-Identifier: Apache-2.0
"""All that the contract allows is asked of every door, and much that it does not; whatever
comes back must be as the contract says. Every check of schemathesis counts."""

import json
import os
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
import requests

from running import TREE, RunningCentre

DOCUMENT = json.loads((TREE / "Kiosk" / "Config" / "centre.openapi.json").read_text())
HERE = Path(__file__).parent
DOORS = {"public": "centre", "terminals": "terminals", "enrolment": "enrolment", "office": "office"}
EXAMPLES = 200 if os.environ.get("NIGHTDESK_ALL") else 20

# What JSON Schema calls an integer may be written 3.0; the product reads whole numbers only.
# Good by form is not yet good by seal, signature, code or one-time use: no generator guesses
# those, and the contract has an answer for each.
UNGUESSABLE = {
    "POST /v1/batches": ["422"],
    "POST /v1/imports": ["422"],
    "POST /v1/enrolments": ["400", "422"],
    "POST /v1/certificates": ["422"],
    "POST /v1/progress": ["429"],
    "POST /v1/terminals/{terminal}/commands": ["422"],
}


def at(door: str) -> dict:
    """The contract of one door. Its stream, which stays open, is read in test_doors.py."""
    paths = {}
    for path, item in DOCUMENT["paths"].items():
        here = {method: {key: value for key, value in operation.items() if key != "servers"}
                for method, operation in item.items()
                if door in operation["tags"] and operation["operationId"] != "events"}
        if here:
            paths[path] = here
    return {key: value for key, value in DOCUMENT.items() if key != "servers"} | {"paths": paths}


def configuration(centre, terminal, door: str) -> str:
    lines = [f'base-url = "{centre.doors[DOORS[door]]}"', f'tls-verify = "{centre.authority}"',
             "request-timeout = 20"]
    if door == "terminals":
        lines += [f'request-cert = "{terminal.pair[0]}"', f'request-cert-key = "{terminal.pair[1]}"']
    if door in ("public", "office"):
        lines += ["[auth.openapi.clerk]", f'bearer = "{centre.token}"']
    lines += ["[phases.stateful]", "enabled = false",
              "[generation]", f"max-examples = {EXAMPLES}", "deterministic = true"]
    for operation, statuses in UNGUESSABLE.items():
        words = json.dumps(["2xx", "401", "403", "404", *statuses])
        lines += ["[[operations]]", f'include-name = "{operation}"',
                  f"checks.positive_data_acceptance.expected-statuses = {words}"]
    return "\n".join(lines) + "\n"


@pytest.fixture
def asked(tmp_path):
    """A centre of its own: whoever asks all that is allowed also revokes and withdraws."""
    centre = RunningCentre(tmp_path)
    centre.start()
    yield centre
    centre.stop()


@pytest.mark.parametrize("door", DOORS)
def test_door(asked, tmp_path, door):
    centre, terminal = asked, asked.enrolled("T0012")
    contract, config = tmp_path / "contract.json", tmp_path / "schemathesis.toml"
    contract.write_text(json.dumps(at(door)))
    config.write_text(configuration(centre, terminal, door))
    done = subprocess.run(
        [sys.executable, "-m", "schemathesis.cli", "--config-file", str(config), "run",
         str(contract), "--checks", "all", "--no-color"],
        cwd=tmp_path, capture_output=True, text=True, timeout=240,
        env=os.environ | {"SCHEMATHESIS_HOOKS": "formats", "PYTHONPATH": str(HERE)})
    assert done.returncode == 0, done.stdout[-12_000:] + done.stderr[-2000:]
    centre.lives()


def schema(name: str) -> dict:
    return {"$ref": f"#/components/schemas/{name}", "components": DOCUMENT["components"]}


def test_what_our_own_parts_say_is_as_the_contract_says(tmp_path):
    """A life of a terminal, made by the product's own types and written down."""
    recorded = tmp_path / "recorded"
    package = os.environ.get("NIGHTDESK_PACKAGE", str(TREE))
    done = subprocess.run(
        ["swift", "test", "--skip-build", "--filter", "RecordedRun"], cwd=package, text=True,
        capture_output=True, timeout=120, env=os.environ | {"NIGHTDESK_RECORDED": str(recorded)})
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    lines = [json.loads(line) for line in recorded.read_text().splitlines()]
    assert len(lines) == 15
    for name, message in lines:
        jsonschema.Draft202012Validator(schema(name)).validate(message)


def test_every_answer_of_the_list_has_an_example():
    shown = [media for item in DOCUMENT["paths"].values() for operation in item.values()
             for answer in operation["responses"].values() for kind, media in answer.get("content", {}).items()
             if kind.endswith("json") and "problem" not in kind and answer["description"][:9] != "Not ready"]
    assert all("example" in media for media in shown)
    for media in shown:
        jsonschema.validate(media["example"], media["schema"] | {"components": DOCUMENT["components"]})


def test_what_is_not_there_says_so(centre):
    answer = requests.get(centre.doors["centre"] + "/nowhere")
    assert answer.status_code == 404
    jsonschema.validate(answer.json(), schema("Problem"))
