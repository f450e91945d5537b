"""The outline in Chromium, by keyboard alone: found, changed, looked at, saved, taken back and put back."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from app.runner.drafting.drafts import draft_of
from app.runner.house import House
from tests.desk import LOGIN, PASSWORD, cheap, staffed
from tests.drafting import drafted, member
from tests.screens import Screen

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]
FLOW = "registration"


@pytest.fixture
def dialect() -> str:
    return "sqlite"


def log_in(screen: Screen) -> Page:
    screen.go(LOGIN)
    screen.page.locator("#name").fill("ana")
    screen.page.locator("#password").fill(PASSWORD)
    screen.send()
    return screen.page


def send(page: Page, key: str) -> None:
    with page.expect_navigation():
        page.keyboard.press(key)


def tab_to(page: Page, selector: str) -> None:
    """Go on with Tab until the focus is there."""
    for _ in range(200):
        if page.evaluate("each => document.activeElement.matches(each)", selector):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"Tab never comes to {selector}")


def test_an_analyst_changes_a_limit_and_a_text_by_keyboard_alone(
    house: House, open_screen: Callable[..., Screen]
) -> None:
    staffed(cheap(house), "ana", "analyst")
    drafted(house, FLOW, member("ana"))
    screen = open_screen("en", "outline-keys", wide=True)
    page = log_in(screen)
    screen.go(f"/desk/flows/{FLOW}")
    page.keyboard.press("Control+k")
    page.keyboard.type("phone_code")
    send(page, "Enter")
    expect(page.locator("h1")).to_have_text("Code phone_code")
    # The tree: down to the next thing, left to its section, right again.
    page.locator("[data-tree] [aria-current]").focus()
    for key in ("ArrowLeft", "ArrowRight", "ArrowDown"):
        page.keyboard.press(key)
    send(page, "Enter")
    expect(page.locator("h1")).to_have_text("Code email_code")
    page.go_back()
    tab_to(page, "[name='v:tries']")
    page.keyboard.press("Control+a")
    page.keyboard.type("4")
    expect(page.locator("#impact")).to_contain_text(
        "After 4 wrong codes people are now locked (before: after 5)"
    )
    screen.seen("impact", dark=True)
    send(page, "Enter")
    expect(page.locator(".saved")).to_contain_text("After 4 wrong codes")
    tab_to(page, ".saved summary")
    page.keyboard.press("Enter")
    expect(page.locator(".saved pre")).to_contain_text("+    tries: 4")
    screen.seen("saved")
    tab_to(page, "[name='t:en:messages.phone_code.sms']")
    page.keyboard.press("Control+End")
    page.keyboard.type("!")
    tab_to(page, ".save .button")
    send(page, "Enter")
    expect(page.locator(".saved")).to_contain_text("!")
    before = draft_of(house, FLOW).files
    for act, files in (("undo", None), ("redo", before)):
        page.locator(f"form[action$='/{act}'] button").focus()
        send(page, "Enter")
        assert files is None or draft_of(house, FLOW).files == files


def test_the_outline_is_read_and_written_on_a_phone(house: House, open_screen: Callable[..., Screen]) -> None:
    staffed(cheap(house), "ana", "analyst")
    drafted(house, FLOW, member("ana"))
    screen = open_screen("bg", "outline-phone")
    page = log_in(screen)
    for at in (
        "states",
        "states/verify_phone",
        "states/identify/transitions/%23found",
        "guards/contract_on_file",
    ):
        screen.go(f"/desk/flows/{FLOW}?at={at}").seen(at.replace("/", "-")[:30], dark=True)
    screen.go(f"/desk/flows/{FLOW}?at=states&add=form").seen("add")
    screen.go(f"/desk/flows/{FLOW}?at=states/locked&do=remove").seen("remove")
    assert page.locator(".asked-first li").count() > 0
