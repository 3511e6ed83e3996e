# SPDX-License-Identifier: Apache-2.0
"""Every scene in both languages and all looks, upright and lying, is drawn without a fault."""

import pytest

from looks import AUDIT, LOOKS
from mock_terminal import load_scene, scene_names

END_IN_SIGHT = """(index) => {
  const roll = document.querySelector('.scrolls > .roll').getBoundingClientRect();
  const { bottom } = document.querySelectorAll('.facts > div')[index].getBoundingClientRect();
  return bottom > roll.top && bottom <= roll.bottom + 1;
}"""
WHOLE = """() => document.documentElement.scrollWidth <= innerWidth
  && document.documentElement.scrollHeight <= innerHeight"""


@pytest.mark.parametrize("standing", ["portrait", "landscape"])
@pytest.mark.parametrize("name", scene_names())
def test_scene_is_drawn_without_a_fault(lookers, server, standing, name):
    looker = lookers[standing]
    looker.faults.clear()
    found = {}
    for look in LOOKS:
        looker.see(name, **look)
        faults = looker.page.evaluate(AUDIT)
        if faults:
            found[str(look)] = faults
    assert found == {}
    assert looker.faults == []


@pytest.mark.parametrize("standing", ["portrait", "landscape"])
def test_what_rolls_can_be_read_to_the_end(lookers, standing):
    looker = lookers[standing]
    for language in ("zh", "en"):
        looker.see("guide-many", language=language)
        seen = set()
        facts = looker.page.locator(".facts > div")
        for _ in range(8):
            for index in range(facts.count()):
                if looker.page.evaluate(END_IN_SIGHT, index):
                    seen.add(index)
            assert looker.page.evaluate(AUDIT) == []
            looker.page.click('[data-scroll="down"]')
        assert seen == set(range(facts.count()))
        looker.page.click('[data-scroll="up"]')
        assert looker.page.evaluate("document.querySelector('.scrolls > .roll').scrollTop") < 2000


@pytest.mark.parametrize("standing", ["portrait", "landscape"])
def test_what_is_said_of_a_number_is_seen_with_it(lookers, standing):
    """Number, code and what to do now stand together: nothing of it is behind “See more”."""
    looker = lookers[standing]
    for look in LOOKS:
        looker.see("noPaper-refused", **look)
        assert looker.page.locator(".scrolls").count() == 0, look
        assert looker.page.locator(".plate, .body .say").count() == 2


@pytest.mark.parametrize("standing", ["portrait", "landscape"])
def test_the_longest_words_still_fit(lookers, standing):
    """Names and answers three times as long as any that is expected."""
    looker = lookers[standing]
    for name in ("summary", "filed", "field-phone", "guide", "matters", "choice-yesno"):
        for elder in (False, True):
            scene = load_scene(name, elder=elder)
            scene["roof"]["site"] = "平澜国际商务城政务便民服务中心（二期）"
            scene["roof"]["tag"] = {"tone": "heed", "icon": "netoff", "text": "断网"}
            scene["here"] = "困难残疾人生活补贴和重度残疾人护理补贴资格认定"
            scene["title"] = "您家里一共有几口人，其中有几位是残疾人？"
            scene["lead"] = (
                "按户口簿上的人数填写；不在同一本户口簿上、但是一起生活的，"
                "也请算进去，办理的时候再核对。"
            )
            for part in scene["body"]:
                for row in part.get("rows", []):
                    row["value"] = row["value"] * 6
            looker.see_scene(scene)
            assert looker.page.evaluate(AUDIT) == [], (name, elder)


@pytest.mark.parametrize("size", [(1280, 720), (720, 1280), (2160, 3840), (1400, 900)])
def test_other_screens_show_the_same_page_larger_or_smaller(resident, size):
    resident.page.set_viewport_size({"width": size[0], "height": size[1]})
    resident.open("idle")
    for name in ("idle", "field-text", "summary", "filed"):
        resident.see(name)
        assert resident.page.evaluate(WHOLE)
        for box in (button.bounding_box() for button in resident.page.locator("nav button").all()):
            assert (
                box["y"] + box["height"] <= size[1] + 1 and box["x"] + box["width"] <= size[0] + 1
            )
