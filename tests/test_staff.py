"""The desk's door and its people: who is let in, what a guesser learns, how logins end, what is noted."""

import logging
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from app.config import Settings
from app.logs import JsonLines
from app.runner.door import Refused
from app.runner.house import House
from app.runner.staff import entry, people
from app.runner.staff.acts import acts_since
from app.runner.staff.people import PasswordTooWeak, StaffMissing, UnfitName
from app.runner.staff.who import who
from app.runner.sweep import sweep
from app.store.staff import NameTaken
from app.web.security import configure
from tests.apps import ready_app
from tests.conftest import Clock
from tests.desk import HOME, LOGIN, PASSWORD, cheap, log_in, staffed
from tests.walk import Walk

FAILED = "That did not work"
ELSEWHERE = "203.0.113.66"


@pytest.fixture
def dialect() -> str:
    return "sqlite"


@pytest.fixture
def house(house: House) -> House:
    return cheap(house)


@pytest.fixture
def app(settings: Settings, house: House) -> Flask:
    return ready_app(settings, house)


@pytest.fixture
def person(browser: Callable[..., Walk]) -> Callable[..., Walk]:
    return lambda **more: browser(lang="en", **more)


@pytest.fixture
def vera(house: House, clock: Clock) -> str:
    """Somebody of quality assurance, since a second ago."""
    name = staffed(house)
    clock.pass_(seconds=1)
    return name


@pytest.fixture
def events(caplog: pytest.LogCaptureFixture) -> Iterator[Callable[[], list[str]]]:
    """The security events so far."""
    caplog.set_level(logging.DEBUG)
    yield lambda: [record.__dict__["event"] for record in caplog.records if "event" in record.__dict__]


def acts(house: House) -> list[tuple[str, str, str]]:
    since = house.clock() - timedelta(days=1)
    return [(act.staff, act.act, act.outcome) for act in acts_since(house, since)]


def cookie(walk: Walk) -> str:
    return {name: each.value for (_, _, name), each in walk.client._cookies.items()}["narthex_desk"]


def with_cookie(app: Flask, value: str) -> Walk:
    """Another browser that was given this login's cookie."""
    walk = Walk(app, lang="en")
    walk.client.set_cookie("narthex_desk", value)
    return walk


def test_who_knows_the_password_is_brought_to_the_page_that_was_wanted(
    vera: str, person: Callable[..., Walk]
) -> None:
    walk = person().get("/desk/somewhere?a=1&a=2")
    assert walk.at == LOGIN
    sent = walk.post(follow=False, name=" Vera ", password=PASSWORD).page
    assert sent is not None
    assert (sent.status_code, sent.location) == (303, "/desk/somewhere?a=1&a=2")
    assert log_in(person()).at == HOME
    assert walk.get(LOGIN).at == HOME


def test_no_link_to_the_login_page_leads_elsewhere(vera: str, person: Callable[..., Walk]) -> None:
    for query in ("next=//evil.example", "next=https://evil.example/", "wanted=/desk/x"):
        walk = person()
        walk.get(f"{LOGIN}?{query}")
        assert walk.post(f"{LOGIN}?{query}", name=vera, password=PASSWORD).at == HOME


def test_what_a_page_fetches_by_itself_is_not_where_one_wanted_to_go(
    vera: str, person: Callable[..., Walk]
) -> None:
    walk = person()
    walk._ask("GET", "/desk/picture.svg", headers={"Sec-Fetch-Dest": "image"})
    assert log_in(walk).at == HOME


def test_the_login_cookie_is_opaque_and_closed_and_in_production_the_hosts_own(
    vera: str, app: Flask, settings: Settings, person: Callable[..., Walk]
) -> None:
    configure(app, settings.model_copy(update={"profile": "production"}))
    walk = person().get(LOGIN)
    walk._ask("GET", LOGIN, base_url="https://localhost")
    page = walk._ask("GET", LOGIN, base_url="https://localhost")
    walk.page = page
    answer = walk._ask(
        "POST",
        LOGIN,
        data={**walk.hidden(), "name": vera, "password": PASSWORD},
        base_url="https://localhost",
    )
    (set_cookie,) = [c for c in answer.headers.getlist("Set-Cookie") if "narthex_desk" in c]
    assert set_cookie.startswith("__Host-narthex_desk=")
    for attribute in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax"):
        assert attribute in set_cookie
    assert "Domain" not in set_cookie
    assert len(set_cookie.partition("=")[2].partition(";")[0]) == 43, "256 bits"


