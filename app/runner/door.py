"""What every door does with guessers: one answer to everything, a growing wait, a cap for each network (S43).

The portal's realms and the desk share it, and so does a network's count of failures.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection

from app.runner.house import House
from app.store import login_failures
from app.store.login_failures import Try

_MOST_OF_NETWORK = 100  # failures a day
_MOST_NAMES = 50  # different ones an hour from one network: one password is tried on many names

Alert = Literal["login_refused", "password_spraying"]


@dataclass(frozen=True)
class Refused:
    """Not let in, for whatever reason; `alerts` is for those who watch."""

    alerts: tuple[Alert, ...] = ()


def barred(
    connection: Connection, house: House, tried: Try, since: datetime | None, *, at_home: bool
) -> Refused | None:
    """Why this try gets no verdict, if it does not: the name must wait, or its network failed too often.

    Failures before `since` do not count; `at_home`: the name's owner has logged in from this network before.
    """
    now = house.clock()
    wait = login_failures.wait(connection, house.vault, tried, since, now, at_home=at_home)
    failures = login_failures.of_network(connection, house.vault, tried, now)
    if failures >= _MOST_OF_NETWORK:
        return Refused(("login_refused",))
    return Refused() if wait else None


def judged(house: House, encoded: str | None, password: str) -> str | None:
    """The hash to keep if the password is right, rehashed if it is out of date; else None.

    `encoded` is None for a name nobody has, which costs the work of a known one.
    """
    nobodys = house.nobodys_password  # made at its first use, whoever asks
    right = house.passwords.verify(house.vault, nobodys if encoded is None else encoded, password)
    if not right or encoded is None:
        return None
    if house.passwords.is_outdated(house.vault, encoded, password):
        return house.passwords.hash(house.vault, password)
    return encoded


def count(connection: Connection, house: House, tried: Try) -> Refused:
    """Note a wrong password, inside the caller's commit."""
    names = login_failures.count(connection, house.vault, tried, house.clock())
    return Refused(("password_spraying",) if names > _MOST_NAMES else ())
