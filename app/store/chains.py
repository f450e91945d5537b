"""The journal and the asides from end to end, streamed: for checking, exporting and signing them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, Select, bindparam, literal, select, true, union_all

from app.store.database import be_patient
from app.store.desk_models import asides
from app.store.models import journal, runs

_AT_ONCE = 1000


@dataclass(frozen=True)
class Stored:
    """A row of the journal, or of the asides (`fold` empty), with what the run's own row says of its end.

    `seq` and `head` are the run's; both are None where its row is gone.
    """

    run: str
    number: int
    text: str
    fold: str | None
    seq: int | None
    head: str | None


_RECORDS = (
    select(
        journal.c.run,
        journal.c.seq.label("number"),
        journal.c.record,
        journal.c.fold,
        runs.c.seq,
        runs.c.head,
    )
    .outerjoin(runs, runs.c.id == journal.c.run)
    .order_by(journal.c.run, journal.c.seq)
)
_ASIDES = (
    select(
        asides.c.run, asides.c.number, asides.c.record, literal(None).label("fold"), runs.c.seq, runs.c.head
    )
    .outerjoin(runs, runs.c.id == asides.c.run)
    .order_by(asides.c.run, asides.c.number)
)
_NAMED: BindParameter[Any] = bindparam("runs", expanding=True)
_EMPTY = (
    select(runs.c.id)
    .where(~select(journal.c.run).where(journal.c.run == runs.c.id).exists())
    .order_by(runs.c.id)
)
_KNOWN = (
    select(runs.c.id)
    .where(runs.c.id.in_(_NAMED))
    .union(select(journal.c.run).where(journal.c.run.in_(_NAMED)))
)
_HASHES = select(journal.c.run, journal.c.seq, journal.c.record).where(
    journal.c.run.in_(_NAMED), journal.c.seq.in_(bindparam("seqs", expanding=True))
)
_EXISTING = select(runs.c.id).where(runs.c.id.in_(_NAMED))


def records(connection: Connection, named: Sequence[str] = ()) -> Iterator[Stored]:
    """Every record, or those of the runs named, run by run in order; a thousand at a time."""
    return _stream(connection, _RECORDS, journal.c.run, named)


def all_asides(connection: Connection, named: Sequence[str] = ()) -> Iterator[Stored]:
    """Every aside, or those of the runs named, run by run in order; a thousand at a time."""
    return _stream(connection, _ASIDES, asides.c.run, named)


def _stream(
    connection: Connection, statement: Select[Any], column: Any, named: Sequence[str]
) -> Iterator[Stored]:
    be_patient(connection)
    asked = statement.where(column.in_(_NAMED)) if named else statement
    rows = connection.execute(
        asked, {"runs": list(named)} if named else {}, execution_options={"yield_per": _AT_ONCE}
    )
    for row in rows:
        yield Stored(row.run, row.number, row.record, row.fold, row.seq, row.head)


def without_records(connection: Connection, named: Sequence[str] = ()) -> list[str]:
    """Runs that have no record at all."""
    be_patient(connection)
    asked = _EMPTY.where(runs.c.id.in_(_NAMED)) if named else _EMPTY
    return list(connection.execute(asked, {"runs": list(named)} if named else {}).scalars())


def known(connection: Connection, named: Sequence[str]) -> set[str]:
    """Those of these runs that have a row or a record."""
    return set(connection.execute(_KNOWN, {"runs": list(named)}).scalars())


def existing(connection: Connection, named: Sequence[str]) -> set[str]:
    """Those of these runs that have a row."""
    return set(connection.execute(_EXISTING, {"runs": list(named)}).scalars())


def texts(connection: Connection, places: Sequence[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """The stored records at these (run, seq), as text."""
    # Asked by both columns apart: SQLite finds no index for pairs. What comes too much is left out here.
    asked = {"runs": [run for run, _ in places], "seqs": sorted({seq for _, seq in places})}
    wanted = set(places)
    rows = connection.execute(_HASHES, asked)
    return {(row.run, row.seq): row.record for row in rows if (row.run, row.seq) in wanted}


_EXPORT_RECORDS = (
    select(journal.c.run, literal(0).label("sort"), journal.c.seq.label("number"), journal.c.record)
    .join(runs, runs.c.id == journal.c.run)
    .where(journal.c.at >= bindparam("since"))
)
_EXPORT_ASIDES = (
    select(asides.c.run, literal(1).label("sort"), asides.c.number, asides.c.record)
    .join(runs, runs.c.id == asides.c.run)
    .where(asides.c.at >= bindparam("since"))
)


def told(connection: Connection, named: Sequence[str], flow: str | None, since: datetime) -> Iterator[str]:
    """The texts of records and asides made since then, run by run, a run's asides behind its records.

    No run named: of all runs; `flow` narrows them to one flow's.
    """
    be_patient(connection)
    wanted = (runs.c.id.in_(_NAMED) if named else true()) & (
        runs.c.flow == bindparam("of_flow") if flow else true()
    )
    both = union_all(_EXPORT_RECORDS.where(wanted), _EXPORT_ASIDES.where(wanted))
    asked: dict[str, Any] = {"since": since}
    asked |= {"runs": list(named)} if named else {}
    asked |= {"of_flow": flow} if flow else {}
    rows = connection.execute(
        both.order_by("run", "sort", "number"), asked, execution_options={"yield_per": _AT_ONCE}
    )
    for row in rows:
        yield row.record
