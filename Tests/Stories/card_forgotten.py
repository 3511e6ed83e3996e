# SPDX-License-Identifier: Apache-2.0
"""A card is left on the reader; another is laid on top of one in mid-form.

A forgotten card opens nothing until it was taken off and put on again; it is asked for three
times, then staff are told without a name; whoever comes next is served in the other ways. A
second card never mixes in: looked at on the screen, on paper and in the case at the centre.
"""

import time
from pathlib import Path

import residents
from counter import Counter, open_counter
from stage.claims import Claims
from stage.house import House
from stage.processes import until
from visit import WORDS, Visit

OWNER, NEXT = residents.RARE_NAME, residents.ENGLISH
# The farewell asks each time for 20 s; a rating nobody gives is waited for 30 s.
ASKED = 30.0


def play(claims: Claims, keep: Path | None) -> None:
    with House() as house:
        open_counter(CardForgotten, house, claims, keep)


class CardForgotten:
    def __init__(self, counter: Counter):
        self.counter, self.house, self.claims = counter, counter.house, counter.claims
        self.panel, self.hands = counter.panel, counter.hands

    def pass_through(self) -> None:
        self.she_leaves_it()
        self.nothing_opens()
        self.the_next_is_served()
        self.it_is_taken()
        self.one_on_top_of_the_other()
        self.counter.await_arrival()
        cases = self.counter.reckon()
        persons = [self.house.centre.case(one.number)["content"]["applicant"]["idNumber"]
                   == one.who.id_number for one in self.counter.told]
        self.claims.add("each case is in the name of the one who filed it",
                        len(cases) == 3 and all(persons), f"{sum(persons)} of {len(persons)}")

    # 1. She files, takes her slip, and leaves without her card.

    def she_leaves_it(self) -> None:
        visit = self.counter.fill(OWNER)
        visit.file()
        self.counter.read_number(OWNER)
        seen = self.hands.press_and_wait("finish", "farewell")
        titles = [seen.title]
        chimes = [self.hands.scene["chimes"]]
        self.counter.picture("farewell-1")
        for _ in range(2):
            seen = self.hands.wait("farewell", after=seen.id, seconds=ASKED)
            titles.append(seen.title)
            chimes.append(self.hands.scene["chimes"])
        self.counter.picture("farewell-3")
        wanted = [WORDS[f"farewell.title-{one}"]["zh"] for one in range(3)]
        self.claims.add("her card is asked for three times, by sight and sound",
                        titles == wanted and all(chimes), " / ".join(titles))
        self.hands.wait("rating", seconds=ASKED)
        left = self._staff_hear()
        self.claims.add("staff are told that a card was left, with the time and no name",
                        "有证件遗留" in left and any(one.isdigit() for one in left)
                        and not any(word in left for word in OWNER.words), left)
        self.hands.press_and_wait("skip", "idle")

    def _staff_hear(self) -> str:
        line = self.counter.doctor().get("reader", {})
        return (line.get("sentence") or {}).get("zh", "")

    # 2. It opens nothing, not even when the reader is unplugged or the daemon starts anew.

    def nothing_opens(self) -> None:
        first = self.counter.says("idle.card-lies", 5)
        self.panel.plug("out")
        away = self.counter.says("problem.reader.gone.resident", 10)
        self.panel.plug("in")
        back = self.counter.says("idle.card-lies", 10)
        self.house.stop_kioskd()
        self.house.start_kioskd()
        anew = self.counter.says("idle.card-lies", 20)
        time.sleep(2)  # eight looks of the reader
        self.counter.picture("card-lies")
        shown = {one.name for one in self.hands.history[-6:]}
        self.claims.add("the card that lies there opens nothing: at once, after the reader came back, "
                        "after a restart", first and away and back and anew
                        and self.counter.idle() and "greeting" not in shown,
                        WORDS["idle.card-lies"]["zh"])
        opened = [word for word in OWNER.words if word in self.counter.idle()]
        self.claims.add("nothing of hers stands on the first page", not opened, f"{len(opened)} words")

    # 3. Somebody comes without knowing of it.

    def the_next_is_served(self) -> None:
        self.hands.press_and_wait("guide", "find")
        self.hands.press_and_wait("home", "idle")
        until("The remark to staff after the restart", 90, lambda: "有证件遗留" in self._staff_hear(),
              step=1)
        self.claims.add("the guide is open to the next, and staff hear of the card again",
                        True, self._staff_hear())

    # 4. It is taken; the next puts his own on.

    def it_is_taken(self) -> None:
        self.panel.take_card()
        gone = self.counter.hushes("idle.card-lies", 10)
        told = self.counter.file(NEXT)
        self.claims.add("once it is taken staff hear no more of it, and the next files with his own",
                        gone and "遗留" not in self._staff_hear() and told.number, str(told))

    # 5. In mid-form somebody lays a second card on top of hers.

    def one_on_top_of_the_other(self) -> None:
        self.counter.idle()
        visit = Visit(self.hands, self.panel, residents.GRANDMOTHER)
        visit.arrive()
        visit.find()
        asked: list[str] = []
        visit.fill(lambda seen, typed: asked.append(self._second_card(visit, typed)))
        self.claims.add("a second card on top: hers alone goes on, nothing of hers is shown meanwhile, "
                        "and what she typed stands there", len(asked) >= 2 and not any(asked),
                        f"{len(asked)} times; {', '.join(filter(None, asked)) or 'all as it should be'}")
        visit.file()
        self.counter.read_number(visit.who)
        visit.leave()

    def _second_card(self, visit: Visit, typed: str) -> str:
        """What was wrong; nothing when nothing was. The page tells what is typed by itself."""
        self.hands.tell_typing()
        self.panel.put_card(NEXT.card)
        seen = self.hands.wait("otherCard", seconds=10)
        if "continue" in seen.choices:
            return "a press would go on"
        if any(word in seen.text for word in [*visit.who.words, typed]):
            return "something of hers is shown"
        longer = self.hands.press_and_wait("wait", "otherCard")
        self.panel.put_card(visit.who.card)
        back = self.hands.wait("field", after=longer.id, seconds=10)
        return "" if back.field == typed else "what she typed is gone"
