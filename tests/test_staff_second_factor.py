"""The second step at the desk's door: codes of an app, recovery codes, half a login, a thief's chances."""

import base64
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import text

from app.cli import main
from app.config import Settings
from app.runner.door import Refused
from app.runner.house import House
from app.runner.staff import account, entry, people, second_step
from app.runner.staff.acts import acts_since
from app.runner.staff.entry import Entered, Half
from app.runner.staff.second_factor import app_address, step_of
from app.runner.staff.second_step import TooLate
from app.runner.staff.who import who
from app.runner.sweep import sweep
from tests.apps import ready_app
from tests.authenticator import CODE, Phone, recovery_codes, shown_by
from tests.conftest import SECRET, Clock
from tests.desk import HOME, LOGIN, PASSWORD, cheap, log_in, staffed
from tests.walk import Walk

HERE, ACCOUNT, CODES = "192.0.2.1", "/desk/account", "/desk/account/codes"
FAILED = "That did not work"
BOTH = ["sqlite", "postgresql"]


@pytest.fixture
def dialect() -> str:
    return "sqlite"


@pytest.fixture
def house(house: House, clock: Clock) -> House:
    """A house that asks everybody for a second factor, with vera in it since a second ago."""
    strict = replace(cheap(house), second_factor=True)
    staffed(strict)
    clock.pass_(seconds=1)
    return strict


@pytest.fixture
def app(settings: Settings, house: House) -> Flask:
    return ready_app(settings, house)


@pytest.fixture
def person(browser: Callable[..., Walk]) -> Callable[..., Walk]:
    return lambda **more: browser(lang="en", **more)


@pytest.fixture
def phone(person: Callable[..., Walk], clock: Clock) -> Phone:
    """Vera's app, set up at her first login; she has logged out since."""
    walk = log_in(person())
    phone = Phone(walk, clock)
    walk.post(code=phone.code())
    walk.post("/desk/log_out", csrf_token=walk.header_token())
    clock.pass_(minutes=2)
    return phone


def cookies(walk: Walk) -> dict[str, str]:
    return {name: each.value for (_, _, name), each in walk.client._cookies.items()}


def half(house: House) -> Half:
    found = entry.log_in(house, HERE, "vera", PASSWORD)
    assert isinstance(found, Half)
    return found


def acts(house: House) -> list[tuple[str, str, str]]:
    since = house.clock() - timedelta(days=1)
    return [(act.staff, act.act, act.outcome) for act in acts_since(house, since)]


