"""Runs whose records were pruned: taking a run out of the database whole, and what is left of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Connection, bindparam, delete, insert, select

from app.store.desk_models import asides, pruned_runs
from app.store.models import journal, links, outbox, runs


@dataclass(frozen=True)
class Ended:
    """A run that is over: how many records it has and the hash of the last."""

    id: str
    flow: str
    number: int
    seq: int
    head: str
    ended_at: datetime


@dataclass(frozen=True)
class Pruned:
    """What is known of a run that was pruned: its records and the last one's hash, when it was, and the
    signature without which the row is nobody's word."""

    run: str
    records: int
    head: str
    pruned_at: datetime
    sig: str


_OPEN_LETTER = (
    select(outbox.c.id)
    .where(outbox.c.run_id == runs.c.id, outbox.c.state.in_(("queued", "sending")))
    .exists()
)
_LIVE_LINK = (
    select(links.c.id)
    .where(
        links.c.run_id == runs.c.id,
        links.c.expires_at > bindparam("now"),
        links.c.replaced_at.is_(None),
    )
    .exists()
)
_ENDED = (
    select(runs.c.id, runs.c.flow, runs.c.number, runs.c.seq, runs.c.head, runs.c.ended_at)
    .where(
        runs.c.ended_at < bindparam("before"),
        runs.c.id > bindparam("after"),
        ~_OPEN_LETTER,
        ~_LIVE_LINK,
    )
    .order_by(runs.c.id)
    .limit(bindparam("most"))
)
_NAMED: BindParameter[Any] = bindparam("named", expanding=True)
_LEFT = select(pruned_runs).where(pruned_runs.c.run.in_(_NAMED))
_KEEP = insert(pruned_runs)
_RUN = delete(runs).where(runs.c.id == bindparam("run"), runs.c.head == bindparam("last"))
_HANGING = (
    delete(journal).where(journal.c.run == bindparam("run")),
    delete(asides).where(asides.c.run == bindparam("run")),
    delete(outbox).where(outbox.c.run_id == bindparam("run")),
)


def ended(connection: Connection, before: datetime, now: datetime, after: str, most: int) -> list[Ended]:
    """Runs beyond `after`, by id, that ended before then and are done with: no link of theirs works any
    more, no letter of theirs is still to leave."""
    asked = {"before": before, "now": now, "after": after, "most": most}
    return [Ended(*row) for row in connection.execute(_ENDED, asked)]


def prune(connection: Connection, run: Ended, now: datetime, sig: str) -> bool:
    """Delete the run with all that hangs on it and keep its head, signed; False if it has moved since."""
    if connection.execute(_RUN, {"run": run.id, "last": run.head}).rowcount != 1:
        return False
    for statement in _HANGING:
        connection.execute(statement, {"run": run.id})
    left = {"run": run.id, "flow": run.flow, "number": run.number, "records": run.seq + 1, "head": run.head}
    connection.execute(_KEEP, {**left, "ended_at": run.ended_at, "pruned_at": now, "sig": sig})
    return True


def left(connection: Connection, named: Sequence[str]) -> dict[str, Pruned]:
    """Those of these runs that were pruned."""
    rows = connection.execute(_LEFT, {"named": list(named)})
    return {row.run: Pruned(row.run, row.records, row.head, row.pruned_at, row.sig) for row in rows}
