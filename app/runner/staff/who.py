"""Who sits at the desk."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, get_args

from app.runner.house import House
from app.runner.logins import ABSOLUTE, IDLE
from app.store import staff_logins
from app.store.staff_logins import StoredStaffLogin

#: What staff may be. `analyst` edits definitions, `approver` agrees to what others made, `qa` sees what a run
#: was asked and answered, `operator` where it stands and no more, `auditor` looks at all, changes nothing.
Role = Literal["analyst", "approver", "qa", "operator", "auditor"]
ROLES: tuple[Role, ...] = get_args(Role)

#: Who may see what guards answered in a run.
READS_REASONS: frozenset[Role] = frozenset({"analyst", "approver", "qa", "auditor"})

_NOTED_EVERY = timedelta(minutes=1)  # a page more or less is not worth a write


@dataclass(frozen=True)
class Staff:
    """A member of staff: an id, the name they log in by, what they may be."""

    id: str
    name: str
    roles: frozenset[Role]

    @property
    def reads_reasons(self) -> bool:
        """Whether what guards answered is for this member of staff."""
        return bool(self.roles & READS_REASONS)


@dataclass(frozen=True)
class StaffLogin:
    """An open login at the desk: its id, whose, since when."""

    id: str
    staff: Staff
    started_at: datetime

    @property
    def ends_at(self) -> datetime:
        """When it ends whatever is done with it."""
        return self.started_at + ABSOLUTE


def roles_named(names: Iterable[str]) -> tuple[Role, ...]:
    """Those of the names that are roles, in the roles' own order."""
    given = frozenset(names)
    return tuple(role for role in ROLES if role in given)


def who(house: House, token: str) -> StaffLogin | None:
    """Who is logged in by this secret; None when the login was ended, or its time is over (S47).

    Idle for 30 minutes, or 12 hours old, it is over. Being asked keeps it awake; that moves no run.
    """
    with house.database.read() as connection:
        stored = staff_logins.by_token(connection, house.vault, token)
    if stored is None or not is_open(stored, house.clock()):
        return None
    now = house.clock()
    if now >= stored.seen_at + _NOTED_EVERY:
        with house.database.write() as connection:
            staff_logins.seen(connection, stored.id, now)
    staff = Staff(stored.member, stored.name, frozenset(roles_named(stored.roles)))
    return StaffLogin(stored.id, staff, stored.started_at)


def is_open(login: StoredStaffLogin, now: datetime) -> bool:
    """Whether nobody ended this login, and no time did."""
    in_time = now < login.seen_at + IDLE and now < login.started_at + ABSOLUTE
    return in_time and login.ended_at is None and login.left_at is None
