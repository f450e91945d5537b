"""Logins: made once, looking alike whether or not the name was taken, renewed in one last step."""

import dataclasses
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from app.config import Settings
from app.effects.accounts import ADDRESS_CONFIRMATION
from app.runner.house import House
from app.store import accounts, codes, customers, logins
from app.store.codes import Purpose
from app.store.outbox import Letter
from tests.apps import ready_app
from tests.conftest import Clock
from tests.members import (
    BOTH,
    EMAIL,
    PASSWORD,
    PERSON,
    activated,
    at_password,
    count,
    effects,
    events,
    joined,
    logins_of,
    open_club,
    typed,
    waiting,
)
from tests.test_races import together
from tests.walk import Walk

HANDS = 20


@pytest.fixture
def dialect(request: pytest.FixtureRequest) -> str:
    return str(getattr(request, "param", "sqlite"))


@pytest.fixture
def house(house: House) -> House:
    """The demo's house with both flows, whose organisations want to hear of logins."""
    told = dataclasses.replace(house, webhooks=frozenset({"club", "works"}))
    open_club(told)
    return told


def run_of(house: House, number: int = 0) -> str:
    with house.database.read() as connection:
        runs = connection.execute(text("select id from runs order by started_at, id")).scalars().all()
    return str(runs[number])


def log_in_here(walk: Walk, house: House, clock: Clock, realm: str = "club") -> None:
    """Give this browser an open login of the realm's one account."""
    (account,) = logins_of(house, realm)
    token = account.id.ljust(64, "x")
    with house.database.write() as connection:
        logins.open_login(connection, house.vault, account.id, token, "Firefox", clock())
    walk.client.set_cookie(f"narthex_{realm}", token)


def opens(house: House, token: str) -> bool:
    with house.database.read() as connection:
        login = logins.by_token(connection, house.vault, token)
    return login is not None and login.ended_at is None


@BOTH
def test_a_login_is_made_with_its_customer_and_the_code_goes_to_its_address(
    browser: Callable[..., Walk], house: House, clock: Clock
) -> None:
    joined(browser(lang="hu"))
    (account,) = logins_of(house)
    assert (account.address, account.flow, account.lang) == (EMAIL, "joining", "hu")
    assert (account.confirmed_at, account.run) == (None, run_of(house))
    with house.database.read() as connection:
        (customer,) = customers.of_account(connection, house.vault, account.id)
    assert (customer.name, customer.numbers) == ("Verbenova Anna", {"number": "M-4711-9920"})
    (code,) = [each for each in waiting(house, clock) if each["channel"] == "mail"]
    assert code["to"] == EMAIL and re.fullmatch("Az Ön kódja: [A-Z0-9]{6}", code["text"])
    (event,) = events(house, clock)
    assert event == {
        "type": "account.created",
        "timestamp": "2026-11-23T09:00:00.000000Z",
        "data": {
            "realm": "club",
            "account": account.id,
            "username": EMAIL,
            "customers": [{"name": "Verbenova Anna", "numbers": {"number": "M-4711-9920"}}],
            "consents": {"marketing": "decline", "terms": "accept"},
        },
    }


def test_a_taken_user_name_looks_like_a_free_one_and_its_owner_is_told(
    browser: Callable[..., Walk], house: House, clock: Clock
) -> None:
    """The same page, the same journal, two different mails (S17)."""
    first = joined(browser(lang="hu"))
    before = waiting(house, clock)
    clock.pass_(minutes=2)
    second = joined(browser(lang="en", address="198.51.100.7"), EMAIL.upper(), number="M-0000-1111")
    again = first.get("/joining/registered?lang=en")

    def bare(page: str) -> str:
        return re.sub(r'value="[^"]*"|[A-Za-z0-9]{4}-[A-Za-z0-9]{4}', "", page)

    assert bare(second.text) == bare(again.text)
    assert len(logins_of(house)) == 1
    assert effects(house, run_of(house, 0)) == effects(house, run_of(house, 1))
    (told,) = [each for each in waiting(house, clock) if each not in before]
    assert (told["to"], told["lang"]) == (EMAIL, "hu")  # as its owner wrote it, in its owner's language
    assert "Verbéna Klub: valaki ezzel a címmel akart regisztrálni" in told["text"]
    assert second.post(trigger="log_in").at == "/joining/registered"


