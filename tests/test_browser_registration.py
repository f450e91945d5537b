"""Registration in Chromium, from the demo's home page to the portal: in each language, scripted and not."""

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from app.delivery.post import Post
from tests.conftest import Clock
from tests.screens import Screen, told_at_home

pytestmark = pytest.mark.browser

IDENTIFY, LOGIN, HOME = "/registration/identify", "/portal/registration/login", "/portal/registration/"
CONSENTS = {"marketing": "decline", "personalised": "accept"}
AGREED = ("contract", "notice")
PASSWORD, NEW_PASSWORD = "Harmat37x", "Zivatar52y"
WORDS = {
    "hu": {
        "policy": "Kötvényszám",
        "account": "Ügyfélszámlaszám",
        "mobile": "Mobiltelefon",
        "email": "E-mail-cím",
    },
    "en": {
        "policy": "Policy number",
        "account": "Customer account number",
        "mobile": "Mobile phone",
        "email": "Email address",
    },
}


@pytest.fixture
def dialect() -> str:
    return "sqlite"


Open = Callable[..., Screen]


def newest(screen: Screen, post: Post, clock: Clock, channel: str) -> str:
    """The five signs to type of the newest code."""
    clock.pass_(seconds=1)
    post.deliver(100)
    return screen.code(channel)[1:]


def consent(screen: Screen, address: str) -> None:
    screen.fill(email=address, **CONSENTS)
    for each in AGREED:
        screen.page.locator(f"[name={each}]").check()


def mobile(told: str) -> dict[str, str]:
    """A number as it is spoken, in the two boxes behind 06."""
    _, prefix, number = told.split(" ", 2)
    return {"mobile_prefix": prefix, "mobile_number": number}


def log_in(screen: Screen, password: str, address: str) -> None:
    screen.fill(username=address, password=password).send()


@pytest.mark.parametrize("lang", ["hu", "en"])
def test_from_the_home_page_to_the_portal_and_to_a_new_password(
    open_screen: Open, post: Post, clock: Clock, lang: str
) -> None:
    screen, words = open_screen(lang, "registration-walk"), WORDS[lang]
    page, told, dark = screen.page, told_at_home(screen, "registration"), lang == "hu"
    screen.arrives(IDENTIFY)
    screen.seen("identify", dark)
    screen.fill(policy_number="HU-00000000", **mobile(told[words["mobile"]])).send()
    expect(page.locator("#problems")).to_be_focused()
    screen.seen("identify-refused")
    screen.fill(policy_number=told[words["policy"]]).send()
    screen.arrives("/registration/verify_phone")
    newest(screen, post, clock, "sms")
    screen.harmless()
    screen.seen("verify_phone", dark)
    screen.press("back")
    expect(page.locator("[name=policy_number]")).to_have_value(told[words["policy"]])
    clock.pass_(seconds=31)
    screen.send()
    screen.fill(code=newest(screen, post, clock, "sms")).send()
    screen.arrives("/registration/email")
    page.go_back()
    page.reload()
    screen.arrives("/registration/email")
    consent(screen, told[words["email"]])
    screen.seen("email", dark)
    screen.send()
    screen.arrives("/registration/password")
    screen.harmless()
    screen.fill(password=PASSWORD, password_again=PASSWORD)
    screen.seen("password", dark)
    screen.send()
    screen.arrives("/registration/registered")
    screen.harmless()
    screen.seen("registered", dark)
    screen.press("log_in")
    screen.arrives(LOGIN)
    screen.seen("login", dark)
    log_in(screen, PASSWORD, told[words["email"]])
    screen.arrives("/registration/verify_email")
    screen.seen("verify_email")
    screen.go(f"{HOME}documents").arrives("/registration/verify_email")
    screen.fill(code=newest(screen, post, clock, "mail")).send()
    screen.arrives(HOME)
    screen.harmless()
    screen.seen("portal", dark)
    leave(screen)
    renew(screen, post, clock, told[words["account"]], mobile(told[words["mobile"]]))
    log_in(screen, NEW_PASSWORD, told[words["email"]])
    screen.arrives(HOME)
    screen.go("/inbox/").seen("inbox")


def leave(screen: Screen) -> None:
    """Log out; going back shows nothing of the portal."""
    with screen.page.expect_navigation():
        screen.page.locator(".ways form button").click()
    screen.arrives(LOGIN)
    screen.page.go_back()
    expect(screen.page.locator(".ways nav")).to_have_count(0)
    screen.go(HOME).arrives(LOGIN)


def renew(screen: Screen, post: Post, clock: Clock, account: str, number: dict[str, str]) -> None:
    """From the login page's "forgot your password?" back to it, by the other number on the other tab."""
    clock.pass_(minutes=11)
    screen.page.locator(".otherwise a").last.click()
    if screen.at == "/registration/":  # the run of before has ended
        screen.press("restart")
    screen.arrives(IDENTIFY)
    screen.page.locator("[name=id_kind][value=account]").check()
    expect(screen.page.locator("[name=policy_number]")).to_be_hidden()
    screen.fill(account_number=account, **number).send()
    screen.fill(code=newest(screen, post, clock, "sms")).send()
    screen.arrives("/registration/already_registered")
    screen.seen("already_registered")
    screen.press("renew")
    screen.fill(password=NEW_PASSWORD, password_again=NEW_PASSWORD).send()
    screen.arrives("/registration/renewed")
    screen.seen("renewed")
    screen.press("log_in")
    screen.arrives(LOGIN)


def test_without_javascript_every_mistake_and_another_code(
    open_screen: Open, post: Post, clock: Clock
) -> None:
    screen = open_screen("hu", "registration-plain", plain=True)
    page = screen.page
    screen.go("/registration/").arrives(IDENTIFY)
    screen.send()
    expect(page.locator("#problems")).to_be_focused()
    screen.seen("identify-errors")
    page.locator("[name=id_kind][value=account]").check()
    expect(page.locator("[name=account_number]")).to_be_visible()
    expect(page.locator("[name=policy_number]")).to_be_hidden()
    screen.fill(account_number="0000912", mobile_prefix="70", mobile_number="345 6789").send()
    screen.arrives("/registration/verify_phone")
    screen.press("resend")
    expect(page.locator("#problems")).to_contain_text("Még nem kérhet új kódot")
    old = newest(screen, post, clock, "sms")
    clock.pass_(seconds=31)
    screen.press("resend")
    screen.fill(code=old).send()
    expect(page.locator("#problems")).to_be_focused()
    screen.seen("verify_phone-replaced")
    screen.fill(code=f" {newest(screen, post, clock, 'sms').lower()} ").send()
    screen.arrives("/registration/email")
    screen.send()
    expect(page.locator(".field-wrong")).to_have_count(5)
    screen.seen("email-errors")
    page.locator("details").first.locator("summary").click()
    consent(screen, "zsofia.kohid.demo@gmail.com")
    screen.send()
    screen.fill(password="harmat", password_again="Harmat37x").send()
    expect(page.locator("[name=password]")).to_have_value("")
    screen.seen("password-errors")
    screen.fill(password=PASSWORD, password_again=PASSWORD).send()
    screen.press("log_in")
    log_in(screen, "not it", "zsofia.kohid.demo@gmail.com")
    expect(page.locator("#problems")).to_be_focused()
    screen.seen("login-failed")
    log_in(screen, PASSWORD, "zsofia.kohid.demo@gmail.com")
    screen.fill(code="ZZZZZ").send()
    screen.fill(code=newest(screen, post, clock, "mail")).send()
    screen.arrives(HOME)
    leave(screen)
