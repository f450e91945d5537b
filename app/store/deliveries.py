"""How quickly letters leave the house, and what gateways answered last."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, func, select

from app.store.ids import ulid_floor
from app.store.models import attempts, outbox

_LEFT = (
    select(outbox.c.channel, outbox.c.state, outbox.c.created_at, outbox.c.done_at)
    .where(outbox.c.id >= bindparam("floor"), outbox.c.state != "expired")
    .order_by(outbox.c.id.desc())
    .limit(bindparam("most"))
)
_LAST = (
    select(outbox.c.channel, attempts.c.outcome, func.max(attempts.c.ended_at).label("at"))
    .join(outbox, outbox.c.id == attempts.c.letter_id)
    .where(attempts.c.letter_id >= bindparam("floor"), attempts.c.outcome.is_not(None))
    .group_by(outbox.c.channel, attempts.c.outcome)
    .order_by(outbox.c.channel, attempts.c.outcome)
)
_REASON = (
    select(attempts.c.gateway, attempts.c.reason)
    .join(outbox, outbox.c.id == attempts.c.letter_id)
    .where(
        outbox.c.channel == bindparam("channel"),
        attempts.c.letter_id >= bindparam("floor"),
        attempts.c.ended_at == bindparam("at"),
        attempts.c.outcome != "accepted",
    )
    .order_by(attempts.c.letter_id.desc())
    .limit(1)
)


@dataclass(frozen=True)
class Left:
    """One letter: its channel and state, and how long it took to be handed over; None while it was not."""

    channel: str
    state: str
    created_at: datetime
    took: timedelta | None


@dataclass(frozen=True)
class LastAnswers:
    """When a channel's gateway last took a letter, when it last did not, and why not."""

    taken_at: datetime | None = None
    failed_at: datetime | None = None
    gateway: str | None = None
    reason: str | None = None


def left_since(connection: Connection, since: datetime, most: int) -> list[Left]:
    """The letters left from then on, the newest first, those aside that came too late before any call."""
    asked = {"floor": ulid_floor(since), "most": most}
    return [
        Left(
            row.channel,
            row.state,
            row.created_at,
            row.done_at - row.created_at if row.state == "sent" and row.done_at else None,
        )
        for row in connection.execute(_LEFT, asked)
    ]


def last_answers(connection: Connection, since: datetime) -> dict[str, LastAnswers]:
    """By channel, among the letters left from then on."""
    floor = ulid_floor(since)
    ends: dict[str, dict[str, datetime]] = {}
    for row in connection.execute(_LAST, {"floor": floor}):
        ends.setdefault(row.channel, {})[row.outcome] = row.at
    found = {}
    for channel, by_outcome in ends.items():
        failed = max((at for outcome, at in by_outcome.items() if outcome != "accepted"), default=None)
        gateway = reason = None
        if failed is not None:
            asked = {"channel": channel, "floor": floor, "at": failed}
            gateway, reason = connection.execute(_REASON, asked).one()
        found[channel] = LastAnswers(by_outcome.get("accepted"), failed, gateway, reason)
    return found
