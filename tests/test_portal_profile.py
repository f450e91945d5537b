"""The profile: where letters go, consents and their proof, open logins; what the sweep forgets."""

import logging
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from app.config import Settings
from app.delivery.post import Post
from app.logs import JsonLines
from app.runner.house import House
from app.runner.logins import Login
from app.runner.portal import profile
from app.runner.portal.realms import realm
from app.runner.portal.visitor import visitor
from app.runner.sweep import sweep
from app.store import accounts, consents, customers, login_failures, logins, runs, sends
from app.store.consents import Consent
from app.store.login_failures import Try
from tests.apps import ready_app
from tests.conftest import Clock
from tests.lodge import ADDRESS, guest, log_in, open_lodge, standing_run
from tests.walk import Walk

HOME, PROFILE = "/portal/lodge/", "/portal/lodge/profile"
NEW = "Uj.Cim.Demo@gmail.com"


@pytest.fixture
def dialect() -> str:
    """Nothing here is done in another way on another database."""
    return "sqlite"


@pytest.fixture
def house(house: House) -> House:
    return open_lodge(house)


@pytest.fixture
def app(settings: Settings, house: House) -> Flask:
    return ready_app(settings, house)


@pytest.fixture
def person(browser: Callable[..., Walk]) -> Callable[..., Walk]:
    return lambda **more: browser(**{"lang": "en", **more})


@pytest.fixture
def inside(house: House, person: Callable[..., Walk]) -> Walk:
    """Somebody logged in, in front of the profile."""
    guest(house)
    return log_in(person()).get(PROFILE)


def letters(walk: Walk, post: Post, to: str) -> list[str]:
    post.deliver(50)
    return [message["text"] for message in walk.messages() if message["to"] == to]


def code_in(letter: str) -> str:
    (code,) = re.findall(r"\b\d{6}\b", letter)
    return str(code)


def asked(walk: Walk, address: str = NEW) -> Walk:
    walk.get(PROFILE)
    return walk.post(PROFILE, address=address)


def test_the_profile_shows_the_user_name_and_numbers_by_their_endings_only(
    house: House, inside: Walk
) -> None:
    assert ADDRESS in inside.text and "Kerekes Hanna" in inside.text
    with house.database.read() as connection:
        account = accounts.by_username(connection, house.vault, "lodge", ADDRESS)
        assert account
        (customer,) = customers.of_account(connection, house.vault, account.id)
    (number,) = customer.numbers.values()
    assert number not in inside.text
    assert f"••••{number[-4:]}" in inside.text


def test_letters_go_to_another_address_once_its_code_was_given_and_the_old_one_is_told(
    inside: Walk, post: Post
) -> None:
    asked(inside)
    assert inside.at == "/portal/lodge/profile/address"
    assert "U•••@gmail.com" in inside.text
    (letter,) = letters(inside, post, NEW)
    assert "http" not in letter and letter.splitlines()[0] == code_in(letter)
    inside.post(code=f" {code_in(letter)[:3]} {code_in(letter)[3:]}")
    assert inside.at == PROFILE and f"<strong>{NEW}</strong>" in inside.text
    (notice,) = letters(inside, post, ADDRESS)
    assert NEW not in notice and code_in(letter) not in notice
    assert inside.get(f"{PROFILE}/address").at == PROFILE
    inside.get(f"{HOME}profile")
    walk = log_in(Walk(inside.app, lang="en"))  # the user name stays
    assert walk.at == HOME


def test_letters_go_to_the_user_name_again_without_a_code(inside: Walk, post: Post) -> None:
    asked(inside).post(code=code_in(letters(inside, post, NEW)[0]))
    inside.post(f"{PROFILE}/address/user_name")
    assert f"<strong>{ADDRESS}</strong>" in inside.text
    assert len(letters(inside, post, NEW)) == 2


def test_a_wrong_code_is_counted_and_after_five_the_right_one_is_wrong_too(inside: Walk, post: Post) -> None:
    asked(inside)
    right = code_in(letters(inside, post, NEW)[0])
    wrong = f"{(int(right) + 1) % 10**6:06d}"
    for _ in range(4):
        assert "not right" in inside.post(code=wrong).text
        assert inside.status == 422
    assert "too many wrong codes" in inside.post(code=wrong).text
    assert "too many wrong codes" in inside.post(code=right).text
    assert f"<strong>{ADDRESS}</strong>" in inside.get(PROFILE).text


