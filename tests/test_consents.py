"""Consents and agreements: provable words, times and decisions that nobody can touch up (S58)."""

import hashlib
import html
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from app.runner.house import House
from app.store import accounts, consents
from app.store.consents import Consent
from app.store.database import Database
from tests.conftest import BEGINNING, Clock
from tests.members import BOTH, CHOICES, EMAIL, PASSWORD, PERSON, count, joined, logins_of, open_club, typed
from tests.walk import Walk

YES = Consent("a1", "marketing", "accept", "May we write?", "joining", "sha256:1", "en", "r-1", BEGINNING)


@pytest.fixture
def dialect(request: pytest.FixtureRequest) -> str:
    return str(getattr(request, "param", "sqlite"))


def test_what_was_shown_is_what_is_kept(browser: Callable[..., Walk], house: House, clock: Clock) -> None:
    """The words, the language and the time of the page that asked, not of the page that made the login."""
    open_club(house)
    walk = browser(lang="en")
    page = html.unescape(walk.get("/joining/who").post(**PERSON).text)
    assert "checked" not in page.partition("<main")[2]
    asked_at = clock()
    walk.post(email=EMAIL, **CHOICES)
    clock.pass_(minutes=3)
    walk.get("/joining/choose?lang=hu").post(**typed(PASSWORD))
    (account,) = logins_of(house)
    assert account.lang == "hu"
    with house.database.read() as connection:
        kept = {each.field: each for each in consents.history(connection, account.id)}
        run = connection.execute(text("select id from runs")).scalar_one()
        hashes = {
            row.field: row.text_hash
            for row in connection.execute(text("select field, text_hash from consents"))
        }
    assert {field: each.decision for field, each in kept.items()} == {
        "marketing": "decline",
        "terms": "accept",
    }
    label, full = "May we write to you?", "We write once a month at most."
    assert label in page and "I agree to the terms." in page
    assert hashes["marketing"] == hashlib.sha256(f"{label}\n\n{full}".encode()).hexdigest()
    assert hashes["terms"] == hashlib.sha256(b"I agree to the terms.").hexdigest()
    live = house.shelf.live("joining")
    for each in kept.values():
        assert (each.flow, each.digest, each.run) == ("joining", live.digest, run)
        assert (each.lang, each.at) == ("en", asked_at)


@BOTH
def test_the_last_decision_counts_and_the_former_stay(database: Database) -> None:
    no = replace(YES, decision="decline", run=None, at=BEGINNING + timedelta(days=1))
    with database.write() as connection:
        for each in (YES, no, replace(YES, field="terms"), replace(YES, account="a2")):
            consents.record(connection, each)
    with database.read() as connection:
        assert [
            each.decision for each in consents.history(connection, "a1") if each.field == "marketing"
        ] == [
            "accept",
            "decline",
        ]
        current = consents.current(connection, "a1")
    assert {field: each.decision for field, each in current.items()} == {
        "marketing": "decline",
        "terms": "accept",
    }
    assert current["marketing"] == no
    assert (count(database, "consents"), count(database, "consent_texts")) == (4, 1)


@BOTH
@pytest.mark.parametrize("table", ["consents", "consent_texts"])
@pytest.mark.parametrize("act", ["delete from {table}", "update {table} set {column} = 'x'"])
def test_the_database_itself_refuses_to_change_a_proof(database: Database, table: str, act: str) -> None:
    with database.write() as connection:
        consents.record(connection, YES)
    column = {"consents": "decision", "consent_texts": "text"}[table]
    with pytest.raises(DatabaseError, match="append-only"), database.write() as connection:
        connection.execute(text(act.format(table=table, column=column)))
    with database.read() as connection:
        assert consents.history(connection, "a1") == [YES]


def test_proofs_outlive_the_login(browser: Callable[..., Walk], house: House) -> None:
    open_club(house)
    joined(browser())
    (account,) = logins_of(house)
    with house.database.write() as connection:
        accounts.forget(connection, account.id)
    with house.database.read() as connection:
        assert len(consents.history(connection, account.id)) == 2
