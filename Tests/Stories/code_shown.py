# SPDX-License-Identifier: Apache-2.0
"""With the card reader unplugged a resident shows a code on her telephone, and files by it.

The scanner and the code's issuer are outside the terminal: a pseudo-terminal that sends bytes,
and a register of its own that is asked over HTTP. Looked at: what the screen says of good, used,
old, foreign and uncheckable codes, the paper, the case at the centre, the staff page, and every
file that the terminal wrote.
"""

import time
from pathlib import Path

import residents
from counter import Counter, open_counter
from stage import Trouble
from stage.claims import Claims
from stage.house import House
from stage.http import Service
from stage.issuer import Issuer
from stage.leaks import patterns
from stage.processes import until
from visit import WORDS, Visit

WHO, LATER = residents.RARE_NAME, residents.GRANDMOTHER
# The same code again within this time is the same (scanner-serial.json), in seconds.
SAME = 3.0


def play(claims: Claims, keep: Path | None) -> None:
    issuer = Issuer()
    try:
        with House(issuer=issuer) as house:
            open_counter(lambda counter: CodeShown(counter, issuer), house, claims, keep)
    finally:
        issuer.close()


class CodeShown:
    def __init__(self, counter: Counter, issuer: Issuer):
        self.counter, self.house, self.claims = counter, counter.house, counter.claims
        self.panel, self.hands, self.issuer = counter.panel, counter.hands, issuer
        self.codes: list[str] = []
        url, token = self.house.staff_url.split("/#")
        self.door = Service(int(url.rpartition(":")[2]), {"Authorization": f"Bearer {token}"})

    def pass_through(self) -> None:
        self.panel.plug("out")
        self.counter.says("problem.reader.gone.resident")
        self.files_by_code()
        self.is_refused()
        self.cannot_be_checked()
        self.card_serves_beside_it()
        self.scanner_comes_back()
        self.counter.await_arrival()
        self.at_the_centre()
        self.counter.reckon()
        self.nothing_is_left()

    def draw(self, who: residents.Resident = WHO, age: int = 0) -> str:
        self.codes.append(self.issuer.code(who.name, who.id_number, age))
        return self.codes[-1]

    def asked(self, who: residents.Resident) -> Visit:
        """From the first page, without a card, to the scene that asks who she is."""
        self.counter.idle()
        visit = Visit(self.hands, self.panel, who)
        visit.look_through(self.hands.press_and_wait("guide", "find"))
        self.hands.press_and_wait("start", "card")
        return visit

    # 1. She has her telephone, and the reader does not work.

    def files_by_code(self) -> None:
        visit = self.asked(WHO)
        offered = self.hands.wait("card").text
        self.claims.add("the reader away, her code is one of the other ways in",
                        WORDS["code.instead"]["zh"] in offered and WORDS["card.away"]["zh"] in offered,
                        WORDS["code.how"]["zh"])
        self.counter.picture("card-away-code")
        code = self.draw()
        began = time.monotonic()
        self.panel.scan(code)
        seen = self.hands.wait("deposit", seconds=10)
        self.claims.add("a good code identifies her", seen.name == "deposit",
                        f"{time.monotonic() - began:.2f} s from the code to the next scene")
        visit.answer(seen)
        visit.file()
        told = self.counter.read_number(WHO)
        self.hands.press_and_wait("finish", "rating")
        self.hands.press_and_wait("skip", "idle")
        self.claims.add("she files with it; nobody asks her for a card", told.number, told)
        self.used = code

    # 2. Codes that say nothing of their holder.

    def is_refused(self) -> None:
        self.asked(LATER)
        time.sleep(SAME)  # a scanner takes what it still sees for the same code
        self.refused("a second use of the same code is refused", self.used, "used")
        self.refused("an old code is refused", self.draw(age=61), "old")
        good = self.draw()
        forged = good[:-1] + ("0" if good[-1] != "0" else "1")
        self.codes.append(forged)
        self.refused("a forged code is refused", forged, "foreign")
        self.refused("something else's code is refused", "https://example.cn/", "foreign")
        self.claims.add("of none of these the issuer was asked", self.issuer.answers == [200],
                        self.issuer.answers)
        elsewhere = self.draw()
        self.issuer.tell(elsewhere)
        self.refused("a code that was used elsewhere is refused", elsewhere, "used")

    def refused(self, claim: str, code: str, why: str, beside: str = "counter") -> None:
        before = self.hands.wait("card").id
        self.panel.scan(code)
        said, todo = WORDS[f"code.{why}"], WORDS[f"code.{why}-do"]
        seen = self.hands.wait("card", after=before)
        zh = said["zh"] in seen.text and todo["zh"] + WORDS[f"code.or-{beside}"]["zh"] in seen.text
        seen = self.hands.press_and_wait("language", "card")
        en = said["en"] in seen.text and todo["en"] in seen.text
        self.counter.picture(f"card-code-{why}")
        self.hands.press_and_wait("language", "card")
        self.claims.add(f"{claim}, with what to do, in both languages", zh and en,
                        f"{said['zh']}: {todo['zh']}")

    # 3. Nobody answers for it.

    def cannot_be_checked(self) -> None:
        self.issuer.rests = True
        self.refused("a code that cannot be checked now is said to be so", self.draw(), "unreachable")
        self.issuer.rests = False

    # 4. The reader comes back in the middle of it.

    def card_serves_beside_it(self) -> None:
        self.panel.plug("in")
        until("The reader's return", 10, lambda: self.hands.look().title == WORDS["card.back"]["zh"])
        self.refused("with the reader back the card is offered beside the code", self.draw(age=61),
                     "old", beside="card")
        self.panel.put_card(LATER.card)
        seen = self.hands.wait("deposit", seconds=10)
        self.panel.scan(self.draw())
        visit = Visit(self.hands, self.panel, LATER)
        visit.answer(self.hands.wait(after=seen.id - 1))
        visit.file()
        told = self.counter.read_number(LATER)
        visit.leave()
        self.claims.add("her card goes on; a code shown where none is wanted is nothing",
                        told.number, told)

    # 5. Staff.

    def scanner_comes_back(self) -> None:
        self.panel.plug_scanner("out")
        self.await_state("unplugged, the staff page says so", "absent")
        listed = self.listed()
        self.claims.add("staff are told what to do", "扫码器未连接" in listed["sentence"]["zh"], listed)
        began = time.monotonic()
        self.panel.plug_scanner("in")
        self.await_state("it comes back by itself", "ready")
        self.claims.add("within a second", time.monotonic() - began <= 1.0,
                        f"{time.monotonic() - began:.2f} s")
        done = self.house.ctl("device", "restart", "scanner")
        self.await_state("its restart ends in ready", "ready")
        self.claims.step(done.strip())

    def listed(self) -> dict:
        return next(one for one in self.door.get("/state")["devices"] if one["place"] == "scanner")

    def await_state(self, claim: str, wanted: str) -> None:
        try:
            until(claim, 10, lambda: self.listed()["state"] == wanted, step=0.02)
        except Trouble as trouble:
            self.claims.step(str(trouble))
        self.claims.add(f"the scanner: {claim}", self.listed()["state"] == wanted, self.listed()["state"])

    # 6. What came of it.

    def at_the_centre(self) -> None:
        cases = self.counter.cases()
        for told, level, document in zip(self.counter.told, ("personChecked", "cardRead"),
                                         ("code", "resident")):
            case = self.house.centre.case(told.number)
            person = case["content"]["applicant"]
            held = (case["assurance"], person["document"], person["idNumber"], person["name"])
            self.claims.add(f"the case filed by {document} has the assurance that it gives",
                            told.number in cases
                            and held == (level, document, told.who.id_number, told.who.name),
                            f"{case['assurance']}, {person['document']}")

    def nothing_is_left(self) -> None:
        """Codes and persons, in whatever writing, in all files but the stage's own evidence."""
        words = [*self.codes, WHO.name, WHO.id_number]
        wanted = patterns(words)
        found = []
        for top in (self.house.state, self.house.run, self.house.folder.logs, self.house.folder.tmp):
            for path in (one for one in top.rglob("*") if one.is_file()):
                data = path.read_bytes()
                found += [f"{what} in {path.name}" for text, what in wanted.items() if text in data]
        self.claims.numbers["leaks"] = len(found)
        self.claims.add("no file of the terminal holds a code or the one who showed it", not found,
                        f"{len(words)} words in every writing; {'; '.join(found[:3]) or 'none'}")
