"""The grid of texts on a screen: written in by hand, with its words counted and nothing lost."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from app.flow.translated import wording
from app.runner.drafting.drafts import draft_of, open_draft
from app.runner.house import House
from app.runner.staff import people
from app.runner.staff.who import Staff
from tests.desk import PASSWORD, cheap
from tests.screens import Screen

pytestmark = pytest.mark.browser

TEXTS = "/desk/flows/registration/texts"


@pytest.fixture
def dialect() -> str:
    return "sqlite"


def test_an_analyst_writes_a_text_and_sees_what_became_older(
    house: House, open_screen: Callable[..., Screen]
) -> None:
    people.add(cheap(house), "anna", ("analyst",), PASSWORD)
    open_draft(house, Staff("a", "anna", frozenset({"analyst"})), "registration")
    screen = open_screen("hu", "desk-texts", wide=True)
    screen.go("/desk/login").fill(name="anna", password=PASSWORD).send()
    screen.go(TEXTS).seen("grid", dark=True)
    page = screen.page
    box = page.locator("textarea[name=hu-0]")
    box.fill("Regisztráljon az ügyfélportálra")
    cell = page.locator("[data-cell]").first
    expect(cell.locator("[data-unsaved]")).to_be_visible()
    expect(cell.locator("[data-count]")).to_have_text("31")
    expect(page.locator("[data-unsaved-count]")).to_contain_text("(1)")
    with page.expect_navigation():
        box.press("Control+s")
    expect(page.locator(".finding-stale")).to_have_count(1)
    screen.seen("stale", dark=True)
    with page.expect_navigation():
        page.locator("button[name=right]").click()
    expect(page.locator(".finding-stale")).to_have_count(0)
    there = wording(draft_of(house, "registration").files)
    assert there.words("hu")["flow.title"] == "Regisztráljon az ügyfélportálra"
    screen.page.set_viewport_size({"width": 360, "height": 740})
    screen.size = {"width": 360, "height": 740}
    screen.go(f"{TEXTS}?find=sms").seen("phone", dark=True)
