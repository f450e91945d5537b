"""Logins to a realm's portal: an e-mail address as user name, a hashed password (S40-S48)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from app.flow.normal.email import email_key
from app.flow.normal.shape import ShapeProblem
from app.store.crypto import Vault
from app.store.portal_models import accounts


@dataclass(frozen=True)
class Account:
    """One login. `address` is the user name as typed and where notices go, `letters_to` another address for
    letters; `password` is the encoded hash; `flow` renews it; `run` waits for the address to be confirmed."""

    id: str
    realm: str
    address: str = field(repr=False)
    letters_to: str | None = field(repr=False)
    password: str = field(repr=False)
    password_at: datetime
    lang: str
    flow: str
    run: str | None
    created_at: datetime
    confirmed_at: datetime | None


_INSERT = insert(accounts)
_BY_ID = select(accounts).where(accounts.c.id == bindparam("account"))
_BY_USERNAME = select(accounts).where(
    accounts.c.realm == bindparam("in_realm"), accounts.c.username.in_(bindparam("names", expanding=True))
)
_BY_RUN = select(accounts).where(accounts.c.run_id == bindparam("run"))
_OF_REALM = select(accounts).where(accounts.c.realm == bindparam("in_realm")).order_by(accounts.c.id)
_PASSWORD = (
    update(accounts)
    .where(accounts.c.id == bindparam("account"))
    .values(password=bindparam("encoded"), password_at=bindparam("now"))
)
_REHASH = (
    update(accounts)
    .where(accounts.c.id == bindparam("account"), accounts.c.password == bindparam("before"))
    .values(password=bindparam("encoded"))
)
_CONFIRM = (
    update(accounts)
    .where(accounts.c.id == bindparam("account"), accounts.c.confirmed_at.is_(None))
    .values(confirmed_at=bindparam("now"))
)
_LETTERS_TO = (
    update(accounts).where(accounts.c.id == bindparam("account")).values(letters_to=bindparam("sealed"))
)
_UNCONFIRMED = (
    select(accounts.c.id)
    .where(
        accounts.c.confirmed_at.is_(None),
        accounts.c.created_at < bindparam("before"),
        accounts.c.id > bindparam("after"),
    )
    .order_by(accounts.c.id)
    .limit(bindparam("most"))
)
_LOCK = select(accounts.c.id).where(accounts.c.id == bindparam("account")).with_for_update()
_DELETE = delete(accounts).where(accounts.c.id == bindparam("account"))


def username_key(typed: str) -> str:
    """What the spellings of one user name have in common; of what is no address, the text itself."""
    try:
        return email_key(typed)
    except ShapeProblem:
        return typed.strip().lower()


def username_index(vault: Vault, realm: str, typed: str) -> list[str]:
    """The blind indexes of a user name in a realm, the current one first."""
    return vault.indexes(username_key(typed), f"user name:{realm}")


def by_id(connection: Connection, vault: Vault, account: str) -> Account | None:
    """The account of this id."""
    return _account(connection.execute(_BY_ID, {"account": account}).first(), vault)


def by_username(connection: Connection, vault: Vault, realm: str, typed: str) -> Account | None:
    """The account with this user name, without regard to case."""
    asked = {"in_realm": realm, "names": username_index(vault, realm, typed)}
    return _account(connection.execute(_BY_USERNAME, asked).first(), vault)


def of_run(connection: Connection, vault: Vault, run: str) -> Account | None:
    """The account that this run made and whose address it confirms."""
    return _account(connection.execute(_BY_RUN, {"run": run}).first(), vault)


def of_realm(connection: Connection, vault: Vault, realm: str) -> list[Account]:
    """All accounts of a realm, the oldest first."""
    rows = connection.execute(_OF_REALM, {"in_realm": realm}).all()
    return [account for row in rows if (account := _account(row, vault))]


def _account(row: Any, vault: Vault) -> Account | None:
    if row is None:
        return None
    letters_to = row.letters_to and vault.decrypt(row.letters_to, f"accounts:{row.id}:letters_to")
    return Account(
        row.id,
        row.realm,
        vault.decrypt(row.address, f"accounts:{row.id}:address"),
        letters_to,
        row.password,
        row.password_at,
        row.lang,
        row.flow,
        row.run_id,
        row.created_at,
        row.confirmed_at,
    )


def create(connection: Connection, vault: Vault, account: Account) -> None:
    """Store a new account; IntegrityError when its user name is taken, under the current key."""
    values: Mapping[str, Any] = {
        "id": account.id,
        "realm": account.realm,
        "username": username_index(vault, account.realm, account.address)[0],
        "address": vault.encrypt(account.address, f"accounts:{account.id}:address"),
        "password": account.password,
        "password_at": account.password_at,
        "lang": account.lang,
        "flow": account.flow,
        "run_id": account.run,
        "created_at": account.created_at,
        "confirmed_at": account.confirmed_at,
    }
    connection.execute(_INSERT, values)


def hold(connection: Connection, account: str) -> None:
    """Until the commit, let nobody else change the account; SQLite has one writer anyway.

    Who opens a login holds it, or a password set anew this moment would not end that login.
    """
    connection.execute(_LOCK, {"account": account})


def set_password(connection: Connection, account: str, encoded: str, now: datetime) -> None:
    """Put another password in the place of the old one."""
    connection.execute(_PASSWORD, {"account": account, "encoded": encoded, "now": now})


def rehash(connection: Connection, account: str, before: str, encoded: str) -> None:
    """The same password under today's cost and pepper, unless it was changed meanwhile."""
    connection.execute(_REHASH, {"account": account, "before": before, "encoded": encoded})


def confirm(connection: Connection, account: str, now: datetime) -> bool:
    """The address is its owner's; False when that was known."""
    return connection.execute(_CONFIRM, {"account": account, "now": now}).rowcount == 1


def set_letters_to(connection: Connection, vault: Vault, account: str, address: str | None) -> None:
    """Send letters elsewhere from now on; None: to the user name again."""
    sealed = vault.encrypt(address, f"accounts:{account}:letters_to") if address else None
    connection.execute(_LETTERS_TO, {"account": account, "sealed": sealed})


def unconfirmed(connection: Connection, before: datetime, most: int, after: str = "") -> list[str]:
    """Ids beyond `after`, in order, of accounts made before then whose address nobody confirmed."""
    asked = {"before": before, "most": most, "after": after}
    return list(connection.execute(_UNCONFIRMED, asked).scalars())


def forget(connection: Connection, account: str) -> None:
    """Delete the account with its logins and requests; its consents stay as proof."""
    connection.execute(_DELETE, {"account": account})
