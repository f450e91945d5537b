"""The pages of a one-time code in Chromium, on the smallest screen, with JavaScript and without."""

import re
from collections.abc import Iterator

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from app.delivery.post import Post
from app.runner.house import House
from tests.knock import EMAIL, PHONE, code_of, open_knock, wrong
from tests.screens import AXE, WIDER, served, sound
from tests.test_templates import compile_translations
from tests.walk import Walk

pytestmark = pytest.mark.browser


@pytest.fixture
def dialect() -> str:
    return "sqlite"


@pytest.fixture
def url(house: House, app: Flask) -> Iterator[str]:
    compile_translations()
    open_knock(house)
    with served(app) as address:
        yield address


def looked_at(page: Page) -> None:
    """Nothing is cut off on the smallest screen, and axe finds nothing."""
    for details in page.locator("details").all():
        details.evaluate("each => { each.open = true }")
    assert page.evaluate(WIDER) <= 0
    sound(page, AXE)


def knocked(page: Page, url: str) -> None:
    page.goto(f"{url}/knock/")
    page.locator("[name=phone]").fill(PHONE)
    page.locator("[name=email]").fill(EMAIL)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/prove$"))


@pytest.mark.parametrize(("javascript", "scheme"), [(True, "light"), (False, "dark")])
def test_both_codes_by_keyboard_alone(
    window: Browser, url: str, walk: Walk, post: Post, javascript: bool, scheme: str
) -> None:
    context = window.new_context(
        viewport={"width": 320, "height": 640},
        java_script_enabled=javascript,
        color_scheme=scheme,  # type: ignore[arg-type]
        locale="bg-BG",
    )
    page = context.new_page()
    knocked(page, url)
    code = code_of(walk, post)
    box = page.locator("[autocomplete=one-time-code]")
    expect(page.get_by_text("след 30 секунди").first).to_be_visible()
    page.reload()
    expect(page.locator(".code-first")).to_have_text(code[0])
    if javascript:
        looked_at(page)
    box.fill(wrong(code))
    box.press("Enter")
    expect(page.locator("#problems")).to_be_focused()
    if javascript:
        looked_at(page)
    box.fill(code[1:].lower())
    box.press("Enter")
    expect(page).to_have_url(re.compile("/pin$"))
    expect(page.get_by_role("button", name="Активирай")).to_be_disabled()
    pin = code_of(walk, post, EMAIL)
    if javascript:
        looked_at(page)
        box.press_sequentially(f"{pin[:3]} {pin[3:]}")  # no further press
    else:
        expect(page.locator("[data-checked]")).to_be_hidden()
        box.fill(pin)
        page.get_by_role("button", name="Провери").click()
    expect(page).to_have_url(re.compile("/pin_confirmed$"))
    expect(page.get_by_role("button", name="Активирай")).to_be_focused()
    if javascript:
        looked_at(page)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/done$"))
    context.close()


def test_a_wrong_pin_is_sent_once_by_itself_and_waits_for_a_change(
    window: Browser, url: str, walk: Walk, post: Post
) -> None:
    context = window.new_context(locale="bg-BG")
    page = context.new_page()
    knocked(page, url)
    page.locator("[name=code]").fill(code_of(walk, post))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/pin$"))
    pin = code_of(walk, post, EMAIL)
    other = f"{pin[:5]}{(int(pin[5]) + 1) % 10}"
    page.locator("[name=pin]").press_sequentially(other)
    expect(page.locator("#problems")).to_be_visible()
    expect(page.locator("[name=pin]")).to_have_value("")
    page.locator("[name=pin]").fill(pin)
    expect(page).to_have_url(re.compile("/pin_confirmed$"))
    context.close()
