"""Tabs, passwords and the clock of a page in Chromium: what scripts and styles add."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from app.runner.house import House
from app.runner.publish import publish
from tests.conftest import Clock
from tests.screens import served

pytestmark = pytest.mark.browser

BOOTH = Path(__file__).parent / "flows" / "booth"
NARROW = {"width": 320, "height": 640}


@pytest.fixture
def dialect() -> str:
    return "sqlite"  # pages are the same on every database


@pytest.fixture
def url(house: House, app: Flask) -> Iterator[str]:
    """The address of the booth's first page."""
    publish(house, BOOTH)
    with served(app) as address:
        yield f"{address}/booth/identify"


@pytest.fixture
def page(window: Browser, url: str) -> Iterator[Page]:
    """The booth's first page on the narrowest phone; its scripts' clock stands still until told otherwise."""
    context = window.new_context(viewport=NARROW, locale="en")
    page = context.new_page()
    faults: list[str] = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.clock.install()
    page.goto(url)
    yield page
    context.close()
    assert faults == []


@pytest.fixture
def plain(window: Browser, url: str) -> Iterator[Page]:
    """The same in a browser without scripts."""
    context = window.new_context(viewport=NARROW, locale="en", java_script_enabled=False)
    page = context.new_page()
    page.goto(url)
    yield page
    context.close()


def send(page: Page) -> None:
    page.locator("main button[value=submit]").click()


def identify(page: Page) -> None:
    page.locator("[name=policy_number]").fill("HU-1")
    page.locator("[name=mobile_prefix]").select_option("20")
    page.locator("[name=mobile_number]").fill("1234567")
    send(page)


def to_passwords(page: Page) -> None:
    identify(page)
    page.locator("[name=email]").fill("a@abv.bg")
    page.locator("#marketing-2").check()
    page.locator("#contract").check()
    send(page)
    expect(page.locator("h1")).to_have_text("Choose a password")


def time_passes(page: Page, clock: Clock, minutes: int) -> None:
    clock.pass_(minutes=minutes)
    page.clock.run_for(minutes * 60_000)


def test_arrows_change_the_tab_and_only_its_question_is_shown(plain: Page) -> None:
    policy, account = plain.locator("[name=policy_number]"), plain.locator("[name=account_number]")
    expect(policy).to_be_visible()
    expect(account).to_be_hidden()
    plain.locator("#id_kind").focus()
    plain.keyboard.press("ArrowRight")
    expect(plain.get_by_role("radio", name="Account number")).to_be_checked()
    expect(policy).to_be_hidden()
    expect(account).to_be_visible()
    plain.keyboard.press("Tab")
    expect(account).to_be_focused()
    assert plain.locator(".tab").first.bounding_box()["height"] >= 44  # type: ignore[index]


def test_the_summary_leads_into_the_open_tab_on_the_narrowest_screen(plain: Page) -> None:
    plain.get_by_role("radio", name="Account number").check()
    plain.locator("[name=account_number]").fill("12345678")
    send(plain)
    plain.get_by_role("link", name="The account number has 7 digits at most.").click()
    expect(plain.locator("#account_number")).to_be_focused()
    expect(plain.locator("#account_number")).to_have_value("12345678")
    root = plain.locator("html")
    assert root.evaluate("e => e.scrollWidth") <= root.evaluate("e => e.clientWidth")


def test_opening_the_full_text_loses_nothing(plain: Page) -> None:
    identify(plain)
    plain.locator("[name=email]").fill("a@abv.bg")
    plain.get_by_text("Read the full text: I want to conclude").click()
    expect(plain.get_by_text("It costs nothing")).to_be_visible()
    expect(plain.locator("[name=email]")).to_have_value("a@abv.bg")


def test_each_password_is_shown_by_a_button_of_its_own_and_sent_hidden(page: Page) -> None:
    to_passwords(page)
    first, again = page.locator("#password"), page.locator("#password_again")
    first.fill("abc")
    page.get_by_role("button", name=re.compile("Show the password ?: Password again")).click()
    expect(again).to_have_attribute("type", "text")
    expect(first).to_have_attribute("type", "password")
    expect(page.get_by_role("button", name=re.compile("Hide the password ?: Password again"))).to_be_focused()
    page.evaluate(
        "addEventListener('submit', (event) => { event.preventDefault();"
        " document.title = document.querySelector('#password_again').type })"
    )
    send(page)
    expect(page).to_have_title("password")


def test_after_a_change_of_language_the_clock_goes_on(page: Page) -> None:
    expect(page.locator("[data-clock]")).to_have_text("This page stays valid for 30 minutes.")
    page.locator("a[data-language]").click()
    expect(page.locator("h1")).to_have_text("Ki Ön?")
    page.clock.run_for(61_000)
    expect(page.locator("[data-clock]")).to_contain_text("29")
    page.locator("a[data-language]").click()
    expect(page.locator("h1")).to_have_text("Who are you?")
    expect(page.locator("[data-clock]")).to_have_text("This page stays valid for 30 minutes.")  # a page anew


