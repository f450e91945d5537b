"""Every state of every page in Chromium: axe, small screens, large text, keyboard, what scripts add."""

import re
from collections.abc import Iterator
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from tests.drawn import TYPED, application, texts
from tests.drawn_pages import HOUSE, PAGES
from tests.screens import sound
from tests.test_templates import compile_translations

pytestmark = pytest.mark.browser

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = {"runOnly": {"type": "tag", "values": TAGS}}
#: What the scheme decides; all else was looked at in the light one.
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}
PHONE: Any = {"width": 360, "height": 740}
SMALLEST: Any = {"width": 320, "height": 256}


@pytest.fixture(scope="module")
def pages() -> Flask:
    compile_translations()
    return application(PAGES)


@pytest.fixture(scope="module")
def url(pages: Flask) -> Iterator[str]:
    server = make_server("127.0.0.1", 0, pages, threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def page(window: Browser) -> Iterator[Page]:
    context = window.new_context(viewport=PHONE)
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    yield page
    context.close()
    assert complaints == []


def sideways(page: Page) -> int:
    wide: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return wide


@pytest.mark.parametrize("name", list(PAGES))
def test_axe_finds_nothing_and_no_screen_or_size_of_text_loses_anything(
    window: Browser, url: str, name: str
) -> None:
    context = window.new_context(viewport=PHONE, bypass_csp=True)
    page = context.new_page()
    page.goto(f"{url}/page/{name}?lang=bg")
    for details in page.locator("details").all():
        details.evaluate("each => { each.open = true }")
    sound(page, AXE)
    page.emulate_media(color_scheme="dark")
    sound(page, COLOURS)
    page.emulate_media(color_scheme="light")
    loses_nothing(page)
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(f"{url}/page/{name}?lang={'hu' if name in HOUSE else 'en'}")
    sound(page, AXE)
    context.close()


def loses_nothing(page: Page) -> None:
    page.set_viewport_size(SMALLEST)
    assert sideways(page) <= 0
    page.set_viewport_size(PHONE)
    page.add_style_tag(content="html { font-size: 200% }")
    assert sideways(page) <= 0
    page.add_style_tag(  # WCAG 1.4.12
        content="html { font-size: 100% } * { line-height: 1.5 !important; letter-spacing: 0.12em !important;"
        " word-spacing: 0.16em !important } p { margin-bottom: 2em !important }"
    )
    assert sideways(page) <= 0


@pytest.mark.parametrize("name", ["form_all_errors", "requested", "wallet", "resume", "home"])
def test_everything_one_presses_is_large_enough(page: Page, url: str, name: str) -> None:
    page.goto(f"{url}/page/{name}?lang=bg")
    pressed = page.locator(
        "button:not(.visually-hidden):visible, input:visible, select:visible, a:visible, summary:visible"
    )
    for each in pressed.all():
        inline = each.evaluate("e => e.tagName === 'A' && !!e.closest('p') && !e.closest('.wallets')")
        box = each.bounding_box()
        skip = "skip" in (each.get_attribute("class") or "")
        assert box and (inline or skip or box["height"] >= 44), each.inner_text()


@pytest.mark.parametrize("javascript", [True, False])
def test_the_summary_has_the_keyboard_and_leads_to_the_field(
    window: Browser, url: str, javascript: bool
) -> None:
    context = window.new_context(viewport=PHONE, java_script_enabled=javascript)
    page = context.new_page()
    page.goto(f"{url}/page/form_all_errors?lang=bg")
    expect(page.locator("#problems")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#mobile")).to_be_focused()
    expect(page.locator("label[for=mobile]")).to_be_in_viewport()
    context.close()


def test_the_skip_link_is_first_and_seen_when_it_has_the_keyboard(page: Page, url: str) -> None:
    page.goto(f"{url}/page/form?lang=bg")
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    expect(page.locator(".skip")).to_be_in_viewport()


def test_a_second_press_sends_nothing_and_the_button_keeps_its_size(
    pages: Flask, page: Page, url: str
) -> None:
    page.goto(f"{url}/page/form_filled?lang=bg")
    posts: list[dict[str, str]] = pages.extensions["posts"]
    posts.clear()
    button = page.locator("main button[value=submit]")
    before = button.bounding_box()
    page.evaluate(
        "document.querySelector('main button[value=submit]').click();"
        "document.querySelector('main button[value=submit]').click()"
    )
    expect(button).to_have_attribute("aria-disabled", "true")
    assert button.bounding_box() == before
    page.goto(f"{url}/page/form?lang=bg")
    assert [post["trigger"] for post in posts] == ["submit"]


def test_after_ten_seconds_a_line_says_that_we_are_still_at_it(page: Page, url: str) -> None:
    page.clock.install()
    page.goto(f"{url}/page/form_filled?lang=bg")
    page.locator("main button[value=submit]").click()
    expect(page.locator(".slow")).to_be_empty()
    page.clock.run_for(10_000)
    expect(page.locator(".slow")).to_contain_text("Още работим")
    expect(page.locator("main button[value=submit]")).not_to_have_attribute("aria-disabled", "true")


def test_the_countdown_ticks_and_is_spoken_three_times(page: Page, url: str) -> None:
    page.clock.install()
    page.goto(f"{url}/page/requested?lang=bg")
    page.evaluate(
        "window.told = [document.querySelector('[data-wait-spoken]').textContent];"
        "new MutationObserver(() => told.push(document.querySelector('[data-wait-spoken]').textContent))"
        ".observe(document.querySelector('[data-wait-spoken]'), {childList: true})"
    )
    button, line = page.locator("button[value=resend]"), page.locator("[data-wait]")
    expect(button).to_have_attribute("aria-disabled", "true")
    expect(line).to_contain_text("след 30 секунди")
    page.clock.run_for(19_500)
    expect(line).to_contain_text("след 11 секунди")
    page.clock.run_for(9_000)
    expect(line).to_contain_text("след 2 секунди")
    page.clock.run_for(2_000)
    expect(line).to_contain_text("Вече можете")
    expect(button).not_to_have_attribute("aria-disabled", "true")
    told: list[str] = page.evaluate("told")
    assert [re.findall(r"\d+", sentence) for sentence in told] == [["30"], ["10"], []]


def test_without_a_script_the_resend_button_stays_usable(window: Browser, url: str) -> None:
    context = window.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{url}/page/requested?lang=bg")
    expect(page.get_by_text("след 30 секунди")).to_be_visible()
    expect(page.locator("button[value=resend]")).not_to_have_attribute("aria-disabled", "true")
    expect(page.locator("[data-print]")).to_be_hidden()
    context.close()


def test_changing_the_language_keeps_what_is_typed_and_stores_nothing(page: Page, url: str) -> None:
    page.goto(f"{url}/page/form?lang=bg")
    page.locator("[name=email]").fill(TYPED["email"])
    page.locator("[name=device]").select_option("android")
    page.get_by_role("link", name="English").click()
    expect(page.locator("h1")).to_have_text(texts("en")["states.form.title"])
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("[name=email]")).to_have_value(TYPED["email"])
    expect(page.locator("[name=device]")).to_have_value("android")
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_enter_sends_the_form_and_does_not_change_the_language(pages: Flask, page: Page, url: str) -> None:
    page.goto(f"{url}/page/form_filled?lang=bg")
    posts: list[dict[str, str]] = pages.extensions["posts"]
    posts.clear()
    page.locator("[name=email]").press("Enter")
    page.goto(f"{url}/page/form?lang=bg")
    assert [(post.get("trigger"), post.get("lang")) for post in posts] == [("submit", None)]


def test_without_a_script_the_form_asks_for_the_other_language(
    pages: Flask, window: Browser, url: str
) -> None:
    context = window.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{url}/page/form_filled?lang=bg")
    posts: list[dict[str, str]] = pages.extensions["posts"]
    posts.clear()
    before, line = page.locator("main button[value=submit]"), page.locator("noscript > p")
    assert line.bounding_box()["y"] - before.bounding_box()["y"] - before.bounding_box()["height"] >= 16
    page.get_by_role("button", name="English").click()
    page.goto(f"{url}/page/form?lang=bg")
    assert [(post.get("trigger"), post["lang"], post["email"]) for post in posts] == [
        (None, "en", TYPED["email"])
    ]
    context.close()


def test_nothing_moves_when_motion_is_not_wanted(window: Browser, url: str) -> None:
    context = window.new_context(reduced_motion="reduce")
    page = context.new_page()
    page.goto(f"{url}/page/form_filled?lang=bg")
    page.locator("main button[value=submit]").click()
    assert page.evaluate("document.getAnimations().length") == 0
    context.close()


@pytest.mark.parametrize("name", ["form_one_error", "wallet", "requested_delivered"])
def test_forced_colours_leave_borders_and_words(window: Browser, url: str, name: str) -> None:
    context = window.new_context(viewport=PHONE, forced_colors="active")
    page = context.new_page()
    page.goto(f"{url}/page/{name}?lang=bg")
    for each in page.locator(".button, .wallet, .card, .input").all():
        assert each.evaluate("e => parseFloat(getComputedStyle(e).borderTopWidth)") >= 1
    context.close()


def test_on_paper_there_is_the_card_and_no_button(page: Page, url: str) -> None:
    page.goto(f"{url}/page/wallet?lang=bg")
    page.emulate_media(media="print")
    expect(page.locator(".card")).to_be_visible()
    assert page.locator("button:visible").count() == 0
