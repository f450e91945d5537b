"""The portal's door: who is let in, what a guesser learns, how long a login lives, how it ends."""

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import text

from app.config import Settings
from app.logs import JsonLines
from app.runner.house import House
from app.runner.outcome import Browser
from app.runner.portal import entry
from app.store import accounts, login_failures, runs
from app.store.login_failures import Try
from app.store.passwords import Passwords
from tests.apps import ready_app
from tests.conftest import Clock
from tests.lodge import ADDRESS, PASSWORD, guest, log_in, open_lodge, standing_run
from tests.walk import Walk

FAILED = "That did not work"
HOME, LOGIN = "/portal/lodge/", "/portal/lodge/login"
LAPTOP = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def dialect() -> str:
    """Counting is asked about on both databases below; the rest is the same on every one."""
    return "sqlite"


@pytest.fixture
def house(house: House) -> House:
    return open_lodge(house)


@pytest.fixture
def app(settings: Settings, house: House) -> Flask:
    return ready_app(settings, house)


@pytest.fixture
def person(browser: Callable[..., Walk]) -> Callable[..., Walk]:
    return lambda **more: browser(lang="en", agent=LAPTOP, **more)


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Iterator[Callable[[], str]]:
    """All that was logged, as it is written."""
    caplog.set_level(logging.DEBUG)
    form = JsonLines()
    yield lambda: "\n".join(form.format(record) for record in caplog.records)


def cookies(walk: Walk) -> dict[str, str]:
    return {name: cookie.value for (_, _, name), cookie in walk.client._cookies.items()}


def replayed(app: Flask, kept: dict[str, str]) -> Walk:
    """Another browser that was given these cookies."""
    walk = Walk(app, lang="en")
    for name, value in kept.items():
        walk.client.set_cookie(name, value)
    return walk


def numbers(house: House, statement: str) -> int:
    with house.database.read() as connection:
        return int(connection.execute(text(statement)).scalar_one())


def failed(house: House, *names: str) -> None:
    """Count logins that failed from the network of most people here."""
    with house.database.write() as connection:
        for name in names:
            login_failures.count(connection, house.vault, Try("lodge", name, "192.0.2.10"), house.clock())


def test_who_knows_the_password_comes_in_whatever_the_case_of_the_address(
    house: House, person: Callable[..., Walk]
) -> None:
    guest(house)
    walk = log_in(person(), ADDRESS.upper())
    assert walk.at == HOME
    assert "Kerekes Hanna" in walk.text
    assert walk.get(LOGIN).at == HOME


def test_nothing_of_a_password_is_trimmed_or_folded(house: House, person: Callable[..., Walk]) -> None:
    guest(house)
    for wrong in (PASSWORD + " ", PASSWORD.lower(), PASSWORD[:-1]):
        assert FAILED in log_in(person(), password=wrong).text
    assert log_in(person()).at == HOME


def test_pages_lead_to_the_login_page_and_unknown_realms_are_not_there(person: Callable[..., Walk]) -> None:
    walk = person()
    for path in (HOME, "/portal/lodge/profile"):
        answer = walk._ask("GET", path)
        assert (answer.status_code, answer.location) == (303, LOGIN)
    for realm in ("ecard", "sineva", "nowhere"):
        assert walk._ask("GET", f"/portal/{realm}/login").status_code == 404


def test_the_door_says_the_same_to_known_and_unknown_names(house: House, person: Callable[..., Walk]) -> None:
    guest(house)
    pages = []
    for name in (ADDRESS, "nobody.lodge.demo@gmail.com", "no address", ""):
        walk = person(address=f"192.0.2.{len(pages) + 1}")
        for _ in range(6):
            log_in(walk, name, "wrong")
        pages.append(log_in(walk, name, PASSWORD).text.replace(walk.hidden()["csrf_token"], ""))
    assert FAILED in pages[0]
    assert len(set(pages)) == 1


