"""The second factor, one's own login, the trail of acts and the staff in Chromium, by the keyboard."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from playwright.sync_api import expect

from app.runner.house import House
from tests.authenticator import shown_by
from tests.desk import LOGIN, PASSWORD, cheap, staffed
from tests.screens import Screen

pytestmark = pytest.mark.browser


@pytest.fixture
def dialect() -> str:
    return "sqlite"


@pytest.fixture
def house(house: House) -> House:
    return replace(cheap(house), second_factor=True)


def test_an_app_is_set_up_and_ones_own_pages_are_walked_without_a_mouse(
    house: House, open_screen: Callable[..., Screen]
) -> None:
    staffed(house, "ada", "auditor")
    screen = open_screen("hu", "staff")
    page, keyboard = screen.page, screen.page.keyboard
    screen.go("/desk/acts").arrives(LOGIN)
    keyboard.type("ada")
    keyboard.press("Tab")
    keyboard.type(PASSWORD)
    with page.expect_navigation():
        keyboard.press("Enter")
    screen.arrives("/desk/login/code")
    screen.seen("second-factor")
    page.locator("#code").focus()
    keyboard.type(shown_by(page.locator(".app-key").inner_text(), house.clock()))
    with page.expect_navigation():
        keyboard.press("Enter")
    screen.arrives("/desk/account/codes")
    expect(page.locator(".codes code")).to_have_count(10)
    screen.seen("recovery-codes")
    page.locator("main form button").focus()
    with page.expect_navigation():
        keyboard.press("Enter")
    screen.arrives("/desk/acts")
    screen.seen("acts")
    for path in ("/desk/staff", "/desk/account"):
        screen.go(path)
        screen.seen(path.rpartition("/")[2])
    assert screen.complaints == []
