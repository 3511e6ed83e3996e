# SPDX-License-Identifier: Apache-2.0
"""One night at a terminal whose network is down: five residents, two kills, no paper once.

Played through a real Chromium against real processes; every claim is checked by looking: at
the system calls of kioskd, the printer's bytes, the centre's cases and the files that are left.
"""

import json
import shutil
from pathlib import Path

import residents
from aftermath_claims import AftermathClaims
from centre_claims import CentreClaims
from paper_claims import PaperClaims
from stage import Trouble
from stage.aftermath import Aftermath
from stage.chromium import Chromium
from stage.claims import Claims
from stage.house import House
from stage.order import SyncWatch, filings, number_anywhere, orders, stray
from stage.papers import codes_in
from stage.processes import until
from stage.screen import Screen
from stage.stranger import Stranger, refuses
from stage.tls import server
from visit import MATTERS, WORDS, Visit, browse


def play(claims: Claims, keep: Path | None) -> None:
    with House(traced=True) as house:
        night = Night(house, claims)
        try:
            night.pass_through()
        finally:
            if keep:
                night.keep(keep)
        night.screen.close()


class Night:
    def __init__(self, house: House, claims: Claims):
        self.house, self.claims, self.panel = house, claims, house.panel
        self.scenes = house.folder.make("evidence/scenes")
        self.chromium = Chromium(house.folder, house.crew)
        self.screen = Screen(self.chromium, house.screen_url,
                             house.folder.make("evidence/scratch"), self.scenes)
        self.aftermath = Aftermath(house, self.chromium)
        self.papers = PaperClaims(house, claims)
        self.after = AftermathClaims(self.aftermath, self.screen, claims)
        # Who filed under which number.
        self.filed: dict[str, residents.Resident] = {}

    def pass_through(self) -> None:
        self.panel.network("cut")
        self.browse()
        self.first_resident()
        self.killed_before_paper()
        self.in_english()
        self.out_of_paper()
        self.refused_later()
        self.order()
        self.stranger()
        CentreClaims(self.house, self.claims, self.filed, self.screen).morning()
        self.papers.compare(self.filed)
        self.after.sum_up(self.filed.values())
        self.claims.numbers["filed"] = len(filings(self.house.trace))
        self.claims.numbers["restarts"] = self.house.lives - 1

    def keep(self, keep: Path) -> None:
        keep.mkdir(parents=True, exist_ok=True)
        (keep / "events.json").write_text(json.dumps(self.panel.get("/events")))
        for name in ("scenes", "sim/papers", "papers"):
            source = self.house.folder.evidence / name
            if source.is_dir():
                shutil.copytree(source, keep / Path(name).name, dirs_exist_ok=True)
        shutil.copytree(self.house.folder.logs, keep / "logs", dirs_exist_ok=True)
        for path in self.house.folder.evidence.glob("*.*"):
            shutil.copy(path, keep / path.name)

    # 1. She finds a matter, fills its form, files; kioskd is killed when told is synced.

    def browse(self) -> None:
        self.screen.wait("idle", seconds=30)
        seen, lacking = browse(self.screen)
        self.claims.add("all 57 matters can be browsed: who, materials, time limit, fee, what follows",
                        seen == set(MATTERS) and len(seen) == 57 and not lacking,
                        f"{len(seen)} guides opened; lacking: {', '.join(lacking[:5]) or 'nothing'}")

    def first_resident(self) -> None:
        visit = self._fill(residents.GRANDMOTHER)
        self._told_before_first_question(visit)
        watch = SyncWatch.told(self.house.trace)
        visit.file()
        self._await_sync(watch, "told")
        self.house.kill_kioskd()
        self._restart(visit, told_to=watch.number)
        self.papers.expect(watch.number, "kill after told")

    def _told_before_first_question(self, visit: Visit) -> None:
        greeting = visit.scenes[0]
        shown = [word for word in visit.who.words if word in greeting.text]
        self.claims.add("the screen greets her without her name",
                        "您好" in greeting.title and not shown
                        and not any(one in greeting.text for one in visit.who.name),
                        f"“{greeting.title}”; her words on it: {len(shown)}")
        names = [seen.name for seen in visit.scenes]
        first = min(names.index(one) for one in ("check", "field", "choice") if one in names)
        deposit = [seen for seen in visit.scenes[:first] if "预存申报" in seen.title]
        self.claims.add("she is told that it is a 预存申报 before the first question",
                        len(deposit) == 1, " → ".join(names[:first + 1]))
        self.claims.add("what she types is checked and said in words",
                        visit.corrected not in ("", "no sentence"), visit.corrected)
        card_fields = [one for one in visit.scenes if one.name == "check"]
        self.claims.add("what the card says is filled in, masked",
                        card_fields and visit.who.id_number not in card_fields[0].text
                        and visit.who.id_number[-4:] in card_fields[0].text,
                        card_fields[0].title if card_fields else "no check scene")

    # 2. kioskd is killed between commit and paper.

    def killed_before_paper(self) -> None:
        visit = self._fill(residents.RARE_NAME)
        self.panel.hold_status(True)
        watch = SyncWatch.application(self.house.trace)
        visit.file()
        self._await_sync(watch, "filing")
        until("The printer's first status request", 15,
              lambda: self.panel.state()["printer"]["statusWaiting"])
        before = self.panel.state()["printer"]["bytes"]
        papers = self.panel.state()["printer"]["papers"]
        self.house.kill_kioskd()
        # cupsd falls with its filter and comes back on its own spool: it runs the job again,
        # with nobody there to cancel it. The filter has used up the permission to print.
        spooler = self.house.spooler
        spooler.fall()
        held = not spooler.is_idle()
        self.panel.hold_status(False)
        spooler.rise()
        until("cupsd's second run of the job", 20, spooler.is_idle)
        self.claims.add("a job that cupsd runs a second time prints nothing",
                        held and self.panel.state()["printer"]["papers"] == papers,
                        f"job kept over the fall: {held}; papers before and after: "
                        f"{papers}, {self.panel.state()['printer']['papers']}")
        self._restart(visit, told_to=watch.number)
        self.papers.expect_none(watch.number, before, "kill before paper")

    # 3. English; and while its slip is held, the slip is in the spool.

    def in_english(self) -> None:
        visit = self._fill(residents.ENGLISH)
        self.panel.hold_status(True)
        visit.file()
        until("The printer's first status request", 15,
              lambda: self.panel.state()["printer"]["statusWaiting"])
        snapshot = self.house.folder.evidence / "spool-while-held"
        shutil.copytree(self.house.spooler.spool, snapshot)
        self.panel.hold_status(False)
        number = self._take_number(visit)
        chinese = [seen for seen in visit.scenes[1:] if seen.name in ("deposit", "field", "choice")
                   and not seen.title.isascii()]
        self.claims.add("a second resident files in English", number and not chinese,
                        f"“{visit.scenes[-1].title}”, number …{number[18:]}")
        self._leave(visit)
        paper = self.papers.expect(number, "English")
        hits = self.aftermath.in_snapshot(snapshot, self.papers.raster(paper)) if paper else []
        self.claims.add("the search finds a slip in the spool while its job is held", hits,
                        f"{len(hits)} spool files hold runs of its raster")

    # 4. The paper runs out.

    def out_of_paper(self) -> None:
        visit = self._fill(residents.NO_PAPER)
        self.panel.paper("out")
        before = self.panel.state()["printer"]["papers"]
        visit.file()
        shown = self.screen.wait("noPaper", seconds=40)
        visit.scenes.append(shown)
        picture = self.screen.picture(self.scenes / "no-paper-code.png")
        codes = codes_in(picture)
        number = self._newest_number(residents.NO_PAPER)
        on_screen = number_anywhere(number).search(shown.text.encode()) is not None
        self.claims.add("out of paper: the number and its code stand large on the screen",
                        on_screen and any(f"/p/{number}#" in code for code in codes),
                        f"zbar read {', '.join(codes) or 'nothing'} from the screen")
        self.claims.add("out of paper: she hears that nothing is printed later, and nothing untrue",
                        WORDS["no-paper.never-later"]["zh"] in shown.text
                        and "已通知" not in shown.text,  # with the network cut nobody was told
                        WORDS["no-paper.never-later"]["zh"])
        self._leave(visit)
        self.panel.paper("ok")
        self.papers.nothing_printed_later(number, before)

    # 5. One more, whose matter will have been withdrawn at the centre.

    def refused_later(self) -> None:
        visit = self._fill(residents.REFUSED)
        visit.file()
        number = self._take_number(visit)
        self._leave(visit)
        self.papers.expect(number, "ordinary")

        idle = self.screen.wait("idle").text
        self.claims.add("the first page says that the network is down",
                        WORDS["idle.offline"]["zh"] in idle and WORDS["idle.offline-may"]["zh"] in idle,
                        WORDS["idle.offline"]["zh"])

    # Somebody else answers at the centre's address before the network is back.

    def stranger(self) -> None:
        before = self.house.counts()
        data = self.house.centre.data
        # With the centre's own certificate: a front whose routes are wrong.
        with Stranger(self.house.ports["proxy"], refuses(),
                      server(data / "server.pem", data / "server.key")) as stranger:
            until("the courier at the stranger's door", 60, lambda: self._batches(stranger) >= 3)
        after = self.house.counts()
        self.claims.add("a stranger that answers 4xx for the centre settles nothing",
                        before == after and after["waiting"] > 0 and after["refused"] == 0,
                        f"{len(stranger.requests)} requests answered 4xx, {self._batches(stranger)} of "
                        f"them batches; waiting {before['waiting']} → {after['waiting']}")

    @staticmethod
    def _batches(stranger: Stranger) -> int:
        return sum(one.startswith(b"POST /v1/batches") for one in stranger.requests)

    # The order of sync, screen and paper.

    def order(self) -> None:
        house = self.house
        house.follower.read()
        found = orders(house.trace, house.ports["screens"], str(house.spooler.socket),
                       self.panel.events("printer.firstByte"))
        extra = stray(house.trace, str(house.spooler.socket))
        early = [one for one in found if one.early]
        told = [one for one in found if one.page is not None or one.printer is not None]
        self.claims.add(
            "a number is told, on screen or paper, only after the sync of its filing",
            len(found) == len(self.filed) and len(told) >= 4 and not early and not extra,
            "; ".join(map(str, found)) + f"; slips no filing explains: {len(extra)}")

    # What the steps share.

    def _fill(self, who: residents.Resident) -> Visit:
        self.claims.step(f"{who.matter}, {who.language}")
        self.aftermath.look_at_memory()
        visit = Visit(self.screen, self.panel, who)
        visit.arrive()
        self.after.begin()
        visit.find()
        visit.fill()
        return visit

    def _await_sync(self, watch: SyncWatch, what: str) -> None:
        if not self.house.follower.wait(30, watch.sees):
            raise Trouble(f"No sync of the {what} was seen in the trace.")

    def _take_number(self, visit: Visit) -> str:
        seen = self.screen.wait("filed", seconds=40)
        visit.scenes.append(seen)
        return self._newest_number(visit.who)

    def _newest_number(self, who: residents.Resident) -> str:
        self.house.follower.read()
        number = filings(self.house.trace)[-1].number
        self.filed[number] = who
        return number

    def _restart(self, visit: Visit, told_to: str) -> None:
        self.filed[told_to] = visit.who
        self.panel.take_card()
        self.house.start_kioskd()
        self.screen.wait("idle", seconds=30)
        self.after.visit(visit.who)

    def _leave(self, visit: Visit) -> None:
        visit.leave()
        self.after.visit(visit.who)
