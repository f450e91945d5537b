"""Another address for letters on its way to be confirmed: one an account, its code as a keyed MAC (S25)."""

import hmac
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from app.store.crypto import Vault
from app.store.portal_models import address_changes


@dataclass(frozen=True)
class AddressChange:
    """The address asked for, when its newest code was sent and until when it is good, wrong codes so far."""

    account: str
    address: str = field(repr=False)
    mac: str = field(repr=False)
    tries: int
    sent_at: datetime
    expires_at: datetime

    def fits(self, vault: Vault, code: str) -> bool:
        """Whether this is the code that was sent; good for this account and this address only (S24)."""
        macs = vault.indexes(_bound(self.account, self.address, code), _PURPOSE)
        return any([hmac.compare_digest(mac, self.mac) for mac in macs])


_PURPOSE = "address code"
_OF_ACCOUNT = select(address_changes).where(address_changes.c.account_id == bindparam("account"))
_INSERT = insert(address_changes)
_TRIED = (
    update(address_changes)
    .where(address_changes.c.account_id == bindparam("account"))
    .values(tries=address_changes.c.tries + 1)
)
_DELETE = delete(address_changes).where(address_changes.c.account_id == bindparam("account"))
_PURGE = delete(address_changes).where(address_changes.c.expires_at < bindparam("before"))


def _bound(account: str, address: str, code: str) -> str:
    return f"{account}\0{address}\0{code}"


def of_account(connection: Connection, vault: Vault, account: str) -> AddressChange | None:
    """The change under way. Who counts on it holds the account until the commit."""
    row: Any = connection.execute(_OF_ACCOUNT, {"account": account}).first()
    if row is None:
        return None
    address = vault.decrypt(row.address, f"address_changes:{account}:address")
    return AddressChange(account, address, row.mac, row.tries, row.sent_at, row.expires_at)


def put(
    connection: Connection,
    vault: Vault,
    account: str,
    address: str,
    code: str,
    sent_at: datetime,
    expires_at: datetime,
) -> None:
    """Begin a change, or send a new code for it; the code before it is good no longer."""
    drop(connection, account)
    connection.execute(
        _INSERT,
        {
            "account_id": account,
            "address": vault.encrypt(address, f"address_changes:{account}:address"),
            "mac": vault.index(_bound(account, address, code), _PURPOSE),
            "tries": 0,
            "sent_at": sent_at,
            "expires_at": expires_at,
        },
    )


def count_wrong(connection: Connection, account: str) -> None:
    """A wrong code was given."""
    connection.execute(_TRIED, {"account": account})


def drop(connection: Connection, account: str) -> None:
    """The change is done with, one way or the other."""
    connection.execute(_DELETE, {"account": account})


def purge(connection: Connection, before: datetime) -> int:
    """Forget changes whose code was good until before then; how many."""
    return connection.execute(_PURGE, {"before": before}).rowcount
