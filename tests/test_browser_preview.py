"""The preview and the diagram in Chromium: what does not fit is marked, ways are followed by keys."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from playwright.sync_api import expect

from app.runner.house import House
from tests.desk import staffed
from tests.drafted import drafted
from tests.lodge import CHEAP
from tests.screens import AXE, PHONE, WIDER, Screen
from tests.test_browser_runs import arrive

pytestmark = pytest.mark.browser

LONG = "Send all of these answers to the health fund now so that it can look for the card"


@pytest.fixture
def dialect() -> str:
    return "sqlite"


@pytest.fixture
def house(house: House) -> House:
    staffed(house := replace(house, passwords=CHEAP))
    drafted(house, "ecard", ("texts.en.yaml", "submit: Send", f"submit: {LONG}"))
    return house


def test_what_does_not_fit_is_marked_and_the_diagram_is_walked_by_keys(
    house: House, open_screen: Callable[..., Screen]
) -> None:
    screen = open_screen("en", "desk-preview", wide=True)
    page, keyboard = screen.page, screen.page.keyboard
    arrive(screen, "/desk/flows/ecard/preview?language=en&width=320")
    keyboard.press("m")
    expect(page.locator("[data-measured]")).to_have_text("2 of 2 pages measured, 2 with marks.")
    expect(page.locator(".shot-320 .marks").first).to_contain_text("lines: “Send all of these")
    screen.seen("sheet", dark=True)
    page.goto(f"{screen.url}/desk/flows/ecard/preview?of=live&language=en&width=320")
    page.locator("[data-measure]").click()
    expect(page.locator("[data-measured]")).to_have_text("2 of 2 pages measured, 0 with marks.")
    expect(page.locator(".shot-320 .marks").first).to_contain_text("fits")

    screen.go("/desk/flows/ecard/diagram")
    first = page.locator("#st_form")
    expect(first).to_have_attribute("tabindex", "0")
    first.focus()
    for key, selected, told in (
        ("Enter", "st_form", "form"),
        ("ArrowRight", "way_0", "form → invalid"),
        ("ArrowDown", "way_1", "form → try_later"),
        ("ArrowRight", "st_try_later", "try_later"),
        ("ArrowLeft", "way_1", "form → try_later"),
    ):
        keyboard.press(key)
        expect(page.locator(f"#{selected}")).to_be_focused()
        expect(page.locator(".panel h2").first).to_have_text(told)
        expect(page.locator(f"a[data-svg={selected}]")).to_have_attribute("aria-current", "true")
    page.locator("#st_requested text").click()
    expect(page.locator(".panel h2").first).to_have_text("requested")
    expect(page).to_have_url(f"{screen.url}/desk/flows/ecard/diagram?of=draft&state=requested")
    screen.seen("diagram", dark=True)
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    assert page.evaluate(WIDER) <= 0
    screen.sound(AXE)
    assert screen.complaints == []
