# SPDX-License-Identifier: Apache-2.0
"""A resident's hands and eyes: drives the page in Chromium through Playwright."""

import os
import re
import time
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Error, Page, sync_playwright

from stage import Trouble
from stage.chromium import Chromium

# Read in one turn, so that all of it is of the same scene.
READ = """() => {
  const main = document.querySelector('main[data-scene]')
  if (!main || !main.dataset.sceneId) return null
  const shown = (one) => one.getClientRects().length > 0
  const list = (name) => [...document.querySelectorAll(`[data-${name}]`)].filter(shown)
    .map((one) => one.getAttribute(`data-${name}`))
  const field = document.querySelector('[data-field]')
  return { name: main.dataset.scene, id: Number(main.dataset.sceneId),
    title: document.querySelector('h1')?.innerText ?? '', text: document.body.innerText,
    choices: list('choice'), values: list('value'), keys: list('key'),
    field: field ? (field.value ?? field.innerText) : null,
    error: document.querySelector('#error')?.innerText ?? null,
    language: document.documentElement.lang }
}"""

# Brings the element into sight and tells its middle, if a finger there would touch it.
PLACE = """(selector) => {
  const one = [...document.querySelectorAll(selector)].find((it) => it.getClientRects().length)
  if (!one || one.disabled) return null
  one.scrollIntoView({ block: 'nearest', behavior: 'instant' })
  const box = one.getBoundingClientRect()
  const at = { x: box.x + box.width / 2, y: box.y + box.height / 2 }
  return one.contains(document.elementFromPoint(at.x, at.y)) ? at : null
}"""


@dataclass(frozen=True)
class Seen:
    """What stands on the screen."""

    name: str
    id: int
    title: str
    text: str
    choices: list[str]
    values: list[str]
    keys: list[str]
    field: str | None
    error: str | None
    language: str


class Screen:
    def __init__(self, chromium: Chromium, url: str, scratch: Path, pictures: Path | None):
        # Playwright's own scratch files must not stand among those that are searched.
        os.environ["TMPDIR"] = str(scratch)
        self.chromium, self.pictures = chromium, pictures
        self.history: list[Seen] = []
        self.kept: set[tuple[str, str]] = set()
        self.playwright = sync_playwright().start()
        self.browser = self.playwright.chromium.connect_over_cdp(
            chromium.start_hidden("about:blank"))
        self.page: Page = self.browser.contexts[0].pages[0]
        self.page.set_viewport_size({"width": 1080, "height": 1920})
        self.page.set_default_timeout(8000)
        self.page.goto(url)

    def close(self) -> None:
        """Never after a signal: Playwright's loop is gone then, and it would wait for ever.
        Its driver and Chromium are ended with the crew in any case."""
        self.browser.close()
        self.playwright.stop()

    # Looking.

    def look(self) -> Seen | None:
        """None while the page loads or replaces itself."""
        try:
            seen = self.page.evaluate(READ)
        except Error:
            return None
        return Seen(**seen) if seen else None

    def wait(self, *names: str, after: int = 0, seconds: float = 15) -> Seen:
        """The next scene with a number beyond `after` and, if any are given, one of `names`."""
        end = time.monotonic() + seconds
        seen = None
        while time.monotonic() < end:
            seen = self.look()
            if seen and seen.id > after and (not names or seen.name in names):
                self._note(seen)
                return seen
            time.sleep(0.03)
        stands = f"{seen.name} ({seen.title})" if seen else "no scene"
        raise Trouble(f"The screen did not show {' or '.join(names) or 'a new scene'} within "
                      f"{seconds:g} s; it shows {stands}.")

    def _note(self, seen: Seen) -> None:
        if self.history and self.history[-1].id == seen.id:
            return
        self.history.append(seen)
        if self.pictures and (seen.name, seen.language) not in self.kept:
            self.kept.add((seen.name, seen.language))
            name = f"{len(self.kept):02}-{seen.name}-{seen.language[:2]}.png"
            self.picture(self.pictures / name)

    def picture(self, path: Path) -> Path:
        self.page.screenshot(path=str(path), animations="disabled")
        return path

    def read_elsewhere(self, url: str, picture: Path | None = None) -> str:
        """What a page says on a phone: in a context of its own that is gone afterwards."""
        context = self.browser.new_context(viewport={"width": 390, "height": 844})
        try:
            page = context.new_page()
            page.goto(url)
            page.wait_for_load_state("networkidle")
            if picture:
                page.screenshot(path=str(picture), full_page=True)
            return page.evaluate("() => document.body.innerText")
        finally:
            context.close()

    # Touching.

    def press(self, choice: str) -> None:
        self._tap(f'[data-choice="{choice}"]')

    def press_key(self, key: str) -> None:
        self._tap(f'[data-key="{key}"]')

    def press_and_wait(self, choice: str, *names: str, seconds: float = 15) -> Seen:
        before = self.wait()
        self.press(choice)
        try:
            return self.wait(*names, after=before.id, seconds=min(4, seconds))
        except Trouble:
            # Drawn anew just as it was touched, it did not take the touch: once more.
            now = self.look()
            if now and now.name == before.name and now.id != before.id and choice in now.choices:
                self.press(choice)
            return self.wait(*names, after=before.id, seconds=seconds)

    def choose(self, values: list[str]) -> None:
        for value in values:
            self._tap(f'[data-value="{value}"]')

    def type(self, text: str) -> None:
        """By the keys on the screen where it has them, else by a keyboard that knows the
        characters (an input method puts them in whole)."""
        seen = self.wait()
        if seen.field and "clear" in seen.keys:
            self.press_key("clear")
        if set(text) <= set(seen.keys):
            for character in text:
                self.press_key(character)
        else:
            self.page.locator("[data-field]").first.focus()
            self.page.keyboard.insert_text(text)
        shown = (self.look() or seen).field or ""
        if _plain(shown, text) != text:
            raise Trouble(f"The field holds {len(shown)} characters after {len(text)} were typed.")

    def _tap(self, selector: str) -> None:
        """A touch on the middle of what is there; waits for it to come and to lie still."""
        end, former = time.monotonic() + 8, None
        while time.monotonic() < end:
            try:
                at = self.page.evaluate(PLACE, selector)
                if at and at == former:
                    self.page.mouse.click(at["x"], at["y"])
                    return
            except Error:
                at = None  # the page is replacing itself
            former = at
        stands = self.look()
        raise Trouble(f"{selector} cannot be touched; the screen shows "
                      f"{stands.name if stands else 'no scene'}.")

    # The process behind the page.

    def renderer(self) -> int:
        """The process that draws the page: the one that works when the page is made to. (Its
        own metrics do not tell: inside the sandbox they are 0.)"""
        before = self.chromium.renderers()
        for _ in range(30):
            self.page.evaluate("() => { const end = performance.now() + 100;"
                               " while (performance.now() < end); }")
            after = self.chromium.renderers()
            used = {pid: spent - before.get(pid, 0.0) for pid, spent in after.items()}
            first, second = sorted([*used.values(), 0.0, 0.0], reverse=True)[:2]
            # Beside a machine's other work it may take some turns until it stands out.
            if first - second >= 0.08:
                return max(used, key=used.get)
        raise Trouble("Which process of Chromium draws the page cannot be told.")


def _plain(text: str, like: str) -> str:
    """Without the gaps and units among which figures are shown."""
    return re.sub(r"[^0-9X.]", "", text) if re.fullmatch(r"[0-9X.]+", like) else text
