"""Narthex on a screen: the application in a thread, a page in Chromium that is watched and checked."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT, AxeResults
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from app.config import Settings
from app.proof.serving import served
from app.runner.house import House
from tests.apps import ready_app
from tests.lodge import CHEAP
from tests.test_templates import compile_translations
from tests.walk import carries_code, code_in

PICTURES = Path(__file__).parent.parent / ".work" / "screenshots"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
PHONE = {"width": 360, "height": 740}
SMALLEST = {"width": 320, "height": 256}
DESKTOP = {"width": 1280, "height": 800}
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = {"runOnly": {"type": "tag", "values": TAGS}}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}  # all that the dark changes
VIOLATIONS = "rules => axe.run(rules).then(({violations}) => ({violations}))"
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
REFUSED = "status of 422"  # Chromium reports the answer to a form with mistakes; it is meant


@contextmanager
def chromium() -> Iterator[Browser]:
    """Headless Chromium for as long as the block runs."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=ARGUMENTS)
        yield browser
        browser.close()


def sound(page: Page, rules: dict[str, Any]) -> None:
    """Nothing for axe to say by these rules; its half a megabyte of script is read once by each document."""
    if page.evaluate("typeof axe === 'undefined'"):
        page.evaluate(AXE_SCRIPT)
    wanted = {**rules, "resultTypes": ["violations"]}
    report = AxeResults(
        page.evaluate("rules => axe.run(rules).then(({violations}) => ({violations}))", wanted)
    )
    assert report.violations_count == 0, report.generate_report()


class Screen:
    """A page on a phone whose console, network and shape are watched.

    `plain` has no JavaScript; `wide` is a desktop. `seen` checks the page in view and keeps its picture.
    """

    def __init__(
        self, browser: Browser, url: str, lang: str, name: str, *, plain: bool = False, wide: bool = False
    ) -> None:
        self.url, self.lang, self.name, self.plain = url, lang, name, plain
        self.size: Any = DESKTOP if wide else PHONE
        self.context: BrowserContext = browser.new_context(
            viewport=self.size, locale=lang, java_script_enabled=not plain, accept_downloads=True
        )
        self.complaints: list[str] = []
        self.count = 0
        self.page = self._watched()

    def _watched(self) -> Page:
        page = self.context.new_page()
        page.set_default_timeout(15_000)
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self._asked(request.url))
        return page

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and REFUSED not in message.text:
            self.complaints.append(message.text)

    def _asked(self, url: str) -> None:
        if not url.startswith((self.url, "data:", "blob:")):
            self.complaints.append(f"asked {url}")

    def go(self, path: str) -> "Screen":
        self.page.goto(f"{self.url}{path}")
        return self

    @property
    def at(self) -> str:
        """The path of the page in view."""
        return urlsplit(self.page.url).path

    def arrives(self, path: str) -> None:
        """Wait until the page of this path is there, scripts and all."""
        expect(self.page).to_have_url(f"{self.url}{path}")
        self.page.wait_for_load_state()

    def fill(self, **answers: str) -> "Screen":
        """Type or choose answers by the boxes' names."""
        for name, value in answers.items():
            box = self.page.locator(f"[name={name}]")
            if box.first.get_attribute("type") in {"radio", "checkbox"}:
                self.page.locator(f"[name={name}][value={value}]").check()
            elif box.evaluate("each => each.tagName") == "SELECT":
                box.select_option(value)
            else:
                box.fill(value)
        return self

    def press(self, trigger: str) -> None:
        """Press the button of this trigger and wait for the page that answers."""
        with self.page.expect_navigation():
            self.page.locator(f"main button[value={trigger}]").last.click()

    def send(self) -> None:
        """Press the page's first full button."""
        with self.page.expect_navigation():
            self.page.locator("main .button").first.click()

    def seen(self, state: str, dark: bool = False) -> None:
        """Check the page: language, title, heading, no sideways scroll, axe (also in the dark), silence."""
        self.count += 1
        PICTURES.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=PICTURES / f"{self.name}-{self.lang}-{self.count:02}-{state}.png")
        assert self.page.get_attribute("html", "lang") == self.lang
        assert self.page.locator("h1").count() == 1
        assert self.page.locator("h1").inner_text().replace("\xa0", " ") in self.page.title()
        self.page.set_viewport_size(SMALLEST)  # type: ignore[arg-type]
        assert self.page.evaluate(WIDER) <= 0, f"{state} scrolls sideways"
        self.page.set_viewport_size(self.size)
        self.sound(AXE)
        if dark:
            self.page.emulate_media(color_scheme="dark")
            self.sound(COLOURS)
            self.page.emulate_media(color_scheme="light")
        assert self.complaints == []

    def sound(self, rules: dict[str, Any]) -> None:
        """Nothing for axe to say. Without JavaScript its timers never fire: there the words are the same."""
        if not self.plain:
            sound(self.page, rules)

    def harmless(self) -> None:
        """Reload twice, go back and come again: the same page, nothing said, nothing sent."""
        heading, here = self.page.locator("h1").inner_text(), self.at
        for _ in range(2):
            self.page.reload()
            assert (self.page.locator("h1").inner_text(), self.at) == (heading, here)
        self.page.go_back()
        self.go(here)
        assert (self.page.locator("h1").inner_text(), self.at) == (heading, here)
        expect(self.page.locator("#problems")).to_have_count(0)

    def code(self, channel: str) -> str:
        """The code in the newest message of the demo's inbox that carries one; what waits was delivered."""
        answer = self.context.request.get(f"{self.url}/inbox/messages.json").json()["messages"]
        return code_in([each for each in answer if each["channel"] == channel and carries_code(each)][-1])


def told_at_home(screen: Screen, flow: str) -> dict[str, str]:
    """What the home page says to type for a flow, by label."""
    screen.go("/").sound(AXE)
    entry = screen.page.locator(".flow", has=screen.page.locator(f"a[href='/{flow}/']"))
    rows = [row.locator("th, td").all_inner_texts() for row in entry.locator("tr").all()]
    entry.locator("h2 a").click()
    return {label: value for label, value in rows}


@pytest.fixture(scope="session")
def shared_window() -> Iterator[Browser]:
    """Chromium for all tests of a process: to start it takes longer than many of them."""
    with chromium() as browser:
        yield browser


@pytest.fixture
def window(shared_window: Browser) -> Iterator[Browser]:
    """Chromium with no page open, before and after."""
    yield shared_window
    for context in shared_window.contexts:
        context.close()


@pytest.fixture
def at_home(settings: Settings, house: House) -> Iterator[str]:
    """The test's own demo, served, with its words in every language and quick passwords."""
    compile_translations()
    with served(ready_app(settings, replace(house, passwords=CHEAP))) as url:
        yield url


@pytest.fixture
def open_screen(window: Browser, at_home: str) -> Callable[..., Screen]:
    """Opens screens: `open_screen(lang, name, plain=True)`."""
    return lambda lang, name, **more: Screen(window, at_home, lang, name, **more)
