# SPDX-License-Identifier: Apache-2.0
"""The staff page: what it says of each device, restarts, at three sizes, in both languages."""

import os

import pytest
from axe_playwright_python.sync_playwright import Axe

from mock_staff import NOW, WORDS, MockStaff, ill, line, well

SIZES = {"phone": (360, 740), "desk": (1280, 800), "terminal": (1080, 1920), "wide": (1920, 1080)}
VIEWS = {"well": well, "ill": ill}
LEAST_TOUCH = 44
# Of each button: its size, and whether it lies within the page's width.
BUTTONS = """() => [...document.querySelectorAll('button')].map((one) => {
  const { width, height, left, right } = one.getBoundingClientRect();
  return [one.textContent.trim(), Math.min(width, height), left >= 0 && right <= innerWidth];
})"""
OVERFLOW = """() => [...document.querySelectorAll('#page *, .eave *')].filter((one) =>
  one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).display !== 'inline'
  && !(one instanceof SVGElement)).map((one) => `${one.className}: ${one.textContent.slice(0, 30)}`)"""


@pytest.fixture
def terminal():
    mock = MockStaff()
    yield mock
    mock.close()


class Carer:
    """Somebody in front of the staff page, and what went wrong on it."""

    def __init__(self, browser, terminal, size="desk"):
        width, height = SIZES[size]
        self.context = browser.new_context(
            viewport={"width": width, "height": height}, reduced_motion="reduce")
        self.page = self.context.new_page()
        self.terminal = terminal
        self.faults = []
        self.page.on("pageerror", lambda fault: self.faults.append(str(fault)))
        self.page.on("console", lambda said: self.faults.append(said.text)
                     if said.type in ("error", "warning") else None)

    def open(self, **how):
        self.page.goto(self.terminal.url(**how))
        self.page.wait_for_selector("[data-place], .refused")
        return self

    def row(self, place):
        return self.page.locator(f'[data-place="{place}"]')

    def button(self, place):
        return self.page.locator(f'[data-restart="{place}"]')

    def until(self, condition, seconds=8):
        for _ in range(int(seconds * 50)):
            if condition():
                return
            self.page.wait_for_timeout(20)
        raise AssertionError("it did not come about")

    def sees(self, place, words):
        self.until(lambda: words in self.row(place).inner_text())


@pytest.fixture
def carer(browser, terminal):
    one = Carer(browser, terminal)
    yield one
    one.context.close()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("view", VIEWS)
def test_the_page_is_drawn_without_a_fault(browser, terminal, size, view):
    terminal.view = VIEWS[view]()
    one = Carer(browser, terminal, size).open()
    for language in ("zh-CN", "en"):
        assert one.page.get_attribute("html", "lang") == language
        assert one.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        assert one.page.evaluate(OVERFLOW) == []
        for words, least, inside in one.page.evaluate(BUTTONS):
            assert least >= LEAST_TOUCH and inside, words
        assert "⟦" not in one.page.inner_text("body")
        found = Axe().run(one.page).response["violations"]
        assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []
        if folder := os.environ.get("NIGHTDESK_PICTURES"):
            one.page.screenshot(path=f"{folder}/staff-{view}-{size}-{language}.png", full_page=True)
        one.page.click(".language")
    assert one.faults == []
    one.context.close()


def test_each_device_says_its_state_since_when_and_what_to_do(carer):
    carer.terminal.view = ill()
    carer.open()
    low = carer.row("reader.low").inner_text()
    for words in ("读卡器", "low", "故障", "11月20日 21:12 起", "sdt-usb", "70-sdt-usb.rules"):
        assert words in low, low
    gone = carer.row("reader").inner_text()
    assert "未连接" in gone and "03:08 起" in gone and "没有看到允许的型号" in gone
    assert "启动中" in carer.row("scanner").inner_text()
    assert "5" in carer.page.inner_text(".summary h1")
    assert "快用完" in carer.page.inner_text(".paper")
    assert carer.page.inner_text('[data-count="refused"] dd') == "1"
    assert carer.page.get_attribute(".parts li:first-child", "data-problem") is not None


