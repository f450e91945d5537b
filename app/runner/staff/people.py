"""Who works at the desk: taking them in, what they may be, a new password, their leaving.

Passwords here follow the `strong` profile of the flows (S40, S41), and hold neither the name nor ours.
"""

import re
import secrets
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import Connection

from app.flow.normal.password import PROFILES, Known, faults
from app.runner.house import House
from app.runner.staff.acts import AT_THE_CONSOLE, note_within
from app.runner.staff.who import Role, roles_named
from app.store import staff, staff_factors, staff_logins, staff_waiting
from app.store.ids import ulid
from app.store.staff import StoredStaff

_NAME = re.compile(r"[a-z0-9][a-z0-9.-]{0,38}[a-z0-9]")
_GROUPS, _GROUP = 5, 5  # 25 of 31 signs: 123 bits, as easy to copy as they get
_SIGNS = "23456789abcdefghjkmnpqrstuvwxyz"


class UnfitName(Exception):
    """The name has other signs than lower case letters, digits, dot and dash, or not 2 to 40 of them."""


class PasswordTooWeak(Exception):
    """The password breaks rules of the profile; `codes` are theirs, in the order in which they are told."""

    def __init__(self, codes: Collection[str]) -> None:
        super().__init__(", ".join(codes))
        self.codes = tuple(codes)


class NoPasswordHere(Exception):
    """This member logs in by the organisation's identity provider, by no password of ours."""


class StaffMissing(Exception):
    """Nobody at the desk has this name, or no longer."""


def made_up_password(name: str) -> str:
    """A password of chance that `name` may have, in groups that can be read out."""
    while True:
        groups = ("".join(secrets.choice(_SIGNS) for _ in range(_GROUP)) for _ in range(_GROUPS))
        made_up = "-".join(groups)
        if not _faults(name, made_up):
            return made_up


def check_name(name: str) -> None:
    """Raise UnfitName for what cannot be a name at the desk."""
    if not _NAME.fullmatch(name):
        raise UnfitName


def check_password(name: str, password: str) -> None:
    """Raise PasswordTooWeak for a password that `name` must not have."""
    broken = _faults(name, password)
    if broken:
        raise PasswordTooWeak(broken)


def _faults(name: str, password: str) -> list[str]:
    return faults(password, PROFILES["strong"], Known(brands=("narthex", name), facts=(name,)))


def add(house: House, name: str, roles: Collection[Role], password: str) -> None:
    """Take somebody in. Raises UnfitName, PasswordTooWeak.

    Raises app.store.staff.NameTaken when somebody has or had the name.
    """
    check_name(name)
    check_password(name, password)
    encoded, now = house.passwords.hash(house.vault, password), house.clock()
    member = StoredStaff(ulid(now), name, roles_named(roles), encoded, now, now)
    with house.database.write() as connection:
        staff.add(connection, member)
        note_within(connection, now, AT_THE_CONSOLE, "add staff", _subject(name, roles))


def set_roles(house: House, name: str, roles: Collection[Role]) -> None:
    """These roles and no others, from the next page on. Raises StaffMissing."""
    with house.database.write() as connection:
        member = _held(connection, name)
        staff.set_roles(connection, member.id, roles_named(roles))
        note_within(connection, house.clock(), AT_THE_CONSOLE, "set roles", _subject(name, roles))


def set_password(house: House, name: str, password: str) -> int:
    """Another password; ends all logins and the wait of the name. How many logins were open.

    Raises StaffMissing, PasswordTooWeak, NoPasswordHere.
    """
    check_password(name, password)
    encoded, now = house.passwords.hash(house.vault, password), house.clock()
    with house.database.write() as connection:
        member = _held(connection, name)
        if not member.has_password:
            raise NoPasswordHere(name)
        staff.set_password(connection, member.id, encoded, now)
        staff_waiting.forget(connection, member.id)
        ended = staff_logins.end_all(connection, member.id, now)
        note_within(connection, now, AT_THE_CONSOLE, "set password", name)
    return ended


def reset_second_factor(house: House, name: str) -> bool:
    """Ask for no second factor until another one is set up, and end all logins; False when there was none.

    Raises StaffMissing.
    """
    now = house.clock()
    with house.database.write() as connection:
        member = _held(connection, name)
        staff_factors.drop(connection, member.id)
        staff_waiting.forget(connection, member.id)
        staff_logins.end_all(connection, member.id, now)
        note_within(connection, now, AT_THE_CONSOLE, "reset second factor", name)
    return member.totp_at is not None


def leave(house: House, name: str) -> int:
    """Let somebody go: no login, no password; the name stays taken. How many logins were open.

    Raises StaffMissing.
    """
    now = house.clock()
    with house.database.write() as connection:
        member = _held(connection, name)
        staff.leave(connection, member.id, now)
        staff_factors.drop(connection, member.id)
        staff_waiting.forget(connection, member.id)
        ended = staff_logins.end_all(connection, member.id, now)
        note_within(connection, now, AT_THE_CONSOLE, "let go", name)
    return ended


def everyone(house: House) -> list[StoredStaff]:
    """All of them by name, those who have left too."""
    with house.database.read() as connection:
        return staff.everyone(connection)


def last_logins(house: House) -> dict[str, datetime]:
    """When each member of staff last logged in, by id; logins are forgotten after thirty days."""
    with house.database.read() as connection:
        return staff_logins.newest(connection)


def is_password(house: House, name: str, password: str) -> bool:
    """Whether this is the password of somebody at the desk; slow, and counted by nobody: not for a door."""
    with house.database.read() as connection:
        member = staff.by_name(connection, name)
    if member is None or member.left_at:
        return False
    return member.has_password and house.passwords.verify(house.vault, member.password, password)


def _held(connection: Connection, name: str) -> StoredStaff:
    """The member, held until the commit; who waited for the hold reads what the other one wrote."""
    found = staff.by_name(connection, name)
    if found is not None:
        staff.hold(connection, found.id)
        found = staff.by_name(connection, name)
    if found is None or found.left_at:
        raise StaffMissing(name)
    return found


def _subject(name: str, roles: Collection[Role]) -> str:
    return f"{name}: {', '.join(roles_named(roles))}"
