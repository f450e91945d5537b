"""Coming in to the desk and leaving it. Whatever is wrong, the door says one and the same thing."""

import secrets
from dataclasses import dataclass, field

from sqlalchemy import Connection

from app.flow.names import STAFFS_REALM
from app.runner import door
from app.runner.door import Refused
from app.runner.house import House
from app.runner.staff.acts import NOBODY, note_within
from app.runner.staff.who import StaffLogin
from app.store import login_failures, staff, staff_logins
from app.store.login_failures import Try
from app.store.staff import StoredStaff


@dataclass(frozen=True)
class Entered:
    """The secret of the new login: 256 bits, for the cookie alone."""

    token: str = field(repr=False)


def log_in(
    house: House, network: str, name: str, password: str, former: StaffLogin | None = None
) -> Entered | Refused:
    """Let in who knows the password. `former`: the login this browser had until now, which ends.

    A name that must wait, or a network that failed too often, is refused before anything is compared.
    """
    tried = Try(STAFFS_REALM, name, network)
    with house.database.read() as connection:
        member = _member(connection, name)
        refused = _barred(connection, house, tried, member)
    if refused:
        return refused
    better = door.judged(house, member.password if member else None, password)
    if member is None or better is None:
        return _failed(house, tried, member)
    return _entered(house, tried, member, better, former)


def _member(connection: Connection, name: str) -> StoredStaff | None:
    found = staff.by_name(connection, name.strip().lower().replace("\0", " "))  # nobody has a NUL
    return found if found and found.left_at is None else None


def _barred(connection: Connection, house: House, tried: Try, member: StoredStaff | None) -> Refused | None:
    # Asked for names nobody has as well, so that the work is the same.
    whose = member.id if member else "nobody"
    at_home = staff_logins.has_come_from(connection, house.vault, whose, tried.network)
    since = member.password_at if member else None  # a password set anew ends the wait
    return door.barred(connection, house, tried, since, at_home=at_home)


def _failed(house: House, tried: Try, member: StoredStaff | None) -> Refused:
    with house.database.write() as connection:
        login_failures.hold(connection, house.vault, tried)
        refused = _barred(connection, house, tried, member)
        if refused is None:
            refused = door.count(connection, house, tried)
            # An unknown name is not written down: it may be a password in the wrong box.
            whose = member.name if member else NOBODY
            note_within(connection, house.clock(), whose, "log in", outcome="refused")
    return refused


def _entered(
    house: House, tried: Try, member: StoredStaff, encoded: str, former: StaffLogin | None
) -> Entered | Refused:
    entered = Entered(secrets.token_urlsafe(32))
    now, vault = house.clock(), house.vault
    with house.database.write() as connection:
        login_failures.hold(connection, vault, tried)
        staff.hold(connection, member.id)
        refused = _barred(connection, house, tried, member)
        today = _member(connection, member.name)
        if refused or today is None or today.password_at != member.password_at:
            return refused or Refused()  # the password was set anew while the old one was being compared
        login_failures.reset(connection, vault, tried)
        if encoded != member.password:
            staff.rehash(connection, member.id, member.password, encoded)
        if former:
            staff_logins.end(connection, former.id, now)
        staff_logins.open_login(connection, vault, member.id, entered.token, tried.network, now)
        note_within(connection, now, member.name, "log in")
    return entered


def log_out(house: House, login: StaffLogin) -> None:
    """End this login for good: its cookie opens nothing any more (S47)."""
    now = house.clock()
    with house.database.write() as connection:
        if staff_logins.end(connection, login.id, now):
            note_within(connection, now, login.staff, "log out")
