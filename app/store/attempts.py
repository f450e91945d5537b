"""Every call to a gateway for a letter of the outbox: when it began, how it ended."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, update

from app.store.models import attempts
from app.store.outbox import Claimed

_TRY = insert(attempts)
_TRIED = (
    update(attempts)
    .where(attempts.c.letter_id == bindparam("letter"), attempts.c.number == bindparam("attempt"))
    .values(ended_at=bindparam("now"), outcome=bindparam("outcome_code"), reason=bindparam("why"))
)


def begin(connection: Connection, claimed: Claimed, gateway: str, now: datetime) -> None:
    """Record that a call is about to be made."""
    connection.execute(
        _TRY,
        {
            "letter_id": claimed.id,
            "number": claimed.attempt,
            "gateway": gateway,
            "started_at": now,
        },
    )


def end(connection: Connection, claimed: Claimed, outcome: str, reason: str | None, now: datetime) -> None:
    """Record what became of the call."""
    connection.execute(
        _TRIED,
        {
            "letter": claimed.id,
            "attempt": claimed.attempt,
            "now": now,
            "outcome_code": outcome,
            "why": reason,
        },
    )
