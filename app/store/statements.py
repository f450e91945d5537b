"""Signed statements, and the heads that stood when the newest of them was made."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, collate, delete, insert, or_, select

from app.store.database import be_patient
from app.store.desk_models import pruned_runs, stated_heads, statements
from app.store.models import runs

_AT_ONCE = 1000


@dataclass(frozen=True)
class Head:
    """The newest record of a run: its number and its hash."""

    run: str
    seq: int
    hash: str


@dataclass(frozen=True)
class StoredStatement:
    """A statement as it was signed, one line of JSON."""

    number: int
    body: str


_LAST = select(statements.c.number, statements.c.body).order_by(statements.c.number.desc()).limit(1)
_ALL = select(statements.c.number, statements.c.body).order_by(statements.c.number)
_ONE = select(statements.c.body).where(statements.c.number == bindparam("number"))
_INSERT = insert(statements)
_CHANGED = (
    select(runs.c.id, runs.c.seq, runs.c.head)
    .outerjoin(stated_heads, stated_heads.c.run == runs.c.id)
    .where(or_(stated_heads.c.run.is_(None), stated_heads.c.head != runs.c.head))
    .order_by(runs.c.id)
    .limit(bindparam("most"))
)
_PRUNED = (
    select(stated_heads.c.run)
    .join(pruned_runs, pruned_runs.c.run == stated_heads.c.run)
    .order_by(stated_heads.c.run)
    .limit(bindparam("most"))
)
_STATED = select(stated_heads.c.run, stated_heads.c.seq, stated_heads.c.head)
_NAMED = select(stated_heads.c.run).where(stated_heads.c.run.in_(bindparam("runs", expanding=True)))
_FORGET = delete(stated_heads).where(stated_heads.c.run == bindparam("named"))
_STATE = insert(stated_heads)


def last(connection: Connection) -> StoredStatement | None:
    """The newest statement."""
    row = connection.execute(_LAST).first()
    return StoredStatement(row.number, row.body) if row else None


def one(connection: Connection, number: int) -> str | None:
    """The statement of this number."""
    body: str | None = connection.execute(_ONE, {"number": number}).scalar_one_or_none()
    return body


def every(connection: Connection) -> Iterator[StoredStatement]:
    """All statements in their order, one at a time."""
    be_patient(connection)
    for row in connection.execute(_ALL, execution_options={"yield_per": 10}):
        yield StoredStatement(row.number, row.body)


def changed(connection: Connection, most: int) -> list[Head]:
    """Heads that are new or another than the newest statement knew, by run."""
    be_patient(connection)
    return [Head(*row) for row in connection.execute(_CHANGED, {"most": most})]


def pruned(connection: Connection, most: int) -> list[str]:
    """Runs pruned since a statement named them, by id."""
    return list(connection.execute(_PRUNED, {"most": most}).scalars())


def stated(connection: Connection) -> Iterator[Head]:
    """Every head as of the newest statement, in the order of the runs' ids by code point."""
    be_patient(connection)
    order = collate(stated_heads.c.run, "C" if connection.dialect.name == "postgresql" else "binary")
    for row in connection.execute(_STATED.order_by(order), execution_options={"yield_per": _AT_ONCE}):
        yield Head(row.run, row.seq, row.head)


def named_in(connection: Connection, runs_named: Sequence[str]) -> set[str]:
    """Those of these runs that stood when the newest statement was made."""
    return set(connection.execute(_NAMED, {"runs": list(runs_named)}).scalars())


def put(
    connection: Connection,
    statement: StoredStatement,
    at: datetime,
    heads: Sequence[Head],
    gone: Sequence[str],
) -> None:
    """Store a statement that states these heads anew and no longer those of the runs `gone`.

    Raises IntegrityError when another one took its number.
    """
    connection.execute(_INSERT, {"number": statement.number, "at": at, "body": statement.body})
    forgotten = [{"named": run} for run in (*gone, *(head.run for head in heads))]
    if forgotten:
        connection.execute(_FORGET, forgotten)
    if heads:
        connection.execute(_STATE, [{"run": head.run, "seq": head.seq, "head": head.hash} for head in heads])
