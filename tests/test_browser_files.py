"""Files, undo, a clash, the diagram and the history on a screen, by keyboard."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from app.runner.drafting.drafts import draft_of
from app.runner.house import House
from app.runner.staff import people
from tests.desk import PASSWORD, cheap
from tests.drafting import BELA, changed, drafted
from tests.screens import Screen

pytestmark = pytest.mark.browser

AT = "/desk/flows/activation"
CONFLICT = "status of 409"  # Chromium reports the answer to a form that was refused; it is meant


@pytest.fixture
def dialect() -> str:
    return "sqlite"


@pytest.fixture
def screen(house: House, open_screen: Callable[..., Screen]) -> Screen:
    people.add(cheap(house), "anna", ("analyst",), PASSWORD)
    drafted(house)
    opened = open_screen("en", "desk-files", wide=True)
    opened.go("/desk/login").fill(name="anna", password=PASSWORD).send()
    return opened


def focused(page: Page) -> str:
    return str(page.evaluate("document.activeElement.id"))


def test_a_file_is_written_checked_saved_taken_back_and_settled(house: House, screen: Screen) -> None:
    page = screen.go(f"{AT}/files").page
    box, margin = page.locator("#text"), page.locator("[data-margin]")
    before = box.input_value()
    screen.seen("files", dark=True)

    # Tab indents, and whoever wants to leave can.
    page.keyboard.press("t")
    page.keyboard.press("Control+Home")
    page.keyboard.press("Tab")
    assert box.input_value().startswith("  # Activate")
    page.keyboard.press("Shift+Tab")
    assert (box.input_value(), focused(page)) == (before, "text")
    page.keyboard.press("Escape")
    page.keyboard.press("Tab")
    assert focused(page) != "text"

    # A line is gone to, broken, and marked in the margin and in the list; nothing was saved for that.
    page.keyboard.press("Control+g")
    page.keyboard.type("116")
    page.keyboard.press("Enter")
    expect(margin).to_contain_text("116")
    page.keyboard.insert_text(before.splitlines()[115].replace("try_later", "nowhere"))
    expect(margin.locator(".margin-error")).to_have_text("116")
    expect(page.locator("[data-found-list]")).to_contain_text("'nowhere'")
    expect(page.locator("#text-state")).to_contain_text("Not saved yet")
    page.locator("[data-found-list] a").first.press("Enter")
    assert focused(page) == "text" and "nowhere" in box.input_value()
    assert draft_of(house, "activation").revision == 0
    screen.seen("found", dark=True)

    # Saved by key; outside the box the same key takes back what was saved.
    with page.expect_navigation():
        page.keyboard.press("Control+s")
    expect(page.locator(".notice")).to_have_text("Saved in the draft.")
    page.locator("#main").focus()
    with page.expect_navigation():
        page.keyboard.press("Control+z")
    expect(page.locator(".notice")).to_contain_text("Taken back:")
    assert draft_of(house, "activation").files["flow.yaml"] == before
    page.locator("#main").focus()
    with page.expect_navigation():
        page.keyboard.press("Control+Shift+z")
    expect(page.locator(".notice")).to_contain_text("Put back:")

    # Somebody was quicker at the same place: both are shown, and the choice is one's own.
    box.fill(box.input_value().replace("tries: 5", "tries: 3"))
    changed(house, "activation", ("codes", "pin_code", "tries"), 4, BELA)
    with page.expect_navigation():
        box.press("Control+s")
    expect(page.locator("h1")).to_have_text("flow.yaml was not saved")
    screen.complaints[:] = [each for each in screen.complaints if CONFLICT not in each]
    screen.seen("clash", dark=True)
    page.get_by_label("Keep theirs").focus()
    page.keyboard.press("ArrowDown")
    with page.expect_navigation():
        page.get_by_role("button", name="Save with these choices").press("Enter")
    assert "tries: 3" in draft_of(house, "activation").files["flow.yaml"]

    # A finding's address leads to its line, ready to be written in.
    screen.go(f"{AT}/files?file=flow.yaml&line=150#line")
    expect(page.locator("#text")).to_be_focused()
    expect(page.locator("[data-margin]")).to_contain_text("150")

    screen.go(f"{AT}/history?open=3").seen("history", dark=True)
    screen.size = {"width": 360, "height": 740}
    page.set_viewport_size(screen.size)
    screen.go(f"{AT}/files?of=live&line=60").seen("read", dark=True)
    screen.go(f"{AT}/files").seen("phone")


def test_a_way_is_led_elsewhere_on_the_diagram_by_keyboard(house: House, screen: Screen) -> None:
    page = screen.go(f"{AT}/diagram?of=draft&state=identify").page
    page.locator("svg #st_identify").focus()
    page.keyboard.press("ArrowRight")
    expect(page.locator(".edit-selected h2").first).to_contain_text("Edit")
    page.keyboard.press("e")
    assert focused(page) == "aim-1"
    page.keyboard.type("locked")
    page.keyboard.press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator(".notice")).to_contain_text("now leads to ‘locked’")
    screen.seen("diagram", dark=True)
    page.locator("svg .selected").first.focus()
    with page.expect_navigation():
        page.keyboard.press("Control+z")
    expect(page.locator(".notice").first).to_contain_text("Taken back:")
    assert draft_of(house, "activation").files == draft_of(house, "activation").base_files
