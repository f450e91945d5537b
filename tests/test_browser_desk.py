"""The desk in Chromium: in by the keyboard, its keys, its pages on a phone and a wide screen, out again."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from app.runner.house import House
from tests.desk import HOME, LOGIN, PASSWORD, cheap, staffed
from tests.screens import AXE, Screen

pytestmark = pytest.mark.browser


@pytest.fixture
def dialect() -> str:
    return "sqlite"


@pytest.mark.parametrize(("wide", "lang"), [(False, "bg"), (True, "en")])
def test_staff_logs_in_and_finds_the_keys_without_a_mouse(
    house: House, open_screen: Callable[..., Screen], wide: bool, lang: str
) -> None:
    staffed(cheap(house), "vera", "qa", "operator")
    screen = open_screen(lang, f"desk-{'wide' if wide else 'phone'}", wide=wide)
    page, keyboard = screen.page, screen.page.keyboard
    screen.go(HOME).arrives(LOGIN)
    screen.seen("login", dark=wide)
    expect(page.locator("#name")).to_be_focused()
    keyboard.type("vera")
    keyboard.press("Tab")
    keyboard.type("wrong")
    with page.expect_navigation():
        keyboard.press("Enter")
    expect(page.locator("#problems")).to_be_focused()
    if wide:
        screen.seen("login-failed")
    for typed in ("vera", PASSWORD):
        keyboard.press("Tab")
        keyboard.type(typed)
    with page.expect_navigation():
        keyboard.press("Enter")
    screen.arrives(HOME)
    screen.seen("home", dark=wide)
    the_keys(screen)
    log_out = page.locator("header form button")
    log_out.focus()
    with page.expect_navigation():
        keyboard.press("Enter")
    screen.arrives(LOGIN)
    page.go_back()
    expect(page.locator(".who")).to_have_count(0)
    assert screen.complaints == []


def the_keys(screen: Screen) -> None:
    """«?» lists what is pressed by which key; one leads there; switched off, none does."""
    page, keyboard = screen.page, screen.page.keyboard
    first = page.locator(".ways [data-key='1']")
    keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    expect(page.locator("#keys tbody")).to_contain_text(first.inner_text())
    screen.sound(AXE)
    page.locator("#keys-on").focus()
    keyboard.press("Space")
    keyboard.press("Escape")
    keyboard.press("?")
    expect(page.locator("#keys")).to_be_hidden()
    page.locator("[data-keys-open]").focus()
    keyboard.press("Enter")
    page.locator("#keys-on").focus()
    keyboard.press("Space")
    keyboard.press("Escape")
    with page.expect_navigation():
        keyboard.press("1")
    screen.arrives(HOME)
