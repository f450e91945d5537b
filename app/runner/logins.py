"""Who is logged in to a realm's portal."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from app.runner.house import House
from app.store import logins
from app.store.logins import StoredLogin

IDLE, ABSOLUTE = timedelta(minutes=30), timedelta(hours=12)  # NIST SP 800-63B-4 2.2.3: at most 1 h and 24 h
_NOTED_EVERY = timedelta(minutes=1)  # a page more or less is not worth a write


@dataclass(frozen=True)
class Login:
    """An open login: its id, whose, which customer was chosen in the switcher, since when."""

    id: str
    account: str
    realm: str
    customer: str | None
    started_at: datetime


def who(house: House, realm: str, token: str) -> Login | None:
    """Who is logged in by this secret; None when the login was ended, or its time is over (S47).

    Being asked keeps it awake; that moves no run.
    """
    with house.database.read() as connection:
        stored = logins.by_token(connection, house.vault, token)
    if stored is None or stored.realm != realm or not is_open(house, stored):
        return None
    now = house.clock()
    if now >= stored.seen_at + _NOTED_EVERY:
        with house.database.write() as connection:
            logins.seen(connection, stored.id, now)
    return Login(stored.id, stored.account, stored.realm, stored.customer, stored.started_at)


def is_open(house: House, login: StoredLogin) -> bool:
    """Whether nobody ended the login and neither of its times is over."""
    now = house.clock()
    in_time = now < login.seen_at + IDLE and now < login.started_at + ABSOLUTE
    return login.ended_at is None and in_time
