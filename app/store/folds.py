"""The journal folded: records that replay must treat alike, counted together, one example each."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, func, or_, select

from app.store.models import journal, runs
from app.store.moves import was_on


@dataclass(frozen=True)
class Alike:
    """`count` records that are alike; `record` is the stored text of record `seq` of `run`, one of them."""

    count: int
    run: str
    seq: int
    record: str


_OF_VERSION = (
    runs.c.flow == bindparam("flow"),
    or_(runs.c.number == bindparam("number"), runs.c.id.in_(was_on("flow", "number"))),
)
_COUNTED = (
    select(journal.c.fold, func.count(), func.min(journal.c.run))
    .join(runs, runs.c.id == journal.c.run)
    .where(*_OF_VERSION, journal.c.fold.is_not(None))
    .group_by(journal.c.fold)
    .order_by(journal.c.fold)
)
_EXAMPLE = (
    select(journal.c.seq, journal.c.record)
    .where(journal.c.run == bindparam("run"), journal.c.fold == bindparam("of_fold"))
    .order_by(journal.c.seq)
    .limit(1)
)
_UNFOLDED = (
    select(journal.c.run, journal.c.seq, journal.c.record)
    .join(runs, runs.c.id == journal.c.run)
    .where(*_OF_VERSION, journal.c.fold.is_(None))
)
_RUNS = select(func.count()).select_from(runs).where(*_OF_VERSION)


def counted(connection: Connection, flow: str, number: int) -> Iterator[Alike]:
    """What the runs of one version have recorded; rows older than the fold come one by one.

    Of a run that was moved all records come, those of other versions too.
    """
    asked: dict[str, Any] = {"flow": flow, "number": number}
    for fold, count, run in connection.execute(_COUNTED, asked).all():
        example = connection.execute(_EXAMPLE, {"run": run, "of_fold": fold}).one()
        yield Alike(count, run, example.seq, example.record)
    for row in connection.execute(_UNFOLDED, asked):
        yield Alike(1, row.run, row.seq, row.record)


def how_many_runs(connection: Connection, flow: str, number: int) -> int:
    """How many runs that are or were on the version the journal still has."""
    return connection.execute(_RUNS, {"flow": flow, "number": number}).scalar_one()
