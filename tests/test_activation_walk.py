"""Activating a business customer's profile and renewing its password, walked over HTTP into the portal."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest
from flask import Flask

from app.config import Settings
from app.delivery.post import Post
from app.runner.house import House
from tests.apps import ready_app
from tests.conftest import Clock
from tests.lodge import CHEAP
from tests.walk import Walk, carries_code, code_in

LIPA, BROD, BRANCH, LAPSED = "203955619", "131420989", "2039556190011", "000000954"
ELENA, PETAR, VANIA = (f"{name}.opora.demo@gmail.com" for name in ("elena", "petar", "vania"))
PASSWORD, NEW_PASSWORD = "ДългаРека", "Tiha Gora 9"
LOGIN, HOME = "/portal/activation/login", "/portal/activation/"


@pytest.fixture
def dialect(request: pytest.FixtureRequest) -> str:
    """SQLite, but for tests that say otherwise: what differs is asked below."""
    return str(getattr(request, "param", "sqlite"))


both = pytest.mark.parametrize(
    "dialect",
    ["sqlite", "postgresql"],
    indirect=True,
)


@pytest.fixture
def house(house: House) -> House:
    return replace(house, passwords=CHEAP)


@pytest.fixture
def app(settings: Settings, house: House) -> Flask:
    return ready_app(settings, house)


@dataclass
class Colleague:
    """Somebody of a customer's at a browser, and the post office that delivers the PIN."""

    walk: Walk
    post: Post
    clock: Clock

    def mails(self) -> list[dict[str, str]]:
        self.clock.pass_(seconds=1)  # so that what is delivered now is the newest
        self.post.deliver(100)
        return self.walk.messages()

    def pin(self) -> str:
        return code_in([each for each in self.mails() if carries_code(each)][-1])

    def identify(self, eik: str = LIPA, email: str = ELENA) -> "Colleague":
        self.walk.get("/activation/").post(eik=eik, email=email)
        return self

    def prove(self, eik: str = LIPA, email: str = ELENA) -> "Colleague":
        self.identify(eik, email)
        assert self.walk.at == "/activation/pin"
        self.walk.post(trigger="check", pin=self.pin())
        assert self.walk.at == "/activation/pin_confirmed"
        self.walk.post(trigger="activate")
        assert self.walk.at == "/activation/password"
        return self

    def choose(self, password: str = PASSWORD) -> "Colleague":
        self.walk.post(password=password, password_again=password)
        return self

    def log_in(self, password: str, email: str = ELENA) -> "Colleague":
        self.walk.get(LOGIN).post(username=email, password=password)
        return self


@pytest.fixture
def person(browser: Callable[..., Walk], post: Post, clock: Clock) -> Callable[..., Colleague]:
    return lambda **more: Colleague(browser(**more), post, clock)


@pytest.fixture
def one(person: Callable[..., Colleague]) -> Colleague:
    return person()


def _heading(walk: Walk) -> str:
    return walk.text.partition("<h1>")[2].partition("</h1>")[0]


def _said(walk: Walk) -> str:
    return walk.text.partition('id="problems"')[2].partition("</div>")[0]


@both
def test_from_the_login_page_into_the_portal_without_a_further_click(one: Colleague) -> None:
    walk = one.walk
    walk.get(LOGIN)
    assert 'href="/activation/"' in walk.text
    one.identify(f"BG {LIPA}", ELENA.title())
    assert walk.at == "/activation/pin"
    walk.post(pin=f" {one.pin()[:3]} {one.pin()[3:]} ")
    assert walk.at == "/activation/pin_confirmed"
    walk.post()
    assert walk.at == "/activation/password"
    one.choose()
    assert (walk.at, walk.status) == (HOME, 200)
    assert "Липа Строй" in walk.text
    assert walk.get("/activation/password").at == HOME


