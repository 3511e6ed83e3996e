# SPDX-License-Identifier: Apache-2.0
"""Makes the stage's package and the stories' own modules importable, whoever starts pytest."""

import sys
from pathlib import Path

TREE = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(TREE / "Kiosk" / "Stage"), str(TREE / "Tests" / "Stories")]
