"""Registration in Chromium by keyboard alone; the dialog that asks before a page goes out of date."""

import re

import pytest
from playwright.sync_api import expect

from app.delivery.post import Post
from tests.conftest import Clock
from tests.test_browser_registration import AGREED, HOME, LOGIN, PASSWORD, Open, consent, newest

pytestmark = pytest.mark.browser


@pytest.fixture
def dialect() -> str:
    return "sqlite"


def test_by_keyboard_alone(open_screen: Open, post: Post, clock: Clock) -> None:
    screen = open_screen("en", "registration-keys")
    keys, page = screen.page.keyboard, screen.page
    screen.go("/registration/")

    def to(name: str) -> None:
        """Tab until the box or button is reached; what has the keyboard is seen whole."""
        for _ in range(30):
            keys.press("Tab")
            here = page.evaluate("[document.activeElement.name, document.activeElement.value].join()")
            box = page.locator(":focus").bounding_box()
            assert box is not None and box["y"] >= 0
            if here.startswith(f"{name},") or here == f"trigger,{name}":
                return
        raise AssertionError(f"no way to {name} by Tab")

    def write(name: str, answer: str) -> None:
        to(name)
        keys.type(answer)

    to("id_kind")
    keys.press("ArrowRight")
    expect(page.locator("[name=id_kind][value=account]")).to_be_checked()
    keys.press("ArrowLeft")
    write("policy_number", "HU-30911742")
    write("mobile_prefix", "30")
    write("mobile_number", "765 4321")
    keys.press("Enter")
    screen.arrives("/registration/verify_phone")
    write("code", newest(screen, post, clock, "sms"))
    keys.press("Enter")
    screen.arrives("/registration/email")
    write("email", "bence.kohid.demo@gmail.com")
    to("marketing")
    keys.press("Space")
    to("personalised")
    keys.press("ArrowDown")
    for each in AGREED:
        to(each)
        keys.press("Space")
    to("submit")
    keys.press("Space")
    screen.arrives("/registration/password")
    write("password", PASSWORD)
    keys.press("Tab")
    keys.press("Enter")  # shows it
    expect(page.locator("[name=password]")).to_have_attribute("type", "text")
    write("password_again", PASSWORD)
    keys.press("Enter")
    screen.arrives("/registration/registered")
    to("log_in")
    keys.press("Enter")
    screen.arrives(LOGIN)
    write("username", "bence.kohid.demo@gmail.com")
    write("password", PASSWORD)
    keys.press("Enter")
    screen.arrives("/registration/verify_email")
    write("code", newest(screen, post, clock, "mail"))
    keys.press("Enter")
    screen.arrives(HOME)


def test_two_minutes_before_the_end_a_dialog_buys_the_whole_time_again(
    open_screen: Open, post: Post, clock: Clock
) -> None:
    screen = open_screen("hu", "registration-clock")
    page = screen.page
    page.clock.install()
    screen.go("/registration/")
    screen.fill(policy_number="HU-20471183", mobile_prefix="20", mobile_number="1234567").send()
    screen.fill(code=newest(screen, post, clock, "sms")).send()
    screen.arrives("/registration/email")
    screen.fill(email="eszter.kohid.demo@gmail.com")
    dialog = page.locator("dialog#stay")
    expect(dialog).to_be_hidden()
    for keep in ("Escape", "Enter"):
        page.locator("[name=email]").focus()
        clock.pass_(minutes=28, seconds=30)
        page.clock.fast_forward("28:30")
        expect(dialog).to_be_visible()
        assert page.evaluate("document.getElementById('stay').contains(document.activeElement)")
        if keep == "Escape":
            screen.seen("stay", dark=True)
        with page.expect_response(re.compile("/registration/")):
            page.keyboard.press(keep)
        expect(dialog).to_be_hidden()
        expect(page.locator("[name=email]")).to_be_focused()
        expect(page.locator("[data-clock-spoken]")).to_contain_text("30 perc")
    clock.pass_(minutes=20)
    consent(screen, "eszter.kohid.demo@gmail.com")
    screen.send()
    screen.arrives("/registration/password")
