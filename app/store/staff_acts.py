"""What staff did and what was refused to them: who, when, what, upon what. Rows are only ever added."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, select

from app.store.desk_models import staff_acts
from app.store.ids import ulid

_LONGEST_SUBJECT = 120

_INSERT = insert(staff_acts)
_SINCE = (
    select(staff_acts).where(staff_acts.c.at >= bindparam("since")).order_by(staff_acts.c.at, staff_acts.c.id)
)


@dataclass(frozen=True)
class StoredAct:
    """One act; `staff` is the name of whoever did it, `outcome` is `done` or `refused`."""

    at: datetime
    staff: str
    act: str
    subject: str
    outcome: str


def note(connection: Connection, act: StoredAct) -> None:
    """Add one act; a subject longer than the column is cut."""
    row = {
        "id": ulid(act.at),
        "at": act.at,
        "staff": act.staff,
        "act": act.act,
        "subject": act.subject[:_LONGEST_SUBJECT],
        "outcome": act.outcome,
    }
    connection.execute(_INSERT, row)


def since(connection: Connection, when: datetime) -> Iterator[StoredAct]:
    """The acts from then on, the oldest first."""
    for row in connection.execute(_SINCE, {"since": when}):
        yield StoredAct(row.at, row.staff, row.act, row.subject, row.outcome)
