"""An operator in Chromium, by the keyboard: a letter tried again, a request answered, a register imported."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from app.config import Settings
from app.proof.serving import served
from app.runner.house import House
from tests.apps import ready_app
from tests.conftest import Clock
from tests.desk import HOME, LOGIN, PASSWORD, staffed
from tests.lodge import CHEAP
from tests.operating import Operating, operating
from tests.screens import Screen
from tests.test_templates import compile_translations

pytestmark = pytest.mark.browser

ROWS = "ЕГН;Имейл;GSM номер;Бележка\n8001010001;new.person@gmail.com;0888555001;x\n"


@pytest.fixture
def dialect() -> str:
    return "sqlite"


@pytest.fixture
def desk(settings: Settings, house: House, clock: Clock) -> Iterator[tuple[Operating, str]]:
    compile_translations()
    desk = operating(lambda opened: ready_app(settings, opened), replace(house, passwords=CHEAP), clock)
    with served(desk.app) as url:
        yield desk, url


def press(screen: Screen, selector: str) -> None:
    """Go to the control and press Enter, as somebody without a mouse does."""
    screen.page.locator(selector).first.focus()
    with screen.page.expect_navigation():
        screen.page.keyboard.press("Enter")
    screen.page.wait_for_load_state()


def test_an_operators_day_by_the_keyboard(
    desk: tuple[Operating, str], window: Browser, tmp_path: Path
) -> None:
    house, url = desk
    letter, reference = house.given_up(), house.request()
    staffed(house.house, "olga", "operator")
    file = tmp_path / "people.csv"
    file.write_text(ROWS, encoding="cp1251")
    screen = Screen(window, url, "bg", "operator", wide=True)
    page, keyboard = screen.page, screen.page.keyboard
    screen.go(HOME).arrives(LOGIN)
    for typed in ("olga", PASSWORD):
        keyboard.type(typed)
        keyboard.press("Tab")
    press(screen, "main .button")

    press(screen, ".ways a[href='/desk/outbox']")
    screen.seen("outbox", dark=True)
    press(screen, f"a[href='/desk/outbox/{letter}']")
    screen.seen("letter")
    with page.expect_navigation():
        keyboard.press("r")
    expect(page.locator("[role=status]").first).to_be_visible()
    expect(page.locator(".status-waiting").first).to_be_visible()

    press(screen, ".ways a[href='/desk/requests']")
    screen.seen("requests")
    press(screen, f"a[href='/desk/requests/{reference}']")
    screen.seen("request", dark=True)
    page.locator("#text").focus()
    keyboard.type("Пращаме майстор.")
    press(screen, "form[action$='/answer'] .button")
    expect(page.locator(".said-staff")).to_contain_text("Пращаме майстор.")

    press(screen, ".ways a[href='/desk/registers']")
    screen.seen("registers")
    press(screen, "a[href='/desk/registers/profiles/import']")
    screen.seen("file")
    page.locator("#file").set_input_files(str(file))
    press(screen, "main form .button")
    screen.seen("columns", dark=True)
    press(screen, "form[action] .button")
    screen.seen("trial")
    press(screen, "form[action$='/take'] .button")
    screen.arrives("/desk/registers")

    for way in ("/desk/gateways", "/desk/documents"):
        press(screen, f".ways a[href='{way}']")
        screen.seen(way.rpartition("/")[2], dark=True)
    screen.go("/desk/registers/insured/matching").seen("matching")
