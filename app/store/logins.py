"""Open logins of the portal: 256 random bits in a cookie, a keyed MAC of them here (S45, S47)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from app.store.crypto import Vault
from app.store.ids import ulid
from app.store.portal_models import accounts, logins


@dataclass(frozen=True)
class StoredLogin:
    """One login: whose, in which realm, on what device, since when, when last seen, which customer chosen."""

    id: str
    account: str
    realm: str
    device: str = field(repr=False)
    customer: str | None
    started_at: datetime
    seen_at: datetime
    ended_at: datetime | None


_INSERT = insert(logins)
_FIELDS = select(logins, accounts.c.realm).join(accounts, accounts.c.id == logins.c.account_id)
_BY_MAC = _FIELDS.where(logins.c.mac.in_(bindparam("macs", expanding=True)))
_OF_ACCOUNT = _FIELDS.where(
    logins.c.account_id == bindparam("account"), logins.c.ended_at.is_(None)
).order_by(logins.c.seen_at.desc(), logins.c.id)
_SEEN = update(logins).where(logins.c.id == bindparam("login")).values(seen_at=bindparam("now"))
_CHOOSE = update(logins).where(logins.c.id == bindparam("login")).values(customer_id=bindparam("customer"))
_END = (
    update(logins)
    .where(
        logins.c.account_id == bindparam("account"),
        logins.c.id.in_(bindparam("ids", expanding=True)),
        logins.c.ended_at.is_(None),
    )
    .values(ended_at=bindparam("now"))
)
_END_ALL = (
    update(logins)
    .where(logins.c.account_id == bindparam("account"), logins.c.ended_at.is_(None))
    .values(ended_at=bindparam("now"))
)
_PURGE = delete(logins).where(logins.c.started_at < bindparam("before"))


_FROM = (
    select(logins.c.id)
    .where(
        logins.c.account_id == bindparam("account"),
        logins.c.network.in_(bindparam("indexes", expanding=True)),
    )
    .limit(1)
)


def has_come_from(connection: Connection, vault: Vault, account: str, network: str) -> bool:
    """Whether somebody logged in to this account from this network lately, as far as logins are kept."""
    asked = {"account": account, "indexes": vault.indexes(network, f"login network:{account}")}
    return connection.execute(_FROM, asked).first() is not None


def open_login(
    connection: Connection,
    vault: Vault,
    account: str,
    token: str,
    device: str,
    now: datetime,
    network: str = "",
) -> str:
    """Store a login whose cookie carries `token`; its id."""
    login = ulid(now)
    connection.execute(
        _INSERT,
        {
            "id": login,
            "account_id": account,
            "mac": vault.index(token, "login"),
            "network": vault.index(network, f"login network:{account}") if network else None,
            "device": vault.encrypt(device, f"logins:{login}:device"),
            "started_at": now,
            "seen_at": now,
        },
    )
    return login


def by_token(connection: Connection, vault: Vault, token: str) -> StoredLogin | None:
    """The login this secret opens, ended or not."""
    row = connection.execute(_BY_MAC, {"macs": vault.indexes(token, "login")}).first()
    return _login(row, vault) if row else None


def of_account(connection: Connection, vault: Vault, account: str) -> list[StoredLogin]:
    """The logins of an account that nobody ended, the last seen first; some may have run out by time."""
    return [_login(row, vault) for row in connection.execute(_OF_ACCOUNT, {"account": account})]


def _login(row: Any, vault: Vault) -> StoredLogin:
    return StoredLogin(
        row.id,
        row.account_id,
        row.realm,
        vault.decrypt(row.device, f"logins:{row.id}:device"),
        row.customer_id,
        row.started_at,
        row.seen_at,
        row.ended_at,
    )


def seen(connection: Connection, login: str, now: datetime) -> None:
    """Note that the login was used."""
    connection.execute(_SEEN, {"login": login, "now": now})


def choose(connection: Connection, login: str, customer: str) -> None:
    """Remember the customer chosen in the switcher."""
    connection.execute(_CHOOSE, {"login": login, "customer": customer})


def end(connection: Connection, account: str, ids: Sequence[str], now: datetime) -> int:
    """End these logins of the account; how many were open."""
    return connection.execute(_END, {"account": account, "ids": list(ids), "now": now}).rowcount


def end_all(connection: Connection, account: str, now: datetime) -> int:
    """End every login of the account; how many were open."""
    return connection.execute(_END_ALL, {"account": account, "now": now}).rowcount


def purge(connection: Connection, before: datetime) -> int:
    """Forget logins that began before then; how many."""
    return connection.execute(_PURGE, {"before": before}).rowcount
