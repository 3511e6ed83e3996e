# SPDX-License-Identifier: Apache-2.0
"""What a story says at its end, and how Kiosk/test sums the parts."""

import json

import pytest

from residents import ALL
from stage.claims import Claims
from stage.counts import main, total
from visit import MATTERS, question

JUNIT = """<testsuites><testsuite>
<testcase name="a"/><testcase name="b"><failure/></testcase><testcase name="c"><skipped/></testcase>
</testsuite></testsuites>"""


def test_a_story_holds_only_when_finished_and_every_claim_held():
    claims = Claims("x")
    claims.finished = True
    assert not claims.held  # nothing was looked at
    claims.add("one", True, "it")
    assert claims.held
    claims.finished = False
    assert not claims.held
    claims.finished = True
    claims.add("two", [], "nothing")
    assert not json.loads(claims.line())["held"]


def test_a_number_not_known_is_null():
    result = json.loads(Claims("x").line())
    assert result["filed"] is None and result["leaks"] is None
    assert list(result)[:3] == ["story", "held", "claims"] and list(result)[-1] == "seconds"


def test_parts_are_summed(tmp_path):
    (tmp_path / "a.xml").write_text(JUNIT)
    (tmp_path / "lint.json").write_text('{"passed": 1}')
    story = {"held": False, "claims": [{"held": True}, {"held": False}]}
    (tmp_path / "story.json").write_text(json.dumps(story))
    assert total(tmp_path) == (3, 2, 1)


@pytest.mark.parametrize("files, status, last", [
    ({}, 1, "0 passed, 0 failed, 0 skipped"),
    ({"a.json": '{"passed": 2}'}, 0, "2 passed, 0 failed, 0 skipped"),
    ({"a.json": '{"passed": 2}', "ended-badly": "unit\n"}, 1, "2 passed, 1 failed, 0 skipped"),
    ({"lint.json": '{"passed": 1, "failed": 1}', "ended-badly": "lint\nunit\n"}, 1,
     "1 passed, 2 failed, 0 skipped"),
    ({"a.json": '{"held": false, "claims": [{"held": true}]}'}, 1,
     "1 passed, 1 failed, 0 skipped"),
])
def test_the_sum_is_the_last_line_and_decides(tmp_path, capsys, files, status, last):
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    assert main(str(tmp_path)) == status
    assert capsys.readouterr().out.splitlines()[-1] == last


def test_every_resident_answers_every_question_she_may_be_asked():
    for who in ALL:
        matter = MATTERS[who.matter]
        assert matter["kiosk"]["offline_submit"] == "deposit"
        asked = [one for one in matter["form"]
                 if one["required"] and not str(one.get("prefill")).startswith("id_card.")
                 and (one.get("visible_when") != "agent == true" or who.answers["agent"])]
        assert {one["key"] for one in asked} <= set(who.answers), who.matter


def test_a_question_is_known_by_what_the_screen_asks():
    matter = MATTERS["elder_allowance"]
    assert question(matter, "您的手机号码是多少？", "zh")["key"] == "mobile"
    assert question(matter, "代办人姓名？", "zh")["key"] == "agent_name"
    assert question(matter, "Are you applying for someone else?", "en")["key"] == "agent"
