"""The journal: append-only records, `UNIQUE(run, seq)` the last word on which step came first."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select

from app.flow.record import canonical
from app.flow.trace import fold
from app.store.models import journal

_INSERT = insert(journal)
_ONE = select(journal.c.record, journal.c.posted).where(
    journal.c.run == bindparam("run"), journal.c.seq == bindparam("seq")
)
_ALL = select(journal.c.record).where(journal.c.run == bindparam("run")).order_by(journal.c.seq)


@dataclass(frozen=True)
class Entry:
    """One stored step: its record and the keyed fingerprint of what was posted."""

    record: Mapping[str, Any]
    posted: str | None


def append(connection: Connection, record: Mapping[str, Any], at: datetime, posted: str | None) -> None:
    """Add one record; the database refuses a second one with the same run and seq."""
    connection.execute(
        _INSERT,
        {
            "run": record["run"],
            "seq": record["seq"],
            "at": at,
            "record": canonical(record),
            "posted": posted,
            "fold": fold(record),
        },
    )


def entry(connection: Connection, run: str, seq: int) -> Entry | None:
    """The step of `run` with this seq."""
    row = connection.execute(_ONE, {"run": run, "seq": seq}).first()
    return Entry(json.loads(row.record), row.posted) if row else None


def records(connection: Connection, run: str) -> Iterator[Mapping[str, Any]]:
    """All records of `run`, in order."""
    for row in connection.execute(_ALL, {"run": run}):
        yield json.loads(row.record)
