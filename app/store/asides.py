"""Asides: posts that took no step, beside the journal, numbered from 1 in each run."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select

from app.flow.aside import Aside, read_text
from app.flow.record import GENESIS, canonical
from app.store.desk_models import asides

_INSERT = insert(asides)
_LAST = (
    select(asides.c.number, asides.c.record)
    .where(asides.c.run == bindparam("run"))
    .order_by(asides.c.number.desc())
    .limit(1)
)
_OF_RUN = select(asides.c.record).where(asides.c.run == bindparam("run")).order_by(asides.c.number)


@dataclass(frozen=True)
class Last:
    """The newest aside of a run: its number and hash; 0 and the beginning of a chain where it has none."""

    number: int
    hash: str


def last(connection: Connection, run: str) -> Last:
    """The newest aside of the run."""
    row = connection.execute(_LAST, {"run": run}).first()
    return Last(row.number, json.loads(row.record)["hash"]) if row else Last(0, GENESIS)


def append(connection: Connection, record: Mapping[str, Any], at: datetime) -> None:
    """Add one; raises IntegrityError where the run has one of this number."""
    values = {"run": record["run"], "number": record["number"], "at": at, "record": canonical(record)}
    connection.execute(_INSERT, values)


def of_run(connection: Connection, run: str) -> list[Aside]:
    """What was sent to the run and took no step, in order; one that is damaged is left to `runs verify`."""
    found = []
    for text in connection.execute(_OF_RUN, {"run": run}).scalars():
        with suppress(KeyError, TypeError, ValueError):
            found.append(read_text(text))
    return found