def test_the_other_language_is_one_press_away_and_stays(carer):
    carer.terminal.view = ill()
    carer.open()
    carer.page.click(".language")
    assert "Out of order" in carer.row("reader.low").inner_text()
    assert carer.page.evaluate("document.activeElement.className") == "language"
    looks = carer.terminal.looks
    carer.until(lambda: carer.terminal.looks > looks)
    assert "Not connected" in carer.row("reader").inner_text()


def test_a_change_is_seen_without_reloading(carer):
    carer.open()
    assert carer.page.inner_text(".summary h1") == "一切正常"
    carer.terminal.view["devices"][0] = line("reader", "failed", "reader.silent", NOW, "sdt-usb")
    carer.sees("reader", "故障")
    assert carer.page.inner_text(".summary h1") == "有 1 项请处理"


def test_a_restart_is_shown_at_once_and_until_it_is_done(carer):
    carer.open()
    carer.button("reader").click()
    carer.sees("reader", "正在重启…")
    assert carer.button("reader").get_attribute("aria-disabled") == "true"
    assert "正在重启" not in carer.row("receiptPrinter").inner_text()
    carer.button("reader").dispatch_event("click")
    carer.terminal.view["devices"][0] = line("reader", "starting", None, NOW, "sdt-usb")
    carer.sees("reader", "启动中")
    assert "正在重启…" in carer.row("reader").inner_text()
    carer.terminal.view["devices"][0] = line("reader", "ready", None, NOW + 500, "sdt-usb")
    carer.sees("reader", "已重启：正常。")
    assert carer.button("reader").get_attribute("aria-disabled") == "false"
    assert carer.terminal.restarts == ["reader"]


def test_what_is_said_of_a_restart_goes_when_it_is_no_longer_so(carer):
    carer.open()
    carer.terminal.on_restart = lambda _: carer.terminal.view["devices"].__setitem__(
        0, line("reader", "absent", "reader.gone", NOW))
    carer.button("reader").click()
    carer.sees("reader", "重启过了，现在是“未连接”。")
    carer.terminal.view["devices"][0] = line("reader", "ready", None, NOW + 60_000, "sdt-usb")
    carer.sees("reader", "正常")
    assert "重启过了" not in carer.row("reader").inner_text()


def test_a_restart_that_waits_says_for_whom(carer):
    carer.open()
    carer.button("receiptPrinter").click()
    carer.sees("receiptPrinter", WORDS["staff.restartWaits"]["zh"])


def test_an_order_that_did_not_arrive_is_told(carer):
    carer.open()
    carer.terminal.deaf = True
    carer.button("reader").click()
    carer.sees("reader", WORDS["staff.restartLost"]["zh"])
    assert carer.button("reader").get_attribute("aria-label") == "重启：读卡器"


def test_a_button_stays_the_same_while_its_words_change(carer):
    carer.open()
    carer.button("reader").focus()
    carer.terminal.view["devices"][0] = line("reader", "failed", "reader.silent", NOW, "sdt-usb")
    carer.sees("reader", "故障")
    assert carer.page.evaluate("document.activeElement.dataset.restart") == "reader"


def test_a_lost_terminal_is_told_and_found_again(carer):
    carer.open()
    carer.terminal.away = True
    carer.page.wait_for_selector(".lost:visible", timeout=10_000)
    assert carer.row("reader").is_visible()
    carer.terminal.away = False
    carer.until(lambda: carer.page.locator(".lost").is_hidden())


def test_a_foreign_token_is_refused_in_words(carer):
    carer.open(token="guessed")
    assert "kioskctl staff" in carer.page.inner_text(".refused")
    looks = carer.terminal.looks
    carer.page.wait_for_timeout(1500)
    assert carer.terminal.looks == looks


def test_unknown_counts_are_not_shown_as_nothing(carer):
    del carer.terminal.view["counts"], carer.terminal.view["paper"]
    carer.open()
    assert "账本暂时读不出" in carer.page.inner_text(".papers")
    assert "打印机没有说" in carer.page.inner_text(".paper")
    assert carer.page.locator(".counts").count() == 0


def test_nothing_is_kept(carer):
    carer.open()
    carer.page.click(".language")
    assert carer.page.evaluate(
        "[localStorage.length, sessionStorage.length, document.cookie]") == [0, 0, ""]