def test_the_typed_name_is_neither_shown_again_nor_kept_in_a_cookie(
    house: House, person: Callable[..., Walk]
) -> None:
    walk = log_in(person(), password="wrong")
    assert "hanna" not in walk.text.lower()
    with walk.client.session_transaction() as session:
        assert set(session) <= {"browser", "csrf_token", "_permanent"}


def test_a_stranger_who_keeps_guessing_does_not_keep_the_owner_out_at_home(
    house: House, person: Callable[..., Walk], clock: Clock
) -> None:
    guest(house)
    assert log_in(person(address="198.51.100.7")).at == HOME
    for _ in range(8):
        log_in(person(address="203.0.113.66"), password="wrong")
        clock.pass_(minutes=16)
    log_in(person(address="203.0.113.66"), password="wrong")
    assert log_in(person(address="192.0.2.99")).at == LOGIN, "elsewhere the name waits"
    assert log_in(person(address="198.51.100.7")).at == HOME


def test_at_home_too_guessing_has_to_wait(house: House, person: Callable[..., Walk]) -> None:
    guest(house)
    home = "198.51.100.7"
    assert log_in(person(address=home)).at == HOME
    for _ in range(5):
        log_in(person(address=home), password="wrong")
    assert log_in(person(address=home)).at == LOGIN


def test_the_right_password_is_refused_while_the_name_must_wait_and_the_wait_grows(
    house: House, person: Callable[..., Walk], clock: Clock
) -> None:
    guest(house)
    walk = person()
    for _ in range(5):
        log_in(walk, password="wrong")
    for pause in (30, 60, 120, 240, 480, 900, 900):
        clock.pass_(seconds=pause - 1)
        assert FAILED in log_in(walk).text
        clock.pass_(seconds=1)
        log_in(walk, password="wrong")
    clock.pass_(seconds=900)
    assert log_in(walk).at == HOME
    assert log_in(person(), password="wrong").at == LOGIN
    assert log_in(person()).at == HOME  # the owner's success has begun the count anew


def test_a_password_set_anew_ends_the_wait(house: House, person: Callable[..., Walk], clock: Clock) -> None:
    account = guest(house).account
    walk = person()
    for _ in range(7):
        log_in(walk, password="wrong")
    clock.pass_(seconds=1)
    encoded = house.passwords.hash(house.vault, "Another 1 of them")
    with house.database.write() as connection:
        accounts.set_password(connection, account, encoded, clock())
    assert FAILED in log_in(person()).text
    assert log_in(person(), password="Another 1 of them").at == HOME


def test_a_network_that_failed_too_often_is_refused_and_others_are_not(
    house: House, person: Callable[..., Walk], logged: Callable[[], str]
) -> None:
    guest(house)
    failed(house, *(f"name{number % 40}@lodge-demo.hu" for number in range(100)))
    assert FAILED in log_in(person(address="192.0.2.10")).text
    assert '"event": "login_refused"' in logged()
    assert log_in(person(address="192.0.2.11")).at == HOME


def test_one_password_tried_on_many_names_raises_an_alarm(
    house: House, person: Callable[..., Walk], logged: Callable[[], str]
) -> None:
    failed(house, *(f"name{number}@lodge-demo.hu" for number in [*range(49), *range(10)]))
    walk = log_in(person(), "name49@lodge-demo.hu", "Password1")
    assert "password_spraying" not in logged()
    log_in(walk, "name50@lodge-demo.hu", "Password1")
    assert '"event": "password_spraying"' in logged()


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_guesses_at_the_same_time_get_no_more_verdicts_than_one_after_the_other(house: House) -> None:
    guest(house)

    def guess(number: int) -> object:
        return entry.log_in(
            house, "lodge", Browser(f"b{number}", "192.0.2.1", "en"), ADDRESS, f"wrong{number}"
        )

    with ThreadPoolExecutor(8) as pool:
        assert {type(result) for result in pool.map(guess, range(24))} == {entry.Refused}
    assert numbers(house, "select count(*) from login_failures") == 3 * 5 + 1 + 1
    asked = Browser("owner", "192.0.2.2", "en")
    assert isinstance(entry.log_in(house, "lodge", asked, ADDRESS, PASSWORD), entry.Refused)


