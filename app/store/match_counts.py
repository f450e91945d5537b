"""The journal counted by hours, for figures about guards: records alike are counted together.

Only the newest records are read one by one, and only for how long the outside world took to answer.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import BigInteger, Connection, bindparam, func, select, type_coerce

from app.store.models import journal

_HOUR = 3_600_000_000  # microseconds
_BUCKET = (type_coerce(journal.c.at, BigInteger) // _HOUR).label("hour")
_COUNTED = (
    select(journal.c.fold, _BUCKET, func.count().label("records"), func.min(journal.c.run).label("run"))
    .where(journal.c.at >= bindparam("since"), journal.c.fold.is_not(None))
    .group_by(journal.c.fold, _BUCKET)
    .order_by(journal.c.fold, _BUCKET)
)
_EXAMPLE = (
    select(journal.c.run, journal.c.seq, journal.c.record)
    .where(journal.c.run == bindparam("of_run"), journal.c.fold == bindparam("of_fold"))
    .order_by(journal.c.seq)
    .limit(1)
)
_NEWEST = (
    select(journal.c.run, journal.c.seq, journal.c.record)
    .where(journal.c.at >= bindparam("since"))
    .order_by(journal.c.at.desc(), journal.c.run, journal.c.seq)
    .limit(bindparam("most"))
)


@dataclass(frozen=True)
class Alike:
    """Records that are alike, by the hour they were written in; `record` is the text of one of them."""

    run: str
    seq: int
    record: str
    hours: tuple[tuple[datetime, int], ...]


def counted(connection: Connection, since: datetime) -> Iterator[Alike]:
    """Everything recorded from then on; rows older than the fold are left out."""
    folds: dict[str, list[tuple[datetime, int]]] = {}
    runs: dict[str, str] = {}
    for row in connection.execute(_COUNTED, {"since": since}):
        hour = datetime.fromtimestamp(row.hour * _HOUR // 1_000_000, UTC)
        folds.setdefault(row.fold, []).append((hour, row.records))
        runs[row.fold] = row.run
    for fold, hours in folds.items():
        one = connection.execute(_EXAMPLE, {"of_run": runs[fold], "of_fold": fold}).one()
        yield Alike(one.run, one.seq, one.record, tuple(hours))


def newest(connection: Connection, since: datetime, most: int) -> Iterator[tuple[str, int, str]]:
    """The newest records from then on: run, number, text."""
    for row in connection.execute(_NEWEST, {"since": since, "most": most}):
        yield row.run, row.seq, row.record
