"""The portal in Chromium: axe on every page, small screens, and nothing to be seen after logging out."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from app.config import Settings
from app.runner.house import House
from app.store import consents
from app.store.consents import Consent
from tests.apps import ready_app
from tests.lodge import ADDRESS, PASSWORD, guest, open_lodge
from tests.screens import served, sound
from tests.test_pages_seen import AXE, PHONE, SMALLEST, sideways

pytestmark = pytest.mark.browser


@pytest.fixture
def dialect() -> str:
    return "sqlite"


@pytest.fixture
def app(settings: Settings, house: House) -> Flask:
    lodge = open_lodge(house)
    account = guest(
        lodge, names=("Kerekes Hanna", "Kerekes Fogadó és Vendégház Korlátolt Felelősségű")
    ).account
    words = "May we write to you?\n\nOnce a month at most."
    given = Consent(
        account, "news", "accept", words, "lodge", "sha256:0123456789", "en", "r-1", house.clock()
    )
    with lodge.database.write() as connection:
        consents.record(connection, given)
    return ready_app(settings, lodge)


@pytest.fixture
def url(app: Flask) -> Iterator[str]:
    with served(app) as address:
        yield f"{address}/portal/lodge/"


def log_in(page: Page, url: str, password: str = PASSWORD) -> None:
    page.goto(f"{url}login?lang=en")
    page.get_by_label("Email address").fill(ADDRESS)
    page.get_by_label("Password", exact=True).fill(password)
    page.get_by_role("button", name="Log in").click()


def fits(page: Page) -> None:
    sound(page, AXE)
    assert sideways(page) <= 0


@pytest.mark.parametrize(("view", "scheme"), [(PHONE, "dark"), (SMALLEST, "light")])
def test_every_page_is_sound_and_fits_the_screen(window: Browser, url: str, view: Any, scheme: Any) -> None:
    context = window.new_context(viewport=view, color_scheme=scheme)
    page = context.new_page()
    log_in(page, url, "wrong")
    expect(page.locator("#problems")).to_be_focused()
    fits(page)
    log_in(page, url)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Kerekes Hanna")
    fits(page)
    page.get_by_role("link", name="Profile").first.click()
    page.locator("summary").first.click()
    fits(page)
    for address in ("not an address", "uj.cim.demo@gmail.com"):
        page.get_by_label("New address").fill(address)
        page.get_by_role("button", name="Send the code").click()
        fits(page)
    expect(page).to_have_url(f"{url}profile/address")
    context.close()


def test_after_logging_out_back_shows_nothing_of_anyone(window: Browser, url: str) -> None:
    context = window.new_context(viewport=PHONE)
    page = context.new_page()
    log_in(page, url)
    page.goto(f"{url}profile")
    page.get_by_role("button", name="Log out").click()
    expect(page).to_have_url(f"{url}login")
    page.go_back()
    expect(page).to_have_url(f"{url}login")
    assert "Kerekes" not in page.content()
    context.close()


def test_a_password_can_be_shown_and_is_hidden_again_before_it_is_sent(window: Browser, url: str) -> None:
    context = window.new_context(viewport=PHONE)
    page = context.new_page()
    page.goto(f"{url}login?lang=en")
    box = page.get_by_label("Password", exact=True)
    box.fill("Abcdef12")
    page.get_by_role("button", name="Show the password").click()
    expect(box).to_have_attribute("type", "text")
    page.get_by_role("button", name="Hide the password").click()
    expect(box).to_have_attribute("type", "password")
    context.close()