# RFC 6238, appendix B, SHA-1: the last six of the eight digits there.
@pytest.mark.parametrize(
    ("at", "code"),
    [(1111111111, "050471"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_codes_are_those_of_the_rfc_and_a_neighbour_counts_too(at: int, code: str) -> None:
    secret = base64.b32encode(b"12345678901234567890").decode()
    assert step_of(secret, code, at) == at // 30
    assert step_of(secret, f" {code[:3]} {code[3:]} ", at + 30) == at // 30
    assert step_of(secret, code, at - 30) == at // 30
    assert [step_of(secret, code, at + far) for far in (61, 90)] == [None, None]
    for wrong in ("", code[:5], code + "0", "１" * 6, "\0" * 6, "abcdef", "9" * 40):
        assert step_of(secret, wrong, at) is None


def test_the_first_login_sets_an_app_up_and_shows_recovery_codes_once(
    house: House, person: Callable[..., Walk], clock: Clock
) -> None:
    walk = person()
    walk.get("/desk/runs?flow=ecard")
    walk.post(name="vera", password=PASSWORD)
    assert walk.at == CODE
    assert "<svg" in walk.text
    phone = Phone(walk, clock)
    assert len(base64.b32decode(phone.key)) == 20
    by_itself = {"Sec-Fetch-Dest": "image"}
    assert walk._ask("GET", HOME, headers=by_itself).location == LOGIN, "half a login opens nothing"
    walk.get(CODE).post(code="000000")
    assert (walk.at, FAILED in walk.text) == (CODE, True)
    assert Phone(walk, clock).key == phone.key
    walk.post(code=phone.code())
    assert walk.at == CODES
    codes = recovery_codes(walk)
    assert len(set(codes)) == 10
    sent = walk.post(CODES, follow=False).page
    assert sent is not None
    assert sent.location == "/desk/runs?flow=ecard"
    assert walk.get(CODES).at == ACCOUNT
    told = str(acts_since(house, clock() - timedelta(days=1)))
    assert not [each for each in (*codes, phone.key) if each in told]


def test_afterwards_password_and_code_are_asked_for_and_only_then_a_login_begins(
    app: Flask, phone: Phone, person: Callable[..., Walk]
) -> None:
    walk = person()
    planted = walk.get(LOGIN).hidden()["csrf_token"]
    walk.client.set_cookie("narthex_desk", "planted")
    walk.client.set_cookie("narthex_desk_half", "planted")
    log_in(walk)
    assert (walk.at, "app-key" in walk.text) == (CODE, False)
    first = cookies(walk)
    assert first["narthex_desk_half"] != "planted"
    walk.post(code=phone.code())
    assert walk.at == HOME
    after = cookies(walk)
    assert "narthex_desk_half" not in after
    assert after["narthex_desk"] not in {"planted", first["narthex_desk_half"]}
    assert walk.header_token() != planted
    thief = Walk(app, lang="en")
    thief.client.set_cookie("narthex_desk", first["narthex_desk_half"])
    assert thief.get(HOME).at == LOGIN
    thief.client.set_cookie("narthex_desk_half", first["narthex_desk_half"])
    assert thief.get(CODE).at == LOGIN, "half a login is good for one whole one"


@pytest.mark.parametrize("dialect", BOTH)
def test_one_code_opens_one_login_however_many_ask_at_once(house: House, phone: Phone) -> None:
    halves, code = [half(house) for _ in range(6)], phone.code()
    with ThreadPoolExecutor(6) as pool:
        results = list(pool.map(lambda each: second_step.give(house, HERE, each.token, code), halves))
    assert sorted(type(each).__name__ for each in results) == ["Entered"] + ["Refused"] * 5


def test_a_code_counts_once_within_its_step_and_no_older_one_after_it(
    house: House, phone: Phone, clock: Clock
) -> None:
    older, code = phone.code(-30), phone.code()
    assert isinstance(second_step.give(house, HERE, half(house).token, code), Entered)
    assert isinstance(second_step.give(house, HERE, half(house).token, code), Refused)
    assert isinstance(second_step.give(house, HERE, half(house).token, older), Refused)
    clock.pass_(seconds=30)
    assert isinstance(second_step.give(house, HERE, half(house).token, phone.code()), Entered)


def test_wrong_codes_count_like_wrong_passwords_and_the_right_password_forgives_none(
    house: House, phone: Phone, clock: Clock
) -> None:
    elsewhere = "203.0.113.9"
    for _ in range(5):
        begun = entry.log_in(house, elsewhere, "vera", PASSWORD)
        assert isinstance(begun, Half)
        assert isinstance(second_step.give(house, elsewhere, begun.token, "000000"), Refused)
    assert isinstance(entry.log_in(house, elsewhere, "vera", PASSWORD), Refused)
    assert isinstance(second_step.give(house, elsewhere, begun.token, phone.code()), Refused)
    assert acts(house).count(("vera", "log in", "refused")) == 5
    assert acts(house).count(("vera", "give password", "done")) == 5 + 1, "what a thief leaves behind"
    at_home = entry.log_in(house, "192.0.2.10", "vera", PASSWORD)
    assert isinstance(at_home, Half), "where vera has logged in before she does not wait"
    assert isinstance(second_step.give(house, "192.0.2.10", at_home.token, phone.code()), Entered)


def test_a_recovery_code_lets_in_once(house: House, person: Callable[..., Walk], clock: Clock) -> None:
    walk = log_in(person())
    walk.post(code=Phone(walk, clock).code())
    first, second, *_ = recovery_codes(walk)
    for typed, sort in ((first.upper(), Entered), (first, Refused), (f" {second} ", Entered)):
        assert isinstance(second_step.give(house, HERE, half(house).token, typed), sort)


def test_half_a_login_ends_after_five_minutes_and_is_swept_away(
    house: House, person: Callable[..., Walk], clock: Clock
) -> None:
    walk = log_in(person())
    phone = Phone(walk, clock)
    clock.pass_(minutes=5)
    walk.post(code=phone.code())
    assert (walk.at, "That took too long" in walk.text) == (LOGIN, True)
    half(house)
    clock.pass_(minutes=6)
    sweep(house)
    with house.database.read() as connection:
        assert connection.execute(text("select count(*) from staff_waiting")).scalar_one() == 0


@pytest.mark.parametrize("ends", ["password", "leave", "reset"])
def test_half_a_login_dies_with_what_it_was_begun_with(house: House, phone: Phone, ends: str) -> None:
    begun = half(house)
    if ends == "password":
        people.set_password(house, "vera", "another seven herons")
    elif ends == "leave":
        people.leave(house, "vera")
    else:
        people.reset_second_factor(house, "vera")
    assert isinstance(second_step.give(house, HERE, begun.token, phone.code()), TooLate)


def test_of_two_browsers_that_set_an_app_up_one_does(house: House, clock: Clock) -> None:
    first, second = half(house), half(house)

    def code(begun: Half) -> str:
        awaited = second_step.expected(house, begun.token)
        assert awaited
        assert awaited.secret
        address = app_address(awaited.secret, "vera")
        assert address.startswith("otpauth://totp/Narthex:vera?")
        return shown_by(awaited.secret, clock())

    one, other = code(first), code(second)
    assert isinstance(second_step.give(house, HERE, second.token, one), Refused), "the other's code"
    assert isinstance(second_step.give(house, HERE, first.token, one), Entered)
    assert isinstance(second_step.give(house, HERE, second.token, other), TooLate)


def test_the_demo_asks_nobody_and_whoever_sets_one_up_is_asked(
    house: House, settings: Settings, clock: Clock
) -> None:
    app = ready_app(settings, replace(house, second_factor=False))
    walk, other = log_in(Walk(app, lang="en")), log_in(Walk(app, lang="en"))
    assert (walk.at, other.at) == (HOME, HOME)
    token = walk.get(ACCOUNT).header_token()
    walk.post("/desk/account/second_factor", csrf_token=token, password="wrong")
    assert "The present password is not right" in walk.text
    before = cookies(walk)["narthex_desk"]
    walk.post("/desk/account/second_factor", csrf_token=token, password=PASSWORD)
    phone = Phone(walk, clock)
    walk.post("/desk/account/second_factor/code", code="123")
    assert FAILED in walk.text
    walk.post("/desk/account/second_factor/code", code=phone.code())
    assert (walk.at, len(recovery_codes(walk))) == (CODES, 10)
    assert cookies(walk)["narthex_desk"] != before
    assert other.get(HOME).at == LOGIN, "other logins end"
    assert log_in(Walk(app, lang="en")).at == CODE


def test_ones_own_page_ends_other_logins_and_changes_the_password(house: House, settings: Settings) -> None:
    app = ready_app(settings, replace(house, second_factor=False))
    walk, other = log_in(Walk(app, lang="en")), log_in(Walk(app, lang="en"))
    token = walk.get(ACCOUNT).header_token()
    walk.post("/desk/account/logins", csrf_token=token)
    assert "All other logins have ended." in walk.text
    assert (walk.at, other.get(HOME).at) == (ACCOUNT, LOGIN)
    new = "eight grey herons"
    for fields, said in (
        ({"old": "wrong", "new": new, "again": new}, "The present password is not right"),
        ({"old": PASSWORD, "new": new, "again": "x"}, "not typed the same way twice"),
        ({"old": PASSWORD, "new": "short", "again": "short"}, "at least 15 characters"),
    ):
        walk.post("/desk/account/password", csrf_token=token, **fields)
        assert said in walk.text
    log_in(other)
    before = cookies(walk)["narthex_desk"]
    walk.post("/desk/account/password", csrf_token=token, old=PASSWORD, new=new, again=new)
    assert "You have a new password." in walk.text
    assert cookies(walk)["narthex_desk"] != before
    assert other.get(HOME).at == LOGIN
    assert log_in(other, password=new).at == HOME


def test_setting_an_app_up_needs_the_password_and_its_own_login(house: House, phone: Phone) -> None:
    entered = second_step.give(house, HERE, half(house).token, phone.code())
    assert isinstance(entered, Entered)
    login = who(house, entered.token)
    assert login
    assert isinstance(account.begin_second_factor(house, HERE, login, "wrong"), Refused)
    assert account.offered_secret(house, login) is None
    assert isinstance(account.confirm_second_factor(house, HERE, login, phone.code()), TooLate)
    account.begin_second_factor(house, HERE, login, PASSWORD)
    secret = account.offered_secret(house, login)
    assert secret not in {None, phone.key}
    assert isinstance(account.confirm_second_factor(house, HERE, login, phone.code()), Refused)
    assert second_step.expected(house, login.id) is None, "the id of a login is no half of one"


def test_secrets_are_sealed_and_recovery_codes_are_macs(
    house: House, person: Callable[..., Walk], clock: Clock
) -> None:
    walk = log_in(person())
    phone = Phone(walk, clock)
    walk.post(code=phone.code())
    codes = recovery_codes(walk)
    with house.database.read() as connection:
        rows = [
            *connection.execute(text("select * from staff")),
            *connection.execute(text("select * from staff_waiting")),
        ]
    kept = str([tuple(row) for row in rows])
    assert phone.key not in kept
    assert not [code for code in codes if code in kept or code.replace("-", "") in kept]


def test_the_console_takes_a_second_factor_away(
    house: House, phone: Phone, settings: Settings, person: Callable[..., Walk], clock: Clock
) -> None:
    def narthex(*words: str) -> Result:
        environment = {"NARTHEX_VAR": str(settings.var), "NARTHEX_SECRET_KEYS": SECRET}
        return CliRunner().invoke(main, ["staff", *words], env=environment)

    assert "password and second factor" in narthex("list").output
    entered = second_step.give(house, HERE, half(house).token, phone.code())
    assert isinstance(entered, Entered)
    assert narthex("second-factor", "vera").output.startswith("vera: a code is asked for since ")
    assert narthex("second-factor", "vera", "--reset").exit_code == 0
    assert who(house, entered.token) is None
    assert narthex("second-factor", "olga", "--reset").exit_code == 2
    clock.pass_(seconds=30)
    assert Phone(log_in(person()), clock).key != phone.key
