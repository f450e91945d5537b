"""A run at the desk in Chromium: stepped through by keys, on a phone and a wide screen, without scripts."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask
from playwright.sync_api import expect

from app.delivery.post import Post
from app.runner.house import House
from tests.conftest import Clock
from tests.desk import PASSWORD, staffed
from tests.lodge import CHEAP
from tests.screens import AXE, PHONE, WIDER, Screen
from tests.told import Walker
from tests.walk import Walk

pytestmark = pytest.mark.browser


@pytest.fixture
def dialect() -> str:
    return "sqlite"


@pytest.fixture
def house(house: House) -> House:
    return replace(house, passwords=CHEAP)


@pytest.fixture
def run(house: House, clock: Clock, post: Post, browser: Callable[..., Walk], app: Flask) -> Iterator[str]:
    """A run of ecard with slips on the way, and somebody who may look at it."""
    staffed(house)
    return Walker(house, clock, post, browser).card()


def arrive(screen: Screen, path: str) -> None:
    """Log in on the way to a page of the desk."""
    screen.go(path)
    screen.page.locator("#name").fill("vera")
    screen.page.locator("#password").fill(PASSWORD)
    with screen.page.expect_navigation():
        screen.page.keyboard.press("Enter")


def step(screen: Screen) -> str:
    """The number of the step in view, as the timeline marks it."""
    return screen.page.locator("[aria-current=step] .moment-seq").inner_text()


def test_a_run_is_found_and_stepped_through_by_the_keyboard(
    run: str, open_screen: Callable[..., Screen]
) -> None:
    screen = open_screen("en", "desk-runs-wide", wide=True)
    page, keyboard = screen.page, screen.page.keyboard
    arrive(screen, "/desk/runs")
    screen.seen("list")
    keyboard.press("/")
    keyboard.type("form > invalid")
    with page.expect_navigation():
        keyboard.press("Enter")
    page.locator(".runs a").first.focus()
    with page.expect_navigation():
        keyboard.press("Enter")
    assert screen.at == f"/desk/runs/{run}"
    screen.seen("run", dark=True)
    for key, expected in (
        *(("Home", "0"), ("ArrowRight", "1"), ("ArrowRight", "2"), ("Shift+ArrowRight", "3")),
        *(("Shift+ArrowLeft", "1"), ("ArrowLeft", "0"), ("End", "7")),
    ):
        keyboard.press(key)
        expect(page).to_have_url(f"{screen.url}/desk/runs/{run}?step={expected}")
        expect(page.locator("[aria-current=step] .moment-seq")).to_have_text(expected)
    expect(page.locator("[data-step-spoken]")).to_contain_text("Step 7 of 7")
    keyboard.press("b")
    expect(page.locator("#page-before")).to_have_attribute("aria-current", "true")
    framed = page.frame_locator("iframe.seen")
    expect(framed.locator("h1")).to_be_visible()
    expect(framed.locator("html")).to_have_attribute("lang", "bg")
    page.go_back()
    expect(page.locator("#page-after")).to_have_attribute("aria-current", "true")
    keyboard.press("r")
    expect(page.locator("#replayed")).to_be_visible()
    page.locator(".menu summary").first.click()
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    assert page.evaluate(WIDER) <= 0
    screen.sound(AXE)
    assert screen.complaints == []


def test_the_links_do_the_same_without_scripts(run: str, open_screen: Callable[..., Screen]) -> None:
    screen = open_screen("bg", "desk-runs-plain", plain=True)
    arrive(screen, f"/desk/runs/{run}?step=1")
    screen.page.locator("#to-after").click()
    expect(screen.page).to_have_url(f"{screen.url}/desk/runs/{run}?step=2")
    assert step(screen) == "2"
    screen.seen("run")
