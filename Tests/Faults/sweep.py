# SPDX-License-Identifier: Apache-2.0
"""A sweep: one phase of a life, spoilt at one call after another. A point is named
`phase/fault/op/what/number` and can be played alone: NIGHTDESK_POINT=… Kiosk/test faults."""

import json
import os
import random
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Callable

from reckoning import TROUBLES, Troubles
from writelog import Record

WHOLE = os.environ.get("NIGHTDESK_ALL") == "1"
ONLY = os.environ.get("NIGHTDESK_POINT", "")
SEED = int(os.environ.get("NIGHTDESK_SEED", "7"))
KILLS, ERRORS = ("kill-before", "kill-after"), ("eio", "enospc")


@dataclass(frozen=True)
class Point:
    """Spoil call `number` of those of `op` on `what`."""

    phase: str
    fault: str
    op: str
    what: str
    number: int

    def __str__(self) -> str:
        return f"{self.phase}/{self.fault}/{self.op}/{self.what}/{self.number}"

    @property
    def kind(self) -> tuple[str, str, str]:
        return self.fault, self.op, self.what


def faults_for(op: str) -> tuple[str, ...]:
    if op in ("write", "send"):
        return (*KILLS, *ERRORS, "short")
    return (*KILLS, *ERRORS, "lost") if op == "sync" else (*KILLS, *ERRORS)


def points(phase: str, runs: list[list[Record]], what: Callable[[Record], str | None]) -> list[Point]:
    """Every point of a phase, from the calls of runs without faults. No two runs are quite
    alike: a sample takes only what all of them reach, the whole what any of them does."""
    counts = [Counter((one.op, what(one)) for one in records if one.op not in ("start", "synced"))
              for records in runs]
    calls = {kind: (max if WHOLE or ONLY else min)(count[kind] for count in counts)
             for kind in set().union(*counts)}
    return [Point(phase, fault, op, name, number)
            for (op, name), count in sorted(calls.items(), key=str) if name
            for fault in faults_for(op) for number in range(1, count + 1)]


def sample(all_points: list[Point], count: int) -> list[Point]:
    """Some of them, the same ones each time, of as many kinds as can be."""
    if ONLY:
        return [one for one in all_points if str(one) == ONLY]
    if WHOLE or count >= len(all_points):
        return all_points
    chance = random.Random(f"{SEED} {all_points[0].phase}")
    kinds: dict[tuple, list[Point]] = {}
    for one in all_points:
        kinds.setdefault(one.kind, []).append(one)
    order = sorted(kinds)
    chance.shuffle(order)
    # Syncs and kills first: there a promise is made.
    order.sort(key=lambda kind: (kind[1] != "sync") + (kind[0] not in KILLS))
    chosen: list[Point] = []
    while len(chosen) < count:
        for kind in order:
            if kinds[kind] and len(chosen) < count:
                chosen.append(kinds[kind].pop(chance.randrange(len(kinds[kind]))))
    return chosen


def play(phase, share: int) -> dict[str, list[str]]:
    """The points of a phase that do not hold; `share` of them, or all."""
    runs = [phase.baseline(), phase.baseline()]
    chosen = sample(points(phase.name, runs, phase.what), share)
    return {str(point): found for point in chosen if (found := phase.play(point).all())}


def wanted(phase: str) -> bool:
    """Whether this run has anything to do with the phase."""
    return not ONLY or ONLY.split("/")[0] == phase


class Report:
    """All sweeps of a run, as a table and as JSON."""

    def __init__(self):
        self.rows: dict[str, Counter] = {}
        self.failures: list[dict] = []
        self.unreached: list[str] = []

    def add(self, phase: str, point: object, troubles: Troubles, reached: bool, began: float) -> None:
        row = self.rows.setdefault(phase, Counter())
        row["points"] += 1
        row["unreached"] += not reached
        row["milliseconds"] += round(1000 * (time.monotonic() - began))
        for kind in TROUBLES:
            row[kind] += len(getattr(troubles, kind))
        if not reached:
            self.unreached.append(str(point))
        if troubles.all():
            self.failures.append({"point": str(point), "troubles": troubles.all(),
                                  "again": f"NIGHTDESK_POINT={point} Kiosk/test faults"})

    def total(self) -> Counter:
        return sum(self.rows.values(), Counter())

    def table(self) -> list[str]:
        names = ("points", "unreached", *TROUBLES)
        wide = max([len(phase) for phase in self.rows] + [5])
        lines = [" ".join([" " * wide, *names, "seconds"])]
        for phase, row in [*self.rows.items(), ("total", self.total())]:
            cells = [str(row[name]).rjust(len(name)) for name in names]
            lines.append(" ".join([phase.ljust(wide), *cells,
                                   f"{row['milliseconds'] / 1000:.1f}".rjust(7)]))
        return lines

    def write(self, path: Path) -> None:
        total = self.total()
        path.write_text(json.dumps(
            {name: total[name] for name in ("points", "unreached", *TROUBLES)}
            | {"seed": SEED, "whole": WHOLE, "sweeps": self.rows, "failures": self.failures,
               "notReached": self.unreached}, ensure_ascii=False, indent=1) + "\n")


REPORT = Report()
