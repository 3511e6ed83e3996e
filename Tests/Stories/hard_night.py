# SPDX-License-Identifier: Apache-2.0
"""A hard night: a full disk, a second kioskd, strangers at the door, spoilt files.

Played through a real Chromium against real processes. The disk is made to fail by strace at
single system calls; whatever happens, guides are served and no number is told that is not kept.
"""

import json
import re
import shutil
from pathlib import Path

import residents
from hard_lives import (Disk, alive, command, doctor, kioskd_of, loses_the_answer_of, read_only,
                        rewrite_profile, start, stop)
from stage.chromium import Chromium
from stage.claims import Claims
from stage.house import AREA, House
from stage.http import ask
from stage.processes import until
from stage.screen import READ, Screen
from stage.stranger import Stranger, sends_elsewhere
from stage.tls import server
from visit import MATTERS, WORDS, Visit

NUMBER = re.compile(rf"{AREA}\W*([0-9A-Z]{{4}})\W*20\d{{6}}\W*\d{{5}}\W*[0-9A-Z]")
ELSEWHERE = "http://nobody.example"


def play(claims: Claims, keep: Path | None) -> None:
    with House() as house:
        night = HardNight(house, claims)
        try:
            night.pass_through()
        finally:
            if keep:
                night.keep(keep)
        night.screen.close()


