"""An analyst's day without a mouse: a limit changed, tried, agreed to, published, and rolled back.

People under way stay on the version they began on; new ones get the new limit.
"""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, expect

from app.config import ROOT
from app.delivery.post import Post
from app.gate.checker import carry_out
from app.runner.house import House
from tests.desk import cheap, staffed
from tests.keyboard import Keyboard, notice
from tests.screens import Screen

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

AT = "/desk/flows/registration"
LOCKED = "The code was wrong four times"


@pytest.fixture
def dialect() -> str:
    return "sqlite"


#: Policy and phone of three people of the demo's register: nobody may be wrong more than ten times a day.
ESZTER = ("HU-20471183", "20", "1234567")
BENCE = ("HU-30911742", "30", "7654321")
BALAZS = ("HU-40820016", "30", "2345678")


def begun(screen: Screen, person: tuple[str, str, str]) -> Screen:
    """An applicant who has asked for the code."""
    policy, prefix, number = person
    screen.go("/registration/identify").fill(
        id_kind="policy", policy_number=policy, mobile_prefix=prefix, mobile_number=number
    )
    screen.send()
    screen.arrives("/registration/verify_phone")
    return screen


def wrong_codes(screen: Screen, times: int, post: Post) -> str:
    """Where they stand after so many wrong codes."""
    post.deliver(100)
    right = screen.code("sms")
    wrong = "22222" if right.endswith("33333") else "33333"
    for _ in range(times):
        screen.fill(code=wrong)
        screen.send()
    return screen.at


def test_a_limit_is_changed_by_keyboard_alone_and_people_under_way_keep_theirs(
    house: House, post: Post, window: Browser, at_home: str, open_screen: Callable[..., Screen]
) -> None:
    for name, role in (("anna", "analyst"), ("chief", "approver")):
        staffed(cheap(house), name, role)  # type: ignore[arg-type]
    earlier = begun(open_screen("en", "analyst-earlier"), ESZTER)
    anna = Keyboard(open_screen("en", "analyst-anna", wide=True)).log_in("anna")
    edited(anna)
    tried(anna)
    checked_and_asked(anna, house)
    chief = Keyboard(Screen(window, at_home, "en", "analyst-chief", wide=True)).log_in("chief")
    chief.go(f"{AT}/release").tab_to("button[value=agree]")
    with chief.page.expect_navigation():
        chief.press("Enter")
    assert "Your agreement is noted" in notice(chief.page)
    anna.go(f"{AT}/release").put("#reason", "Four are enough").enter(
        "form[action$='/release/publish'] button"
    )
    assert "Published." in notice(anna.page)
    assert wrong_codes(earlier, 4, post) == "/registration/verify_phone"
    later = begun(open_screen("en", "analyst-later"), BENCE)
    assert wrong_codes(later, 4, post) == "/registration/locked"
    assert later.page.locator("h1").inner_text() == LOCKED
    chief.go(f"{AT}/versions").put("#back-reason", "Too strict").enter("form[action$='/roll_back'] button")
    assert "Rolled back." in notice(chief.page)
    assert house.shelf.live("registration").number == 3
    again = begun(open_screen("en", "analyst-again"), BALAZS)
    assert wrong_codes(again, 4, post) == "/registration/verify_phone"
    for screen in (anna.screen, chief.screen):
        assert screen.complaints == []


def edited(anna: Keyboard) -> None:
    """Four tries instead of five, the words of the page that ends it, and the scenario that speaks of it."""
    anna.go("/desk/flows").enter("form[action='/desk/flows/registration/draft'] button")
    going_to(anna, "phone_code")
    anna.put("input[name='v:tries']", "4")
    with anna.page.expect_navigation():
        anna.press("Enter")
    assert "4" in anna.page.locator("section.saved").inner_text()
    going_to(anna, "locked")
    anna.put("[lang=en][name*='states.locked.title']", LOCKED).enter("button[form=thing]")
    anna.go(f"{AT}/files?file=scenarios.yaml").tab_to("textarea")
    number = line_of(anna, "- name: Five wrong codes")
    anna.press("Control+Home", *["ArrowDown"] * (number + 5), "Shift+ArrowDown", "Delete")
    with anna.page.expect_navigation():
        anna.press("Control+S")
    text = anna.page.locator("textarea").input_value()
    assert (
        text.count("says: wrong_code}\n    - {at: verify_phone, answers: {code: {wrong: true}}, then: locked")
        == 1
    )


def line_of(anna: Keyboard, words: str) -> int:
    lines = anna.page.locator("textarea").input_value().splitlines()
    return next(number for number, line in enumerate(lines) if words in line)


def going_to(anna: Keyboard, name: str) -> None:
    """By the key that leads to a thing by its name."""
    anna.press("/").type(name)
    with anna.page.expect_navigation():
        anna.press("Enter")
    expect(anna.page.locator("h1")).to_contain_text(name)


def tried(anna: Keyboard) -> None:
    """In a sandbox, the fourth wrong code is the last."""
    anna.go("/desk/sandbox/?flow=registration").enter("main form button.button")
    anna.page.wait_for_load_state("networkidle")
    anna.tab_to("#policy_number").type("HU-20471183")
    anna.tab_to("[name=mobile_prefix]").type("20").press("Tab").type("1234567").press("Enter")
    expect(anna.page.frame_locator("iframe").locator("[name=code]")).to_be_visible()
    for _ in range(4):
        anna.go(anna.screen.at).enter("button[value=wrong_code]")
    frame = anna.page.frame_locator("iframe")
    expect(frame.locator("h1")).to_have_text(LOCKED)


def checked_and_asked(anna: Keyboard, house: House) -> None:
    anna.go(f"{AT}/check").enter(f"form[action='{AT}/check'] button")
    assert carry_out(house, ROOT)
    expect(anna.page.locator("#progress")).to_contain_text("The draft as it stands has passed.")
    anna.screen.seen("check", dark=True)
    anna.go(f"{AT}/release").put("#words", "Four tries are enough").enter(
        "form[action$='/release/ask'] button"
    )
    assert "Agreement is asked for" in notice(anna.page)
    anna.screen.seen("release", dark=True)
