# SPDX-License-Identifier: Apache-2.0
"""What is typed, on the screen's keys and on a keyboard."""

from mock_terminal import load_scene


def scene_with(name, **changes):
    scene = load_scene(name)
    for part in scene["read"]:
        if "field" in part:
            part["field"].update({"value": "", "error": None, **changes})
            if part["field"]["error"] is None:
                del part["field"]["error"]
    return scene


def opened(resident, name, **changes):
    resident.open("idle")
    resident.see_scene(scene_with(name, **changes))


def test_digits_appear_in_groups_and_go_out_as_they_are(resident):
    opened(resident, "field-phone")
    resident.keys("13800000123")
    assert resident.field().inner_text() == "138 0000 0123"
    resident.keys(["4", "done"])
    resident.until(lambda: resident.terminal.choices)
    choice = resident.terminal.choices[0]
    assert (choice["choice"], choice["value"]) == ("answer", "13800000123")
    assert resident.faults == []


def test_erase_takes_one_and_clear_takes_all(resident):
    opened(resident, "field-phone")
    resident.keys([*"1380", "erase"])
    assert resident.field().inner_text().strip() == "138"
    resident.keys(["clear"])
    assert resident.field().inner_text().strip() == ""


def test_a_keyboard_on_the_table_types_too(resident):
    opened(resident, "field-bank")
    resident.page.keyboard.type("6217 0000-0000")
    resident.page.keyboard.press("Backspace")
    assert resident.field().inner_text() == "6217 0000 000"
    resident.page.keyboard.press("Enter")
    resident.until(lambda: resident.terminal.choices)
    assert resident.terminal.choices[0]["value"] == "62170000000"


def test_what_the_terminal_sent_stands_in_the_field(resident):
    resident.open("field-phone")
    assert resident.field().inner_text().strip() == "138 0000 012"
    assert resident.page.locator("#error").is_visible()
    resident.keys("3")
    assert resident.field().get_attribute("aria-invalid") is None
    assert not resident.page.locator("#error").is_visible()


def test_an_id_number_takes_x_only_as_its_last_character(resident):
    opened(resident, "field-id")
    resident.page.keyboard.type("1101x0519491231002xx")
    assert resident.field().inner_text() == "110105 19491231 002X"


def test_an_amount_takes_one_point(resident):
    opened(resident, "field-amount")
    resident.keys([*".52", ".", "0", ".", "5"])
    assert resident.field().inner_text() == "52.05"


def test_a_date_fills_year_then_month_then_day(resident):
    opened(resident, "field-date")
    resident.keys("2026")
    assert resident.page.locator(".box.now").inner_text() == "月"
    resident.keys("11219")
    assert resident.field().inner_text().replace("\n", "") == "2026年11月21日"
    resident.keys(["done"])
    resident.until(lambda: resident.terminal.choices)
    assert resident.terminal.choices[0]["value"] == "20261121"


def test_figures_pasted_into_a_number_are_sorted_out(resident):
    opened(resident, "field-phone")
    resident.page.evaluate("""() => {
      const data = new DataTransfer();
      data.setData('text', '手机 138-0000-0123 转 9');
      document.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true }));
    }""")
    assert resident.field().inner_text() == "138 0000 0123"


def test_words_are_typed_with_letters_figures_and_capitals(resident):
    opened(resident, "field-text")
    resident.keys(
        [
            "capitals",
            "B",
            "o",
            "x",
            "space",
            "figures",
            "1",
            "2",
            "-",
            "3",
            "letters",
            "a",
            "a",
            "erase",
        ]
    )
    assert resident.field().input_value() == "Box 12-3a"
    resident.keys(["done"])
    resident.until(lambda: resident.terminal.choices)
    assert resident.terminal.choices[0]["value"] == "Box 12-3a"


def test_the_screens_keys_write_where_the_caret_is(resident):
    opened(resident, "field-text", value="平路18号")
    resident.page.keyboard.press("Home")
    resident.page.keyboard.press("ArrowRight")
    resident.keys("x")
    assert resident.field().input_value() == "平x路18号"


