# SPDX-License-Identifier: Apache-2.0
"""The clerks' desk, in Chromium."""

import os

import pytest

playwright = pytest.importorskip("playwright.sync_api")

CHROMIUM = next((path for path in ("/usr/bin/chromium", "/usr/bin/chromium-browser")
                 if os.path.exists(path)), None)


@pytest.fixture
def page(centre):
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine")
    with playwright.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1400, "height": 900}, locale="zh-CN")
        faults: list[str] = []
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda line: line.type == "error" and faults.append(line.text))
        page.goto(f"{centre.doors['office']}/clerk/#{centre.token}")
        yield page
        if os.environ.get("NIGHTDESK_KEEP"):
            page.screenshot(path=os.environ["NIGHTDESK_KEEP"] + "/last.png", full_page=True)
        browser.close()
        assert faults == []


def keep(page, name: str) -> None:
    """For whoever wants to look."""
    if os.environ.get("NIGHTDESK_KEEP"):
        page.screenshot(path=f"{os.environ['NIGHTDESK_KEEP']}/{name}.png", full_page=True)


def test_a_case_is_opened_with_what_followed_it(page, sealer, deliver):
    first, envelope = sealer.application("elder_allowance")
    deliver(envelope, sealer.following("correction", first)[1], sealer.following("withdrawal", first)[1])
    page.click("#refresh")
    row = page.locator(f'#list tr[data-number="{first}"]')
    row.wait_for()
    assert row.locator(".tag.withdrawn").count() == 1
    keep(page, "cases")
    row.locator("button").click()
    page.wait_for_selector("#case:not([hidden])")
    said = page.inner_text("#case")
    assert "王小明" in said and "撤回申请" in said and "更正申请" in said and "<b>&</b>" in said
    keep(page, "case")


def test_a_task_is_settled_with_a_note(page, sealer, deliver):
    number, envelope = sealer.application("elder_allowance")
    envelope["signature"] = "AAAA" + envelope["signature"][4:]
    assert deliver(envelope)[0]["reason"] == "badSignature"
    page.click('[data-tab="tasks"]')
    card = page.locator("#tasks li", has_text="-".join((number[:6], number[6:10], number[10:18], number[18:23], number[23:])))
    card.wait_for()
    before = int(page.inner_text("#open-tasks"))
    assert "签名不符" in card.inner_text() and "责任人" in card.inner_text()
    keep(page, "tasks")
    card.locator("textarea").fill("已请运维核对终端密钥")
    card.locator("form button").click()
    card.wait_for(state="detached")
    after = page.inner_text("#open-tasks")
    assert int(after or 0) == before - 1
    page.click("#settled")
    card.wait_for()
    assert "已请运维核对终端密钥" in card.inner_text()
    keep(page, "settled")


def test_a_terminal_whose_records_were_cut_stands_out(page, centre):
    terminal = centre.enrolled("T0500")
    session = centre.session(terminal)
    for chain in ("ab", "cd"):
        session.post(centre.doors["terminals"] + "/v1/batches", json={
            "batch": "b", "terminal": "T0500", "envelopes": [],
            "audit": {"entries": 9, "chain": chain * 32}})
    page.click('[data-tab="terminals"]')
    row = page.locator('#terminals tbody tr').first
    row.wait_for()
    assert row.get_attribute("data-terminal") == "T0500"
    assert "截断" in row.inner_text()
    keep(page, "terminals")


def test_without_the_token_the_desk_is_empty(page, centre):
    page.goto("about:blank")
    page.goto(f"{centre.doors['office']}/clerk/")
    page.wait_for_selector("#notice:not([hidden])")
    assert "口令" in page.inner_text("#notice")
    assert page.locator("tbody tr").count() == 0
