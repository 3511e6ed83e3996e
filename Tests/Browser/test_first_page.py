# SPDX-License-Identifier: Apache-2.0
"""Whatever the first page has to say, it says it whole: nothing rolls, is cut or touches the base."""

import pytest

from first_page import BRIEF, also, first_page, longest, saying, sentences
from looks import AUDIT, LOOKS

STANDING = pytest.mark.parametrize("standing", ["portrait", "landscape"])


def fits(looker, look, notices, card=True):
    looker.see_scene(first_page(look, notices, card))
    faults = looker.page.evaluate(AUDIT)
    if looker.page.locator(".scrolls").count():
        faults = ["it rolls", *faults]
    shown = looker.page.locator(".read .say").count()
    if shown != len(notices):
        faults = [f"{shown} of {len(notices)} notices", *faults]
    return faults


def whole(language, *subjects):
    return [saying(longest(subject, language), language) for subject in subjects]


@STANDING
@pytest.mark.parametrize("number", [0, 1, 2, 3, 4, 5])
def test_any_number_of_notices_fits(lookers, standing, number):
    """Two are said whole, of each further one only a word: as kioskd writes them."""
    looker = lookers[standing]
    for look in LOOKS:
        language = look["language"]
        notices = whole(language, "printer", "centre")[:number]
        if number > 2:
            notices.append(also(BRIEF[-(number - 2):], language))
        assert fits(looker, look, notices) == [], look


@STANDING
def test_each_state_of_the_centre_fits_beside_the_clock(lookers, standing):
    looker = lookers[standing]
    for look in LOOKS:
        clock = saying(longest("clock", look["language"]), look["language"])
        for key in sentences("centre"):
            assert fits(looker, look, [saying(key, look["language"]), clock]) == [], (key, look)


@STANDING
@pytest.mark.parametrize("subject", ["reader", "ledger"])
def test_why_nothing_can_be_filed_fits(lookers, standing, subject):
    looker = lookers[standing]
    for look in LOOKS:
        notices = whole(look["language"], subject)
        assert fits(looker, look, notices, card=subject != "reader") == [], look
