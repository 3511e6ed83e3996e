# SPDX-License-Identifier: Apache-2.0
"""Sums what the parts of Kiosk/test left behind: JUnit files, story results, `{"passed": n}`.
Prints the sum alone on the last line; succeeds only when something ran, or said why it did not,
and nothing failed."""

import json
import sys
import xml.etree.ElementTree as xml
from pathlib import Path


def of_junit(path: Path) -> tuple[int, int, int]:
    passed = failed = skipped = 0
    for case in xml.parse(path).getroot().iter("testcase"):
        if case.find("failure") is not None or case.find("error") is not None:
            failed += 1
        elif case.find("skipped") is not None:
            skipped += 1
        else:
            passed += 1
    return passed, failed, skipped


def of_json(path: Path) -> tuple[int, int, int]:
    result = json.loads(path.read_text())
    if "claims" not in result:
        return result.get("passed", 0), result.get("failed", 0), result.get("skipped", 0)
    held = sum(1 for claim in result["claims"] if claim["held"])
    missed = len(result["claims"]) - held
    # A story that broke off has not held, whatever it claimed before.
    return held, missed if missed or result["held"] else 1, 0


def ended_badly(folder: Path) -> list[str]:
    path = folder / "ended-badly"
    return path.read_text().split() if path.exists() else []


def total(folder: Path) -> tuple[int, int, int]:
    """Files are named after their part. A part that ended badly without naming a failed test
    (it crashed, or did not build) counts as one."""
    sums = {path: of_junit(path) for path in sorted(folder.glob("*.xml"))}
    sums |= {path: of_json(path) for path in sorted(folder.glob("*.json"))}
    silent = [part for part in ended_badly(folder)
              if not any(failed for path, (_, failed, _) in sums.items()
                         if path.name.startswith(part))]
    passed, failed, skipped = map(sum, zip((0, len(silent), 0), *sums.values()))
    return passed, failed, skipped


def main(folder: str) -> int:
    passed, failed, skipped = total(Path(folder))
    if bad := ended_badly(Path(folder)):
        print("Did not pass:", ", ".join(bad))
    print(f"{passed} passed, {failed} failed, {skipped} skipped")
    return 0 if failed == 0 and passed + skipped > 0 else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