def test_the_mail_holds_the_code_and_no_link_and_the_page_no_code(one: Colleague) -> None:
    one.identify()
    pin = one.pin()
    (mail,) = one.mails()
    assert mail["to"] == ELENA
    assert mail["text"].splitlines()[0] == pin
    assert pin.isdecimal()
    assert "http" not in mail["text"]
    assert pin not in mail["subject"] + one.walk.get("/activation/pin").text


def test_the_next_button_is_there_and_works_only_after_the_right_pin(one: Colleague) -> None:
    one.identify()
    form = one.walk.text.partition("<main")[2]
    assert form.index('value="check"') < form.index("disabled") < form.index("Активирай")
    assert one.walk.post(trigger="activate").status == 400
    assert one.walk.get("/activation/pin").at == "/activation/pin"
    one.walk.post(trigger="check", pin=one.pin())
    assert "disabled" not in one.walk.text.partition("<main")[2].partition("</main>")[0]


def test_a_pin_that_was_not_judged_is_not_called_wrong(one: Colleague) -> None:
    one.identify()
    pin, page = one.pin(), one.walk.hidden()
    wrong = "000001" if pin != "000001" else "000002"
    assert "Това не е ПИН кодът" in one.walk.post(trigger="check", pin=wrong).text
    one.walk.post("/activation/pin", **page, trigger="check", pin=pin)
    assert one.walk.at == "/activation/pin"
    assert "Това не е ПИН кодът" not in one.walk.text


def test_a_number_that_cannot_be_one_is_told_at_the_field(one: Colleague) -> None:
    one.walk.get("/activation/")
    for eik in ("203955618", "000000000", "20395561", "2039556190012", "2o3955619"):
        one.walk.post(eik=eik, email=ELENA)
        assert one.walk.at == "/activation/identify"
        assert one.walk.text.count('aria-invalid="true"') == 1


def test_whatever_is_not_on_file_is_refused_with_the_same_words_and_no_mail(
    person: Callable[..., Colleague],
) -> None:
    pairs = ((LIPA, "somebody@oporna-demo.bg"), (LIPA, VANIA), (LAPSED, PETAR), ("000000993", ELENA))
    refused = [person().identify(*pair) for pair in pairs]
    assert {each.walk.at for each in refused} == {"/activation/identify"}
    assert len({_said(each.walk) for each in refused}) == 1
    assert "акаунт мениджър" in _said(refused[0].walk)
    assert refused[0].mails() == []


def test_a_branch_is_a_customer_of_its_own(one: Colleague) -> None:
    one.prove(BRANCH, VANIA).choose()
    assert "клон Варна" in one.walk.text


def test_five_wrong_pins_end_it(one: Colleague) -> None:
    one.identify()
    right = one.pin()
    wrong = f"{(int(right) + 1) % 1_000_000:06}"
    for _ in range(4):
        one.walk.post(trigger="check", pin=wrong)
        assert "Това не е ПИН кодът" in one.walk.text
    one.walk.post(trigger="check", pin=wrong)
    assert one.walk.at == "/activation/locked"


def test_a_pin_lives_ten_minutes_and_dies_when_a_newer_one_is_sent(one: Colleague, clock: Clock) -> None:
    one.identify()
    old = one.pin()
    clock.pass_(seconds=31)
    one.walk.post(trigger="resend")
    new = one.pin()
    one.walk.post(trigger="check", pin=old)
    assert "по-нов ПИН код" in one.walk.text
    clock.pass_(minutes=10)
    one.walk.post(trigger="check", pin=new)
    assert "Беше валиден 10 минути" in one.walk.text


def test_a_pin_of_one_address_proves_no_other(person: Callable[..., Colleague]) -> None:
    elena, petar = person().identify(), person()
    pin = elena.pin()
    petar.identify(email=PETAR).walk.post(trigger="check", pin=pin)
    assert petar.walk.at == "/activation/pin"