def test_a_code_is_good_for_ten_minutes_and_until_a_newer_one_is_sent(
    inside: Walk, post: Post, clock: Clock
) -> None:
    asked(inside)
    first = code_in(letters(inside, post, NEW)[0])
    assert "Wait a minute" in inside.post(f"{PROFILE}/address/again").text
    clock.pass_(minutes=10)
    assert "out of date" in inside.post(f"{PROFILE}/address", code=first).text
    inside.get(f"{PROFILE}/address").post(f"{PROFILE}/address/again")
    second = code_in(letters(inside, post, NEW)[1])
    if first != second:
        assert "not right" in inside.post(f"{PROFILE}/address", code=first).text
    assert inside.post(f"{PROFILE}/address", code=second).at == PROFILE


def test_no_more_than_five_codes_a_day_go_out(inside: Walk, post: Post, clock: Clock) -> None:
    for number in range(7):
        clock.pass_(minutes=11)
        asked(inside, f"cim{number}.demo@gmail.com")
        post.deliver(50)
    assert inside.status == 422 and "tomorrow" in inside.text
    assert len([m for m in inside.messages() if m["to"].startswith("cim")]) == 5


def test_capitals_make_no_other_mailbox(house: House, clock: Clock) -> None:
    spelled = (NEW, NEW.lower(), NEW.upper(), NEW.swapcase(), NEW.title())
    with house.database.write() as connection:
        for to in spelled:
            assert not sends.capped(connection, house.vault, to, len(spelled), 10, clock())
            sends.count(connection, house.vault, to, "r-1", "address_code", clock())
        assert sends.capped(connection, house.vault, NEW, len(spelled), 10, clock())


@pytest.mark.parametrize("typed", ["", "nobody", "x" * 290 + "@gmail.com", f" {ADDRESS.upper()} "])
def test_what_cannot_be_an_address_is_shown_again_with_the_reason(inside: Walk, typed: str) -> None:
    asked(inside, typed)
    assert inside.status == 422 and 'id="address-error"' in inside.text
    assert f'value="{typed}"' in inside.text
    inside.get(f"{PROFILE}/address")
    assert inside.at == PROFILE


def test_a_change_can_be_given_up(inside: Walk, post: Post) -> None:
    asked(inside).post(f"{PROFILE}/address/give_up")
    assert inside.at == PROFILE and "stays as it was" in inside.text
    inside.post(f"{PROFILE}/address", code=code_in(letters(inside, post, NEW)[0]))
    assert f"<strong>{ADDRESS}</strong>" in inside.text


def test_a_consent_is_withdrawn_and_given_again_and_everything_is_kept(
    house: House, person: Callable[..., Walk], clock: Clock
) -> None:
    account = guest(house).account
    with house.database.write() as connection:
        consents.record(
            connection,
            Consent(account, "news", "accept", "News by mail?", "lodge", "sha256:old", "en", "r-1", clock()),
        )
    walk = log_in(person()).get(PROFILE)
    assert "News by mail?" in walk.text
    for decision in ("decline", "decline", "accept"):
        clock.pass_(minutes=1)
        walk.post(f"{PROFILE}/consents", field="news", decision=decision)
        assert walk.at == PROFILE
    with house.database.read() as connection:
        kept = consents.history(connection, account)
    assert [each.decision for each in kept] == ["accept", "decline", "accept"]
    live = house.shelf.live("lodge")
    assert {(each.text, each.digest, each.lang, each.run) for each in kept[1:]} == {
        ("News", live.digest, "en", None)
    }


def test_the_organisation_hears_of_a_changed_consent_once(house: House) -> None:
    told = replace(house, webhooks=frozenset({"lodge"}))
    login = Login("l-1", guest(house).account, "lodge", None, house.clock())
    here = visitor(told, realm(told, "lodge"), login)
    assert here
    assert profile.decide(told, here, "news", "accept", "en")
    assert profile.decide(told, here, "news", "accept", "hu")
    with house.database.read() as connection:
        letters = connection.execute(text("select channel from outbox")).scalars().all()
    assert letters == ["webhook"]


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"field": "email", "decision": "decline"}, 404),
        ({"field": "nothing", "decision": "accept"}, 404),
        ({"field": "news", "decision": "perhaps"}, 404),
        ({}, 404),
    ],
)
def test_only_consents_can_be_decided_here(inside: Walk, fields: dict[str, str], status: int) -> None:
    assert inside.post(f"{PROFILE}/consents", **fields).status == status


