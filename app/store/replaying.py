"""The journal read for replay: folds in the order of runs and steps, from the covering index alone."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, select

from app.store.database import Database, be_patient
from app.store.desk_models import pruned_runs
from app.store.models import journal, runs

_ROWS = 10_000  # at a time, so that memory does not grow with the journal


@dataclass(frozen=True)
class Chosen:
    """Which runs: of one flow, begun since then; everything where a part is missing."""

    flow: str | None = None
    since: datetime | None = None

    def narrow(self, query: Select[Any]) -> Select[Any]:
        """`query` over the table of runs, with these conditions."""
        query = query.where(runs.c.flow == self.flow) if self.flow else query
        return query.where(runs.c.started_at >= self.since) if self.since else query


@dataclass(frozen=True)
class Standing:
    """Where a run's own row says it stands; `pruned`: its records were let go of, as a rule of the house."""

    id: str
    flow: str
    number: int
    digest: str
    state: str
    seq: int
    pruned: bool


_STANDING = (
    select(
        runs.c.id,
        runs.c.flow,
        runs.c.number,
        runs.c.digest,
        runs.c.state,
        runs.c.seq,
        pruned_runs.c.run.is_not(None).label("pruned"),
    )
    .select_from(runs.outerjoin(pruned_runs, pruned_runs.c.run == runs.c.id))
    .order_by(runs.c.id)
)
_BEYOND = runs.c.id > bindparam("after")
_UP_TO = runs.c.id <= bindparam("last")
_IS = runs.c.id == bindparam("run")
_FOLDS = select(journal.c.run, journal.c.seq, journal.c.fold).order_by(journal.c.run, journal.c.seq)
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


def folds(connection: Connection, chosen: Chosen) -> Iterator[tuple[str, int, str | None]]:
    """(run, seq, fold) of every record of these runs, in order; the fold of older rows is None."""
    query = _FOLDS
    if chosen != Chosen():
        query = query.where(journal.c.run.in_(chosen.narrow(select(runs.c.id))))
    rows: Any = connection.execute(query.execution_options(yield_per=_ROWS))
    yield from rows


def standings(connection: Connection, chosen: Chosen, after: str, last: str | None) -> list[Standing]:
    """The rows of these runs with ids beyond `after`, up to `last` or to the end, in order."""
    query = chosen.narrow(_STANDING.where(_BEYOND))
    query = query if last is None else query.where(_UP_TO)
    rows = connection.execute(query, {"after": after, **({"last": last} if last is not None else {})})
    return [Standing(*row) for row in rows]


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
