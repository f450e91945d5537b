"""The guide followed in a real browser on a phone's screen, with JavaScript and without, in each language."""

import subprocess
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Browser, Page, expect

from tests.screens import sound
from tests.server import Server, serving
from tests.walk import PERSON, link_in

pytestmark = pytest.mark.browser

SCREENSHOTS = Path(__file__).parent.parent / ".work" / "screenshots"
PHONE = {"width": 360, "height": 740}
AXE = {
    "runOnly": {
        "type": "tag",
        "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    }
}
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Safari/604.1"
ANDROID = "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 Chrome/141.0 Mobile Safari/537.36"
WORDS = {
    "bg": {"submit": "Изпрати", "apple": "Добави в Apple Wallet", "google": "Добавяне към Google Wallet"},
    "en": {"submit": "Send", "apple": "Add to Apple Wallet", "google": "Add to Google Wallet"},
}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    """One of its own for each walk: a number gets five messages in ten minutes and no more."""
    with serving(tmp_path / "var") as running:
        yield running


class Watch:
    """A page whose console, network and accessibility are watched; `seen` takes a picture of each state."""

    def __init__(self, page: Page, name: str, own: str) -> None:
        self.page, self.name, self.own = page, name, own
        self.complaints: list[str] = []
        self.number = 0
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self._asked(request.url))

    def _heard(self, message: object) -> None:
        if message.type in {"error", "warning"}:  # type: ignore[attr-defined]
            self.complaints.append(message.text)  # type: ignore[attr-defined]

    def _asked(self, url: str) -> None:
        if not url.startswith((self.own, "data:")) and "pay.google.com" not in url:
            self.complaints.append(f"asked {url}")

    def seen(self, state: str) -> None:
        """Check the page in view: axe, no sideways scroll, one heading; and keep its picture."""
        self.number += 1
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=SCREENSHOTS / f"{self.name}-{self.number}-{state}.png", full_page=True)
        wide, view = self.page.evaluate(
            "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
        )
        assert wide <= view, f"{state} scrolls sideways: {wide} > {view}"
        assert self.page.locator("h1").count() == 1
        sound(self.page, AXE)
        self.page.emulate_media(color_scheme="dark")
        sound(self.page, COLOURS)
        self.page.emulate_media(color_scheme="light")
        assert self.complaints == []


def open_watch(window: Browser, server: Server, lang: str, agent: str, javascript: bool = True) -> Watch:
    context = window.new_context(
        viewport=PHONE,
        locale=lang,
        user_agent=agent,
        java_script_enabled=javascript,
        accept_downloads=True,
    )
    page = context.new_page()
    page.set_default_timeout(15_000)
    return Watch(page, f"{lang}{'' if javascript else '-plain'}", server.url)


def fill(page: Page, **changes: str) -> None:
    person = {**PERSON, **changes}
    for name in ("email", "mobile", "national_id"):
        page.locator(f"[name={name}]").fill(person[name])
    page.locator("[name=device]").select_option(person["device"])


def newest_link(server: Server, count: int) -> str:
    """The link in the newest of at least `count` messages, waited for."""
    messages: list[dict[str, str]] = []
    with requests.Session() as session:
        for _ in range(200):
            messages = session.get(f"{server.url}/inbox/messages.json", timeout=10).json()["messages"]
            if len(messages) >= count:
                return server.url + link_in(messages[-1])
    raise AssertionError(f"{len(messages)} messages")


def how_many(server: Server) -> int:
    return len(requests.get(f"{server.url}/inbox/messages.json", timeout=10).json()["messages"])


