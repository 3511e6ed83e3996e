# SPDX-License-Identifier: Apache-2.0
"""Another catalogue arrives from the centre while somebody is served, and a call on the shelves
is spoilt: the terminal goes on with the old one or the new one, whole; her visit keeps its own."""

import json
import re
import sqlite3
import time

import residents
from kiosk_phases import Phase
from lives import Lives, wait_end
from reckoning import Troubles
from stage.hands import Gone
from stage.processes import until
from walk import Told, Walk, to_guides
from writelog import Record

EDITION = re.compile("（第([0-9]+)版）")
MATTERS = tuple(one.matter for one in (residents.GRANDMOTHER, residents.RARE_NAME))


def editions(base: sqlite3.Connection) -> set[int]:
    """Those that the catalogue on the shelves holds."""
    rows = base.execute("SELECT bytes FROM document WHERE name = 'catalogue.signed'").fetchall()
    return {int(one) for row in rows for one in EDITION.findall(row[0].decode())}


class CatalogueArriving(Phase):
    """Each point brings the next edition. Editions hold the residents' two matters alone, each
    with the edition in its name: both are read to tell a whole one from a mixture."""

    name = "catalogue"
    # Nothing on the shelves was promised: no fault there is a reason to end.
    may_end = ()

    def __init__(self, house: Lives):
        super().__init__(house)
        self.edition = 0
        self.installed = json.loads(house.centre.catalogue.read_text())
        if not house.alive:
            house.start_kioskd()
        house.panel.network("through")
        # The old one is never the installed file: falling back to that would be a loss.
        self._publish()
        self._await()

    def _publish(self) -> None:
        self.edition += 1
        matters = [one | {"name_zh": f"{one['name_zh']}（第{self.edition}版）"}
                   for one in self.installed["matters"] if one["id"] in MATTERS]
        small = self.installed | {"matters": matters, "bundles": []}
        folder = self.house.folder
        self.house.centre.publish(folder.write(
            folder.tmp / "catalogue.json", json.dumps(small, ensure_ascii=False)))

    def _await(self) -> None:
        until(f"Edition {self.edition} on the shelves", 20, lambda: self._kept() == {self.edition})

    def _kept(self) -> set[int]:
        """Editions that the shelves' document holds, read beside kioskd."""
        base = sqlite3.connect(f"file:{self.house.state / 'shelves'}?mode=ro", uri=True)
        try:
            return editions(base)
        except sqlite3.OperationalError:
            return set()
        finally:
            base.close()

    # The phase.

    def what(self, record: Record) -> str | None:
        named = super().what(record)
        return named if named and named.startswith("shelves") else None

    def prepare(self) -> None:
        house, self.hers = self.house, None
        self.walk = Walk(house.enter(), house.panel, self.resident(), give_up=lambda: not house.alive)
        self.guide = self.walk.to_guide()

    def act(self) -> Told:
        house = self.house
        self._publish()
        end = time.monotonic() + 20
        while house.alive and not self.control.fired and self._kept() != {self.edition}:
            if time.monotonic() > end:
                return Told(end="gone: no catalogue came")
            time.sleep(0.02)
        if self.control.fired and wait_end(house.kioskd, 0.3):
            return Told(end="ended")
        try:
            summary = self.walk.fill(self.guide)
        except Gone as gone:
            return Told(end="ended" if not house.alive else f"gone: {gone}")
        self.hers = {int(one) for one in EDITION.findall(summary.text)}
        return self.walk.file(summary)

    def after(self, troubles: Troubles) -> None:
        old, new = self.edition - 1, self.edition
        if self.hers is not None and self.hers != {old}:
            troubles.brokenPromises.append(f"a visit begun with edition {old} went on with {self.hers}")
        if self.house.alive:
            self._judge("the next visit", ({old}, {new}), troubles)
        # What the shelves alone say, then what comes once the centre can be asked.
        self.rise("cut")
        self._judge("the next start", ({old}, {new}), troubles)
        self.rise()
        self._await()
        self._judge("a start with the centre", ({new},), troubles)

    def _judge(self, who: str, allowed: tuple[set[int], ...], troubles: Troubles) -> None:
        shown = self._shown()
        if shown not in allowed:
            troubles.brokenPromises.append(f"{who} has editions {shown or 'none'}, not one of {allowed}")

    def _shown(self) -> set[int]:
        """Editions that a passer-by reads, in the lists in which the matters stand."""
        hands = self.house.enter()
        to_guides(hands)
        found = set()
        for one in self.installed["matters"]:
            if one["id"] in MATTERS:
                text = hands.press_and_wait(f"group:{one['lifecycle'][0]}", "matters").text
                found |= {int(word) for word in EDITION.findall(text)} or {0}
                hands.press_and_wait("back", "find")
        hands.press_and_wait("home", "idle")
        return found
