"""Open logins of the desk: 256 random bits in a cookie, a keyed MAC of them here (S45, S47)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from app.store.crypto import Vault
from app.store.desk_models import staff, staff_logins
from app.store.ids import ulid


@dataclass(frozen=True)
class StoredStaffLogin:
    """One login and whose it is: since when, when last seen, when ended."""

    id: str
    member: str
    name: str
    roles: tuple[str, ...]
    left_at: datetime | None
    started_at: datetime
    seen_at: datetime
    ended_at: datetime | None


_INSERT = insert(staff_logins)
_BY_MAC = (
    select(staff_logins, staff.c.name, staff.c.roles, staff.c.left_at)
    .join(staff, staff.c.id == staff_logins.c.staff_id)
    .where(staff_logins.c.mac.in_(bindparam("macs", expanding=True)))
)
_OF_MEMBER = (
    select(staff_logins, staff.c.name, staff.c.roles, staff.c.left_at)
    .join(staff, staff.c.id == staff_logins.c.staff_id)
    .where(staff_logins.c.staff_id == bindparam("member"), staff_logins.c.ended_at.is_(None))
    .order_by(staff_logins.c.seen_at.desc(), staff_logins.c.id)
)
_FROM = (
    select(staff_logins.c.id)
    .where(
        staff_logins.c.staff_id == bindparam("member"),
        staff_logins.c.network.in_(bindparam("networks", expanding=True)),
    )
    .limit(1)
)
_NEWEST = select(staff_logins.c.staff_id, func.max(staff_logins.c.started_at)).group_by(
    staff_logins.c.staff_id
)
_SEEN = update(staff_logins).where(staff_logins.c.id == bindparam("login")).values(seen_at=bindparam("now"))
_END = (
    update(staff_logins)
    .where(staff_logins.c.id == bindparam("login"), staff_logins.c.ended_at.is_(None))
    .values(ended_at=bindparam("now"))
)
_END_ALL = (
    update(staff_logins)
    .where(staff_logins.c.staff_id == bindparam("member"), staff_logins.c.ended_at.is_(None))
    .values(ended_at=bindparam("now"))
)
_END_OTHERS = _END_ALL.where(staff_logins.c.id != bindparam("kept"))
_PURGE = delete(staff_logins).where(staff_logins.c.started_at < bindparam("before"))


def open_login(
    connection: Connection, vault: Vault, member: str, token: str, network: str, now: datetime
) -> str:
    """Store a login whose cookie carries `token`; its id."""
    login = ulid(now)
    connection.execute(
        _INSERT,
        {
            "id": login,
            "staff_id": member,
            "mac": vault.index(token, "desk login"),
            "network": vault.index(network, f"desk login network:{member}"),
            "started_at": now,
            "seen_at": now,
        },
    )
    return login


def by_token(connection: Connection, vault: Vault, token: str) -> StoredStaffLogin | None:
    """The login this secret opens, ended or not."""
    row = connection.execute(_BY_MAC, {"macs": vault.indexes(token, "desk login")}).first()
    return _login(row) if row else None


def of_member(connection: Connection, member: str) -> list[StoredStaffLogin]:
    """The logins of this member that nobody ended, the last seen first."""
    return [_login(row) for row in connection.execute(_OF_MEMBER, {"member": member})]


def _login(row: Any) -> StoredStaffLogin:
    times = row.left_at, row.started_at, row.seen_at, row.ended_at
    return StoredStaffLogin(row.id, row.staff_id, row.name, tuple(row.roles), *times)


def has_come_from(connection: Connection, vault: Vault, member: str, network: str) -> bool:
    """Whether this member logged in from this network lately, as far as logins are kept."""
    networks = vault.indexes(network, f"desk login network:{member}")
    return connection.execute(_FROM, {"member": member, "networks": networks}).first() is not None


def newest(connection: Connection) -> dict[str, datetime]:
    """When each member last logged in, by id, as far as logins are kept."""
    return {member: at for member, at in connection.execute(_NEWEST)}


def seen(connection: Connection, login: str, now: datetime) -> None:
    """Note that the login was used."""
    connection.execute(_SEEN, {"login": login, "now": now})


def end(connection: Connection, login: str, now: datetime) -> bool:
    """End this login; False when it had ended before."""
    return connection.execute(_END, {"login": login, "now": now}).rowcount == 1


def end_all(connection: Connection, member: str, now: datetime) -> int:
    """End every login of the member; how many were open."""
    return connection.execute(_END_ALL, {"member": member, "now": now}).rowcount


def end_others(connection: Connection, member: str, kept: str, now: datetime) -> int:
    """End every login of the member but this one; how many were open."""
    return connection.execute(_END_OTHERS, {"member": member, "kept": kept, "now": now}).rowcount


def purge(connection: Connection, before: datetime) -> int:
    """Forget logins that began before then; how many."""
    return connection.execute(_PURGE, {"before": before}).rowcount
