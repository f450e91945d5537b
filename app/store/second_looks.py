"""Refusals to be looked at again out of the applicant's sight: every one leaves a row of the same size.

Were only the right person's refusal to leave one, or were it carried out at once, a guesser could tell by the
work done which guess was right (C6, S12).
"""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, select

from app.store.crypto import Undecipherable, Vault
from app.store.ids import ulid
from app.store.models import second_looks

_SIZE = 4096

_INSERT = insert(second_looks)
_OLDEST = select(second_looks).order_by(second_looks.c.at, second_looks.c.id).limit(bindparam("most"))
_DROP = delete(second_looks).where(second_looks.c.id == bindparam("look"))


@dataclass(frozen=True)
class SecondLook:
    """One row; `body` is empty where it can no longer be read."""

    id: str
    body: str = field(repr=False)


def put(connection: Connection, vault: Vault, body: str, now: datetime) -> None:
    """Leave a row; ValueError for a body that does not fit the size all rows have."""
    padding = _SIZE - len(body.encode())
    if padding < 0:
        raise ValueError("a second look is too large")
    look = ulid(now)
    sealed = vault.encrypt(body + " " * padding, f"second_looks:{look}:body")
    connection.execute(_INSERT, {"id": look, "at": now, "body": sealed})


def oldest(connection: Connection, vault: Vault, most: int) -> list[SecondLook]:
    """The rows that have waited longest."""
    looks = []
    for row in connection.execute(_OLDEST, {"most": most}):
        try:
            body = vault.decrypt(row.body, f"second_looks:{row.id}:body")
        except Undecipherable:
            body = ""
        looks.append(SecondLook(row.id, body))
    return looks


def drop(connection: Connection, look: str) -> bool:
    """Take the row away; False when somebody else has."""
    return connection.execute(_DROP, {"look": look}).rowcount == 1
