"""Forgetting: which ended runs have answers to erase by now, and how their key is destroyed.

`forget_at` of a run is empty until somebody has looked at it and after each of its steps.
"""

from datetime import datetime

from sqlalchemy import Connection, bindparam, or_, select, update

from app.store.models import journal, runs
from app.store.runs import Run, StaleStep

_DUE = (
    select(runs.c.id)
    .where(
        runs.c.ended_at.is_not(None),
        runs.c.run_key.is_not(None),
        or_(runs.c.forget_at.is_(None), runs.c.forget_at <= bindparam("now")),
        runs.c.id > bindparam("after"),
    )
    .order_by(runs.c.id)
    .limit(bindparam("most"))
)
_AGAIN_AT = (
    update(runs)
    .where(runs.c.id == bindparam("run"), runs.c.seq == bindparam("at_seq"))
    .values(forget_at=bindparam("due"))
)
_ERASE = update(runs).where(runs.c.id == bindparam("run")).values(run_key=None, browser=None)
_ERASE_POSTED = (
    update(journal)
    .where(journal.c.run == bindparam("of_run"), journal.c.posted.is_not(None))
    .values(posted=None)
)


def due(connection: Connection, now: datetime, most: int, after: str = "") -> list[str]:
    """Ids beyond `after`, in order, of ended runs with something to erase by now or not looked at yet."""
    return list(connection.execute(_DUE, {"now": now, "most": most, "after": after}).scalars())


def postpone(connection: Connection, run: Run, at: datetime) -> None:
    """Leave the run alone until `at`; raises StaleStep if it has moved since it was read."""
    if connection.execute(_AGAIN_AT, {"run": run.id, "at_seq": run.seq, "due": at}).rowcount != 1:
        raise StaleStep(run.id)


def erase_key(connection: Connection, run: str) -> None:
    """Destroy the key of a run's answers: what a backup still holds of them cannot be read.

    The marks of what was posted go too: they are made of all answers under the operator's key, so whoever
    has that key could try answers on them.
    """
    connection.execute(_ERASE, {"run": run})
    connection.execute(_ERASE_POSTED, {"of_run": run})
