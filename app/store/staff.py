"""Who works at the desk: a name, roles, a password's hash. Who has left stays, without a password.

A name is never used twice: the acts noted under it would otherwise be two people's.
"""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from app.store.desk_models import staff

NO_PASSWORD = "!"  # noqa: S105 - no hash looks like it


@dataclass(frozen=True)
class StoredStaff:
    """One member of staff: their roles by name, since when the password holds, when they left, since when a
    second factor is asked for, who they are at the organisation's identity provider."""

    id: str
    name: str
    roles: tuple[str, ...]
    password: str = field(repr=False)
    password_at: datetime
    created_at: datetime
    left_at: datetime | None = None
    totp_at: datetime | None = None
    subject: str | None = None

    @property
    def has_password(self) -> bool:
        """Whether any password opens the desk under this name."""
        return self.password != NO_PASSWORD


def subject(issuer: str, sub: str) -> str:
    """Who `sub` is at this identity provider, as it is kept: a sum stands for the provider's own name."""
    return f"{issuer} {hashlib.sha256(sub.encode()).hexdigest()}"


def issuer_of(kept: str) -> str:
    """The identity provider of a kept subject."""
    return kept.rpartition(" ")[0]


class NameTaken(Exception):
    """Somebody at the desk has or had this name."""


_FIELDS = select(staff)
_INSERT = insert(staff)
_BY_NAME = _FIELDS.where(staff.c.name == bindparam("named"))
_BY_SUBJECT = _FIELDS.where(staff.c.subject == bindparam("kept"))
_BY_ID = _FIELDS.where(staff.c.id == bindparam("member"))
_EVERYONE = _FIELDS.order_by(staff.c.name)
_LOCK = select(staff.c.id).where(staff.c.id == bindparam("member")).with_for_update()
_ROLES = update(staff).where(staff.c.id == bindparam("member")).values(roles=bindparam("now_roles"))
_PASSWORD = (
    update(staff)
    .where(staff.c.id == bindparam("member"))
    .values(password=bindparam("encoded"), password_at=bindparam("now"))
)
_REHASH = (
    update(staff)
    .where(staff.c.id == bindparam("member"), staff.c.password == bindparam("before"))
    .values(password=bindparam("encoded"))
)
_LEAVE = (
    update(staff)
    .where(staff.c.id == bindparam("member"))
    .values(left_at=bindparam("now"), password=NO_PASSWORD, password_at=bindparam("now"))
)


def add(connection: Connection, member: StoredStaff) -> None:
    """Store somebody new; raises NameTaken."""
    if by_name(connection, member.name):
        raise NameTaken(member.name)
    row = {
        "id": member.id,
        "name": member.name,
        "roles": list(member.roles),
        "password": member.password,
        "password_at": member.password_at,
        "created_at": member.created_at,
        "subject": member.subject,
    }
    try:
        connection.execute(_INSERT, row)
    except IntegrityError:
        raise NameTaken(member.name) from None  # somebody else was quicker


def by_name(connection: Connection, name: str) -> StoredStaff | None:
    """Whoever has or had this name."""
    row = connection.execute(_BY_NAME, {"named": name}).first()
    return _member(row) if row else None


def by_subject(connection: Connection, kept: str) -> StoredStaff | None:
    """Whoever this is at the identity provider."""
    row = connection.execute(_BY_SUBJECT, {"kept": kept}).first()
    return _member(row) if row else None


def by_id(connection: Connection, member: str) -> StoredStaff | None:
    """Whoever has this id."""
    row = connection.execute(_BY_ID, {"member": member}).first()
    return _member(row) if row else None


def everyone(connection: Connection) -> list[StoredStaff]:
    """All of them by name, those who have left too."""
    return [_member(row) for row in connection.execute(_EVERYONE)]


def _member(row: Any) -> StoredStaff:
    times = row.password_at, row.created_at, row.left_at, row.totp_at
    return StoredStaff(row.id, row.name, tuple(row.roles), row.password, *times, row.subject)


def hold(connection: Connection, member: str) -> None:
    """Until the commit, let nobody else change this member; SQLite has one writer anyway.

    Who opens a login holds it, or a password set anew this moment would not end that login.
    """
    connection.execute(_LOCK, {"member": member})


def set_roles(connection: Connection, member: str, roles: Collection[str]) -> None:
    """These roles in the place of those before."""
    connection.execute(_ROLES, {"member": member, "now_roles": list(roles)})


def set_password(connection: Connection, member: str, encoded: str, now: datetime) -> None:
    """Put another password in the place of the old one."""
    connection.execute(_PASSWORD, {"member": member, "encoded": encoded, "now": now})


def rehash(connection: Connection, member: str, before: str, encoded: str) -> None:
    """The same password under today's cost and pepper, unless it was changed meanwhile."""
    connection.execute(_REHASH, {"member": member, "before": before, "encoded": encoded})


def leave(connection: Connection, member: str, now: datetime) -> None:
    """Take the password away for good and note when."""
    connection.execute(_LEAVE, {"member": member, "now": now})
