# SPDX-License-Identifier: Apache-2.0
"""What came out of the printer, counted and read from the bytes it was sent."""

import time

from drawing import second_drawing
from residents import Resident
from stage.claims import Claims
from stage.house import House
from stage.papers import Paper, differing_dots, papers
from stage.raster import Raster

# Longer than a job takes from spool to paper, so that a late one would be seen.
LATE = 3.0


class PaperClaims:
    def __init__(self, house: House, claims: Claims):
        self.house, self.claims = house, claims
        self.pictures = house.folder.make("evidence/papers")

    def all(self) -> list[Paper]:
        """Every paper so far, read anew from the printer's bytes."""
        return papers(self.house.printed(), self.pictures)

    def of(self, number: str) -> list[Paper]:
        return [paper for paper in self.all() if paper.number == number]

    def raster(self, paper: Paper) -> Raster:
        return Raster(paper.rows)

    def expect(self, number: str, what: str) -> Paper | None:
        mine = self.of(number)
        self.claims.add(f"{what}: one paper, its code read by zbar holds the number",
                        len(mine) == 1, f"{len(mine)} papers with …{number[18:]}")
        return mine[0] if mine else None

    def expect_none(self, number: str, bytes_before: int, what: str) -> None:
        time.sleep(LATE)
        printer = self.house.panel.state()["printer"]
        mine = self.of(number)
        self.claims.add(f"{what}: no paper then or later", not mine and printer["buffered"] == 0,
                        f"{len(mine)} papers; {printer['bytes'] - bytes_before} bytes came, "
                        f"{printer['buffered']} wait in the printer")

    def nothing_printed_later(self, number: str, papers_before: int) -> None:
        time.sleep(LATE)
        printer = self.house.panel.state()["printer"]
        self.claims.add("out of paper: nothing is printed when paper is put in",
                        printer["papers"] == papers_before and printer["buffered"] == 0
                        and not self.of(number),
                        f"{printer['papers'] - papers_before} papers more, "
                        f"{printer['buffered']} bytes wait in the printer")

    def compare(self, filed: dict[str, Resident]) -> None:
        """At the end: papers against filings, codes against the centre's words."""
        found = self.all()
        numbers = [paper.number for paper in found]
        twice = len(numbers) - len(set(numbers))
        unknown = [number for number in numbers if number not in filed]
        self.claims.add("every paper is of a filing, no filing has two",
                        not twice and not unknown,
                        f"{len(found)} papers, {twice} doubled, {len(unknown)} of no filing")
        self.claims.numbers["slips"] = len(found)
        self.claims.numbers["doubled"] = (self.claims.numbers["doubled"] or 0) + twice
        wrong = [paper.number for paper in found if not self._agrees(paper)]
        self.claims.add("the claim code on each paper is the one sealed in its application",
                        found and not wrong,
                        f"{len(found) - len(wrong)} of {len(found)} equal; QR names "
                        f"{found[0].link.group(1) if found and found[0].link else 'nothing'}")

        drawn = [differing_dots(paper.rows, second_drawing(
                     self.house, self.pictures, paper, filed[paper.number]))
                 for paper in found if paper.number in filed]
        self.claims.add("every dot of each paper is that of a second drawing of the same slip",
                        drawn and not any(drawn),
                        f"dots that differ: {', '.join(map(str, drawn))}")

    def _agrees(self, paper: Paper) -> bool:
        if paper.link is None or paper.link.group(1) != self.house.settings["publicHost"]:
            return False
        content = self.house.centre.case(paper.number)["content"]
        return content["claimCode"] == paper.claim if "claimCode" in content else \
            self._opens(paper)

    def _opens(self, paper: Paper) -> bool:
        """The centre gives details only to the right code."""
        answer = self.house.centre.post("/v1/progress", {
            "number": paper.number, "claimCode": paper.claim})
        return answer["number"] == paper.number
