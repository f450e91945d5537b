"""People who make logins in the tiny flows `joining` and `activating`, and what one finds of them after."""

import json
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from app.flow.loader import read_folder
from app.runner.house import House
from app.runner.publish import take_over
from app.store import accounts, outbox
from app.store.accounts import Account
from app.store.database import Database
from tests.conftest import Clock
from tests.walk import Walk

#: A test that must hold on either database, in a module whose others need only one.
BOTH = pytest.mark.parametrize(
    "dialect",
    ["sqlite", "postgresql"],
    indirect=True,
)
FLOWS = Path(__file__).parent / "flows"
PASSWORD = "Zw7kqLx9"
EMAIL = "Anna.Verbenova@gmail.com"
PERSON = {"number": "M-4711-9920", "holder": "Verbenova Anna"}
CHOICES = {"marketing": "decline", "terms": "y"}


def open_club(house: House) -> None:
    """Make both flows live; where they are short cuts, lint would not let them pass."""
    for name in ("joining", "activating"):
        take_over(house, read_folder(FLOWS / name))


def typed(password: str) -> dict[str, str]:
    """A password, typed twice alike."""
    return {"password": password, "password_again": password}


def at_password(walk: Walk, email: str = EMAIL, **person: str) -> Walk:
    """Up to the page that asks for a password."""
    walk.get("/joining/who").post(**{**PERSON, **person})
    walk.post(email=email, **CHOICES)
    assert walk.at == "/joining/choose", walk.text
    return walk


def joined(walk: Walk, email: str = EMAIL, password: str = PASSWORD, **person: str) -> Walk:
    """Up to the page that says it is done."""
    at_password(walk, email, **person).post(**typed(password))
    assert walk.at == "/joining/registered", walk.text
    return walk


def activated(walk: Walk, eik: str, email: str = EMAIL, password: str = PASSWORD) -> Walk:
    """Through the flow that opens a profile; stops at the answer to its last post."""
    walk.get("/activating/who").post(eik=eik, company="Firm", email=email)
    return walk.post(follow=False, **typed(password))


def logins_of(house: House, realm: str = "club") -> list[Account]:
    """All accounts of a realm."""
    with house.database.read() as connection:
        return accounts.of_realm(connection, house.vault, realm)


def count(database: Database, table: str) -> int:
    """How many rows there are."""
    with database.read() as connection:
        return int(connection.execute(text(f"select count(*) from {table}")).scalar_one())


def waiting(house: House, clock: Clock) -> list[dict[str, Any]]:
    """What lies in the outbox: to, channel, lang and text of every letter, by time; it stays there."""
    with house.database.engine.connect() as connection:
        everything = {"owner": "test", "now": clock(), "lease": clock() - clock(), "most": 50}
        claimed = outbox.claim(connection, house.vault, channels=["mail", "webhook"], **everything)
        connection.rollback()
    letters = [each.letter for each in claimed]
    return [{"to": e.recipient, "channel": e.channel, "lang": e.lang, "text": e.body} for e in letters]


def events(house: House, clock: Clock) -> list[dict[str, Any]]:
    """The events in the outbox."""
    return [json.loads(each["text"]) for each in waiting(house, clock) if each["channel"] == "webhook"]


def effects(house: House, run: str) -> list[list[tuple[str, str]]]:
    """What the journal says of a run's effects, step by step."""
    with house.database.read() as connection:
        rows = connection.execute(
            text("select record from journal where run = :run order by seq"), {"run": run}
        ).scalars()
        return [[(each["e"], each["status"]) for each in json.loads(row)["effects"]] for row in rows]
