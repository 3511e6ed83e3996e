# SPDX-License-Identifier: Apache-2.0
"""After each visit: nothing of her on disk, a new renderer; at the end: the search can find."""

from typing import Iterable

from residents import Resident
from stage.aftermath import Aftermath, core_dumps
from stage.claims import Claims
from stage.processes import until
from stage.raster import Raster
from stage.papers import papers
from stage.screen import Screen


class AftermathClaims:
    def __init__(self, aftermath: Aftermath, screen: Screen, claims: Claims):
        self.aftermath, self.screen, self.claims = aftermath, screen, claims
        self.house = aftermath.house
        self.renderers: list[tuple[int, int, bool]] = []
        self.during = 0
        self.visits: list[tuple[str, int]] = []
        self.dumping: set[str] = set()

    def begin(self) -> None:
        self.during = self.screen.renderer()

    def visit(self, who: Resident) -> None:
        """The idle screen stands; she has gone."""
        former = self.during
        gone = self._ends(former)
        self.renderers.append((former, self.screen.renderer(), gone))
        self.aftermath.rasters = [Raster(paper.rows) for paper in papers(self.house.printed())]
        found = self.aftermath.after_visit(who.words)
        self.visits.append((who.matter, len(found)))
        self.dumping |= set(core_dumps(self.house.processes()))
        for hit in found[:5]:
            self.claims.step(f"left behind: {hit}")

    def _web_tier(self, everybody: list[Resident]) -> None:
        """What takes the applications in cannot read them."""
        opened = self.house.centre.opened()
        traced = list(self.house.folder.evidence.glob("centrald-*.strace"))
        self.claims.add("the centre's web tier never opened the office's keys",
                        traced and all(one.stat().st_size for one in traced) and not opened,
                        f"{len(opened)} of the files it opened are the office's" + "".join(opened[:1]))
        words = [word for who in everybody for word in who.words]
        finds = self.aftermath.in_web_tier(words)
        # What it does know, so that the look is known to find.
        matters = self.aftermath.in_web_tier(sorted({who.matter for who in everybody}))
        self.claims.add("no word of a resident stands in the memory of the centre's web tier",
                        finds == 0 and matters,
                        f"{finds} finds of {len(words)} words; {matters} of the names of matters")

    def _ends(self, renderer: int) -> bool:
        try:
            until("The end of the former renderer", 5,
                  lambda: renderer not in self.aftermath.chromium.renderers())
            return True
        except Exception:
            return False

    def sum_up(self, everybody: Iterable[Resident]) -> None:
        everybody = list(everybody)
        renewed = [one for one in self.renderers if one[0] != one[1] and one[2]]
        self.claims.add("after each visit the page runs in a new renderer, the former has ended",
                        len(renewed) == len(self.renderers) == len(everybody),
                        f"{len(renewed)} of {len(self.renderers)} visits; process before → after: "
                        + ", ".join(f"{old} → {new}{'' if gone else ' (former still there)'}"
                                    for old, new, gone in self.renderers))
        found = sum(count for _, count in self.visits)
        words = sum(len(who.words) for who in everybody)
        self.claims.numbers["leaks"] = found
        self.claims.add("after each visit no word of the former resident is left in any file",
                        found == 0 and len(self.visits) == len(everybody),
                        f"{found} finds of {words} words in {len(self.visits)} searches"
                        + "".join(f"; {hit}" for hit in self.aftermath.hits[:3]))
        laid, seen = self.aftermath.planted(everybody[0].words + everybody[1].words)
        self.claims.add("the search finds planted copies in every writing", laid and laid == seen,
                        f"{seen} of {laid} found")
        at_centre = self.aftermath.at_centre([w for who in everybody for w in who.words])
        self.claims.add("the centre's own disk holds no application in clear", not at_centre,
                        f"{len(at_centre)} finds" + "".join(f"; {h}" for h in at_centre[:2]))
        self._web_tier(everybody)
        self.claims.add("core dumps are off for every process", not self.dumping,
                        ", ".join(sorted(self.dumping)) or "RLIMIT_CORE 0, soft and hard, for all")
        self.aftermath.look_at_memory(wait=True)
        looks = [look.hits for look in self.aftermath.looks]
        # A number, not a claim: freed memory is not wiped, by anybody.
        self.claims.step(f"in memory ten seconds after each visit: {looks} finds")
        self.claims.numbers["memoryFinds"] = sum(one for one in looks if one is not None)
