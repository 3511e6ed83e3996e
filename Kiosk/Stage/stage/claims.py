# SPDX-License-Identifier: Apache-2.0
"""What a story claims and what was seen: its result, as one line of JSON."""

import json
import sys
import time
from dataclasses import asdict, dataclass, field


@dataclass
class Claim:
    claim: str
    held: bool
    saw: str


@dataclass
class Claims:
    """Collects claims while a story is played. A claim holds only when it was looked at:
    a story that breaks off has not held, and says where."""

    story: str
    claims: list[Claim] = field(default_factory=list)
    numbers: dict[str, int | None] = field(default_factory=lambda: dict.fromkeys(
        ("filed", "delivered", "refused", "slips", "lost", "doubled", "leaks", "restarts")))
    began: float = field(default_factory=time.monotonic)
    finished: bool = False
    stopped: bool = False

    def add(self, claim: str, held: object, saw: object) -> None:
        self.claims.append(Claim(claim, bool(held), str(saw)))
        mark = "held" if held else "DID NOT HOLD"
        print(f"{self.seconds:6.1f} s  {mark}: {claim} - {saw}", file=sys.stderr, flush=True)

    def step(self, what: str) -> None:
        print(f"{self.seconds:6.1f} s  {what}", file=sys.stderr, flush=True)

    @property
    def seconds(self) -> float:
        return time.monotonic() - self.began

    @property
    def held(self) -> bool:
        return self.finished and bool(self.claims) and all(one.held for one in self.claims)

    def line(self) -> str:
        claims = [asdict(one) for one in self.claims]
        return json.dumps({"story": self.story, "held": self.held, "claims": claims,
                           **self.numbers, "seconds": round(self.seconds, 1)},
                          ensure_ascii=False)
