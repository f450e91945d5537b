"""The journal read for replay: folds in the order of runs and steps, from the covering index alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, Text, bindparam, cast, func, select

from app.store.database import Database, be_patient
from app.store.desk_models import pruned_runs
from app.store.models import journal, runs

_ROWS = 2_000  # at a time, so that memory does not grow with the journal
#: How long a fold is, and what stands for that of an older row, which has none.
FOLD, NO_FOLD = 32, "-" * 32


@dataclass(frozen=True)
class Chosen:
    """Which runs: of one flow, of one version, begun from `since` on and before `until`; everything where a
    part is missing."""

    flow: str | None = None
    since: datetime | None = None
    number: int | None = None
    until: datetime | None = None

    def narrow(self, query: Select[Any]) -> Select[Any]:
        """`query` over the table of runs, with these conditions."""
        query = query.where(runs.c.flow == self.flow) if self.flow else query
        query = query.where(runs.c.number == self.number) if self.number is not None else query
        query = query.where(runs.c.started_at < self.until) if self.until else query
        return query.where(runs.c.started_at >= self.since) if self.since else query


@dataclass(frozen=True)
class Standing:
    """Where a run's own row says it stands: in `state` after `seq` steps."""

    id: str
    state: str
    seq: int


class Kept(NamedTuple):
    """What is kept of one run: the number of its records, their seqs and folds, joined.

    `seqs` are `0,1,2,…` where no record is missing and the database joined them in order, which SQLite says
    of itself only from 3.44 on. `state` and `seq` are those of the run's own row, None where there is none.
    """

    run: str
    records: int
    seqs: str
    folds: str
    state: str | None
    seq: int | None


_STANDING = select(runs.c.id, runs.c.state, runs.c.seq)
_IS = runs.c.id == bindparam("run")
_RECORDED = select(journal.c.run).where(journal.c.run == runs.c.id).exists()
_PRUNED = select(pruned_runs.c.run).where(pruned_runs.c.run == runs.c.id).exists()
_UNRECORDED = _STANDING.where(~_RECORDED, ~_PRUNED).order_by(runs.c.id)
_TEXT = select(journal.c.record).where(journal.c.run == bindparam("run"), journal.c.seq == bindparam("seq"))
_TEXTS = (
    select(journal.c.seq, journal.c.fold, journal.c.record)
    .where(journal.c.run == bindparam("run"))
    .order_by(journal.c.seq)
)
_NAMED = (
    select(runs.c.id)
    .where(
        (runs.c.reference == bindparam("name"))
        | (func.substr(runs.c.id, 1, func.length(bindparam("name"))) == bindparam("name"))
    )
    .order_by(runs.c.id != bindparam("name"), runs.c.id)
    .limit(bindparam("most"))
)


@contextmanager
def looking(database: Database) -> Iterator[Connection]:
    """A connection that sees the database as it was at one moment and can write nothing."""
    with database.read() as connection:
        if not database.is_sqlite:
            connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            be_patient(connection)
            yield connection
            return
        connection.exec_driver_sql("PRAGMA query_only=ON")
        try:
            yield connection
        finally:
            connection.exec_driver_sql("PRAGMA query_only=OFF")


def kept(connection: Connection, chosen: Chosen) -> Iterator[Kept]:
    """What is kept of each of these runs, read from the index alone."""
    in_order = connection.dialect.name == "postgresql"
    each = select(
        journal.c.run,
        func.count().label("records"),
        _joined(cast(journal.c.seq, Text), ",", in_order).label("seqs"),
        _joined(func.coalesce(journal.c.fold, NO_FOLD), "", in_order).label("folds"),
    ).group_by(journal.c.run)
    if chosen != Chosen():
        each = each.where(journal.c.run.in_(chosen.narrow(select(runs.c.id))))
    found = each.subquery()
    query = select(found, runs.c.state, runs.c.seq).outerjoin_from(found, runs, runs.c.id == found.c.run)
    result: Any = connection.execute(query.execution_options(yield_per=_ROWS))
    for part in result.partitions():
        yield from part


def _joined(column: ColumnElement[str], between: str, in_order: bool) -> ColumnElement[str]:
    joined = func.aggregate_strings(column, between)
    return joined.aggregate_order_by(journal.c.seq) if in_order else joined


def unrecorded(connection: Connection, chosen: Chosen) -> Iterator[Standing]:
    """Those of these runs of which nothing is recorded, though nothing was pruned either."""
    for row in connection.execute(chosen.narrow(_UNRECORDED)):
        yield Standing(*row)


def standing(connection: Connection, run: str) -> Standing | None:
    """The row of one run."""
    row = connection.execute(_STANDING.where(_IS), {"run": run}).first()
    return Standing(*row) if row else None


def text(connection: Connection, run: str, seq: int) -> str:
    """The stored text of one record; LookupError if there is none."""
    found = connection.execute(_TEXT, {"run": run, "seq": seq}).scalar_one_or_none()
    if found is None:
        raise LookupError(f"{run} {seq}")
    return str(found)


def texts(connection: Connection, run: str) -> list[tuple[int, str | None, str]]:
    """(seq, fold, text) of all records of one run, in order."""
    return [(row.seq, row.fold, row.record) for row in connection.execute(_TEXTS, {"run": run})]


def named(connection: Connection, name: str, most: int) -> list[str]:
    """The ids of at most `most` runs whose reference or id this is, or with which their id begins."""
    return list(connection.execute(_NAMED, {"name": name, "most": most}).scalars())