def test_other_logins_are_seen_and_ended_and_nobody_elses(house: House, person: Callable[..., Walk]) -> None:
    guest(house)
    foreign = guest(house, "other.lodge.demo@gmail.com")
    here = log_in(person(agent="Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"))
    second, third = log_in(person()), log_in(person())
    stranger = log_in(person(), "other.lodge.demo@gmail.com")
    here.get(PROFILE)
    assert "Firefox, Linux" in here.text and "this one" in here.text
    others = re.findall(r'name="login" value="([^"]+)"', here.text)
    assert len(others) == 2
    with house.database.read() as connection:
        (theirs,) = logins.of_account(connection, house.vault, foreign.account)
    assert here.post(f"{PROFILE}/logins", login=theirs.id).status == 404
    assert stranger.get(HOME).at == HOME
    here.get(PROFILE).post(f"{PROFILE}/logins", login=others[0])
    assert sorted([second.get(HOME).at, third.get(HOME).at]) == [HOME, f"{HOME}login"]
    here.get(PROFILE).post(f"{PROFILE}/logins/others")
    assert {second.get(HOME).at, third.get(HOME).at} == {f"{HOME}login"}
    assert here.get(HOME).at == HOME


def test_acts_without_the_forms_token_change_nothing(inside: Walk) -> None:
    paths = ["", "/address", "/address/user_name", "/address/again", "/address/give_up", "/consents"]
    for path in [*paths, "/logins", "/logins/others"]:
        assert inside._ask("POST", f"{PROFILE}{path}", data={"address": NEW}).status_code == 403
    assert not inside.messages()


def test_looking_at_every_page_writes_nothing(house: House, inside: Walk) -> None:
    def counted() -> list[object]:
        tables = ("logins", "address_changes", "consents", "outbox", "journal", "login_failures")
        with house.database.read() as connection:
            return [connection.execute(text(f"select count(*) from {name}")).scalar() for name in tables]

    before = counted()
    for path in ("", "login", "documents", "requests", "profile", "profile/address", "profile?lang=hu"):
        assert inside.get(f"{HOME}{path}").status == 200
    assert counted() == before


def test_time_takes_logins_failures_and_accounts_nobody_confirmed(house: House, clock: Clock) -> None:
    run = standing_run(house)
    waiting = guest(house, confirmed=False, run=run)
    settled = guest(house, "other.lodge.demo@gmail.com")
    with house.database.write() as connection:
        for guest_ in (waiting, settled):
            logins.open_login(connection, house.vault, guest_.account, f"t{guest_.account}", "", clock())
        login_failures.count(connection, house.vault, Try("lodge", ADDRESS, "192.0.2.1"), clock())
    clock.now += timedelta(days=29)
    sweep(house)
    with house.database.read() as connection:
        assert accounts.by_id(connection, house.vault, waiting.account)
        assert connection.execute(text("select count(*) from login_failures")).scalar() == 0
        assert connection.execute(text("select count(*) from logins")).scalar() == 2
    clock.now += timedelta(days=2)
    sweep(house)
    with house.database.read() as connection:
        assert accounts.by_id(connection, house.vault, waiting.account) is None
        assert accounts.by_id(connection, house.vault, settled.account)
        ended = runs.by_id(connection, run)
        assert connection.execute(text("select count(*) from logins")).scalar() == 0
    assert ended and ended.state == "expired" and ended.ended_at and ended.wrapped_key is None


def test_nothing_about_people_is_logged(
    inside: Walk, post: Post, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    asked(inside)
    code = code_in(letters(inside, post, NEW)[0])
    inside.post(code=code)
    inside.post(f"{PROFILE}/consents", field="news", decision="accept")
    said = "\n".join(JsonLines().format(record) for record in caplog.records).lower()
    for canary in ("hanna", "uj.cim", code, "kerekes"):
        assert canary not in said
