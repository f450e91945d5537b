"""Telling the organisation's systems what became of a login: an event in the outbox."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection

from app.flow.record import utc
from app.step import World
from app.store import consents, customers, outbox
from app.store.accounts import Account
from app.store.crypto import Vault
from app.store.outbox import Letter

Event = Literal["account.created", "account.confirmed", "password.changed", "consent.changed"]
CHANNEL = "webhook"
_VALID = timedelta(days=3)
_WITH_CONSENTS = {"account.created", "consent.changed"}


def facts(connection: Connection, vault: Vault, event: Event, account: Account) -> dict[str, Any]:
    """What an event tells: whose login it is and, where they are new, the consents. Never a secret."""
    of_account = customers.of_account(connection, vault, account.id)
    told: dict[str, Any] = {
        "realm": account.realm,
        "account": account.id,
        "username": account.address,
        "customers": [{"name": each.name, "numbers": dict(each.numbers)} for each in of_account],
    }
    if event in _WITH_CONSENTS:
        current = consents.current(connection, account.id)
        told["consents"] = {field: consent.decision for field, consent in current.items()}
    return told


def letter(event: Event, account: Account, data: Mapping[str, Any], key: str, now: datetime) -> Letter:
    """The event as it leaves: JSON in the body, the realm it happened in as recipient."""
    body = {"type": event, "timestamp": utc(now), "data": data}
    return Letter(
        key=f"{key}:{event}",
        channel=CHANNEL,
        lang=account.lang,
        expires_at=now + _VALID,
        recipient=account.realm,
        body=json.dumps(body, ensure_ascii=False),
    )


def put_event(
    connection: Connection, world: World, event: Event, account: Account, key: str, now: datetime
) -> None:
    """Leave an event in the outbox, if the organisation wants to hear of its logins."""
    if account.realm in world.webhooks:
        data = facts(connection, world.vault, event, account)
        outbox.put(connection, world.vault, letter(event, account, data, key, now), now)
