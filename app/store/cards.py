"""Issued cards: one serial a person and kind of card, however often it is asked for."""

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from app.store.crypto import Vault
from app.store.ids import ulid
from app.store.models import cards, run_cards


@dataclass(frozen=True)
class IssuedCard:
    """A card as it was last issued; `facts` are the values the definition names (holder, number, ...)."""

    id: str
    serial: str
    updated_at: datetime
    voided_at: datetime | None
    facts: Mapping[str, str] = field(repr=False)


_OF_SUBJECT = select(cards.c.id, cards.c.serial, cards.c.facts).where(
    cards.c.realm == bindparam("realm"),
    cards.c.name == bindparam("card"),
    cards.c.subject.in_(bindparam("subjects", expanding=True)),
)
_OF_RUN = (
    select(cards)
    .join(run_cards, run_cards.c.card_id == cards.c.id)
    .where(run_cards.c.run_id == bindparam("run"), run_cards.c.name == bindparam("card"))
)
_INSERT = insert(cards)
_RENEW = (
    update(cards)
    .where(cards.c.id == bindparam("card"))
    .values(facts=bindparam("facts"), updated_at=bindparam("now"))
)
_UNTIE = delete(run_cards).where(
    run_cards.c.run_id == bindparam("run"), run_cards.c.name == bindparam("card")
)
_TIE = insert(run_cards)


def issue(
    connection: Connection,
    vault: Vault,
    *,
    realm: str,
    name: str,
    subject: str,
    facts: Mapping[str, str],
    run: str,
    now: datetime,
) -> str:
    """The id of the subject's card, made now or brought up to date, and tied to `run`.

    `facts` gain `authentication_token` (32 random bytes), which never changes once issued.
    """
    subjects = vault.indexes(subject, f"card:{realm}:{name}")
    row: Any = connection.execute(_OF_SUBJECT, {"realm": realm, "card": name, "subjects": subjects}).first()
    if row:
        card = str(row.id)
        kept = json.loads(vault.decrypt(row.facts, f"cards:{card}:facts"))
        fresh = {**facts, "authentication_token": kept["authentication_token"]}
        if fresh != kept:
            sealed = vault.encrypt(json.dumps(fresh), f"cards:{card}:facts")
            connection.execute(_RENEW, {"card": card, "facts": sealed, "now": now})
    else:
        card = ulid(now)
        fresh = {**facts, "authentication_token": secrets.token_urlsafe(32)}
        connection.execute(
            _INSERT,
            {
                "id": card,
                "realm": realm,
                "name": name,
                "subject": subjects[0],
                "serial": secrets.token_hex(16),
                "facts": vault.encrypt(json.dumps(fresh), f"cards:{card}:facts"),
                "issued_at": now,
                "updated_at": now,
            },
        )
    connection.execute(_UNTIE, {"run": run, "card": name})
    connection.execute(_TIE, {"run_id": run, "name": name, "card_id": card})
    return card


def of_run(connection: Connection, vault: Vault, run: str, name: str) -> IssuedCard | None:
    """The card that `run` was issued."""
    row: Any = connection.execute(_OF_RUN, {"run": run, "card": name}).first()
    if row is None:
        return None
    facts = json.loads(vault.decrypt(row.facts, f"cards:{row.id}:facts"))
    return IssuedCard(row.id, row.serial, row.updated_at, row.voided_at, facts)


_BY_ID = select(cards).where(cards.c.id == bindparam("id"))


def by_id(connection: Connection, vault: Vault, card: str) -> IssuedCard | None:
    """The card of this id."""
    row: Any = connection.execute(_BY_ID, {"id": card}).first()
    if row is None:
        return None
    facts = json.loads(vault.decrypt(row.facts, f"cards:{row.id}:facts"))
    return IssuedCard(row.id, row.serial, row.updated_at, row.voided_at, facts)
