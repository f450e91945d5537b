"""The outbox: what must leave the house, committed with its step, delivered afterwards under a lease.

The key is unique (a step that is retried leaves one letter) and goes to the vendor as idempotency key (a
letter sent twice is the same message).
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal, cast

from sqlalchemy import Connection, Row, bindparam, func, or_, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.orm import aliased

from app.store.crypto import Undecipherable, Vault
from app.store.ids import ulid
from app.store.models import early_receipts, outbox

log = logging.getLogger(__name__)

State = Literal["queued", "sending", "sent", "expired", "given_up"]
Delivery = Literal["on_its_way", "accepted", "delivered", "failed"]
OPEN = ("queued", "sending")
_DELIVERY: dict[State, Delivery] = {
    "queued": "on_its_way",
    "sending": "on_its_way",
    "sent": "accepted",
    "expired": "failed",
    "given_up": "failed",
}
_UNREADABLE_AT_ONCE = 100
_SAYS_NOTHING = {"recipient": None, "subject": None, "body": None}


@dataclass(frozen=True)
class Letter:
    """Something to send. `body` is the plain text of a message, or JSON of another order.

    `after` is the key of a letter that must be closed first, however it ended: a message whose card object
    was given up still leaves, as its page offers the other wallet. `expires_at` is when it would come too
    late.
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
    """A letter under our lease, the number of this attempt, and how the letter it came `after` ended.

    `before` are the attempts made before an operator had a letter that was given up tried again.
    """

    id: str
    letter: Letter
    attempt: int
    lease: datetime
    earlier: State | None
    before: int = 0

    @property
    def attempt_now(self) -> int:
        """The number of this attempt since the letter was put there, or put there again."""
        return self.attempt - self.before


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
_CLAIMED = (
    select(outbox, _earlier.c.state.label("earlier"))
    .outerjoin(_earlier, _earlier.c.key == outbox.c.after)
    .where(outbox.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(outbox.c.due, outbox.c.id)
)
_FINISH = update(outbox).where(
    outbox.c.id == bindparam("letter"),
    outbox.c.owner == bindparam("mine"),
    outbox.c.state == "sending",
)
_SENT = _FINISH.values(
    state=bindparam("final"),
    done_at=bindparam("now"),
    vendor_reference=bindparam("reference"),
    **_SAYS_NOTHING,
)
_GIVEN_UP = _FINISH.values(state="given_up", done_at=bindparam("now"), lease=None, owner=None)
_AGAIN = _FINISH.values(state="queued", due=bindparam("next"), lease=None, owner=None)
_OVERDUE = (
    select(outbox.c.id, outbox.c.channel)
    .where(
        outbox.c.expires_at <= bindparam("now"),
        # What is under a live lease may be on its way this moment; whoever holds it closes it.
        or_(outbox.c.state == "queued", (outbox.c.state == "sending") & (outbox.c.lease <= bindparam("now"))),
    )
    .order_by(outbox.c.id)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)
)
_EXPIRE = (
    update(outbox)
    .where(outbox.c.id.in_(bindparam("ids", expanding=True)))
    .values(state="expired", done_at=bindparam("moment"), lease=None, owner=None, **_SAYS_NOTHING)
)
_KEPT = (
    select(outbox.c.id)
    .where(
        outbox.c.state == "given_up", outbox.c.recipient.is_not(None), outbox.c.expires_at <= bindparam("now")
    )
    .order_by(outbox.c.id)
    .limit(bindparam("most"))
)
_ERASE = update(outbox).where(outbox.c.id.in_(bindparam("ids", expanding=True))).values(**_SAYS_NOTHING)
_WAITING = (
    select(outbox.c.channel, func.count().label("letters"))
    .where(outbox.c.state.in_(OPEN))
    .group_by(outbox.c.channel)
    .order_by(outbox.c.channel)
)
_NEWEST_OF_RUN = (
    select(outbox.c.state, func.coalesce(early_receipts.c.receipt, outbox.c.receipt).label("receipt"))
    .outerjoin(early_receipts, early_receipts.c.vendor_reference == outbox.c.vendor_reference)
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
    """Take up to `most` due letters under a lease; their attempt counters rise before any call is made.

    A letter whose key is no longer configured is given up, as nobody will ever read it; the others go on.
    """
    asked = {"now": now, "most": most, "channels": list(channels)}
    for _ in range(_UNREADABLE_AT_ONCE):
        ids = [row.id for row in connection.execute(_DUE, asked)]
        if not ids:
            break
        connection.execute(_CLAIM, {"ids": ids, "new_lease": now + lease, "new_owner": owner})
        taken = []
        for row in connection.execute(_CLAIMED, {"ids": ids}).all():
            try:
                taken.append(_claimed(row, vault))
            except (Undecipherable, TypeError, ValueError):
                log.error("a letter cannot be read", extra={"letter": row.id, "channel": row.channel})
                _close(connection, row.id, owner, "given_up", None, now)
        if taken:
            return taken
    return []


def _claimed(row: Row[Any], vault: Vault) -> Claimed:
    opened = {
        column: vault.decrypt(getattr(row, column), f"outbox:{row.id}:{column}")
        for column in ("recipient", "subject", "body")
    }
    letter = Letter(row.key, row.channel, row.lang, row.expires_at, run=row.run_id, after=row.after, **opened)
    return Claimed(row.id, letter, row.tries, row.lease, row.earlier, row.tries_before)


def finish(
    connection: Connection, claimed: Claimed, owner: str, state: State, reference: str | None, now: datetime
) -> bool:
    """Close the letter and erase what it said; False when the lease was lost to somebody else.

    One that is given up keeps it, sealed, until it would come too late: an operator may have it tried again.
    """
    if state == "given_up":
        given_up = {"letter": claimed.id, "mine": owner, "now": now}
        return connection.execute(_GIVEN_UP, given_up).rowcount == 1
    return _close(connection, claimed.id, owner, state, reference, now)


def _close(
    connection: Connection, letter: str, owner: str, state: State, reference: str | None, now: datetime
) -> bool:
    values = {"letter": letter, "mine": owner, "final": state, "now": now, "reference": reference}
    return connection.execute(_SENT, values).rowcount == 1


def try_again(connection: Connection, claimed: Claimed, owner: str, due: datetime) -> bool:
    """Put the letter back until `due`; False when the lease was lost."""
    return connection.execute(_AGAIN, {"letter": claimed.id, "mine": owner, "next": due}).rowcount == 1


def expire(connection: Connection, now: datetime, most: int) -> list[tuple[str, str]]:
    """Close up to `most` open letters that come too late by now and erase what they said.

    Their (id, channel). Neither a channel that nobody carries nor a letter to come `after` keeps one open.
    """
    overdue = connection.execute(_OVERDUE, {"now": now, "most": most}).all()
    if overdue:
        connection.execute(_EXPIRE, {"ids": [row.id for row in overdue], "moment": now})
    return [(row.id, row.channel) for row in overdue]


def erase_kept(connection: Connection, now: datetime, most: int) -> int:
    """Erase what up to `most` letters say that were given up and would come too late by now; how many."""
    ids = list(connection.execute(_KEPT, {"now": now, "most": most}).scalars())
    if ids:
        connection.execute(_ERASE, {"ids": ids})
    return len(ids)


def waiting(connection: Connection) -> dict[str, int]:
    """How many letters are open, by channel."""
    return {row.channel: row.letters for row in connection.execute(_WAITING)}


def newest_delivery(connection: Connection, run: str, channel: str) -> Delivery:
    """What is known of the newest letter of `run` on this channel.

    `accepted` by the vendor is not yet `delivered`: that, and a later `failed`, only its receipt tells.
    What was refused for good, tried too often or came too late is `failed` as well.
    """
    row: Any = connection.execute(_NEWEST_OF_RUN, {"run": run, "channel": channel}).first()
    if row is None:
        return "on_its_way"
    return cast(Delivery, row.receipt) if row.receipt else _DELIVERY[row.state]
