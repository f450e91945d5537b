"""Looking for runs, newest first: by what stands beside them, and by the folds of their records."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Connection,
    Select,
    Text,
    bindparam,
    cast,
    func,
    or_,
    select,
    tuple_,
    type_coerce,
)

from app.store.models import Instant, flow_versions, journal, runs
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


#: How long a fold is, and what stands for that of an older row, which has none.
FOLD, NO_FOLD = 32, "-" * 32


class Folded(NamedTuple):
    """The seqs of a run's records, joined by commas, and their folds in the same order, joined."""

    run: str
    seqs: str
    folds: str

    def records(self) -> list[tuple[int, str | None]]:
        """(seq, fold) by seq; no fold for an older row."""
        seqs = [int(seq) for seq in self.seqs.split(",")]
        each = [self.folds[at : at + FOLD] for at in range(0, len(self.folds), FOLD)]
        pairs = zip(seqs, each, strict=True)
        return sorted((seq, None if fold == NO_FOLD else fold) for seq, fold in pairs)


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
    # As one row value, or the database would walk the index from the newest run on for every page.
    "before": tuple_(runs.c.started_at, runs.c.id)
    < tuple_(bindparam("before_at", type_=Instant), bindparam("before_id")),
}
_COLUMNS = (
    *(runs.c.id, runs.c.reference, runs.c.flow, runs.c.number, runs.c.digest, runs.c.state, runs.c.seq),
    *(runs.c.lang, runs.c.started_at, runs.c.touched_at, runs.c.ended_at),
)
_ORDER = (runs.c.started_at.desc(), runs.c.id.desc())
_NEWEST = select(*_COLUMNS).order_by(*_ORDER).limit(bindparam("most"))
_STANDING = select(runs.c.state, func.count().label("runs")).group_by(runs.c.state).order_by(runs.c.state)
_KEYS = select(runs.c.started_at, runs.c.id).order_by(*_ORDER).limit(bindparam("most"))
_NAMED = select(*_COLUMNS).where(runs.c.id.in_(bindparam("ids", expanding=True))).order_by(*_ORDER)


def _joined(column: ColumnElement[str], between: str, in_order: bool) -> ColumnElement[str]:
    joined = func.aggregate_strings(column, between)
    return joined.aggregate_order_by(journal.c.seq) if in_order else joined


def _folds(in_order: bool) -> Select[tuple[str, str, str]]:
    return (
        select(
            journal.c.run,
            _joined(cast(journal.c.seq, Text), ",", in_order),
            _joined(func.coalesce(journal.c.fold, NO_FOLD), "", in_order),
        )
        .where(journal.c.run.in_(bindparam("ids", expanding=True)))
        .group_by(journal.c.run)
    )


# SQLite joins in the order of the index, but promises it from 3.44 on only: whoever reads looks at `seqs`.
_FOLDS = {"sqlite": _folds(False), "postgresql": _folds(True)}
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
    conditions, asked = _asked(wanted, before, most)
    return [Listed(*row) for row in connection.execute(_NEWEST.where(*conditions), asked)]


def keys(connection: Connection, wanted: Mapping[str, Any], before: Cursor | None, most: int) -> list[Cursor]:
    """The same runs, by their starts and ids alone: for looking through many."""
    conditions, asked = _asked(wanted, before, most)
    rows = connection.execute(_KEYS.where(*conditions), asked)
    return [(started_at, run) for started_at, run in rows.all()]


def standing(connection: Connection, wanted: Mapping[str, Any]) -> dict[str, int]:
    """How many runs of which all of `wanted` is true stand in each state; keys are those of `newest`."""
    conditions, asked = _asked(wanted, None, 0)
    rows: Any = connection.execute(_STANDING.where(*conditions), asked)
    return {row.state: row.runs for row in rows.all()}


def _asked(wanted: Mapping[str, Any], before: Cursor | None, most: int) -> tuple[list[Any], dict[str, Any]]:
    asked: dict[str, Any] = {**wanted, "most": most}
    if before is not None:
        asked |= {"before": None, "before_at": before[0], "before_id": before[1]}
    if "lasting" in asked:
        asked["lasting"] //= _MICROSECOND
    return [condition for name, condition in _CONDITIONS.items() if name in asked], asked


def listed(connection: Connection, ids: Sequence[str]) -> list[Listed]:
    """The runs of these ids, the newest first."""
    return [Listed(*row) for row in connection.execute(_NAMED, {"ids": list(ids)})]


def folds(connection: Connection, ids: Sequence[str]) -> list[Folded]:
    """What is kept of these runs, read from the index alone; runs without a record are missing."""
    asked = {"ids": list(ids)}
    rows: Any = connection.execute(_FOLDS[connection.dialect.name], asked)
    return [Folded(*row) for row in rows.all()]


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


_UNDER_WAY = (
    select(runs.c.number, func.count(), func.count(runs.c.expires_at), func.max(runs.c.expires_at))
    .where(runs.c.flow == bindparam("of_flow"), runs.c.ended_at.is_(None))
    .group_by(runs.c.number)
    .order_by(runs.c.number)
)


def under_way(connection: Connection, flow: str) -> Iterator[tuple[int, int, datetime | None]]:
    """(version, runs that have not ended, when the last of them ends by itself) of each version that has any.

    The moment is None where one of them never ends by itself.
    """
    for number, many, ending, last in connection.execute(_UNDER_WAY, {"of_flow": flow}):
        yield number, many, last if ending == many else None