def test_without_scripts_a_password_is_a_plain_box(plain: Page) -> None:
    to_passwords(plain)
    expect(plain.locator("#password")).to_have_attribute("autocomplete", "new-password")
    assert plain.locator("[data-password] button").count() == 0


def test_two_minutes_before_the_end_one_is_asked_and_esc_means_stay(page: Page, clock: Clock) -> None:
    page.locator("[name=policy_number]").fill("HU-1")
    time_passes(page, clock, 27)
    expect(page.locator("#stay")).to_be_hidden()
    time_passes(page, clock, 1)
    stay = page.get_by_role("button", name="Stay on this page")
    expect(stay).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#stay")).to_be_hidden()
    expect(page.locator("[data-clock-spoken]")).to_contain_text("30 minutes")
    expect(page.locator("[name=policy_number]")).to_be_focused()
    expect(page.locator("[name=policy_number]")).to_have_value("HU-1")


def test_one_press_buys_the_whole_span_again_and_again_and_what_is_typed_stays(
    page: Page, clock: Clock
) -> None:
    identify(page)
    page.locator("[name=email]").fill("a@abv.bg")
    for _ in range(3):
        time_passes(page, clock, 28)
        page.get_by_role("button", name="Stay on this page").click()
        expect(page.locator("#stay")).to_be_hidden()
        expect(page.locator("[data-clock-spoken]")).to_contain_text("30 minutes")
    page.locator("#marketing").check()
    page.locator("#contract").check()
    send(page)
    expect(page.locator("h1")).to_have_text("Choose a password")


def test_a_first_page_that_was_stayed_on_begins_a_run_at_once(page: Page, clock: Clock) -> None:
    for _ in range(2):
        time_passes(page, clock, 28)
        page.get_by_role("button", name="Stay on this page").click()
        expect(page.locator("#stay")).to_be_hidden()
    identify(page)
    expect(page.locator("h1")).to_have_text("How do we reach you?")


def test_even_when_the_time_is_over_the_button_leads_on(page: Page, clock: Clock) -> None:
    identify(page)
    page.locator("[name=email]").fill("a@abv.bg")
    time_passes(page, clock, 40)
    expect(page.locator("#stay-text")).to_contain_text("What you have typed is still here")
    page.get_by_role("button", name="Stay on this page").click()
    expect(page.locator("#stay")).to_be_hidden()
    expect(page.locator("[name=email]")).to_have_value("a@abv.bg")


def test_readers_hear_the_clock_at_the_start_at_two_minutes_and_at_the_end(page: Page, clock: Clock) -> None:
    page.evaluate(
        "window.told = [document.querySelector('[data-clock-spoken]').textContent];"
        "new MutationObserver(() => told.push(document.querySelector('[data-clock-spoken]').textContent))"
        ".observe(document.querySelector('[data-clock-spoken]'), {childList: true})"
    )
    for _ in range(31):
        time_passes(page, clock, 1)
    told = page.evaluate("told")
    assert len(told) == 3
    assert "30 minutes" in told[0]
    assert "120 seconds" in told[1]
    assert "is over" in told[2]


def test_when_the_server_cannot_be_reached_the_dialog_says_so_and_goes_on_later(
    page: Page, clock: Clock
) -> None:
    identify(page)
    time_passes(page, clock, 28)
    page.route("**/booth/", lambda route: route.abort())
    page.get_by_role("button", name="Stay on this page").click()
    expect(page.get_by_role("alert")).to_contain_text("could not be reached")
    page.unroute("**/booth/")
    page.get_by_role("button", name="Stay on this page").click()
    expect(page.locator("#stay")).to_be_hidden()


def test_who_stays_on_a_page_that_moved_on_in_another_tab_is_led_to_where_it_stands(
    page: Page, clock: Clock
) -> None:
    identify(page)
    other = page.context.new_page()
    other.goto(page.url)
    other.locator("button[value=back]").click()
    expect(other.locator("h1")).to_have_text("Who are you?")
    time_passes(page, clock, 28)
    page.get_by_role("button", name="Stay on this page").click()
    expect(page.locator("h1")).to_have_text("Who are you?")


def test_without_scripts_a_page_sent_too_late_is_kept(plain: Page, clock: Clock) -> None:
    expect(plain.get_by_text("This page stays valid until 10:30.")).to_be_visible()
    clock.pass_(minutes=31)
    identify(plain)
    expect(plain.locator("h1")).to_have_text("Your answers are kept")
    plain.get_by_role("button", name="Continue").click()
    expect(plain.locator("[name=policy_number]")).to_have_value("HU-1")
    send(plain)
    expect(plain.locator("h1")).to_have_text("How do we reach you?")
