# SPDX-License-Identifier: Apache-2.0
"""One browser and one mock terminal for the whole run; a fresh page for each test."""

import os

import pytest
from playwright.sync_api import sync_playwright

from mock_terminal import MockTerminal

PORTRAIT = {"width": 1080, "height": 1920}
LANDSCAPE = {"width": 1920, "height": 1080}


@pytest.fixture(scope="session")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=os.environ.get("NIGHTDESK_CHROMIUM", "/usr/bin/chromium"),
            args=["--no-sandbox"],
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def server():
    mock = MockTerminal()
    yield mock
    mock.close()


class Resident:
    """A page in front of the mock terminal, and what went wrong on it."""

    def __init__(self, page, terminal):
        self.page = page
        self.terminal = terminal
        self.faults = []
        page.on("console", self._console)
        page.on("pageerror", lambda fault: self.faults.append(str(fault)))

    def _console(self, message):
        if message.type in ("error", "warning"):
            self.faults.append(message.text)

    def open(self, name=None, **look):
        identifier = self.terminal.show(name, **look) if name else None
        self.page.goto(self.terminal.url())
        if identifier:
            self.drawn(identifier)

    def see(self, name, **look):
        identifier = self.terminal.show(name, **look)
        self.drawn(identifier)
        return identifier

    def see_scene(self, scene):
        identifier = self.terminal.show_scene(scene)
        self.drawn(identifier)
        return identifier

    def drawn(self, identifier):
        self.page.wait_for_selector(f'main[data-scene-id="{identifier}"]', timeout=5000)

    def tap(self, choice):
        self.page.click(f'[data-choice="{choice}"]')

    def keys(self, names):
        for name in names:
            self.page.click(f'[data-key="{name}"]')

    def field(self):
        return self.page.locator("[data-field]")

    def until(self, condition, seconds=5):
        """Waits until the Python condition holds, while the page goes on."""
        for _ in range(int(seconds * 50)):
            if condition():
                return
            self.page.wait_for_timeout(20)
        raise AssertionError("it did not come about")


def standing(browser):
    return {
        name: browser.new_context(viewport=size, reduced_motion="reduce")
        for name, size in (("portrait", PORTRAIT), ("landscape", LANDSCAPE))
    }


@pytest.fixture
def resident(browser, server):
    """In a context of its own: what a page leaves open must not starve the next one's calls."""
    server.forget()
    server.on_choice = None
    context = browser.new_context(viewport=PORTRAIT, reduced_motion="reduce")
    yield Resident(context.new_page(), server)
    context.close()
    server.drop()


@pytest.fixture(scope="module")
def lookers(browser, server):
    """One page for each way the screen may stand, kept open through all drawings; in contexts of
    their own, whose connections end with them."""
    server.forget()
    contexts = standing(browser)
    made = {}
    for name, context in contexts.items():
        made[name] = Resident(context.new_page(), server)
        made[name].open("idle")
    yield made
    for context in contexts.values():
        context.close()
    server.drop()
