"""Looking for runs, newest first: by what stands beside them, and by the folds of their records."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, Connection, bindparam, func, or_, select, tuple_, type_coerce

from app.store.models import flow_versions, journal, runs
from app.store.versions import Version

_MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True)
class Listed:
    """A run as a list shows it; `seq` is how many steps it has taken."""

    id: str
    reference: str
    flow: str
    number: int
    digest: str
    state: str
    seq: int
    lang: str
    started_at: datetime
    touched_at: datetime
    ended_at: datetime | None

    @property
    def lasted(self) -> timedelta:
        """From its start to its end, or to its last sign of life."""
        return (self.ended_at or self.touched_at) - self.started_at


#: Where a list goes on: the start and the id of the last run shown.
Cursor = tuple[datetime, str]

_STARTED = type_coerce(runs.c.started_at, BigInteger)
_LASTED = type_coerce(func.coalesce(runs.c.ended_at, runs.c.touched_at), BigInteger) - _STARTED

#: What may be asked for, by name; the name is the parameter's as well.
_CONDITIONS: Mapping[str, Any] = {
    "flow": runs.c.flow == bindparam("flow"),
    "number": runs.c.number == bindparam("number"),
    "state": runs.c.state == bindparam("state"),
    "lang": runs.c.lang == bindparam("lang"),
    "since": runs.c.started_at >= bindparam("since"),
    "until": runs.c.started_at < bindparam("until"),
    "named": or_(runs.c.id == bindparam("named"), runs.c.reference == bindparam("named")),
    "lasting": bindparam("lasting", type_=BigInteger) <= _LASTED,
    "open": runs.c.ended_at.is_(None),
    "ended": runs.c.ended_at.is_not(None),
    "ends": tuple_(runs.c.flow, runs.c.number, runs.c.state).in_(bindparam("ends", expanding=True)),
    "before": or_(
        runs.c.started_at < bindparam("before_at"),
        (runs.c.started_at == bindparam("before_at")) & (runs.c.id < bindparam("before_id")),
    ),
}
_COLUMNS = (
    *(runs.c.id, runs.c.reference, runs.c.flow, runs.c.number, runs.c.digest, runs.c.state, runs.c.seq),
    *(runs.c.lang, runs.c.started_at, runs.c.touched_at, runs.c.ended_at),
)
_NEWEST = select(*_COLUMNS).order_by(runs.c.started_at.desc(), runs.c.id.desc()).limit(bindparam("most"))
_FOLDS = (
    select(journal.c.run, journal.c.seq, journal.c.fold)
    .where(journal.c.run.in_(bindparam("ids", expanding=True)))
    .order_by(journal.c.run, journal.c.seq)
)
_RECORD = select(journal.c.record).where(journal.c.run == bindparam("run"), journal.c.seq == bindparam("seq"))
_RECORDS = (
    select(journal.c.seq, journal.c.record).where(journal.c.run == bindparam("run")).order_by(journal.c.seq)
)
_VERSIONS = select(flow_versions).order_by(flow_versions.c.flow, flow_versions.c.number.desc())


def newest(
    connection: Connection, wanted: Mapping[str, Any], before: Cursor | None, most: int
) -> list[Listed]:
    """Up to `most` runs of which all of `wanted` is true, the newest first, those behind `before` only.

    Keys of `wanted`: flow, number, state, lang, since, until (moments of the start), named (id or
    reference), lasting (a timedelta at least), open, ended, ends (a list of (flow, number, state)).
    """
    asked: dict[str, Any] = {**wanted, "most": most}
    if before is not None:
        asked |= {"before": None, "before_at": before[0], "before_id": before[1]}
    if "lasting" in asked:
        asked["lasting"] //= _MICROSECOND
    conditions = [condition for name, condition in _CONDITIONS.items() if name in asked]
    return [Listed(*row) for row in connection.execute(_NEWEST.where(*conditions), asked)]


def folds(connection: Connection, ids: Sequence[str]) -> Iterator[tuple[str, int, str | None]]:
    """(run, seq, fold) of every record of these runs, run by run and in order, from the index alone."""
    for row in connection.execute(_FOLDS, {"ids": list(ids)}):
        yield row.run, row.seq, row.fold


def record_text(connection: Connection, run: str, seq: int) -> str:
    """The stored text of one record, `` if there is none."""
    return str(connection.execute(_RECORD, {"run": run, "seq": seq}).scalar() or "")


def record_texts(connection: Connection, run: str) -> list[tuple[int, str]]:
    """(seq, stored text) of all records of one run, in order, whether they can be read or not."""
    return [(row.seq, row.record) for row in connection.execute(_RECORDS, {"run": run})]


def published(connection: Connection) -> list[Version]:
    """All versions ever published, by flow, each flow's newest first."""
    rows = connection.execute(_VERSIONS)
    return [Version(row.flow, row.number, row.digest, row.published_at) for row in rows]
