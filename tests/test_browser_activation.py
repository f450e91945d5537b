"""Activation in Chromium, from the login page into the portal: in each language, scripted and not."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from app.delivery.post import Post
from tests.conftest import Clock
from tests.screens import Screen, told_at_home

pytestmark = pytest.mark.browser

IDENTIFY, PIN, PASSWORD_PAGE = "/activation/identify", "/activation/pin", "/activation/password"
LOGIN, HOME = "/portal/activation/login", "/portal/activation/"
PASSWORD, NEW_PASSWORD = "ДългаРека", "Tiha Gora 9"
LABELS = {"bg": ("ЕИК", "Имейл адрес"), "en": ("EIK (company number)", "Email address")}

Open = Callable[..., Screen]


@pytest.fixture
def dialect() -> str:
    return "sqlite"


def newest(screen: Screen, post: Post, clock: Clock) -> str:
    """The PIN of the newest mail."""
    clock.pass_(seconds=1)
    post.deliver(100)
    return screen.code("mail")


@pytest.mark.parametrize("lang", ["bg", "en"])
def test_from_the_login_page_into_the_portal_without_a_further_click(
    open_screen: Open, post: Post, clock: Clock, lang: str
) -> None:
    screen, dark = open_screen(lang, "activation-walk"), lang == "bg"
    page, told = screen.page, told_at_home(screen, "activation")
    eik, address = (told[each] for each in LABELS[lang])
    screen.go("/")
    page.locator(f"a[href='{LOGIN}']").click()
    screen.arrives(LOGIN)
    page.locator(".otherwise a").click()
    screen.arrives(IDENTIFY)
    screen.seen("identify", dark)
    screen.fill(eik="000000000", email="elena").send()
    expect(page.locator("#problems")).to_be_focused()
    expect(page.locator("[name=email]")).to_have_value("elena")
    screen.seen("identify-errors")
    screen.fill(eik=eik, email="nobody.opora.demo@gmail.com").send()
    screen.seen("identify-refused")
    screen.fill(email=address).send()
    screen.arrives(PIN)
    pin = newest(screen, post, clock)
    screen.harmless()
    expect(page.locator("button[disabled]")).to_have_count(1)
    screen.seen("pin", dark)
    with page.expect_navigation():  # the sixth digit is the button
        page.locator("[name=pin]").press_sequentially(wrong(pin))
    expect(page.locator("#problems")).to_be_focused()
    screen.seen("pin-wrong")
    with page.expect_navigation():
        page.locator("[name=pin]").press_sequentially(f"{pin[:3]} {pin[3:]}")
    screen.arrives("/activation/pin_confirmed")
    expect(page.locator("button[value=activate]")).to_be_focused()
    screen.seen("pin_confirmed", dark)
    page.keyboard.press("Enter")
    screen.arrives(PASSWORD_PAGE)
    screen.harmless()
    shown_and_hidden(screen)
    screen.seen("password", dark)
    screen.fill(password=PASSWORD, password_again=PASSWORD).send()
    screen.arrives(HOME)
    screen.harmless()
    screen.seen("portal", dark)
    page.go_back()
    expect(page.locator("[name=password]")).to_have_count(0)


def wrong(pin: str) -> str:
    """Another one of as many digits."""
    return f"{(int(pin) + 1) % 1_000_000:06}"


def shown_and_hidden(screen: Screen) -> None:
    """Each password box has a button of its own name that shows it and hides it again."""
    boxes, names = screen.page.locator("[type=password]"), set()
    expect(boxes).to_have_count(2)
    for place in screen.page.locator("[data-password]").all():
        box, button = place.locator("input"), place.locator("button")
        box.fill("Видима парола")
        names.add(button.inner_text())
        button.click()
        expect(box).to_have_attribute("type", "text")
        button.click()
        expect(box).to_have_attribute("type", "password")
    assert len(names) == 2


def test_without_javascript_to_a_profile_and_then_to_a_new_password(
    open_screen: Open, post: Post, clock: Clock
) -> None:
    first = open_screen("bg", "activation-plain", plain=True)
    activate(first, post, clock, PASSWORD)
    again = open_screen("bg", "activation-renewal", plain=True)
    again.go(LOGIN)
    again.page.locator(".otherwise a").click()
    activate(again, post, clock, NEW_PASSWORD)
    first.go(f"{HOME}profile").arrives(LOGIN)  # every other login has ended
    for password, page in ((PASSWORD, LOGIN), (NEW_PASSWORD, HOME)):
        first.fill(username="elena.opora.demo@gmail.com", password=password).send()
        first.arrives(page)


def activate(screen: Screen, post: Post, clock: Clock, password: str) -> None:
    """The whole way by forms alone, with every mistake on it."""
    page = screen.page
    clock.pass_(minutes=11)
    screen.go("/activation/").arrives(IDENTIFY)
    screen.send()
    expect(page.locator(".field-wrong")).to_have_count(2)
    screen.fill(eik="BG 203955619", email=" Elena.Opora.Demo@gmail.com").send()
    screen.arrives(PIN)
    expect(page.locator("[data-checked]")).to_be_hidden()
    old = newest(screen, post, clock)
    screen.press("resend")
    expect(page.locator("#problems")).to_be_focused()
    clock.pass_(seconds=31)
    screen.press("resend")
    screen.seen("pin-sent-again")
    for mistaken in ("12345", old):
        screen.fill(pin=mistaken).press("check")
        expect(page.locator("#problems")).to_be_focused()
    screen.fill(pin=newest(screen, post, clock)).press("check")
    screen.arrives("/activation/pin_confirmed")
    screen.seen("pin_confirmed")
    screen.press("activate")
    screen.fill(password="река", password_again=password).send()
    expect(page.locator("#problems")).to_be_focused()
    expect(page.locator("[name=password]")).to_have_value("")
    screen.fill(password=password, password_again=password).send()
    screen.arrives(HOME)
    screen.seen("portal")
