# SPDX-License-Identifier: Apache-2.0
"""The eight ways a resident may set the screen, and the eye that looks at what was drawn."""

from pathlib import Path

AUDIT = (Path(__file__).parent / "audit.js").read_text("utf-8").split("\n", 2)[2]
LOOKS = [
    {"elder": elder, "contrast": contrast, "language": language}
    for elder, contrast in ((False, False), (True, False), (False, True), (True, True))
    for language in ("zh", "en")
]