@pytest.mark.parametrize("lang", ["bg", "en"])
def test_the_guide_on_an_iphone(window: Browser, server: Server, tmp_path: Path, lang: str) -> None:
    watch, before = open_watch(window, server, lang, IPHONE), how_many(server)
    page = watch.page
    page.goto(f"{server.url}/")
    watch.seen("home")
    page.goto(f"{server.url}/ecard/")
    expect(page).to_have_url(f"{server.url}/ecard/form")
    watch.seen("form")
    fill(page, email="maria at home", mobile="12", national_id="123")
    page.get_by_role("button", name=WORDS[lang]["submit"]).click()
    expect(page).to_have_url(f"{server.url}/ecard/invalid")
    watch.seen("invalid")
    page.locator("button[value=back]").click()
    expect(page.locator("[name=email]")).to_have_value("maria at home")
    watch.seen("form-again")
    fill(page, email="somebody@sineva-demo.bg")
    page.get_by_role("button", name=WORDS[lang]["submit"]).click()
    expect(page).to_have_url(f"{server.url}/ecard/not_found")
    watch.seen("not-found")
    page.locator("button[value=back]").click()
    fill(page)
    page.get_by_role("button", name=WORDS[lang]["submit"]).click()
    expect(page).to_have_url(f"{server.url}/ecard/requested")
    watch.seen("requested")
    page.reload()
    page.go_back()
    page.goto(newest_link(server, before + 1))
    expect(page).to_have_url(f"{server.url}/w/card")
    watch.seen("card")
    first = page.locator("button.wallet").first
    expect(first).to_have_text(WORDS[lang]["apple"])
    box = first.bounding_box()
    assert box is not None and box["height"] >= 48
    with page.expect_download() as download:
        first.click()
    pkpass = tmp_path / "card.pkpass"
    download.value.save_as(pkpass)
    verify(pkpass, tmp_path, server)
    page.goto(f"{server.url}/w/card")
    watch.seen("added")
    page.goto(f"{server.url}/inbox/")
    watch.seen("inbox")
    page.goto(f"{server.url}/nowhere/at/all")
    watch.complaints.clear()  # the browser reports the 404 we asked for
    watch.seen("404")


def verify(pkpass: Path, folder: Path, server: Server) -> None:
    """As Apple's phone would, but against the demo's root: openssl checks signature and chain."""
    with zipfile.ZipFile(pkpass) as made:
        made.extractall(folder / "pass")
    root = server.log.parent / "wallet" / "root.pem"
    command = "openssl smime -verify -binary -inform DER -in signature -content manifest.json -out /dev/null"
    checked = subprocess.run(
        [*command.split(), "-CAfile", str(root)],
        cwd=folder / "pass",
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Verification successful" in checked.stderr, checked.stderr


def test_the_guide_on_android_without_javascript(window: Browser, server: Server) -> None:
    watch, before = open_watch(window, server, "bg", ANDROID, javascript=False), how_many(server)
    page = watch.page
    page.goto(f"{server.url}/ecard/")
    fill(page, device="android")
    page.get_by_role("button", name="Изпрати").click()
    assert page.url == f"{server.url}/ecard/requested"
    page.locator("button[value=resend]").click()
    assert page.url == f"{server.url}/ecard/requested"
    page.goto(newest_link(server, before + 1))
    first = page.locator("button.wallet").first
    assert first.inner_text().strip() == WORDS["bg"]["google"]
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.route("https://pay.google.com/**", lambda route: route.abort())
    first.click(no_wait_after=True)
    for _ in range(100):
        if any(url.startswith("https://pay.google.com/gp/v/save/") for url in asked):
            return
        page.wait_for_timeout(50)
    raise AssertionError(asked)


def test_no_page_scrolls_sideways_at_any_width(window: Browser, server: Server) -> None:
    watch = open_watch(window, server, "bg", "Mozilla/5.0 (X11; Linux x86_64) Chrome/141.0")
    page, before = watch.page, how_many(server)

    def seen(state: str) -> None:
        for width, height in ((320, 256), (768, 1024), (1280, 800)):
            page.set_viewport_size({"width": width, "height": height})
            watch.name = f"w{width}"
            watch.seen(state)

    page.goto(f"{server.url}/")
    seen("home")
    page.goto(f"{server.url}/ecard/")
    seen("form")
    fill(page)
    page.get_by_role("button", name="Изпрати").click()
    seen("requested")
    page.goto(newest_link(server, before + 1))
    seen("card")
    page.goto(f"{server.url}/ecard/")
    seen("resume")
