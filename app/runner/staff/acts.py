"""The trail of what staff does: written by whoever lets them do it, read by `narthex staff acts`."""

from datetime import datetime
from typing import Literal

from sqlalchemy import Connection

from app.runner.house import House
from app.runner.staff.who import Staff
from app.store import staff_acts
from app.store.staff_acts import StoredAct

#: Who acts when nobody is logged in to the desk; no member of staff can be named like these.
AT_THE_CONSOLE, NOBODY = "(console)", "(nobody)"

ActOutcome = Literal["done", "refused"]


def note_act(
    house: House, staff: Staff | str, act: str, subject: str = "", outcome: ActOutcome = "done"
) -> None:
    """Note in a commit of its own that `staff` did `act`, an order of two words or so (`export run`).

    `subject` is the id or name of what it was done to, never what somebody typed; 120 signs are kept.
    """
    with house.database.write() as connection:
        note_within(connection, house.clock(), staff, act, subject, outcome)


def note_within(
    connection: Connection,
    now: datetime,
    staff: Staff | str,
    act: str,
    subject: str = "",
    outcome: ActOutcome = "done",
) -> None:
    """The same inside the commit of the act itself: neither is there without the other."""
    name = staff if isinstance(staff, str) else staff.name
    staff_acts.note(connection, StoredAct(now, name, act, subject, outcome))


def acts_since(house: House, since: datetime) -> list[StoredAct]:
    """What was done and refused from then on, the oldest first."""
    with house.database.read() as connection:
        return list(staff_acts.since(connection, since))
