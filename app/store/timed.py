"""The journal read for times: each record's moment and fold, run by run, without its text."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import BigInteger, Connection, select, type_coerce

from app.store.models import journal, runs

_ROWS = 5_000  # at a time, so that memory does not grow with the journal


@dataclass(frozen=True)
class Window:
    """Which runs of a flow: of these versions, in this language, begun from `since` on, before `until`."""

    flow: str
    numbers: tuple[int, ...]
    lang: str | None = None
    since: datetime | None = None
    until: datetime | None = None


class Moment(NamedTuple):
    """One record: `at` in microseconds since 1970; no fold for a row older than folds."""

    run: str
    seq: int
    at: int
    fold: str | None
    number: int
    lang: str


def moments(connection: Connection, window: Window) -> Iterator[Sequence[Moment]]:
    """All records of these runs by run and seq, some thousand at a time."""
    query = (
        select(
            *(journal.c.run, journal.c.seq, type_coerce(journal.c.at, BigInteger), journal.c.fold),
            *(runs.c.number, runs.c.lang),
        )
        .join(runs, runs.c.id == journal.c.run)
        .where(runs.c.flow == window.flow, runs.c.number.in_(window.numbers))
        .order_by(journal.c.run, journal.c.seq)
    )
    if window.lang:
        query = query.where(runs.c.lang == window.lang)
    if window.since:
        query = query.where(runs.c.started_at >= window.since)
    if window.until:
        query = query.where(runs.c.started_at < window.until)
    result: Any = connection.execute(query.execution_options(yield_per=_ROWS))
    yield from result.partitions()
