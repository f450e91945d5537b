"""One browser in Chromium that is clicked and typed into; its console and its reader's aids are watched.

Playwright is needed for nothing else here, so it is imported where it is used.
"""

import time
from collections.abc import Mapping
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.datastructures import Headers

from app.proof.page import Box, Form
from app.proof.visit import Seen, Visit
from app.scenarios.failed import Failed

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator, Page, Response

_PHONE: Any = {"width": 360, "height": 740}
_WITHIN = 15_000  # milliseconds
_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_FOCUS = "document.activeElement && document.activeElement.id"
_INSIDE = ("data:", "blob:", "about:")


class Unclickable(Exception):
    """A step that a person cannot take with the page in view."""


class Window(Visit):
    """A browser of its own in Chromium, on a phone's screen, at the application served under `url`.

    `by_itself` are the posts that no click could send, each with why.
    """

    def __init__(self, app: Flask, lang: str, browser: "Browser", url: str, watched: set[object]) -> None:
        super().__init__(app, lang, "127.0.0.1")
        self._url, self._watched = url, watched
        self.by_itself: list[str] = []
        self._context = browser.new_context(viewport=_PHONE, locale=lang, accept_downloads=True)
        self._context.set_default_timeout(_WITHIN)
        self._tab: Page = self._context.new_page()
        self._tab.on("request", lambda request: self._asked(request.url))
        self._complaints: list[str] = []
        self._tab.on("console", lambda said: self._hear(said.type, said.text))
        self._tab.on("pageerror", lambda error: self._complaints.append(str(error)))
        self._known: dict[tuple[str, str, str], float] = {}

    def _asked(self, address: str) -> None:
        if not address.startswith((self._url, *_INSIDE)):
            self.away = address

    def _hear(self, sort: str, text: str) -> None:
        if sort in {"error", "warning"}:
            self._complaints.append(text)

    def get(self, path: str, allowed: int = 200) -> "Window":
        """Look at a page."""
        self.away = None
        self._came(self._tab.goto(f"{self._url}{path}"), allowed)
        return self

    def send(self, form: Form, typed: Mapping[str, str], name: str = "", value: str = "") -> "Window":
        """Type, choose and click; what a person cannot do with the page in view is posted by itself."""
        self.away = None
        place = next((n for n, each in enumerate(self.page.forms) if each is form), None)
        try:
            if place is None:
                raise Unclickable(f"the page has no form for {form.action}")
            self._click(self._tab.locator("form").nth(place), form, typed, name, value)
        except Unclickable as problem:
            self.by_itself.append(f"{form.action} {value}: {problem}")
            self._post(form, {**form.posted(), **typed, **({name: value} if name else {})})
        return self

    def _click(self, there: "Locator", form: Form, typed: Mapping[str, str], name: str, value: str) -> None:
        button = there.locator(
            f'button[name="{name}"][value="{value}"]' if name else "button[type=submit]"
        ).first
        if form.hidden.get("wallet") == "apple":
            with self._tab.expect_download() as download:
                button.click()
            self.seen = Seen(200, "application/vnd.apple.pkpass" if download.value.path() else "")
            return
        if button.get_attribute("aria-disabled") == "true":
            raise Unclickable(f"the button '{value}' cannot be pressed yet")
        answers = [(box, typed[box.name]) for box in form.boxes.values() if _changes(box, typed)]
        if strange := [box.name for box, answer in answers if box.offered and answer not in box.offered]:
            raise Unclickable(f"'{strange[0]}' does not offer this answer")
        try:
            with self._tab.expect_navigation() as led:
                by_itself = any([self._fill(there, box, answer) for box, answer in answers])
                if not by_itself:
                    button.click()
            self._came(led.value, 200)
        except _error():
            if self.away is None:
                raise
            self._tab.wait_for_url("chrome-error://**")

    def _post(self, form: Form, fields: Mapping[str, str]) -> None:
        request: Any = dict(fields)
        answer = self._context.request.post(f"{self._url}{form.action}", form=request, max_redirects=0)
        if answer.status != HTTPStatus.SEE_OTHER:
            raise Failed("at", f"POST {form.action} was answered {answer.status}, expected 303")
        self.get(answer.headers["location"])

    def _fill(self, form: "Locator", box: Box, value: str) -> bool:
        """Type or choose one answer; whether the page sends itself once it is typed."""
        boxes = form.locator(f'[name="{box.name}"]')
        if box.sort in {"radio", "checkbox"}:
            boxes.locator(f'xpath=self::*[@value="{value}"]').check()
        elif box.sort == "select":
            boxes.select_option(value)
        elif boxes.is_visible():  # what stands in another tab of the page cannot be typed
            whole = form.get_attribute("data-checked-at")
            boxes.fill(value)
            return whole is not None and value.isdecimal() and len(value) == int(whole)
        return False

    def _came(self, response: "Response | None", allowed: int) -> None:
        """Read what is in view, and what its reader's aids and its console say of it."""
        self._tab.wait_for_load_state()
        if self.away is not None or response is None:
            return
        headers = Headers([(each["name"], each["value"]) for each in response.headers_array()])
        self.seen = Seen(response.status, headers.get("Content-Type", "").partition(";")[0])
        self._read(self._tab.content(), headers, urlsplit(self._tab.url).path, allowed)
        if response.status < 400 and self._complaints:
            raise Failed("", f"the page {self.path}: the console says {self._complaints[0]}")
        self._complaints.clear()
        if "problems" in self.page.ids:
            self._tab.wait_for_function(f"{_FOCUS} === 'problems'")
        self._aided()

    def _aided(self) -> None:
        """Nothing for axe to say, of each page once as far as it looks different."""
        look = (self.path, self.lang, self.page.title, "problems" in self.page.ids, *self.page.triggers())
        if look in self._watched:
            return
        self._watched.add(look)
        from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]  # noqa: PLC0415

        report = Axe().run(self._tab, options={"runOnly": {"type": "tag", "values": _TAGS}})
        if report.violations_count:
            told = ", ".join(each["id"] for each in report.response["violations"])
            raise Failed("", f"the page {self.path} is hard to use for some: {told}")

    def hop(self, path: str) -> tuple[int, str]:
        """How a page is answered, redirects not followed: status, and where it leads."""
        answer = self._context.request.get(f"{self._url}{path}", max_redirects=0)
        return answer.status, answer.headers.get("location", "")

    def cookie(self, name: str, path: str = "/") -> str | None:
        """The value of one cookie."""
        found = (each for each in self._context.cookies() if (each["name"], each["path"]) == (name, path))
        return next((each["value"] for each in found), None)

    def age(self, now: datetime) -> None:
        """Note until when the cookies live that were just set: those whose end has moved."""
        for each in self._context.cookies():
            place = (each["domain"], each["path"], each["name"])
            if each["expires"] > 0 and self._known.get(place) != each["expires"]:
                self._known[place] = each["expires"]
                self._over[place] = now + timedelta(seconds=each["expires"] - time.time())

    def forget(self, now: datetime) -> None:
        """Drop the cookies whose time is over by the scenario's clock."""
        for each in self._context.cookies():
            if self._over.get((each["domain"], each["path"], each["name"]), now + timedelta(1)) <= now:
                self._context.clear_cookies(name=each["name"], path=each["path"])

    def close(self) -> None:
        """Close it."""
        self._context.close()


def _changes(box: Box, typed: Mapping[str, str]) -> bool:
    """Whether anything is done to a box: what is to stay empty is not touched."""
    return box.name in typed and typed[box.name] != (box.value or "")


def _error() -> type[Exception]:
    from playwright.sync_api import Error  # noqa: PLC0415

    return Error
