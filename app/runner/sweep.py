"""What time does by itself: runs expire, letters come too late, answers and counters are forgotten.

Each of these is done whatever becomes of the others, and each run whatever becomes of the others.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Connection

from app.flow.definition import Flow
from app.runner import submit
from app.runner.house import House
from app.runner.portal.purge import purge_unconfirmed
from app.store import (
    addresses,
    budgets,
    codes,
    inbox,
    links,
    login_failures,
    logins,
    moves,
    outbox,
    receipts,
    retention,
    runs,
    sends,
    staff_logins,
    staff_waiting,
)
from app.store.runs import Run, StaleStep

log = logging.getLogger(__name__)

_BATCH = 200
_BATCHES = 10  # delivery waits for the sweep; what is left is done by the next one
_COUNTERS_KEPT = timedelta(days=8)  # a budget looks back seven days at most
_CODES_KEPT = timedelta(days=1)  # S25; so long an old code can still be told from a wrong one
_CODE_FAILURES_KEPT = timedelta(days=31)  # thirty days count
_LEFT_BEHIND_KEPT = timedelta(days=30)  # as long as a login that nobody confirms
_INBOX_KEPT = timedelta(days=1)
_LOGINS_KEPT = timedelta(days=30)
_ADDRESS_CHANGES_KEPT = timedelta(days=1)  # so long the page can say that the code is out of date
_LINKS_KEPT = timedelta(days=7)  # so long an old link can still say that it is over
_NOTHING_ASKED_KEPT = timedelta(days=7)  # so long the last page of a flow without fields can be seen


@dataclass(frozen=True)
class Swept:
    """How many runs expired and how many had all their answers erased."""

    expired: int
    forgotten: int


def sweep(house: House) -> Swept:
    """Fire `expire` where it is due, close letters that come too late, erase what was kept long enough.

    Raises nothing: what fails is logged and tried again by the next sweep.
    """
    now = house.clock()
    duties: dict[str, Callable[[], int]] = {
        "expiry": partial(_for_each, house, now, "expiry", runs.expired, _expire),
        "left behind": partial(_for_each, house, now, "left behind", _left_behind, _let_expire),
        "erasure": partial(_for_each, house, now, "erasure", retention.due, _forget),
        "letters": partial(_close_letters, house, now),
        "letters given up": partial(_purge, house, partial(outbox.erase_kept, most=_BATCH), now),
        "refusals": partial(_purge, house, budgets.purge, now - _COUNTERS_KEPT),
        "sends": partial(_purge, house, sends.purge, now - _COUNTERS_KEPT),
        "codes": partial(_purge, house, codes.purge, now - _CODES_KEPT),
        "code failures": partial(_purge, house, codes.purge_failures, now - _CODE_FAILURES_KEPT),
        "inbox": partial(_purge, house, inbox.purge, now - _INBOX_KEPT),
        "receipts": partial(_purge, house, receipts.purge, now - _COUNTERS_KEPT),
        "links": partial(_purge, house, links.purge, now - _LINKS_KEPT),
        "logins": partial(_purge, house, logins.purge, now - _LOGINS_KEPT),
        "staff logins": partial(_purge, house, staff_logins.purge, now - _LOGINS_KEPT),
        "begun at the desk": partial(_purge, house, staff_waiting.purge, now - staff_waiting.LIFE),
        "login failures": partial(_purge, house, login_failures.purge, now - login_failures.A_DAY),
        "address changes": partial(_purge, house, addresses.purge, now - _ADDRESS_CHANGES_KEPT),
        "unconfirmed accounts": partial(purge_unconfirmed, house, now),
    }
    done = {name: _whatever_happens(name, duty) for name, duty in duties.items()}
    swept = Swept(done["expiry"], done["erasure"])
    if swept.expired or swept.forgotten:
        log.info("runs swept", extra={"expired": swept.expired, "forgotten": swept.forgotten})
    return swept


def _whatever_happens(name: str, duty: Callable[[], int]) -> int:
    try:
        return duty()
    except Exception as fault:
        # Its text may quote a value, so only the type is logged; here and below.
        log.error("a part of the sweep failed", extra={"duty": name, "fault": type(fault).__name__})
        return 0


def _for_each(
    house: House,
    now: datetime,
    name: str,
    due: Callable[[Connection, datetime, int, str], list[str]],
    duty: Callable[[House, Run, datetime], bool],
) -> int:
    """Do `duty` to every run that is due, past those it cannot be done to; how many it was done to."""
    done, after = 0, ""
    for _ in range(_BATCHES):
        with house.database.read() as connection:
            ids = due(connection, now, _BATCH, after)
        for run in ids:
            try:
                done += _one(house, now, run, duty)
            except Exception as fault:
                log.error(
                    "a run cannot be swept",
                    extra={"run": run, "duty": name, "fault": type(fault).__name__},
                )
        if len(ids) < _BATCH:
            break
        after = ids[-1]
    return done


def _one(house: House, now: datetime, run_id: str, duty: Callable[[House, Run, datetime], bool]) -> bool:
    with house.database.read() as connection:
        run = runs.by_id(connection, run_id)
    try:
        return run is not None and duty(house, run, now)
    except StaleStep:  # it has moved since; the next sweep sees where to
        return False


def _flow_of(house: House, run: Run) -> Flow:
    return house.shelf.version(run.flow, run.number, run.digest)


def _expire(house: House, run: Run, now: datetime) -> bool:
    if run.ended_at is not None or run.expires_at is None or run.expires_at > now:
        return False
    submit.expire(house, _flow_of(house, run), run)
    return True


def _left_behind(connection: Connection, now: datetime, most: int, after: str) -> list[str]:
    return runs.left_behind(connection, now - _LEFT_BEHIND_KEPT, most, after)


def _let_expire(house: House, run: Run, now: datetime) -> bool:
    """A run that could wait for ever, for a first login that never came, ends like one out of time."""
    if run.ended_at is not None or run.wrapped_key is None or run.touched_at > now - _LEFT_BEHIND_KEPT:
        return False
    submit.expire(house, _flow_of(house, run), run)
    return True


def _forget(house: House, run: Run, now: datetime) -> bool:
    """Erase the answers whose time is over, and with the last of them the key."""
    if run.ended_at is None or run.wrapped_key is None:
        return False
    ends = {name: run.ended_at + keep for name, keep in _keeps(_flow_of(house, run)).items()}
    gone = [name for name, end in ends.items() if end <= now]
    later = [end for end in ends.values() if end > now]
    with house.database.write() as connection:
        retention.postpone(connection, run, min(later, default=now))
        runs.drop_answers(connection, run.id, [*gone, *(f"{name}~" for name in gone)])
        if moves.was_moved(connection, run.id):
            # What only an older version asked for nobody needs any more, and no field says how long.
            runs.keep_answers(connection, run.id, [*ends, *(f"{name}~" for name in ends)])
        if not later:
            retention.erase_key(connection, run.id)
    return not later


def _keeps(flow: Flow) -> dict[str, timedelta]:
    asked = {name: field.keep for name, field in flow.spec.fields.items()}
    return asked or {"": _NOTHING_ASKED_KEPT}


def _close_letters(house: House, now: datetime) -> int:
    with house.database.write() as connection:
        closed = outbox.expire(connection, now, _BATCH)
    for letter, channel in closed:
        log.warning("letter closed", extra={"letter": letter, "channel": channel, "state": "expired"})
    return len(closed)


def _purge(house: House, purge: Callable[[Connection, datetime], int], before: datetime) -> int:
    with house.database.write() as connection:
        return purge(connection, before)
