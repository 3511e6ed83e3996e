# SPDX-License-Identifier: Apache-2.0
"""The line between page and terminal, and what the page keeps: nothing."""

from mock_terminal import TOKEN, load_scene

KEPT = """async () => [localStorage.length, sessionStorage.length, document.cookie,
  (await indexedDB.databases()).length, (await caches.keys()).length, history.length <= 2]"""
PAINTED = """() => {
  const dark = [];
  const drawn = document.querySelector('.qr path').getAttribute('d');
  for (const [, x, y, width] of drawn.matchAll(/M(\\d+) (\\d+)h(\\d+)/g)) {
    for (let step = 0; step < Number(width); step += 1) dark.push(`${Number(x) + step - 4},${y - 4}`);
  }
  return dark;
}"""
LOOK = ("lang", "data-size", "data-contrast")


def test_a_scene_is_confirmed_after_it_was_painted(resident):
    resident.open("idle")
    first = resident.see("guide")
    resident.until(lambda: first in resident.terminal.drawn)
    second = resident.see("filed")
    resident.until(lambda: second in resident.terminal.drawn)
    assert resident.faults == []


def test_without_permission_a_plain_sentence_is_shown(resident):
    resident.terminal.refuse = True
    resident.page.goto(resident.terminal.url())
    resident.page.wait_for_selector('[data-notice="refused"]')
    words = resident.page.locator("#cover").inner_text()
    assert "请工作人员重新打开" in words and "ask the staff" in words


def test_a_foreign_token_is_refused(resident):
    resident.page.goto(resident.terminal.url(token="guessed"))
    resident.page.wait_for_selector('[data-notice="refused"]')


def test_permission_lost_while_choosing_is_told_too(resident):
    resident.open("guide")
    resident.until(lambda: resident.terminal.drawn)
    resident.terminal.refuse = True
    resident.tap("start")
    resident.page.wait_for_selector('[data-notice="refused"]')


def test_a_short_break_is_not_spoken_of_and_keeps_what_was_typed(resident):
    resident.open("idle")
    scene = load_scene("field-phone")
    scene["read"][0]["field"].update({"value": "", "error": None})
    resident.see_scene(scene)
    resident.keys("138")
    resident.terminal.drop()
    resident.until(lambda: len(resident.terminal.pages) == 2)
    assert len(set(resident.terminal.pages)) == 1
    assert resident.field().inner_text().strip() == "138"
    assert resident.page.locator("#cover").is_hidden()


def test_after_a_restart_an_old_scene_number_may_mean_another_scene(resident):
    resident.open("guide")
    resident.terminal.restart_with("idle")
    resident.page.wait_for_selector('main[data-scene="idle"]')


def test_a_long_break_is_told_calmly_and_the_next_scene_replaces_it(resident):
    resident.open("guide")
    resident.terminal.away = True
    resident.terminal.drop()
    resident.page.wait_for_selector('[data-notice="lost"]')
    words = resident.page.locator("#cover").inner_text()
    assert "正在恢复，请稍候" in words and "One moment, please" in words
    resident.terminal.away = False
    identifier = resident.terminal.show("idle")
    resident.drawn(identifier)
    assert resident.page.locator("#cover").is_hidden()


def test_a_newer_page_takes_over_and_the_older_says_so(resident):
    resident.open("guide")
    resident.terminal.replace({"title": "已在另一处打开", "text": "请看新打开的画面。"})
    resident.page.wait_for_selector('[data-notice="replaced"]')
    assert "已在另一处打开" in resident.page.locator("#cover").inner_text()
    lines = len(resident.terminal.pages)
    resident.page.wait_for_timeout(700)
    assert len(resident.terminal.pages) == lines


def test_a_new_visit_goes_to_the_other_loopback_name(resident):
    resident.open("farewell")
    length = resident.page.evaluate("history.length")
    for host in ("localhost", "127.0.0.1"):
        resident.terminal.next_visit()
        identifier = resident.terminal.show("idle")
        resident.page.wait_for_url(f"http://{host}:{resident.terminal.port}/#{TOKEN}")
        resident.drawn(identifier)
    assert resident.page.evaluate("history.length") == length
    assert resident.faults == []


def test_nothing_is_kept(resident):
    resident.open("idle")
    for name in ("field-phone", "field-text", "choice-yesno", "summary", "filed"):
        resident.see(name)
    assert resident.page.evaluate(KEPT) == [0, 0, "", 0, 0, True]
    assert resident.page.context.cookies() == []


def test_a_scene_leaves_no_word_of_the_one_before(resident):
    resident.open("field-text")
    resident.page.keyboard.insert_text("幸福里")
    resident.see("idle")
    assert "幸福里" not in resident.page.content()
    assert "平澜路18号3幢" not in resident.page.content()


def test_language_and_looks_are_set_on_the_page(resident):
    resident.open("idle", language="en", elder=True, contrast=True)
    root = resident.page.locator("html")
    assert [root.get_attribute(name) for name in LOOK] == ["en", "elder", "high"]
    resident.see("idle")
    assert [root.get_attribute(name) for name in LOOK] == ["zh-CN", None, None]


def test_the_question_has_the_focus_and_is_spoken(resident):
    resident.open("idle")
    resident.see("guide")
    assert resident.page.evaluate("document.activeElement.tagName") == "H1"
    assert resident.page.locator("#spoken").text_content() == load_scene("guide")["spoken"]
    resident.see("field-text")
    assert resident.page.evaluate("document.activeElement.tagName") == "TEXTAREA"
    assert (
        resident.page.evaluate("document.activeElement.getAttribute('aria-labelledby')") == "title"
    )


def test_the_code_keeps_four_white_modules_around(resident):
    resident.open("noPaper", contrast=True)
    rows = next(part["plate"]["code"] for part in load_scene("noPaper")["body"] if "plate" in part)
    side = len(rows) + 8
    assert resident.page.get_attribute(".qr", "viewBox") == f"0 0 {side} {side}"
    dark = {f"{x},{y}" for y, row in enumerate(rows) for x, cell in enumerate(row) if cell == "1"}
    assert set(resident.page.evaluate(PAINTED)) == dark
