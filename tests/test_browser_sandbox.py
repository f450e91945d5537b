"""QA's sandbox in Chromium: the page in its frame, what stands beside it, by the keyboard."""

import shutil
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from app.config import Settings
from app.runner.house import House
from tests.desk import PASSWORD, cheap, staffed
from tests.screens import AXE, Screen
from tests.walk import PERSON

pytestmark = pytest.mark.browser

DOOR = "/desk/sandbox/"


@pytest.fixture
def dialect() -> str:
    return "sqlite"


def test_qa_walks_a_flow_in_its_frame_and_moves_the_clock(
    house: House, settings: Settings, open_screen: Callable[..., Screen]
) -> None:
    shutil.copytree(settings.var / "wallet", settings.var / "sandboxes" / "wallet")
    staffed(cheap(house))
    screen = open_screen("en", "sandbox", wide=True)
    page = screen.page
    screen.go(DOOR).fill(name="vera", password=PASSWORD).send()
    screen.arrives(DOOR)
    screen.seen("none")
    page.locator("#definition").select_option("ecard:1")
    screen.send()
    walked(screen)
    screen.seen("walked", dark=True)
    page.locator(".steps summary").first.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".steps details[open] li").first).to_be_visible()
    page.locator("body").click(position={"x": 2, "y": 2})
    with page.expect_navigation():
        page.keyboard.press("n")
    expect(page.frame_locator("#page").locator("h1")).to_be_visible()
    with page.expect_navigation():
        page.locator("button[value=retry]").click()
    expect(page.locator(".came")).to_be_visible()
    page.wait_for_load_state("networkidle")
    screen.sound(AXE)
    screen.go(DOOR).seen("one")
    assert screen.complaints == []


def walked(screen: Screen) -> None:
    """Send the first page in its frame: the outbox and the journal beside it show what came of that."""
    page, frame = screen.page, screen.page.frame_locator("#page")
    for name in ("email", "mobile", "national_id"):
        frame.locator(f"[name={name}]").fill(PERSON[name])
    frame.locator("[name=device]").select_option(PERSON["device"])
    frame.locator("main .button").first.press("Enter")
    expect(page.locator("#letters li")).to_have_count(1)
    expect(page.locator("#steps > ol > li")).to_have_count(2)
    page.locator("#letters a").click()
    expect(frame.locator("button.wallet").first).to_be_visible()
    with page.context.expect_page() as opened:
        page.locator(".banner a").click()
    alone = opened.value
    expect(alone.locator("header.banner")).to_be_visible()
    expect(alone.frame_locator("iframe").locator("h1")).to_be_visible()
    alone.close()
