"""The demo's inbox: what would have gone out, kept encrypted, for a day at most."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select

from app.store.crypto import Vault
from app.store.ids import ulid
from app.store.models import inbox


@dataclass(frozen=True)
class Message:
    """One message as its receiver would read it; `channel` is `sms` or `mail`, `to` E.164 or an address."""

    id: str
    channel: str
    at: datetime
    to: str = field(repr=False)
    subject: str = field(repr=False)
    text: str = field(repr=False)


_ALL = select(inbox).order_by(inbox.c.at, inbox.c.id)
_KNOWN = select(inbox.c.id).where(inbox.c.key == bindparam("key"))
_INSERT = insert(inbox)
_PURGE = delete(inbox).where(inbox.c.at < bindparam("before"))


def put(
    connection: Connection,
    vault: Vault,
    *,
    key: str,
    channel: str,
    to: str,
    subject: str,
    text: str,
    now: datetime,
) -> str:
    """Keep one message and answer its id; the same key twice is the same message."""
    if known := connection.execute(_KNOWN, {"key": key}).first():
        return str(known.id)
    message = ulid(now)
    sealed = {
        column: vault.encrypt(value, f"inbox:{message}:{column}")
        for column, value in (("recipient", to), ("subject", subject), ("text", text))
    }
    connection.execute(_INSERT, {"id": message, "key": key, "channel": channel, "at": now, **sealed})
    return message


def messages(connection: Connection, vault: Vault) -> list[Message]:
    """All messages, oldest first."""
    return [_message(row, vault) for row in connection.execute(_ALL)]


def _message(row: Any, vault: Vault) -> Message:
    to, subject, text = (
        vault.decrypt(getattr(row, column), f"inbox:{row.id}:{column}")
        for column in ("recipient", "subject", "text")
    )
    return Message(row.id, row.channel, row.at, to, subject, text)


def purge(connection: Connection, before: datetime) -> int:
    """Erase messages older than `before`; how many."""
    return connection.execute(_PURGE, {"before": before}).rowcount