def test_the_door_says_the_same_to_known_unknown_and_former_names(
    house: House, vera: str, person: Callable[..., Walk], clock: Clock
) -> None:
    people.leave(house, staffed(house, "olga"))
    clock.pass_(seconds=1)
    pages = []
    for name in (vera, "nobody", "olga", "a'; --", ""):
        walk = person(address=f"192.0.2.{len(pages) + 1}")
        for _ in range(6):
            log_in(walk, name, "wrong")
        pages.append(log_in(walk, name).text.replace(walk.hidden()["csrf_token"], ""))
    assert FAILED in pages[0]
    assert len(set(pages)) == 1


def test_every_refusal_is_an_event_and_nothing_that_was_typed_is_written_down(
    house: House, vera: str, person: Callable[..., Walk], events: Callable[[], list[str]],
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    walk = person()
    log_in(walk, vera, "wrong horse battery")
    log_in(walk, "wrong horse staple", "x")
    assert events() == ["login_refused", "login_refused"]
    assert sorted(acts(house)[-2:]) == [("(nobody)", "log in", "refused"), ("vera", "log in", "refused")]
    written = "\n".join(JsonLines().format(record) for record in caplog.records) + walk.text
    assert "wrong horse" not in written
    assert "wrong horse" not in str(acts_since(house, house.clock() - timedelta(hours=1)))


def test_a_name_waits_longer_each_time_and_a_new_password_ends_the_wait(
    house: House, vera: str, person: Callable[..., Walk], clock: Clock
) -> None:
    walk = person()
    for _ in range(5):
        log_in(walk, vera, "wrong")
    for pause in (30, 60, 120):
        clock.pass_(seconds=pause - 1)
        assert FAILED in log_in(walk).text
        clock.pass_(seconds=1)
        log_in(walk, vera, "wrong")
    clock.pass_(seconds=1)
    people.set_password(house, vera, "another seven herons")
    assert FAILED in log_in(person()).text
    assert log_in(person(), password="another seven herons").at == HOME


def test_a_stranger_who_keeps_guessing_does_not_keep_staff_out_where_they_work(
    vera: str, person: Callable[..., Walk]
) -> None:
    assert log_in(person(address="198.51.100.7")).at == HOME
    for _ in range(6):
        log_in(person(address=ELSEWHERE), vera, "wrong")
    assert log_in(person(address="192.0.2.99")).at == LOGIN, "elsewhere the name waits"
    assert log_in(person(address="198.51.100.7")).at == HOME


def test_guesses_at_the_same_time_get_no_more_verdicts_than_one_after_the_other(
    house: House, vera: str
) -> None:
    def guess(number: int) -> object:
        return entry.log_in(house, "192.0.2.1", vera, f"wrong{number}")

    with ThreadPoolExecutor(8) as pool:
        assert {type(result) for result in pool.map(guess, range(24))} == {Refused}
    assert acts(house).count(("vera", "log in", "refused")) == 5
    assert isinstance(entry.log_in(house, "192.0.2.2", vera, PASSWORD), Refused)


def test_a_login_begins_with_a_secret_of_its_own_and_ends_the_one_before(
    app: Flask, vera: str, person: Callable[..., Walk]
) -> None:
    walk = person()
    walk.client.set_cookie("narthex_desk", "planted")
    planted = walk.get(LOGIN).hidden()["csrf_token"]
    log_in(walk)
    first = cookie(walk)
    assert first != "planted"
    assert walk.get(HOME).header_token() != planted
    walk.page = walk._ask("GET", LOGIN)
    walk.page = walk._ask(
        "POST", LOGIN, data={"csrf_token": walk.get(HOME).header_token(), "name": vera, "password": PASSWORD}
    )
    assert walk.status == 303
    assert cookie(walk) != first
    assert with_cookie(app, first).get(HOME).at == LOGIN
    assert with_cookie(app, cookie(walk)).get(HOME).at == HOME


def test_without_the_forms_token_nobody_comes_in_or_goes_out(
    house: House, vera: str, person: Callable[..., Walk], events: Callable[[], list[str]]
) -> None:
    walk = person()
    assert walk._ask("POST", LOGIN, data={"name": vera, "password": PASSWORD}).status_code == 403
    log_in(walk)
    assert walk._ask("POST", "/desk/log_out").status_code == 403
    assert walk.get(HOME).at == HOME
    assert events() == ["csrf_refused", "csrf_refused"]


def test_logging_out_ends_the_login_on_the_server(
    app: Flask, house: House, vera: str, person: Callable[..., Walk]
) -> None:
    walk = log_in(person())
    kept, form = cookie(walk), {"csrf_token": walk.header_token()}
    assert walk._ask("POST", "/desk/log_out", data=form).location == LOGIN
    assert with_cookie(app, kept).get(HOME).at == LOGIN
    assert walk.get(HOME).at == LOGIN
    assert sorted(acts(house)[-2:]) == [("vera", "log in", "done"), ("vera", "log out", "done")]


@pytest.mark.parametrize("ends", ["password", "leave"])
def test_a_new_password_and_leaving_end_every_login_at_once(
    house: House, vera: str, person: Callable[..., Walk], ends: str
) -> None:
    walks = [log_in(person()) for _ in range(2)]
    ended = people.leave(house, vera) if ends == "leave" else people.set_password(house, vera, PASSWORD + "!")
    assert ended == 2
    assert [walk.get(HOME).at for walk in walks] == [LOGIN, LOGIN]


def test_other_roles_hold_from_the_next_page_on(house: House, vera: str, person: Callable[..., Walk]) -> None:
    walk = log_in(person())
    assert "Quality assurance" in walk.text
    people.set_roles(house, vera, ["operator"])
    assert "Quality assurance" not in walk.get(HOME).text


def test_a_login_is_over_when_idle_and_in_any_case_after_twelve_hours(
    house: House, vera: str, person: Callable[..., Walk], clock: Clock
) -> None:
    walk = log_in(person())
    clock.pass_(minutes=29)
    assert walk.get(HOME).at == HOME
    clock.pass_(minutes=31)
    assert walk.get(HOME).at == LOGIN
    log_in(walk)
    for _ in range(28):
        clock.pass_(minutes=25)
        assert walk.get(HOME).at == HOME
    clock.pass_(minutes=21)
    assert walk.get(HOME).at == LOGIN
    clock.pass_(days=31)
    sweep(house)
    with house.database.read() as connection:
        assert connection.execute(text("select count(*) from staff_logins")).scalar_one() == 0


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_from_coming_to_leaving_on_either_database(house: House, vera: str) -> None:
    with pytest.raises(NameTaken):
        staffed(house)
    entered = entry.log_in(house, "192.0.2.1", vera, PASSWORD)
    assert isinstance(entered, entry.Entered)
    login = who(house, entered.token)
    assert login is not None
    assert (login.staff.name, login.staff.roles) == (vera, {"qa"})
    people.set_roles(house, vera, ["operator", "qa"])
    again = who(house, entered.token)
    assert again is not None
    assert again.staff.roles == {"qa", "operator"}
    entry.log_out(house, login)
    assert who(house, entered.token) is None
    people.set_password(house, vera, PASSWORD[::-1])
    people.leave(house, vera)
    with pytest.raises(NameTaken):
        staffed(house)
    with pytest.raises(StaffMissing):
        people.set_roles(house, vera, ["qa"])
    done = {"add staff", "log in", "set roles", "log out", "set password", "let go"}
    assert {act for _, act, outcome in acts(house) if outcome == "done"} == done


@pytest.mark.parametrize(
    "name", ["", "v", "Vera", "vera ", ".vera", "vera-", "ве", "v" * 41, "(console)", "a/b"]
)
def test_a_name_is_lower_case_letters_digits_dots_and_dashes(name: str) -> None:
    with pytest.raises(UnfitName):
        people.check_name(name)


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("short herons", "too_short"),
        ("seven narthex herons", "about_you"),
        ("seven vera.petrova herons", "about_you"),
        ("seven Petrova herons", "about_you"),
        ("1234567890123456", "common"),
    ],
)
def test_weak_passwords_are_refused_with_the_reason(password: str, code: str) -> None:
    with pytest.raises(PasswordTooWeak) as refused:
        people.check_password("vera.petrova", password)
    assert code in refused.value.codes


def test_made_up_passwords_may_be_used_and_are_never_the_same(house: House) -> None:
    made = {people.made_up_password("vera") for _ in range(50)}
    assert len(made) == 50
    for password in made:
        people.check_password("vera", password)
