# SPDX-License-Identifier: Apache-2.0
"""Makes the stage's package, the stories' residents and this folder's own modules importable."""

import sys
from pathlib import Path

TREE = Path(__file__).absolute().parents[2]
sys.path[:0] = [str(TREE / "Kiosk" / "Stage"), str(TREE / "Tests" / "Stories"),
                str(Path(__file__).parent)]

REPORT_PLACE = TREE / ".build" / "faults.json"


def pytest_terminal_summary(terminalreporter):
    """The sum of all sweeps, and how to play each point that failed again."""
    from sweep import REPORT
    if not REPORT.rows:
        return
    REPORT.write(REPORT_PLACE)
    terminalreporter.section("faults")
    for line in REPORT.table():
        terminalreporter.write_line(line)
    for failure in REPORT.failures:
        terminalreporter.write_line(f"{failure['point']}: {'; '.join(failure['troubles'])}")
        terminalreporter.write_line(f"  again: {failure['again']}")
    terminalreporter.write_line(f"as JSON: {REPORT_PLACE}")


def pytest_sessionfinish(session):
    """A point that does not exist was not played, and so it did not hold."""
    from sweep import ONLY, REPORT
    if ONLY and not REPORT.rows and session.exitstatus == 0:
        print(f"\nThere is no point {ONLY} in this run.")
        session.exitstatus = 1
