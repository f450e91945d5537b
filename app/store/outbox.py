"""The outbox: what must leave the house, committed with its step, delivered afterwards under a lease.

The key is unique (a step that is retried leaves one letter) and goes to the vendor as idempotency key (a
letter sent twice is the same message).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import Connection, bindparam, insert, or_, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import aliased

from app.store.crypto import Vault
from app.store.ids import ulid
from app.store.models import attempts, outbox

State = Literal["queued", "sending", "sent", "expired", "given_up"]
OPEN = ("queued", "sending")


@dataclass(frozen=True)
class Letter:
    """Something to send. `body` is the plain text of a message, or JSON of another order.

    `after` is the key of a letter that must be done with first; `expires_at` is when it would come too late.
    """

    key: str
    channel: str
    lang: str
    expires_at: datetime
    recipient: str = field(repr=False)
    body: str = field(repr=False)
    subject: str = field(default="", repr=False)
    run: str | None = None
    after: str | None = None


@dataclass(frozen=True)
class Claimed:
    """A letter under our lease, and the number of this attempt."""

    id: str
    letter: Letter
    attempt: int


_earlier = aliased(outbox, name="earlier")
_DUE = (
    select(outbox.c.id)
    .where(
        outbox.c.channel.in_(bindparam("channels", expanding=True)),
        or_(
            (outbox.c.state == "queued") & (outbox.c.due <= bindparam("now")),
            (outbox.c.state == "sending") & (outbox.c.lease <= bindparam("now")),
        ),
        ~select(_earlier.c.id).where(_earlier.c.key == outbox.c.after, _earlier.c.state.in_(OPEN)).exists(),
    )
    .order_by(outbox.c.due, outbox.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True, of=outbox)
)
_CLAIM = (
    update(outbox)
    .where(outbox.c.id.in_(bindparam("ids", expanding=True)))
    .values(
        state="sending",
        lease=bindparam("new_lease"),
        owner=bindparam("new_owner"),
        tries=outbox.c.tries + 1,
    )
)
_CLAIMED = select(outbox).where(outbox.c.id.in_(bindparam("ids", expanding=True))).order_by(outbox.c.due)
_FINISH = update(outbox).where(
    outbox.c.id == bindparam("letter"),
    outbox.c.owner == bindparam("mine"),
    outbox.c.state == "sending",
)
_SENT = _FINISH.values(
    state=bindparam("final"),
    done_at=bindparam("now"),
    vendor_reference=bindparam("reference"),
    recipient=None,
    subject=None,
    body=None,
)
_AGAIN = _FINISH.values(state="queued", due=bindparam("next"), lease=None, owner=None)
_TRY = insert(attempts)
_TRIED = (
    update(attempts)
    .where(attempts.c.letter_id == bindparam("letter"), attempts.c.number == bindparam("attempt"))
    .values(ended_at=bindparam("now"), outcome=bindparam("outcome_code"), reason=bindparam("why"))
)
_NEWEST_OF_RUN = (
    select(outbox.c.state)
    .where(outbox.c.run_id == bindparam("run"), outbox.c.channel == bindparam("channel"))
    .order_by(outbox.c.created_at.desc(), outbox.c.id.desc())
    .limit(1)
)
_PUT = {
    "postgresql": pg_insert(outbox).on_conflict_do_nothing(index_elements=["key"]),
    "sqlite": sqlite_insert(outbox).on_conflict_do_nothing(index_elements=["key"]),
}


def put(connection: Connection, vault: Vault, letter: Letter, now: datetime) -> bool:
    """Leave a letter; False when one with this key is there already."""
    letter_id = ulid(now)
    values: dict[str, object] = {
        "id": letter_id,
        "key": letter.key,
        "run_id": letter.run,
        "after": letter.after,
        "channel": letter.channel,
        "lang": letter.lang,
        "state": "queued",
        "tries": 0,
        "due": now,
        "expires_at": letter.expires_at,
        "created_at": now,
    }
    for column in ("recipient", "subject", "body"):
        values[column] = vault.encrypt(getattr(letter, column), f"outbox:{letter_id}:{column}")
    return bool(connection.execute(_PUT[connection.dialect.name], values).rowcount)


def claim(
    connection: Connection,
    vault: Vault,
    *,
    owner: str,
    now: datetime,
    lease: timedelta,
    channels: Sequence[str],
    most: int,
) -> list[Claimed]:
    """Take up to `most` due letters under a lease; their attempt counters rise before any call is made."""
    asked = {"now": now, "most": most, "channels": list(channels)}
    ids = [row.id for row in connection.execute(_DUE, asked)]
    if not ids:
        return []
    connection.execute(_CLAIM, {"ids": ids, "new_lease": now + lease, "new_owner": owner})
    return [_claimed(row, vault) for row in connection.execute(_CLAIMED, {"ids": ids})]


def _claimed(row: Any, vault: Vault) -> Claimed:
    opened = {
        column: vault.decrypt(getattr(row, column), f"outbox:{row.id}:{column}")
        for column in ("recipient", "subject", "body")
    }
    letter = Letter(row.key, row.channel, row.lang, row.expires_at, run=row.run_id, after=row.after, **opened)
    return Claimed(row.id, letter, row.tries)


def begin_attempt(connection: Connection, claimed: Claimed, gateway: str, now: datetime) -> None:
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


def end_attempt(
    connection: Connection, claimed: Claimed, outcome: str, reason: str | None, now: datetime
) -> None:
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


def finish(
    connection: Connection, claimed: Claimed, owner: str, state: State, reference: str | None, now: datetime
) -> bool:
    """Close the letter for good and erase what it said; False when the lease was lost to somebody else."""
    values = {"letter": claimed.id, "mine": owner, "final": state, "now": now, "reference": reference}
    return connection.execute(_SENT, values).rowcount == 1


def try_again(connection: Connection, claimed: Claimed, owner: str, due: datetime) -> bool:
    """Put the letter back until `due`; False when the lease was lost."""
    return connection.execute(_AGAIN, {"letter": claimed.id, "mine": owner, "next": due}).rowcount == 1


def newest_state(connection: Connection, run: str, channel: str) -> State | None:
    """What became of the newest letter of `run` on this channel."""
    row: Any = connection.execute(_NEWEST_OF_RUN, {"run": run, "channel": channel}).first()
    return row.state if row else None
