"""What staff did and what was refused to them: who, when, what, upon what. Rows are only ever added.

Each act has a number and a link: SHA-256 over the act and the link of the act before, so that none can be
altered or taken out without breaking those behind it. Acts older than the chain have neither.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, bindparam, func, insert, literal, or_, select, text

from app.flow.record import GENESIS
from app.store.desk_models import staff_acts
from app.store.ids import ulid

_LONGEST_SUBJECT = 120

_PLACE = func.coalesce(staff_acts.c.number, 0)
_INSERT = insert(staff_acts)
_LAST = (
    select(staff_acts.c.number, staff_acts.c.link)
    .where(staff_acts.c.number.is_not(None))
    .order_by(staff_acts.c.number.desc())
    .limit(1)
)
_SINCE = (
    select(staff_acts)
    .where(staff_acts.c.at >= bindparam("since"))
    .order_by(staff_acts.c.at, _PLACE, staff_acts.c.id)
)
_BY_ID = select(staff_acts).where(staff_acts.c.id == bindparam("act"))
_CHAIN = select(staff_acts).where(staff_acts.c.number.is_not(None)).order_by(staff_acts.c.number)
_OUTSIDE = select(staff_acts).where(staff_acts.c.number.is_(None)).order_by(staff_acts.c.at)
_MEMBERS = select(staff_acts.c.staff).distinct().order_by(staff_acts.c.staff)
_ACTS = select(staff_acts.c.act).distinct().order_by(staff_acts.c.act)
_LOCK = text("select pg_advisory_xact_lock(hashtextextended('staff acts', 3))")


@dataclass(frozen=True)
class StoredAct:
    """One act; `staff` is the name of whoever did it, `outcome` is `done` or `refused`.

    `id`, `number` and `link` are given when it is noted; acts older than the chain have no number and link.
    """

    at: datetime
    staff: str
    act: str
    subject: str
    outcome: str
    id: str = ""
    number: int | None = None
    link: str | None = None


@dataclass(frozen=True)
class Chosen:
    """Which acts are asked for; None: whichever. They were done at `since` or later and before `until`."""

    staff: str | None = None
    act: str | None = None
    outcome: str | None = None
    since: datetime | None = None
    until: datetime | None = None


def link(act: StoredAct, before: str) -> str:
    """The link of an act that has its number, after the act whose link is `before`."""
    canonical = json.dumps(
        {
            "act": act.act,
            "at": act.at.isoformat(timespec="microseconds"),
            "before": before,
            "number": act.number,
            "outcome": act.outcome,
            "staff": act.staff,
            "subject": act.subject,
        },
        sort_keys=True,
        separators=(",", ":"),
    )
    return hashlib.sha256(canonical.encode()).hexdigest()


def note(connection: Connection, act: StoredAct) -> None:
    """Add one act to the end of the chain; a subject longer than the column is cut.

    Until the commit nobody else can add one: on PostgreSQL by a lock, SQLite has one writer anyway.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(_LOCK)
    last = connection.execute(_LAST).first()
    place = (last.number + 1, last.link) if last else (1, GENESIS)
    numbered = replace(act, subject=act.subject[:_LONGEST_SUBJECT], number=place[0])
    row = {
        "id": ulid(act.at),
        "at": act.at,
        "staff": act.staff,
        "act": act.act,
        "subject": numbered.subject,
        "outcome": act.outcome,
        "number": numbered.number,
        "link": link(numbered, place[1]),
    }
    connection.execute(_INSERT, row)


def since(connection: Connection, when: datetime) -> Iterator[StoredAct]:
    """The acts from then on, the oldest first."""
    return map(_act, connection.execute(_SINCE, {"since": when}))


def chain(connection: Connection) -> Iterator[StoredAct]:
    """The acts that have a number, in the order of the chain."""
    return map(_act, connection.execute(_CHAIN.execution_options(yield_per=1000)))


def outside(connection: Connection) -> Iterator[StoredAct]:
    """The acts that have none, the oldest first."""
    return map(_act, connection.execute(_OUTSIDE))


def newest(
    connection: Connection, chosen: Chosen, most: int, before: str | None = None
) -> Iterator[StoredAct]:
    """At most so many of the chosen acts, the newest first; those before the act of this id."""
    statement = select(staff_acts).where(*_wishes(chosen))
    edge = connection.execute(_BY_ID, {"act": before}).first() if before else None
    if edge is not None:
        statement = statement.where(_older(edge))
    ordered = statement.order_by(staff_acts.c.at.desc(), _PLACE.desc(), staff_acts.c.id.desc())
    return map(_act, connection.execute(ordered.limit(most)))


def _wishes(chosen: Chosen) -> list[ColumnElement[bool]]:
    columns = {"staff": chosen.staff, "act": chosen.act, "outcome": chosen.outcome}
    wishes = [staff_acts.c[name] == value for name, value in columns.items() if value is not None]
    if chosen.since is not None:
        wishes.append(staff_acts.c.at >= chosen.since)
    if chosen.until is not None:
        wishes.append(staff_acts.c.at < chosen.until)
    return wishes


def _older(edge: Any) -> ColumnElement[bool]:
    place = literal(edge.number or 0)
    return or_(
        staff_acts.c.at < edge.at,
        and_(staff_acts.c.at == edge.at, place > _PLACE),
        and_(staff_acts.c.at == edge.at, place == _PLACE, staff_acts.c.id < edge.id),
    )


def members(connection: Connection) -> list[str]:
    """Everybody an act is noted of, by name."""
    return list(connection.execute(_MEMBERS).scalars())


def kinds(connection: Connection) -> list[str]:
    """Every sort of act there is."""
    return list(connection.execute(_ACTS).scalars())


def _act(row: Any) -> StoredAct:
    return StoredAct(row.at, row.staff, row.act, row.subject, row.outcome, row.id, row.number, row.link)
