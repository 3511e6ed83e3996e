# SPDX-License-Identifier: Apache-2.0
"""What a press does, and how often."""

import pytest

from mock_terminal import load_scene


def test_two_quick_taps_make_one_choice(resident):
    resident.open("summary")
    resident.page.dblclick('[data-choice="file"]')
    resident.tap("edit:mobile")
    resident.until(lambda: resident.terminal.choices)
    resident.page.wait_for_timeout(100)
    assert [choice["choice"] for choice in resident.terminal.choices] == ["file"]


def test_the_second_of_two_quick_taps_does_not_answer_the_next_question(resident):
    resident.open("check")
    resident.terminal.on_choice = lambda _: resident.terminal.show("check")
    box = resident.page.locator('[data-choice="confirm"]').bounding_box()
    first = resident.page.get_attribute("main", "data-scene-id")
    resident.page.mouse.move(box["x"] + 200, box["y"] + 40)
    resident.page.mouse.down()
    resident.page.mouse.up()
    resident.page.wait_for_selector(f'main[data-scene-id]:not([data-scene-id="{first}"])')
    resident.page.mouse.down(click_count=2)
    resident.page.mouse.up(click_count=2)
    resident.page.wait_for_timeout(100)
    assert len(resident.terminal.choices) == 1


def test_a_choice_names_the_scene_it_answers(resident):
    resident.open("idle")
    identifier = resident.see("guide")
    resident.tap("start")
    resident.until(lambda: resident.terminal.choices)
    assert resident.terminal.choices == [{"scene": identifier, "choice": "start"}]


def test_a_new_scene_can_be_pressed_at_once(resident):
    resident.open("guide")
    resident.terminal.on_choice = lambda _: resident.terminal.show("deposit")
    resident.tap("start")
    resident.page.wait_for_selector('main[data-scene="deposit"]')
    resident.tap("agree")
    resident.until(lambda: len(resident.terminal.choices) == 2)


def test_a_stale_choice_shuts_nothing(resident):
    resident.open("guide")
    resident.terminal.stale = True
    resident.tap("start")
    resident.until(lambda: resident.terminal.choices)
    resident.until(lambda: resident.page.locator(".pressed").count() == 0)
    resident.tap("start")
    resident.until(lambda: len(resident.terminal.choices) == 2)


def test_without_a_new_scene_the_page_opens_again_after_a_while(resident):
    resident.page.clock.install()
    resident.open("guide")
    resident.tap("start")
    resident.until(lambda: resident.terminal.choices)
    resident.page.clock.run_for(1000)
    resident.tap("start")
    assert len(resident.terminal.choices) == 1
    resident.page.clock.run_for(600)
    resident.tap("start")
    resident.until(lambda: len(resident.terminal.choices) == 2)


def test_choosing_another_moves_the_mark(resident):
    resident.open("choice-yesno")
    resident.page.click('[data-value="true"]')
    marks = [
        option.get_attribute("aria-checked") for option in resident.page.locator(".choice").all()
    ]
    assert marks == ["false", "true"]
    assert resident.terminal.choices == []
    resident.tap("answer")
    resident.until(lambda: resident.terminal.choices)
    assert resident.terminal.choices[0]["values"] == ["true"]


def test_several_may_be_chosen_and_taken_back(resident):
    resident.open("choice-several")
    for value in ("power", "water", "power", "power"):
        resident.page.click(f'[data-value="{value}"]')
    resident.tap("answer")
    resident.until(lambda: resident.terminal.choices)
    assert sorted(resident.terminal.choices[0]["values"]) == ["gas", "power"]


def test_arrows_move_between_options(resident):
    resident.open("choice-yesno")
    resident.page.focus('[data-value="false"]')
    resident.page.keyboard.press("ArrowDown")
    assert resident.page.get_attribute('[data-value="true"]', "aria-checked") == "true"


def test_a_resting_tile_still_says_what_to_do(resident):
    resident.open("idle")
    resident.tap("print")
    resident.until(lambda: resident.terminal.choices)
    assert resident.terminal.choices[0]["choice"] == "print"


@pytest.mark.parametrize(
    "name", ["find", "matters", "rating", "filed", "noPaper", "timeout", "farewell", "cardTaken"]
)
def test_every_button_sends_its_own_choice(resident, name):
    resident.open(name)
    buttons = resident.page.locator("main [data-choice]")
    wanted = [button.get_attribute("data-choice") for button in buttons.all()]
    sent = []
    for choice in wanted:
        resident.see(name)
        resident.terminal.choices.clear()
        resident.page.locator(f'main [data-choice="{choice}"]').click()
        resident.until(lambda: resident.terminal.choices)
        sent.append(resident.terminal.choices[0]["choice"])
    assert sent == wanted and len(set(sent)) == len(sent)


def test_large_letters_change_rows_from_below(resident):
    resident.open("summary", elder=True)
    assert resident.page.locator(".rows [data-choice]:visible").count() == 0
    resident.page.click("[data-open]")
    buttons = resident.page.locator(".sheet [data-choice]")
    choices = [button.get_attribute("data-choice") for button in buttons.all()]
    assert choices == ["edit:mobile", "edit:bank_card", "edit:agent"]
    assert all(button.bounding_box()["y"] >= 960 for button in buttons.all())
    buttons.nth(1).click()
    resident.until(lambda: resident.terminal.choices)
    assert resident.terminal.choices[0]["choice"] == "edit:bank_card"
    resident.see("field-bank")
    assert resident.page.locator(".sheet").count() == 0


def test_the_ring_counts_down_by_itself(resident):
    # It stands still until it is moved, however busy this machine is.
    resident.page.clock.install(time=0)
    resident.page.clock.pause_at(1000)
    resident.open("timeout")
    assert resident.page.locator(".ring b").inner_text() == "20"
    resident.page.clock.run_for(6500)
    assert resident.page.locator(".ring b").inner_text() == "14"
    resident.page.clock.run_for(30_000)
    assert resident.page.locator(".ring b").inner_text() == "0"
    assert resident.terminal.choices == []


def test_words_in_a_scene_are_never_markup(resident):
    scene = load_scene("guide")
    scene["title"] = "<img src=x onerror=alert(1)>"
    scene["lead"] = "<b>粗</b>&amp;"
    resident.open("idle")
    resident.see_scene(scene)
    assert resident.page.locator("h1").inner_text() == "<img src=x onerror=alert(1)>"
    assert resident.page.locator(".lead").inner_text() == "<b>粗</b>&amp;"
    assert resident.page.locator("img").count() == 0
    assert resident.faults == []
