"""Publications at a time to come, and pauses of new starts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from app.store.drafts_models import pauses, schedules


@dataclass(frozen=True)
class Schedule:
    """A draft that shall go live at `at`. `outcome`: published, refused (`told` says why), called_off."""

    id: str
    flow: str
    draft: str
    digest: str
    at: datetime
    by: str
    reason: str
    made_at: datetime
    done_at: datetime | None = None
    outcome: str | None = None
    number: int | None = None
    told: str | None = None


@dataclass(frozen=True)
class Pause:
    """Nobody begins a run of this flow at present; runs under way go on."""

    flow: str
    since: datetime
    by: str
    reason: str


_OF_FLOW = (
    select(schedules)
    .where(schedules.c.flow == bindparam("of_flow"))
    .order_by(schedules.c.made_at.desc())
    .limit(20)
)
_OPEN = select(schedules).where(schedules.c.flow == bindparam("of_flow"), schedules.c.done_at.is_(None))
_DUE = (
    select(schedules)
    .where(schedules.c.at <= bindparam("now"), schedules.c.done_at.is_(None))
    .order_by(schedules.c.at)
)
_END = (
    update(schedules)
    .where(schedules.c.id == bindparam("of_id"), schedules.c.done_at.is_(None))
    .values(
        done_at=bindparam("now"),
        outcome=bindparam("how"),
        number=bindparam("as_number"),
        told=bindparam("why"),
    )
)
_PAUSE = select(pauses).where(pauses.c.flow == bindparam("of_flow"))
_RESUME = delete(pauses).where(pauses.c.flow == bindparam("of_flow"))


def put(connection: Connection, schedule: Schedule) -> None:
    """Note a publication to come."""
    row = {
        "id": schedule.id,
        "flow": schedule.flow,
        "draft": schedule.draft,
        "digest": schedule.digest,
        "at": schedule.at,
        "by": schedule.by,
        "reason": schedule.reason,
        "made_at": schedule.made_at,
    }
    connection.execute(insert(schedules), row)


def of_flow(connection: Connection, flow: str) -> list[Schedule]:
    """The newest schedules of a flow, the newest first, done ones too."""
    return [Schedule(**row._mapping) for row in connection.execute(_OF_FLOW, {"of_flow": flow})]


def waiting(connection: Connection, flow: str) -> Schedule | None:
    """What shall still happen to a flow."""
    row = connection.execute(_OPEN, {"of_flow": flow}).first()
    return Schedule(**row._mapping) if row else None


def due(connection: Connection, now: datetime) -> list[Schedule]:
    """What should have happened by now, the earliest first."""
    return [Schedule(**row._mapping) for row in connection.execute(_DUE, {"now": now})]


def end(
    connection: Connection,
    schedule: str,
    how: str,
    now: datetime,
    number: int | None = None,
    told: str | None = None,
) -> bool:
    """Note what became of it; whether it still waited."""
    values = {"of_id": schedule, "how": how, "now": now, "as_number": number, "why": told}
    return connection.execute(_END, values).rowcount == 1


def paused(connection: Connection, flow: str) -> Pause | None:
    """Whether new starts of a flow are paused."""
    row: Any = connection.execute(_PAUSE, {"of_flow": flow}).first()
    return Pause(row.flow, row.since, row.by, row.reason) if row else None


def pause(connection: Connection, what: Pause) -> None:
    """Let nobody begin; in the place of an earlier pause."""
    resume(connection, what.flow)
    row = {"flow": what.flow, "since": what.since, "by": what.by, "reason": what.reason}
    connection.execute(insert(pauses), row)


def resume(connection: Connection, flow: str) -> bool:
    """Let people begin again; whether there was a pause."""
    return connection.execute(_RESUME, {"of_flow": flow}).rowcount > 0