def test_the_owner_of_a_taken_name_is_not_flooded(app: Flask, house: House, clock: Clock) -> None:
    """As many notices as codes could have gone to that address (S27)."""
    joined(Walk(app))
    for number in range(6):
        joined(Walk(app, address=f"198.51.100.{number}"), number=f"M-0000-{number:04}")
    told = [each for each in waiting(house, clock) if "which has a login" in each["text"]]
    told += [each for each in waiting(house, clock) if "pedig már van" in each["text"]]
    assert len(told) == 4  # the fifth message within ten minutes was the code itself


@BOTH
def test_twenty_registrations_of_one_member_at_once_make_one_login(app: Flask, house: House) -> None:
    before = count(house.database, "customers")
    walks = [at_password(Walk(app, address=f"198.51.100.{n}"), f"m{n}@gmail.com") for n in range(HANDS)]
    together([lambda w=w: w.post(**typed(PASSWORD)) for w in walks])  # type: ignore[misc]
    assert len(logins_of(house)) == 1
    ends = Counter(walk.at for walk in walks)
    assert ends == {"/joining/registered": 1, "/joining/already": HANDS - 1}
    assert count(house.database, "customers") == before + 1


@BOTH
def test_twenty_registrations_of_one_address_at_once_make_one_login(
    app: Flask, house: House, clock: Clock
) -> None:
    walks = [at_password(Walk(app, address=f"198.51.100.{n}"), number=f"M-1000-{n:04}") for n in range(HANDS)]
    together([lambda w=w: w.post(**typed(PASSWORD)) for w in walks])  # type: ignore[misc]
    assert len(logins_of(house)) == 1
    assert {walk.at for walk in walks} == {"/joining/registered"}
    mails = [each["text"] for each in waiting(house, clock) if each["channel"] == "mail"]
    # One code; its owner hears of the others as often as codes may go to one address within ten minutes.
    assert sorted("code" in each or "kód" in each for each in mails) == [False] * 4 + [True]


@BOTH
def test_two_activations_of_one_address_at_once_are_one_profile_of_both_customers(
    app: Flask, house: House
) -> None:
    walks = [Walk(app, address=f"198.51.100.{n}") for n in range(2)]
    together([lambda w=w, n=n: activated(w, f"20395561{n}") for n, w in enumerate(walks)])  # type: ignore[misc]
    (account,) = logins_of(house, "works")
    with house.database.read() as connection:
        held = customers.of_account(connection, house.vault, account.id)
    assert {each.numbers["eik"] for each in held} == {"203955610", "203955611"}
    cookies = [walk.client.get_cookie("narthex_works") for walk in walks]
    assert sorted(opens(house, cookie.value) for cookie in cookies if cookie) == [False, True]


def test_the_first_login_confirms_the_address_and_the_journal_says_no_more(
    walk: Walk, house: House, clock: Clock
) -> None:
    """An address confirmation, never called a second factor (C4)."""
    joined(walk)
    assert walk.post(trigger="log_in").at == "/joining/registered"  # not logged in yet
    log_in_here(walk, house, clock)
    assert walk.get("/joining/registered").post(trigger="log_in").at == "/joining/verify"
    clock.pass_(minutes=1)
    assert walk.post(follow=False).page.location == "/joining/active"  # type: ignore[union-attr]
    assert effects(house, run_of(house))[-1] == [("confirm_address", ADDRESS_CONFIRMATION)]
    (account,) = logins_of(house)
    assert account.confirmed_at == clock()
    assert [each["type"] for each in events(house, clock)] == ["account.created", "account.confirmed"]
    answer = walk._ask("GET", "/joining/active")
    assert (answer.status_code, answer.location) == (303, "/portal/club/")