def test_an_input_method_composes_and_enter_does_not_send_meanwhile(resident):
    opened(resident, "field-text")
    line = resident.page.context.new_cdp_session(resident.page)
    line.send(
        "Input.imeSetComposition", {"text": "pinglan", "selectionStart": 7, "selectionEnd": 7}
    )
    resident.page.evaluate("""() => document.querySelector('textarea').dispatchEvent(
      new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true, cancelable: true }))""")
    line.send("Input.insertText", {"text": "平澜路"})
    assert resident.field().input_value() == "平澜路"
    assert resident.terminal.choices == []
    resident.page.keyboard.press("Enter")
    resident.until(lambda: resident.terminal.choices)
    assert resident.terminal.choices[0]["value"] == "平澜路"


def test_rare_characters_stay_whole(resident):
    opened(resident, "field-text")
    resident.page.keyboard.insert_text("𠮷㼆·a")
    resident.keys(["erase", "erase", "erase"])
    assert resident.field().input_value() == "𠮷"
    resident.keys(["erase"])
    assert resident.field().input_value() == ""


def test_ten_thousand_characters_are_cut_at_the_limit(resident):
    opened(resident, "field-text", limit=100)
    resident.page.keyboard.insert_text("𠮷" * 10_000)
    assert resident.field().input_value() == "𠮷" * 100
    assert resident.page.locator(".count").inner_text() == "100 / 100 字"


def test_ten_thousand_characters_without_a_limit_go_out_whole(resident):
    opened(resident, "field-text", limit=0)
    words = "平澜街道1" * 1_999 + "\n平澜街道"
    resident.page.keyboard.insert_text(words)
    keyboard = resident.page.locator(".keyboard").bounding_box()
    entry = resident.field().bounding_box()
    assert entry["y"] + entry["height"] < keyboard["y"]
    assert (
        keyboard["y"] + keyboard["height"] <= resident.page.locator("nav").bounding_box()["y"] + 1
    )
    assert resident.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    resident.keys(["done"])
    resident.until(lambda: resident.terminal.choices)
    assert resident.terminal.choices[0]["value"] == words.replace("\n", " ")


def test_the_field_forbids_the_browser_to_remember(resident):
    opened(resident, "field-text")
    field = resident.field()
    for attribute, value in (
        ("autocomplete", "off"),
        ("spellcheck", "false"),
        ("inputmode", "none"),
        ("name", None),
    ):
        assert field.get_attribute(attribute) == value


def test_other_buttons_carry_the_typed_text_along(resident):
    opened(resident, "field-phone")
    resident.keys("138")
    resident.tap("size")
    resident.until(lambda: resident.terminal.choices)
    assert resident.terminal.choices[0]["choice"] == "size"
    assert resident.terminal.choices[0]["value"] == "138"


def test_what_is_typed_reaches_the_terminal_without_a_press(resident):
    opened(resident, "field-phone")
    resident.keys("138")
    resident.until(lambda: resident.terminal.typings)
    assert resident.terminal.typings[-1]["value"] == "138"
    assert resident.terminal.choices == []


def test_the_same_question_drawn_anew_keeps_what_was_just_typed(resident):
    """Without it the keys of the last moment would be gone, and the first of all be wrong."""
    opened(resident, "field-away")
    resident.page.click('[data-key="clear"]')
    resident.keys("9274")
    resident.see("field-back")
    assert resident.field().inner_text() == "927 4"
    resident.until(lambda: resident.terminal.typings)
    assert resident.terminal.typings[-1]["value"] == "9274"
    assert resident.terminal.typings[-1]["scene"] == resident.terminal.drawn[-1]


def test_another_scene_is_told_of_what_was_just_typed(resident):
    opened(resident, "field-away")
    question = int(resident.page.locator("main").get_attribute("data-scene-id"))
    resident.page.click('[data-key="clear"]')
    resident.keys("13")
    resident.see("cardTaken")
    resident.until(lambda: resident.terminal.typings)
    assert resident.terminal.typings[-1]["value"] == "13"
    assert resident.terminal.typings[-1]["scene"] == question
    assert resident.page.locator("[data-field]").count() == 0


def test_what_is_picked_reaches_the_terminal_without_a_press(resident):
    resident.open("choice-yesno")
    resident.page.locator("[data-value]").first.click()
    resident.until(lambda: resident.terminal.typings)
    assert len(resident.terminal.typings[-1]["values"]) == 1
