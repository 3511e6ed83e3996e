# SPDX-License-Identifier: Apache-2.0
"""The units that are installed: systemd takes each as it stands, and the commands in them are
commands that the built programs take. Not tried under a running systemd."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from stage.folder import TREE

UNITS = TREE / "Kiosk" / "Units"
INSTALLED = "/usr/libexec/nightdesk"
BUILT = TREE / ".build" / "debug"


def commands() -> list[tuple[str, list[str]]]:
    """Unit and words of each command of ours."""
    found = []
    for unit in sorted(UNITS.glob("*.service")):
        for line in re.findall(r"^ExecStart=(.*)$", unit.read_text(), re.MULTILINE):
            if line.startswith(INSTALLED):
                found.append((unit.name, line.removeprefix(INSTALLED + "/").split()))
    return found


def test_every_command_is_there():
    assert {words[0] for _, words in commands()} == {"kioskd", "centrald", "nightdesk-clock"}


@pytest.mark.parametrize("unit, words", commands(), ids=lambda part: part if isinstance(part, str) else "")
def test_its_program_takes_a_unit_s_words(unit, words):
    name = [word for word in words[1:2] if not word.startswith("-")]
    told = subprocess.run([BUILT / words[0], *name, "--help"], capture_output=True, text=True, check=True)
    known = set(re.findall(r"--[a-z-]+", told.stdout))
    needed = set(re.findall(r"(?<!\[)(--[a-z-]+) <", told.stdout.split("OPTIONS:")[0]))
    given = {word for word in words if word.startswith("--")}
    assert given <= known, f"{unit} gives {given - known}"
    assert needed <= given, f"{unit} lacks {needed - given}"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
def test_systemd_takes_every_unit(tmp_path: Path):
    for unit in UNITS.iterdir():
        if unit.suffix in (".service", ".path"):
            text = unit.read_text().replace(INSTALLED, str(BUILT))
            (tmp_path / unit.name).write_text(text)
    said = subprocess.run(["systemd-analyze", "verify", *map(str, tmp_path.iterdir())],
                          capture_output=True, text=True, env={"SYSTEMD_LOG_LEVEL": "warning"}, check=False)
    assert (said.returncode, said.stderr) == (0, "")
