"""What members of staff do about their own login: where it is open, the password, the second factor."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeVar

from sqlalchemy import Connection

from app.flow.names import STAFFS_REALM
from app.runner import door
from app.runner.door import Refused
from app.runner.house import House
from app.runner.staff import entry, second_factor
from app.runner.staff.acts import note_within
from app.runner.staff.entry import Entered
from app.runner.staff.people import check_password
from app.runner.staff.second_step import TooLate, show_codes
from app.runner.staff.who import StaffLogin, is_open
from app.store import login_failures, staff, staff_logins, staff_waiting
from app.store.login_failures import Try
from app.store.staff import StoredStaff, issuer_of

Done = TypeVar("Done")


@dataclass(frozen=True)
class OpenLogin:
    """One open login; `here`: it is the one of this very browser."""

    started_at: datetime
    seen_at: datetime
    here: bool


@dataclass(frozen=True)
class Account:
    """One's own way in: a provider or a password, since when, a second factor, and the open logins."""

    issuer: str | None
    password_at: datetime
    second_factor_at: datetime | None
    logins: tuple[OpenLogin, ...] = field(default=())


def account(house: House, login: StaffLogin) -> Account:
    """What the member's own page shows, this login first, then the last seen."""
    with house.database.read() as connection:
        member = _member(connection, login)
        stored = staff_logins.of_member(connection, member.id)
    logins = [
        OpenLogin(each.started_at, each.seen_at, each.id == login.id)
        for each in stored
        if is_open(each, house.clock())
    ]
    issuer = issuer_of(member.subject) if member.subject else None
    ordered = tuple(sorted(logins, key=lambda each: not each.here))
    return Account(issuer, member.password_at, member.totp_at, ordered)


def _member(connection: Connection, login: StaffLogin) -> StoredStaff:
    found = staff.by_id(connection, login.staff.id)
    if found is None:  # rows of staff are never deleted
        raise LookupError("a login of nobody")
    return found


def end_others(house: House, login: StaffLogin) -> int:
    """End every login but this one; how many were open."""
    now = house.clock()
    with house.database.write() as connection:
        ended = staff_logins.end_others(connection, login.staff.id, login.id, now)
        note_within(connection, now, login.staff, "end other logins")
    return ended


def change_password(house: House, network: str, login: StaffLogin, old: str, new: str) -> Entered | Refused:
    """Another password for who knows the old one. Every login ends, this browser gets a new one (S48).

    Raises PasswordTooWeak.
    """
    check_password(login.staff.name, new)
    encoded = house.passwords.hash(house.vault, new)

    def change(connection: Connection, member: StoredStaff) -> Entered:
        now = house.clock()
        staff.set_password(connection, member.id, encoded, now)
        staff_waiting.forget(connection, member.id)
        staff_logins.end_all(connection, member.id, now)
        entered, _ = entry.open_login(connection, house, member, network, None)
        note_within(connection, now, login.staff, "change password", member.name)
        return entered

    return _proven(house, network, login, old, change)


@dataclass(frozen=True)
class Begun:
    """A second factor can be set up now."""


def begin_second_factor(house: House, network: str, login: StaffLogin, password: str) -> Begun | Refused:
    """Let who knows the password set up an app, in the place of the one before if there is one."""

    def begin(connection: Connection, member: StoredStaff) -> Begun:
        secret, now = second_factor.new_secret(), house.clock()
        staff_waiting.begin(connection, house.vault, member.id, "renew", login.id, now, secret)
        return Begun()

    return _proven(house, network, login, password, begin)


def _proven(
    house: House,
    network: str,
    login: StaffLogin,
    password: str,
    then: Callable[[Connection, StoredStaff], Done],
) -> Done | Refused:
    """Do it for who knows the password; wrong ones are counted as at the door."""
    tried = Try(STAFFS_REALM, login.staff.name, network)
    with house.database.read() as connection:
        member = _member(connection, login)
        refused = entry.barred(connection, house, tried, member)
    if refused:
        return refused
    right = door.judged(house, member.password if member.has_password else None, password)
    with house.database.write() as connection:
        login_failures.hold(connection, house.vault, tried)
        staff.hold(connection, member.id)
        refused = entry.barred(connection, house, tried, member)
        if refused:
            return refused
        if right is None:
            return entry.count(connection, house, tried, member, "give password")
        today = _member(connection, login)
        if today.password_at != member.password_at or today.left_at:
            return Refused()  # set anew while the old one was being compared
        return then(connection, today)


def offered_secret(house: House, login: StaffLogin) -> str | None:
    """The secret of the app that this login is setting up; None when it is not, or no longer."""
    with house.database.read() as connection:
        waiting = staff_waiting.by_token(connection, house.vault, "renew", login.id, house.clock())
    return waiting.kept if waiting else None


def confirm_second_factor(
    house: House, network: str, login: StaffLogin, code: str
) -> Entered | Refused | TooLate:
    """Ask for the new app from now on, if the code is its; other logins end, this browser gets a new one."""
    tried = Try(STAFFS_REALM, login.staff.name, network)
    with house.database.write() as connection:
        login_failures.hold(connection, house.vault, tried)
        staff.hold(connection, login.staff.id)
        member, now = _member(connection, login), house.clock()
        waiting = staff_waiting.by_token(connection, house.vault, "renew", login.id, now)
        if waiting is None or waiting.kept is None or member.password_at > waiting.started_at:
            return TooLate()
        refused = entry.barred(connection, house, tried, member)
        if refused:
            return refused
        codes = second_factor.put(connection, house, member.id, waiting.kept, code)
        if codes is None:
            return entry.count(connection, house, tried, member, "set up second factor")
        staff_waiting.forget(connection, member.id)
        staff_logins.end_all(connection, member.id, now)
        entered = show_codes(connection, house, member, network, None, codes)
        note_within(connection, now, login.staff, "set up second factor", member.name)
    return entered


def recovery_codes(house: House, login: StaffLogin) -> list[str] | None:
    """The recovery codes this login still has to keep; None when there are none to be shown."""
    with house.database.read() as connection:
        waiting = staff_waiting.by_token(connection, house.vault, "codes", login.id, house.clock())
    return waiting.kept.split("\n") if waiting and waiting.kept else None


def codes_kept(house: House, login: StaffLogin) -> None:
    """Show the recovery codes never again."""
    with house.database.write() as connection:
        waiting = staff_waiting.by_token(connection, house.vault, "codes", login.id, house.clock())
        if waiting:
            staff_waiting.take(connection, waiting.id)
            note_within(connection, house.clock(), login.staff, "keep recovery codes")