class HardNight:
    def __init__(self, house: House, claims: Claims):
        self.house, self.claims, self.panel = house, claims, house.panel
        self.origin = house.screen_url.split("/#")[0]
        self.scenes = house.folder.make("evidence/scenes")
        self.screen = Screen(Chromium(house.folder, house.crew), house.screen_url,
                             house.folder.make("evidence/scratch"), self.scenes)
        self.disk = Disk(house)
        self.numbers: list[str] = []

    def pass_through(self) -> None:
        self.screen.wait("idle", seconds=30)
        self.second_kioskd()
        self.strangers()
        self.reload()
        self.full_disk()
        self.read_only_log()
        self.new_ledger()
        self.no_disk_at_start()
        self.broken_files()
        self.refused_files()
        self.unknown_outcome()
        self.lost_enrolment()
        self.claims.numbers["filed"] = len(self.numbers)
        self.claims.numbers["restarts"] = self.house.lives - 1

    def keep(self, keep: Path) -> None:
        keep.mkdir(parents=True, exist_ok=True)
        shutil.copytree(self.scenes, keep / "scenes", dirs_exist_ok=True)
        shutil.copytree(self.house.folder.logs, keep / "logs", dirs_exist_ok=True)
        for path in self.house.folder.evidence.glob("*.*"):
            shutil.copy(path, keep / path.name)

    # 1. One terminal, one kioskd.

    def second_kioskd(self) -> None:
        done = command(self.house, "--profile", str(self.house.profile), name="kioskd")
        said = done.stderr.strip().splitlines()
        holder = kioskd_of(self.house)
        self.claims.add("a second kioskd ends with status 1 and one sentence that names the holder",
                        done.returncode == 1 and len(said) == 1 and f"process {holder})" in said[0],
                        f"status {done.returncode}: {' / '.join(said)} (the holder is {holder})")
        goes_on = (alive(self.house) and ask("GET", self.origin)[0] == 200
                   and self._guide_opens())
        self.claims.add("meanwhile the first goes on serving", goes_on, "a guide opened")

    # 2. Who may ask.

    def strangers(self) -> None:
        token = {"Authorization": f"Bearer {self.house.token}"}
        choice = {"scene": 1, "choice": "guide"}

        def status(path: str, headers: dict, body: object = choice, method: str = "POST") -> int:
            return ask(method, self.origin + path, body, headers)[0]

        without = {path: status(path, {}, None if path == "/scenes" else choice,
                                "GET" if path == "/scenes" else "POST")
                   for path in ("/scenes", "/choices", "/drawn")}
        self.claims.add("without the token nobody sees a scene or chooses",
                        set(without.values()) == {401}, without)
        wrong = status("/choices", {"Authorization": "Bearer " + "0" * 64})
        self.claims.add("a wrong token is as good as none", wrong == 401, wrong)
        host = status("/choices", token | {"Host": "nobody.example"})
        self.claims.add("a foreign name that points here gets nothing", host == 421, host)
        origin = status("/choices", token | {"Origin": ELSEWHERE})
        self.claims.add("a page of another origin cannot choose", origin == 403, origin)
        large = status("/choices", token, choice | {"value": "9" * 1_000_000})
        self.claims.add("a choice of 1 MB is refused", large in (400, 413), large)
        seen = self.screen.wait()
        self.claims.add("the screen was moved by none of them", seen.name == "idle", seen.name)

    # 3. A page that is loaded anew, a page opened twice.

    def reload(self) -> None:
        visit = Visit(self.screen, self.panel, residents.RARE_NAME)
        visit.arrive()
        visit.find()
        seen = self.screen.press_and_wait("start")
        for _ in range(4):
            if seen.name == "field":
                break
            self.screen.press({"deposit": "agree", "check": "confirm"}[seen.name])
            seen = self.screen.wait(after=seen.id)
        self.screen.page.reload()
        again = self.screen.wait("field")
        self.claims.add("a page loaded anew in mid-form shows the same question",
                        (again.name, again.title) == (seen.name, seen.title),
                        f"{seen.title} → {again.title}")
        self._opened_twice(again.title)
        self.panel.take_card()
        seen = self.screen.wait("cardTaken")
        self.screen.press_and_wait("end", "idle", "farewell")
        self.screen.wait("idle", seconds=60)

    def _opened_twice(self, question: str) -> None:
        newer = self.screen.browser.contexts[0].new_page()
        newer.goto(self.house.screen_url)
        until("The question on the newer page", 10,
              lambda: (newer.evaluate(READ) or {}).get("title") == question)
        notice = until("The older page's notice", 10, lambda: self.screen.page.evaluate(
            "() => document.querySelector('#cover')?.innerText"))
        self.claims.add("opened twice: the newer page has the question, the older one says so",
                        WORDS["page.replaced-title"]["zh"] in notice
                        and WORDS["page.replaced-title"]["en"] in notice,
                        notice.replace("\n", " "))
        newer.close()
        self.screen.page.reload()
        self.screen.wait("field")

    # 4. The disk is full while she files, and has room again.

    def full_disk(self) -> None:
        seen = self._files_on_a_bad_disk("ENOSPC", "disk full")
        idle = self.screen.wait("idle")
        told = [one.name for one in self.screen.history if NUMBER.search(one.text)]
        self.claims.add("disk full: no number was told in any scene, nothing was printed",
                        not told and not self.panel.state()["printer"]["papers"],
                        f"scenes with a number: {told or 'none'}; papers: "
                        f"{self.panel.state()['printer']['papers']}")
        counts = json.loads(self.house.ctl("ledger", "check", "--json"))
        self.claims.add("disk full: the ledger holds no filing and no damage",
                        counts["counts"]["filed"] == 0 and not counts["damage"], counts)
        said = WORDS["problem.ledger.full.resident"]["zh"]
        self.claims.add("disk full: the first page says so, the guides open",
                        said in idle.text and self._guide_opens(), f"“{seen.title}”; “{said}”")
        self.disk.heal()
        until("The board's word that filings are kept again", 60,
              lambda: doctor(self.house)["ledger"]["state"] == "ready", step=0.5)
        number = self._files()
        *rows, counts = map(json.loads, self.house.ctl("outbox", "list", "--json").splitlines())
        self.claims.add("the outbox lists its rows and their counts",
                        counts["filed"] == 1 and rows, f"{len(rows)} rows; {counts}")
        self.claims.add("there is room again: by itself, without a restart, she files",
                        number and self.house.lives == 2, f"number {number or 'none'}")

    def read_only_log(self) -> None:
        """A disk that the kernel has made read-only answers EROFS to each write."""
        self._files_on_a_bad_disk("EROFS", "read-only disk")
        self.claims.add("read-only disk: kioskd lives on and calls it full",
                        alive(self.house)
                        and doctor(self.house)["ledger"].get("problem") == "ledger.full",
                        doctor(self.house)["ledger"].get("problem"))
        self.disk.heal()

    def _files_on_a_bad_disk(self, error: str, what: str):
        stop(self.house)
        self._begin(*self.disk.fault(error))
        visit = self._fill(residents.RARE_NAME)
        self.disk.fail()
        visit.file()
        seen = self.screen.wait("trouble", seconds=30)
        self.claims.add(f"{what}: the screen says that nothing was saved",
                        seen.title == WORDS["trouble.full.title"]["zh"], f"“{seen.title}”")
        self.screen.press_and_wait("home")
        self._leave_without_filing()
        return seen

    # 5. The ledger is lost: another begins.

    def new_ledger(self) -> None:
        stop(self.house)
        before = self._record()
        aside = self.house.folder.make("state/aside")
        for path in self.house.state.glob("ledger*"):
            path.rename(aside / path.name)
        self._begin()
        number = self._files()
        allotments = [NUMBER.search(one).group(1) for one in self.numbers]
        self.claims.add("a new ledger numbers from the next spare allotment",
                        allotments == [before[0], self.house.settings["spareAllotments"][0]]
                        and self._record() == allotments,
                        f"{' then '.join(allotments)}; recorded: {' '.join(self._record())}")
        until("Both filings at the centre", 30, lambda: len(self.house.centre.cases()) == 2)
        states = {one["number"][6:10]: one["state"] for one in self.house.centre.cases()}
        self.claims.add("the centre takes the numbers of both", set(states.values()) == {"received"},
                        f"{states}; the last is {number}")

    def _record(self) -> list[str]:
        """Allotments in the order of their use; further lines tell how far each got on a day."""
        lines = (self.house.state / "allotments").read_text().splitlines()
        return [line for line in lines if len(line.split()) == 1]

    # 6. Starts without a disk, and with broken files.

    def no_disk_at_start(self) -> None:
        stop(self.house)
        self._begin(*read_only(self.house))
        self._serves_guides_alone("read-only from the start", "ledger.full")
        found = doctor(self.house)["shelves"].get("problem")
        self.claims.add("read-only from the start: staff hear that settings are not kept",
                        found == "shelves.unusable", found)

    def broken_files(self) -> None:
        stop(self.house)
        state, rubbish = self.house.state, b"\x07" * 8192
        whole = self.house.folder.make("state/whole")
        for path in [*state.glob("ledger*"), *state.glob("shelves*")]:
            path.rename(whole / path.name)
        for name in ("ledger", "shelves"):
            self.house.folder.write(state / name, rubbish)
        self._begin()
        self._serves_guides_alone("broken ledger and shelves", "ledger.broken")
        stop(self.house)
        kept = all((state / name).read_bytes() == rubbish for name in ("ledger", "shelves"))
        self.claims.add("broken files are left as they were", kept,
                        "byte for byte" if kept else "they were changed")
        for path in [*state.glob("ledger*"), *state.glob("shelves*")]:
            path.unlink()
        for path in whole.iterdir():
            path.rename(state / path.name)

    def _serves_guides_alone(self, what: str, problem: str) -> None:
        idle = self.screen.wait("idle")
        said = WORDS[f"problem.{problem}.resident"]["zh"]
        found = doctor(self.house)["ledger"].get("problem")
        self.claims.add(f"{what}: kioskd serves the guides and says what rests",
                        said in idle.text and found == problem and self._guide_opens(),
                        f"doctor: {found}; first page: “{said}”")

    # 7. A faulty catalogue, other settings under an old version, a redirecting stranger.

    def refused_files(self) -> None:
        house = self.house
        catalogue = house.folder.share / "Kiosk" / "Catalogue" / "catalogue.json"
        good = catalogue.read_text()
        catalogue.write_text(good.replace('"dept": "civil"', '"dept": "nobody"', 1))
        self._sign_settings(house.settings | {"publicHost": "other.example"})
        centre = json.loads(house.profile.read_text())["centre"]["url"]
        # An end that the terminal believes: only its words are wrong.
        with Stranger(0, sends_elsewhere, self._as_centre()) as elsewhere:
            rewrite_profile(house, centre=f"https://127.0.0.1:{elsewhere.port}")
            self._begin()
            until("The courier's second question", 30,
                  lambda: sum(b"/v1/batches" in one for one in elsewhere.requests) > 1)
            asked = [one.split()[1].decode() for one in elsewhere.requests]
            self.claims.add("a redirect is not followed: nothing is sent elsewhere",
                            "/elsewhere" not in asked, f"asked for {sorted(set(asked))}")
            found = doctor(house)
            said = found["catalogue"].get("sentence", {}).get("zh", "")
            self.claims.add("a faulty catalogue is refused with its place, the old one serves",
                            found["catalogue"].get("problem") == "catalogue.refused"
                            and "matters[" in said and self._guide_opens(), said)
            said = found["settings"].get("sentence", {}).get("en", "")
            log = (house.folder.logs / "kioskd.log").read_text()
            self.claims.add("settings that differ under the version in force are refused aloud",
                            found["settings"].get("problem") == "settings.refused"
                            and "version" in said and "settings refused" in log, said)
            stop(house)
        catalogue.write_text(good)
        rewrite_profile(house, centre=centre)

    def _sign_settings(self, settings: dict) -> None:
        folder = self.house.folder
        plain = folder.write(folder.tmp / "other.json", json.dumps(settings, ensure_ascii=False))
        self.house.centre.sign(plain, self.house.state / "settings.dsse")

    def _as_centre(self):
        """Somebody with the centre's own certificate: its front, or a thief."""
        data = self.house.centre.data
        return server(data / "server.pem", data / "server.key")

    # 8. The disk breaks at the sync: nobody knows whether the filing is on it.

    def unknown_outcome(self) -> None:
        self._begin(*self.disk.fault("EIO", "fdatasync"))
        visit = self._fill(residents.RARE_NAME)
        before = len(self.screen.history)
        self.disk.fail()
        visit.file()
        status = self.house.kioskd.wait(30)
        self.disk.heal()
        self.panel.take_card()
        self._begin()
        told = [one.name for one in self.screen.history[before:] if NUMBER.search(one.text)]
        report = json.loads(self.house.ctl("ledger", "check", "--json"))
        self.claims.add("a sync that failed: nothing is told, kioskd ends and begins anew",
                        status == 70 and not told and not report["damage"]
                        and report["counts"]["untold"] == 0,
                        f"status {status}; {report['counts']}")
        stop(self.house)

    # 9. The centre's answer to an enrolment is lost.

    def lost_enrolment(self) -> None:
        house = self.house
        state = house.folder.make("state2")
        rewrite_profile(house, state=str(state))
        code = house.centre.ticket("T0099", AREA)

        def enrol(centre: str):
            return command(house, "enrol", "--centre", centre, "--profile", str(house.profile),
                           given=code)
        with Stranger(0, loses_the_answer_of(house), self._as_centre()) as loser:
            lost = enrol(f"https://127.0.0.1:{loser.port}")
        asked = [one for one in loser.requests if one.startswith(b"POST /v1/enrolments")]
        key = (state / "identity" / "terminal.key").read_bytes()
        again = enrol(house.centre.enrolment_url)
        same = (state / "identity" / "terminal.key").read_bytes() == key
        self.claims.add("an enrolment whose answer was lost is repeated with the same code and key",
                        asked and lost.returncode == 1 and again.returncode == 0 and same,
                        f"first: {lost.stderr.strip().splitlines()[-1:]}; "
                        f"again: {(again.stdout or again.stderr).strip()}")

    # What the steps share.

    def _begin(self, *faults: str) -> None:
        """A new life of kioskd, up to its own first page on the screen."""
        former = self.screen.wait().id
        start(self.house, *faults)
        until("The first page of the new life", 30,
              lambda: (seen := self.screen.look()) and seen.name == "idle" and seen.id != former)

    def _guide_opens(self) -> bool:
        page = self._touch("guide", "find")
        page = self._touch(next(one for one in page.choices if one.startswith("group:")), "matters")
        matter = next(one for one in page.choices if one.startswith("matter:"))
        guide = self._touch(matter, "guide")
        self._touch("home", "idle")
        return MATTERS[matter.removeprefix("matter:")]["name_zh"] in guide.text

    def _touch(self, choice: str, scene: str):
        # Two touches of one place at once would be taken for a trembling finger.
        self.screen.page.wait_for_timeout(600)
        return self.screen.press_and_wait(choice, scene)

    def _fill(self, who: residents.Resident) -> Visit:
        visit = Visit(self.screen, self.panel, who)
        visit.arrive()
        visit.find()
        visit.fill()
        return visit

    def _files(self) -> str:
        visit = self._fill(residents.RARE_NAME)
        visit.file()
        seen = self.screen.wait("filed", seconds=40)
        found = NUMBER.search(seen.text)
        self.numbers.append(found.group(0) if found else "")
        visit.leave()
        self.screen.wait("idle", seconds=30)
        return self.numbers[-1]

    def _leave_without_filing(self) -> None:
        self.panel.take_card()
        end = self.screen.wait("idle", "cardTaken", "greeting", "find", "matters", seconds=30)
        if end.name == "cardTaken":
            self.screen.press_and_wait("end", "idle")
        elif end.name != "idle":
            self.screen.press_and_wait("home", "idle", "cardTaken")
        self.screen.wait("idle", seconds=60)
