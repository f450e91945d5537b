"""The second step of a login: the code of an app, or the setting up of one where it is missing."""

from dataclasses import dataclass, field, replace

from sqlalchemy import Connection

from app.flow.names import STAFFS_REALM
from app.runner.door import Refused
from app.runner.house import House
from app.runner.staff import entry, second_factor
from app.runner.staff.acts import note_within
from app.runner.staff.entry import Entered
from app.runner.staff.who import StaffLogin
from app.store import login_failures, staff, staff_waiting
from app.store.login_failures import Try
from app.store.staff import StoredStaff
from app.store.staff_waiting import Waiting


@dataclass(frozen=True)
class Expected:
    """Whose code is missing; `secret`: of the app that is to be set up first, None where there is one."""

    name: str
    secret: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class TooLate:
    """Nothing waits for this browser (any more): begin again with the password."""


def expected(house: House, token: str) -> Expected | None:
    """What the browser that holds this half of a login has to give; None when nothing waits for it."""
    with house.database.read() as connection:
        found = _found(connection, house, token)
    return Expected(found[1].name, found[0].kept) if found else None


def _found(connection: Connection, house: House, token: str) -> tuple[Waiting, StoredStaff] | None:
    now = house.clock()
    waiting = staff_waiting.by_token(connection, house.vault, "code", token, now)
    member = staff.by_id(connection, waiting.member) if waiting else None
    if waiting is None or member is None or member.left_at or member.password_at > waiting.started_at:
        return None
    # An app was set up, or taken away at the console, since the password was given.
    fits = (member.totp_at is not None) == (waiting.purpose == "code")
    return (waiting, member) if fits and house.staff_passwords else None


def give(
    house: House, network: str, token: str, code: str, former: StaffLogin | None = None
) -> Entered | Refused | TooLate:
    """Let in who brings half a login and a code that fits it; the first code of a new app sets it up.

    A wrong code counts like a wrong password: both guess at the same door.
    """
    with house.database.write() as connection:
        glimpse = _found(connection, house, token)
        if glimpse is None:
            return TooLate()
        tried = Try(STAFFS_REALM, glimpse[1].name, network)
        login_failures.hold(connection, house.vault, tried)
        staff.hold(connection, glimpse[1].id)
        found = _found(connection, house, token)  # somebody else may have been quicker
        if found is None:
            return TooLate()
        refused = entry.barred(connection, house, tried, found[1])
        return refused or _judged(connection, house, tried, found, code, former)


def _judged(
    connection: Connection,
    house: House,
    tried: Try,
    found: tuple[Waiting, StoredStaff],
    code: str,
    former: StaffLogin | None,
) -> Entered | Refused:
    waiting, member = found
    if waiting.kept is None:
        if not second_factor.counts(connection, house, member.id, code):
            return entry.count(connection, house, tried, member)
        staff_waiting.take(connection, waiting.id)
        return entry.let_in(connection, house, tried, member, former)
    codes = second_factor.put(connection, house, member.id, waiting.kept, code)
    if codes is None:
        return entry.count(connection, house, tried, member)
    staff_waiting.forget(connection, member.id)
    login_failures.reset(connection, house.vault, tried)
    entered = show_codes(connection, house, member, tried.network, former, codes)
    note_within(connection, house.clock(), member.name, "set up second factor", member.name)
    note_within(connection, house.clock(), member.name, "log in")
    return entered


def show_codes(
    connection: Connection,
    house: House,
    member: StoredStaff,
    network: str,
    former: StaffLogin | None,
    codes: list[str],
) -> Entered:
    """A new login to which the recovery codes are shown, for five minutes or until they are kept."""
    entered, login = entry.open_login(connection, house, member, network, former)
    shown, now = "\n".join(codes), house.clock()
    staff_waiting.begin(connection, house.vault, member.id, "codes", login, now, shown)
    return replace(entered, shows_codes=True)