@BOTH
def test_a_renewal_changes_nothing_until_its_last_step_and_then_ends_everything(
    browser: Callable[..., Walk], house: House, clock: Clock
) -> None:
    """Old password, logins and codes hold until then, and not a moment longer (S48, S31)."""
    joined(browser())
    (before,) = logins_of(house)
    tokens = ["a" * 64, "b" * 64]
    with house.database.write() as connection:
        for token in tokens:
            logins.open_login(connection, house.vault, before.id, token, "Firefox", clock())
        accounts.set_letters_to(connection, house.vault, before.id, "letters@gmail.com")
    purpose = Purpose("club", run_of(house), "email_code", "mail", EMAIL)
    other = browser(address="198.51.100.9")
    other.get("/joining/who").post(**PERSON)
    assert other.at == "/joining/already"
    other.post(trigger="renew").post(**typed("short"))
    assert other.at == "/joining/anew"
    assert all(opens(house, token) for token in tokens)
    assert logins_of(house)[0].password == before.password

    clock.pass_(minutes=1)
    assert other.post(**typed("Nq8vRt3w")).at == "/joining/renewed"
    (after,) = logins_of(house)
    assert house.passwords.verify(house.vault, after.password, "Nq8vRt3w")
    assert not house.passwords.verify(house.vault, after.password, PASSWORD)
    assert after.password_at == clock()
    assert not any(opens(house, token) for token in tokens)
    with house.database.read() as connection:
        newest = codes.standing(connection, house.vault, purpose, clock()).newest
    assert newest is not None and newest.fate(clock(), 5) == "replaced"
    told = [each for each in waiting(house, clock) if each["channel"] == "mail"][1:]
    assert {each["to"] for each in told} == {EMAIL, "letters@gmail.com"} and len(told) == 2
    assert not any("Nq8vRt3w" in each["text"] or PASSWORD in each["text"] for each in told)
    assert events(house, clock)[-1]["type"] == "password.changed"
    assert set(events(house, clock)[-1]["data"]) == {"realm", "account", "username", "customers"}


def test_activation_logs_in_and_a_second_one_ends_every_other_login(
    browser: Callable[..., Walk], house: House, clock: Clock
) -> None:
    first = activated(browser(), "203955619")
    assert first.page is not None and first.page.location == "/activating/active"
    cookie = first.client.get_cookie("narthex_works")
    assert cookie is not None and opens(house, cookie.value)
    answer = first._ask("GET", "/activating/active")
    assert answer.location == "/portal/works/"
    (before,) = logins_of(house, "works")
    assert before.confirmed_at == clock()

    clock.pass_(minutes=1)
    second = activated(browser(address="198.51.100.9"), "131420989", EMAIL.lower(), "GuteNachtLicht")
    renewed = second.client.get_cookie("narthex_works")
    assert renewed is not None and opens(house, renewed.value) and not opens(house, cookie.value)
    (after,) = logins_of(house, "works")
    assert after.id == before.id
    assert house.passwords.verify(house.vault, after.password, "GuteNachtLicht")
    told = [each for each in waiting(house, clock) if each["channel"] == "mail"]
    assert [each["to"] for each in told] == [EMAIL]
    assert [each["type"] for each in events(house, clock)] == ["account.created", "password.changed"]
    assert len(events(house, clock)[1]["data"]["customers"]) == 2


def test_an_organisation_that_did_not_ask_hears_nothing(
    settings: Settings, house: House, clock: Clock
) -> None:
    app = ready_app(settings, dataclasses.replace(house, webhooks=frozenset({"works"})))
    joined(Walk(app))
    assert events(house, clock) == []


@BOTH
def test_nothing_personal_lies_readable_in_the_database(walk: Walk, house: House, clock: Clock) -> None:
    joined(walk)
    activated(walk, "203955619")
    log_in_here(walk, house, clock)
    told = b""
    with house.database.read() as connection:
        for table in ("accounts", "customers", "customer_numbers", "memberships", "logins", "consents"):
            told += repr(connection.execute(text(f"select * from {table}")).all()).encode()
        for table in ("outbox", "journal", "answers", "runs", "codes", "sends"):
            told += repr(connection.execute(text(f"select * from {table}")).all()).encode()
    if house.database.engine.dialect.name == "sqlite":
        file = Path(str(house.database.engine.url.database))
        told += file.read_bytes() + file.with_name(f"{file.name}-wal").read_bytes()
    canaries = [EMAIL, EMAIL.lower(), PASSWORD, *PERSON.values(), "203955619", "verbenova"]
    assert [each for each in canaries if each.encode() in told] == []
    assert [each for each in canaries if each.encode("utf-16-le") in told] == []


def test_letters_and_accounts_do_not_tell_in_a_traceback_whom_they_are_about(house: House) -> None:
    letter = Letter("k", "mail", "en", house.clock(), recipient=EMAIL, body=PASSWORD)
    assert EMAIL not in repr(letter) and PASSWORD not in repr(letter)