def test_a_login_without_the_forms_token_is_refused(house: House, person: Callable[..., Walk]) -> None:
    guest(house)
    walk = person().get(LOGIN)
    answer = walk._ask("POST", LOGIN, data={"username": ADDRESS, "password": PASSWORD})
    assert answer.status_code == 403
    assert walk.get(HOME).at == LOGIN
    log_in(walk)
    for act in ("log_out", "switch"):
        assert walk._ask("POST", f"{HOME}{act}", data={"customer": "x"}).status_code == 403
    assert walk.get(HOME).at == HOME


def test_a_planted_session_is_worth_nothing_after_the_login(
    house: House, app: Flask, person: Callable[..., Walk]
) -> None:
    guest(house)
    walk = person().get("/lodge/ask")
    walk.post(number="7", email=ADDRESS, password="Password1", news="accept")
    assert walk.at == "/lodge/registered"
    planted = cookies(walk)
    log_in(walk)
    assert replayed(app, planted).get(HOME).at == LOGIN
    assert replayed(app, planted).get("/lodge/registered").at == "/lodge/ask"
    assert walk.get("/lodge/registered").at == "/lodge/registered"  # the run went along
    with walk.client.session_transaction() as session:
        token = session.get("csrf_token")
    with replayed(app, planted).client.session_transaction() as session:
        assert session["csrf_token"] != token


@pytest.mark.parametrize("dialect", ["postgresql"])
def test_a_nul_leads_nowhere(house: House, person: Callable[..., Walk]) -> None:
    guest(house)
    walk = log_in(person())
    for path in ("/%00/", "/lodge%00/ask", "/theme/%00.css", f"{HOME}documents/%00", f"{HOME}requests/%00"):
        assert walk._ask("GET", path).status_code == 404, path
    token = {"csrf_token": walk.header_token()}
    for path, field in (("requests/%00/close", "mark"), ("profile/logins", "login"), ("switch", "customer")):
        assert walk._ask("POST", f"{HOME}{path}", data={**token, field: "\0"}).status_code == 404, path


def test_the_logins_cookie_is_opaque_and_closed_to_scripts(house: House, person: Callable[..., Walk]) -> None:
    guest(house)
    answer = log_in(person(), follow=False).page
    assert answer is not None
    (cookie,) = [c for c in answer.headers.getlist("Set-Cookie") if c.startswith("narthex_lodge=")]
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Path=/" in cookie
    assert len(cookie.partition("=")[2].partition(";")[0]) == 43  # 256 bits
    assert "Expires" not in cookie and "Max-Age" not in cookie


def test_a_cookie_kept_from_before_logging_out_opens_nothing(
    house: House, app: Flask, person: Callable[..., Walk]
) -> None:
    guest(house)
    walk = log_in(person())
    kept = cookies(walk)
    assert replayed(app, kept).get(HOME).at == HOME
    answer = walk._ask("POST", f"{HOME}log_out", data={"csrf_token": walk.header_token()})
    assert (answer.status_code, answer.location) == (303, LOGIN)
    assert answer.headers["Clear-Site-Data"] == '"cache"'
    assert replayed(app, kept).get(HOME).at == LOGIN
    assert walk.get(HOME).at == LOGIN


@pytest.mark.parametrize(("every", "times"), [({"minutes": 31}, 1), ({"minutes": 29}, 25)])
def test_a_login_ends_when_idle_and_after_half_a_day_at_most(
    house: House, person: Callable[..., Walk], clock: Clock, every: dict[str, float], times: int
) -> None:
    guest(house)
    walk = log_in(person())
    for _ in range(times - 1):
        clock.pass_(**every)
        assert walk.get(HOME).at == HOME
    clock.pass_(**every)
    assert walk.get(HOME).at == LOGIN