def test_a_weak_password_is_refused_and_a_long_one_of_any_signs_is_taken(one: Colleague) -> None:
    one.prove()
    for weak in ("Кратка1", "всичкомалко", "ВСИЧКОГОЛЯМО", "Password", "ЛипаСтрой", f"Ab{LIPA}"):
        one.choose(weak)
        assert one.walk.at == "/activation/password"
        assert weak not in one.walk.text
    assert one.choose("Ъгъл по Ѝ ☂ " * 6).walk.at == HOME


@both
def test_a_forgotten_password_is_replaced_at_the_last_step_and_every_other_login_ends(
    person: Callable[..., Colleague],
) -> None:
    first, second = person().prove().choose(), person()
    second.prove()
    assert first.walk.get(HOME).at == HOME
    assert person().log_in(PASSWORD).walk.at == HOME
    second.choose(NEW_PASSWORD)
    assert second.walk.at == HOME
    assert second.mails()[-1]["subject"] == "Паролата Ви е сменена"
    assert first.walk.get(HOME).at == LOGIN
    assert first.log_in(PASSWORD).walk.at == LOGIN
    assert first.log_in(NEW_PASSWORD).walk.at == HOME


def test_a_pin_given_before_the_password_was_set_leads_no_further(
    person: Callable[..., Colleague], clock: Clock
) -> None:
    thief, owner = person().prove(), person()
    clock.pass_(minutes=3)
    owner.prove().choose()
    assert owner.walk.at == HOME
    thief.choose(NEW_PASSWORD)
    assert thief.walk.at == "/activation/identify"
    assert owner.walk.get(HOME).at == HOME
    assert thief.log_in(NEW_PASSWORD).walk.at == LOGIN


def test_the_session_after_the_last_step_has_another_token_than_one_that_was_planted(one: Colleague) -> None:
    one.prove()
    with one.walk.client.session_transaction() as session:
        planted = session["csrf_token"]
    one.choose()
    assert one.walk.at == HOME
    with one.walk.client.session_transaction() as session:
        assert session["csrf_token"] != planted


def test_one_address_of_several_customers_has_one_profile_and_a_switcher(
    person: Callable[..., Colleague],
) -> None:
    person().prove().choose()
    elena = person().prove(BROD).choose(NEW_PASSWORD)
    assert elena.walk.at == HOME
    assert "Брод Логистик" in _heading(elena.walk)  # the one just added
    options = elena.walk.text.partition("<select")[2].partition("</select>")[0]
    assert options.count("<option") == 2
    lipa = options.partition("Липа")[0].rpartition('value="')[2].partition('"')[0]
    elena.walk.post("/portal/activation/switch", customer=lipa)
    assert "Липа Строй" in _heading(elena.walk)


def test_colleagues_have_profiles_of_their_own(person: Callable[..., Colleague]) -> None:
    elena, petar = person().prove().choose(), person().prove(email=PETAR).choose(NEW_PASSWORD)
    assert elena.walk.get(HOME).at == HOME
    assert petar.walk.get(HOME).at == HOME


def test_a_tab_left_behind_leads_into_the_portal_and_sets_nothing(one: Colleague) -> None:
    one.prove()
    left_behind = one.walk.hidden()
    one.choose()
    late = {**left_behind, "password": NEW_PASSWORD, "password_again": NEW_PASSWORD}
    one.walk.page = one.walk._ask("POST", "/activation/password", data=late)
    assert one.walk.get(one.walk.page.location).at == HOME
    assert one.log_in(PASSWORD).walk.at == HOME


def test_a_run_begun_is_found_again(one: Colleague) -> None:
    one.identify()
    one.walk.get("/activation/").post("/activation/", trigger="continue")
    assert one.walk.at == "/activation/pin"
    one.walk.post(trigger="back")
    assert (one.walk.at, ELENA in one.walk.text) == ("/activation/identify", True)


def test_who_comes_back_for_a_new_password_is_offered_to_start_again_first(one: Colleague) -> None:
    one.prove().choose()
    page = one.walk.get("/activation/").text
    assert page.index('value="restart"') < page.index('value="continue"')
    assert one.walk.post(trigger="restart").at == "/activation/identify"
