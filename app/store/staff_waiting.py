"""What a browser has begun at the desk and goes on with within minutes.

Half a login (`code`, `enrol`) is found by a secret in a cookie; a second factor being renewed (`renew`) and
recovery codes being shown (`codes`) by the login they belong to. What is kept with it is sealed.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Connection, bindparam, delete, insert, select

from app.store.crypto import Vault
from app.store.desk_models import staff_waiting
from app.store.ids import ulid

#: How long anything waits.
LIFE = timedelta(minutes=5)

Purpose = Literal["code", "enrol", "renew", "codes"]


@dataclass(frozen=True)
class Waiting:
    """What waits, for whom, since when."""

    id: str
    member: str
    purpose: Purpose
    kept: str | None = field(repr=False)
    started_at: datetime


_INSERT = insert(staff_waiting)
_BY_MAC = select(staff_waiting).where(staff_waiting.c.mac.in_(bindparam("macs", expanding=True)))
_FORMER = delete(staff_waiting).where(staff_waiting.c.mac.in_(bindparam("macs", expanding=True)))
_TAKE = delete(staff_waiting).where(staff_waiting.c.id == bindparam("waiting"))
_FORGET = delete(staff_waiting).where(staff_waiting.c.staff_id == bindparam("member"))
_PURGE = delete(staff_waiting).where(staff_waiting.c.started_at < bindparam("before"))


def _label(purpose: Purpose) -> str:
    # A secret of one sort must never find what waits for another sort.
    return "desk half login" if purpose in {"code", "enrol"} else f"desk {purpose}"


def _place(waiting: str) -> str:
    return f"staff_waiting:{waiting}:sealed"


def begin(
    connection: Connection,
    vault: Vault,
    member: str,
    purpose: Purpose,
    token: str,
    now: datetime,
    kept: str | None = None,
) -> None:
    """Let this wait for whoever brings `token`; what waited for the same token and purpose is forgotten."""
    connection.execute(_FORMER, {"macs": vault.indexes(token, _label(purpose))})
    waiting = ulid(now)
    row = {
        "id": waiting,
        "mac": vault.index(token, _label(purpose)),
        "staff_id": member,
        "purpose": purpose,
        "sealed": None if kept is None else vault.encrypt(kept, _place(waiting)),
        "started_at": now,
    }
    connection.execute(_INSERT, row)


def by_token(
    connection: Connection, vault: Vault, purpose: Purpose, token: str, now: datetime
) -> Waiting | None:
    """What still waits for this token; `code` and `enrol` ask for half a login of either sort."""
    row = connection.execute(_BY_MAC, {"macs": vault.indexes(token, _label(purpose))}).first()
    if row is None or now >= row.started_at + LIFE:
        return None
    kept = None if row.sealed is None else vault.decrypt(row.sealed, _place(row.id))
    return Waiting(row.id, row.staff_id, row.purpose, kept, row.started_at)


def take(connection: Connection, waiting: str) -> bool:
    """It waits no longer; False when somebody else was quicker."""
    return connection.execute(_TAKE, {"waiting": waiting}).rowcount == 1


def forget(connection: Connection, member: str) -> None:
    """Nothing of this member waits any more."""
    connection.execute(_FORGET, {"member": member})


def purge(connection: Connection, before: datetime) -> int:
    """Forget what was begun before then; how many."""
    return connection.execute(_PURGE, {"before": before}).rowcount