def test_a_login_rehashes_the_password_once_its_cost_was_raised(
    settings: Settings, house: House, person: Callable[..., Walk]
) -> None:
    account = guest(house).account
    raised = replace(house, passwords=Passwords(kibibytes=16, passes=2))
    walk = Walk(ready_app(settings, raised), lang="en")
    assert log_in(walk).at == HOME
    with house.database.read() as connection:
        stored = accounts.by_id(connection, house.vault, account)
    assert stored and "m=16,t=2" in stored.password
    assert log_in(Walk(ready_app(settings, raised), lang="en")).at == HOME


def test_every_page_leads_to_the_code_until_the_address_is_confirmed(
    house: House, person: Callable[..., Walk]
) -> None:
    run = standing_run(house)
    account = guest(house, confirmed=False, run=run).account
    walk = log_in(person())
    assert walk.at == "/lodge/verify_email"
    for path in (HOME, "/portal/lodge/profile"):
        assert walk.get(path).at == "/lodge/verify_email"
    with house.database.write() as connection:
        accounts.confirm(connection, account, house.clock())
    assert "registration is complete" in walk.get(HOME).text


def test_the_newest_login_has_the_page_that_asks_for_the_code(
    house: House, person: Callable[..., Walk]
) -> None:
    guest(house, confirmed=False, run=standing_run(house))
    first, second = log_in(person()), log_in(person())
    assert (second.at, second.get(HOME).at) == ("/lodge/verify_email", "/lodge/verify_email")
    assert first.get(HOME).at == LOGIN
    second.get("/lodge/").post("/lodge/", trigger="restart")
    assert "in another browser" in second.get(HOME).text


def test_whose_time_to_confirm_is_over_is_told_whom_to_call(
    house: House, person: Callable[..., Walk]
) -> None:
    run = standing_run(house)
    guest(house, confirmed=False, run=run)
    with house.database.write() as connection:
        connection.execute(text("update runs set ended_at = 1, state = 'expired'"))
    walk = log_in(person())
    assert walk.at == HOME
    assert "Please call us" in walk.text and "tel:+3615550100" in walk.text
    with house.database.read() as connection:
        stored = runs.by_id(connection, run)
    assert stored and stored.browser is None


def test_the_switcher_offers_ones_own_customers_only(house: House, person: Callable[..., Walk]) -> None:
    mine = guest(house, names=("Kerekes Hanna", "Kerekes Fogadó"))
    others = guest(house, "other.lodge.demo@gmail.com", names=("Valaki Más",))
    walk = log_in(person())
    walk.post(f"{HOME}switch", customer=mine.customers[1])
    assert "Welcome, Kerekes Fogadó" in walk.text
    for foreign in (others.customers[0], "", "x"):
        walk.get(HOME)
        assert walk.post(f"{HOME}switch", customer=foreign).status == 404
    assert "Welcome, Kerekes Fogadó" in walk.get(HOME).text
    assert "Valaki" not in walk.text


def test_nothing_about_people_is_logged_or_kept_readable(
    house: House, person: Callable[..., Walk], logged: Callable[[], str]
) -> None:
    guest(house)
    log_in(person(), password="Wrong but telling 9")
    log_in(person())
    said = logged()
    for canary in ("hanna", "kerekes", "wrong but telling", PASSWORD.lower(), "192.0.2.10"):
        assert canary not in said.lower()
    with house.database.read() as connection:
        rows = [
            *connection.execute(text("select * from login_failures")),
            *connection.execute(text("select * from logins")),
        ]
    kept = repr(rows).lower()
    assert "hanna" not in kept and "192.0.2" not in kept and "firefox" not in kept
