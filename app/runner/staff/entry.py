"""Coming in to the desk and leaving it. Whatever is wrong, the door says one and the same thing."""

import secrets
from dataclasses import dataclass, field

from sqlalchemy import Connection

from app.flow.names import STAFFS_REALM
from app.runner import door
from app.runner.door import Refused
from app.runner.house import House
from app.runner.staff import second_factor
from app.runner.staff.acts import NOBODY, note_within
from app.runner.staff.who import StaffLogin
from app.store import login_failures, staff, staff_logins, staff_waiting
from app.store.login_failures import Try
from app.store.staff import StoredStaff


@dataclass(frozen=True)
class Entered:
    """The secret of the new login: 256 bits, for the cookie alone. `shows_codes`: its recovery codes wait."""

    token: str = field(repr=False)
    shows_codes: bool = False


@dataclass(frozen=True)
class Half:
    """The password was right, a code is still missing: the secret by which this browser goes on, 256 bits.

    It opens nothing and is good for five minutes.
    """

    token: str = field(repr=False)


def log_in(
    house: House, network: str, name: str, password: str, former: StaffLogin | None = None
) -> Entered | Half | Refused:
    """Let in who knows the password. `former`: the login this browser had until now, which ends.

    A name that must wait, or a network that failed too often, is refused before anything is compared.
    """
    if not house.staff_passwords:
        return Refused()
    tried = Try(STAFFS_REALM, name, network)
    with house.database.read() as connection:
        member = by_name(connection, name)
        refused = barred(connection, house, tried, member)
    if refused:
        return refused
    better = door.judged(house, member.password if member and member.has_password else None, password)
    if member is None or better is None:
        return _failed(house, tried, member)
    return _known(house, tried, member, better, former)


def by_name(connection: Connection, name: str) -> StoredStaff | None:
    """Who works here under this name, as somebody typed it."""
    found = staff.by_name(connection, name.strip().lower().replace("\0", " "))  # nobody has a NUL
    return found if found and found.left_at is None else None


def barred(connection: Connection, house: House, tried: Try, member: StoredStaff | None) -> Refused | None:
    """Why this try gets no verdict, if it does not."""
    # Asked for names nobody has as well, so that the work is the same.
    whose = member.id if member else "nobody"
    at_home = staff_logins.has_come_from(connection, house.vault, whose, tried.network)
    since = member.password_at if member else None  # a password set anew ends the wait
    return door.barred(connection, house, tried, since, at_home=at_home)


def count(
    connection: Connection, house: House, tried: Try, member: StoredStaff | None, act: str = "log in"
) -> Refused:
    """Count a wrong password or code and note it, inside the caller's commit."""
    refused = door.count(connection, house, tried)
    # An unknown name is not written down: it may be a password in the wrong box.
    note_within(connection, house.clock(), member.name if member else NOBODY, act, outcome="refused")
    return refused


def _failed(house: House, tried: Try, member: StoredStaff | None) -> Refused:
    with house.database.write() as connection:
        login_failures.hold(connection, house.vault, tried)
        return barred(connection, house, tried, member) or count(connection, house, tried, member)


def _known(
    house: House, tried: Try, member: StoredStaff, encoded: str, former: StaffLogin | None
) -> Entered | Half | Refused:
    with house.database.write() as connection:
        login_failures.hold(connection, house.vault, tried)
        staff.hold(connection, member.id)
        refused = barred(connection, house, tried, member)
        today = by_name(connection, member.name)
        if refused or today is None or today.password_at != member.password_at:
            return refused or Refused()  # the password was set anew while the old one was being compared
        if encoded != member.password:
            staff.rehash(connection, member.id, member.password, encoded)
        if today.totp_at or house.second_factor:
            return _half(connection, house, today)  # the failures stay counted: the code may be guessed at
        return let_in(connection, house, tried, today, former)


def _half(connection: Connection, house: House, member: StoredStaff) -> Half:
    half, now = Half(secrets.token_urlsafe(32)), house.clock()
    if member.totp_at:
        staff_waiting.begin(connection, house.vault, member.id, "code", half.token, now)
    else:
        kept = second_factor.new_secret()
        staff_waiting.begin(connection, house.vault, member.id, "enrol", half.token, now, kept)
    # A password given and no login after it is what a thief leaves behind.
    note_within(connection, now, member.name, "give password")
    return half


def let_in(
    connection: Connection, house: House, tried: Try, member: StoredStaff, former: StaffLogin | None
) -> Entered:
    """Forget the name's failures and open a login, inside the caller's commit, which holds the member."""
    login_failures.reset(connection, house.vault, tried)
    entered, _ = open_login(connection, house, member, tried.network, former)
    note_within(connection, house.clock(), member.name, "log in")
    return entered


def open_login(
    connection: Connection, house: House, member: StoredStaff, network: str, former: StaffLogin | None
) -> tuple[Entered, str]:
    """A new login and its id; the one this browser had until now ends (S45)."""
    entered, now = Entered(secrets.token_urlsafe(32)), house.clock()
    if former:
        staff_logins.end(connection, former.id, now)
    login = staff_logins.open_login(connection, house.vault, member.id, entered.token, network, now)
    return entered, login


def log_out(house: House, login: StaffLogin) -> None:
    """End this login for good: its cookie opens nothing any more (S47)."""
    now = house.clock()
    with house.database.write() as connection:
        if staff_logins.end(connection, login.id, now):
            note_within(connection, now, login.staff, "log out")
