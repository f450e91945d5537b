"""Failed logins, counted by user name and by network under blind indexes: nobody reads who it was (S43)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, func, insert, select, text

from app.store.accounts import username_key
from app.store.crypto import Vault
from app.store.portal_models import login_failures

A_DAY, AN_HOUR = timedelta(days=1), timedelta(hours=1)
_FREE = 5  # failures before anybody has to wait
_FIRST_WAIT, _LONGEST_WAIT = timedelta(seconds=30), timedelta(minutes=15)
_DOUBLINGS = 5

_INSERT = insert(login_failures)
_RECENT = select(func.count(), func.max(login_failures.c.at)).where(
    login_failures.c.subject.in_(bindparam("subjects", expanding=True)),
    login_failures.c.at > bindparam("since"),
)
_RESET = delete(login_failures).where(
    login_failures.c.subject.in_(bindparam("subjects", expanding=True)),
)
_PURGE = delete(login_failures).where(login_failures.c.at < bindparam("before"))
_LOCK = text("select pg_advisory_xact_lock(hashtextextended(:subject, 2))")


@dataclass(frozen=True)
class Try:
    """Somebody at the door of a realm: the user name as typed, known or not, and the network it came from."""

    realm: str
    username: str = field(repr=False)
    network: str = field(repr=False)

    def _name(self, vault: Vault) -> list[str]:
        return vault.indexes(username_key(self.username), f"failed user name:{self.realm}")

    def _here(self, vault: Vault) -> list[str]:
        return vault.indexes(f"{self.realm}\0{username_key(self.username)}\0{self.network}", "failed here")

    def _pair(self, vault: Vault) -> list[str]:
        return vault.indexes(f"{self.realm}\0{username_key(self.username)}\0{self.network}", "failed pair")

    def _network(self, vault: Vault) -> list[str]:
        return vault.indexes(self.network, "failed network")

    def _names_of_network(self, vault: Vault) -> list[str]:
        return vault.indexes(self.network, "failed names of a network")


def _recent(connection: Connection, subjects: Sequence[str], since: datetime) -> tuple[int, datetime | None]:
    row = connection.execute(_RECENT, {"subjects": list(subjects), "since": since}).one()
    return row[0], row[1]


def hold(connection: Connection, vault: Vault, tried: Try) -> None:
    """Until the commit, let nobody else count this name and network; SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        for subject in sorted((tried._name(vault)[0], tried._network(vault)[0])):
            connection.execute(_LOCK, {"subject": subject})


def wait(
    connection: Connection,
    vault: Vault,
    tried: Try,
    since: datetime | None,
    now: datetime,
    *,
    at_home: bool = False,
) -> timedelta:
    """How long this user name has to wait; zero when it may try.

    30 s after the fifth failure of the last day or since `since`, then twice as long each time, a quarter of
    an hour at most. Where its owner has logged in before (`at_home`) only failures from there count, or a
    stranger with one wrong password every quarter of an hour would keep the owner out for ever.
    """
    a_day_ago = now - A_DAY
    subjects = tried._here(vault) if at_home else tried._name(vault)
    failures, last = _recent(connection, subjects, max(since or a_day_ago, a_day_ago))
    if failures < _FREE or last is None:
        return timedelta(0)
    pause: timedelta = min(_FIRST_WAIT * 2 ** min(failures - _FREE, _DOUBLINGS), _LONGEST_WAIT)
    return max(last + pause - now, timedelta(0))


def of_network(connection: Connection, vault: Vault, tried: Try, now: datetime) -> int:
    """How many logins have failed from this network within a day, in any realm."""
    return _recent(connection, tried._network(vault), now - A_DAY)[0]


def count(connection: Connection, vault: Vault, tried: Try, now: datetime) -> int:
    """Note one failure; how many different user names have now failed from this network within an hour."""
    rows = [tried._name(vault)[0], tried._here(vault)[0], tried._network(vault)[0]]
    since = now - AN_HOUR
    if not _recent(connection, tried._pair(vault), since)[0]:
        rows += [tried._pair(vault)[0], tried._names_of_network(vault)[0]]
    connection.execute(_INSERT, [{"subject": subject, "at": now} for subject in rows])
    return _recent(connection, tried._names_of_network(vault), since)[0]


def reset(connection: Connection, vault: Vault, tried: Try) -> None:
    """Forget the failures of this user name: its owner has come in."""
    connection.execute(_RESET, {"subjects": tried._name(vault) + tried._here(vault)})


def purge(connection: Connection, before: datetime) -> int:
    """Forget failures older than anything here looks back; how many."""
    return connection.execute(_PURGE, {"before": before}).rowcount
