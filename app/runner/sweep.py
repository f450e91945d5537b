"""What time does by itself: runs expire, answers and counters are forgotten."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from app.flow.definition import Flow
from app.runner.house import FlowMissing, House
from app.runner.submit import expire
from app.store import budgets, inbox, runs, sends

log = logging.getLogger(__name__)

_BATCH = 200
_COUNTERS_KEPT = timedelta(days=8)  # a budget looks back seven days at most
_INBOX_KEPT = timedelta(days=1)


@dataclass(frozen=True)
class Swept:
    """How many runs expired and how many had answers erased."""

    expired: int
    forgotten: int


def sweep(house: House) -> Swept:
    """Fire `expire` where it is due and erase what has been kept long enough."""
    now = house.clock()
    swept = Swept(_expire(house, now), _forget(house, now))
    with house.database.write() as connection:
        budgets.purge(connection, now - _COUNTERS_KEPT)
        sends.purge(connection, now - _COUNTERS_KEPT)
        inbox.purge(connection, now - _INBOX_KEPT)
    if swept.expired or swept.forgotten:
        log.info("runs swept", extra={"expired": swept.expired, "forgotten": swept.forgotten})
    return swept


def _expire(house: House, now: datetime) -> int:
    with house.database.read() as connection:
        due = runs.expired(connection, now, _BATCH)
    for run in due:
        try:
            expire(house, house.shelf.version(run.flow, run.number, run.digest), run)
        except FlowMissing:
            log.error("a run stands on a version that is not there", extra={"run": run.id})
    return len(due)


def _forget(house: House, now: datetime) -> int:
    with house.database.read() as connection:
        ended = runs.ended_with_answers(connection, _BATCH)
    erased = 0
    for run in ended:
        flow = house.shelf.version(run.flow, run.number, run.digest)
        gone = [name for name, keep in _keeps(flow).items() if run.ended_at and run.ended_at + keep <= now]
        if not gone:
            continue
        with house.database.write() as connection:
            runs.drop_answers(connection, run.id, [*gone, *(f"{name}~" for name in gone)])
            if len(gone) == len(flow.spec.fields):
                runs.erase_key(connection, run.id)
                erased += 1
    return erased


def _keeps(flow: Flow) -> dict[str, timedelta]:
    return {name: field.keep for name, field in flow.spec.fields.items()}
