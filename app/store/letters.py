"""The outbox as operators look through it: counts, a search, a letter with its attempts, and their two acts.

Never by address, never with what a letter says. Ids of letters begin with the time they were left at, so a
span of time is a range of the primary key.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, or_, select, update

from app.store.crypto import Undecipherable, Vault
from app.store.ids import ulid_floor
from app.store.models import attempts, early_receipts, outbox, runs
from app.store.outbox import OPEN

STATES = ("queued", "sending", "sent", "expired", "given_up")

_RECEIPT = func.coalesce(early_receipts.c.receipt, outbox.c.receipt)
_RECEIPT_AT = func.coalesce(early_receipts.c.at, outbox.c.receipt_at)
_LETTERS = (
    select(
        outbox.c.id,
        outbox.c.run_id,
        outbox.c.channel,
        outbox.c.lang,
        outbox.c.state,
        outbox.c.tries,
        outbox.c.tries_before,
        outbox.c.due,
        outbox.c.expires_at,
        outbox.c.created_at,
        outbox.c.done_at,
        _RECEIPT.label("receipt"),
        _RECEIPT_AT.label("receipt_at"),
        outbox.c.recipient.is_not(None).label("kept"),
        runs.c.flow,
        runs.c.reference,
    )
    .outerjoin(early_receipts, early_receipts.c.vendor_reference == outbox.c.vendor_reference)
    .outerjoin(runs, runs.c.id == outbox.c.run_id)
)
_ONE = _LETTERS.where(outbox.c.id == bindparam("letter"))
_COUNTS = (
    select(
        outbox.c.channel,
        outbox.c.state,
        func.count().label("letters"),
        func.min(outbox.c.created_at).label("oldest"),
    )
    .where(or_(outbox.c.state.in_((*OPEN, "given_up")), outbox.c.id >= bindparam("floor")))
    .group_by(outbox.c.channel, outbox.c.state)
    .order_by(outbox.c.channel, outbox.c.state)
)
_ATTEMPTS = select(attempts).where(attempts.c.letter_id == bindparam("letter")).order_by(attempts.c.number)
_RECIPIENT = select(outbox.c.recipient).where(outbox.c.id == bindparam("letter"))
_NEWER = (
    select(outbox.c.id)
    .where(
        outbox.c.run_id == bindparam("run"),
        outbox.c.channel == bindparam("channel"),
        outbox.c.id > bindparam("letter"),
    )
    .limit(1)
)
_RETRY = (
    update(outbox)
    .where(
        outbox.c.id == bindparam("letter"),
        outbox.c.state == "given_up",
        outbox.c.recipient.is_not(None),
        outbox.c.expires_at > bindparam("now"),
    )
    .values(
        state="queued",
        due=bindparam("now"),
        done_at=None,
        lease=None,
        owner=None,
        tries_before=outbox.c.tries,
    )
)
_GIVE_UP = (
    update(outbox)
    .where(
        outbox.c.id == bindparam("letter"),
        # What is under a live lease may be on its way this moment.
        or_(outbox.c.state == "queued", (outbox.c.state == "sending") & (outbox.c.lease <= bindparam("now"))),
    )
    .values(state="given_up", done_at=bindparam("now"), lease=None, owner=None)
)


@dataclass(frozen=True)
class Standing:
    """How many letters of a channel stand in a state, and since when the oldest of them."""

    channel: str
    state: str
    letters: int
    oldest: datetime


@dataclass(frozen=True)
class Listed:
    """One letter without what it says and to whom; `kept` tells that both are still there, sealed.

    `flow` and `reference` are its run's, None for a letter of no run or of one that was deleted.
    """

    id: str
    run: str | None
    channel: str
    lang: str
    state: str
    tries: int
    tries_before: int
    due: datetime
    expires_at: datetime
    created_at: datetime
    done_at: datetime | None
    receipt: str | None
    receipt_at: datetime | None
    kept: bool
    flow: str | None
    reference: str | None


@dataclass(frozen=True)
class Attempt:
    """One call to a gateway; `outcome` is None while it is out or was cut off."""

    number: int
    gateway: str
    started_at: datetime
    ended_at: datetime | None
    outcome: str | None
    reason: str | None


@dataclass(frozen=True)
class Asked:
    """What a search asks for; `since` and `until` are about when a letter was left, `before` is a cursor."""

    state: str | None = None
    channel: str | None = None
    flow: str | None = None
    run: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    before: str | None = None


def standing(connection: Connection, since: datetime) -> list[Standing]:
    """By channel and state: open and given up letters whenever they were left, the others since then."""
    rows = connection.execute(_COUNTS, {"floor": ulid_floor(since)})
    return [Standing(row.channel, row.state, row.letters, row.oldest) for row in rows]


def search(connection: Connection, asked: Asked, most: int) -> list[Listed]:
    """Up to `most` letters, the newest first, behind the cursor. `run` is a run's id or reference."""
    query: Select[Any] = _LETTERS
    if asked.state:
        query = query.where(outbox.c.state == asked.state)
    if asked.channel:
        query = query.where(outbox.c.channel == asked.channel)
    if asked.flow:
        query = query.where(runs.c.flow == asked.flow)
    if asked.run:
        query = query.where(or_(runs.c.reference == asked.run, outbox.c.run_id == asked.run))
    if asked.since:
        query = query.where(outbox.c.id >= ulid_floor(asked.since))
    if asked.until:
        query = query.where(outbox.c.id < ulid_floor(asked.until))
    if asked.before:
        query = query.where(outbox.c.id < asked.before)
    rows = connection.execute(query.order_by(outbox.c.id.desc()).limit(most))
    return [Listed(*row) for row in rows]


def one(connection: Connection, letter: str) -> Listed | None:
    """The letter of this id."""
    row: Any = connection.execute(_ONE, {"letter": letter}).first()
    return Listed(*row) if row else None


def attempts_of(connection: Connection, letter: str) -> list[Attempt]:
    """Every call that was made for the letter, in order."""
    rows = connection.execute(_ATTEMPTS, {"letter": letter})
    return [Attempt(r.number, r.gateway, r.started_at, r.ended_at, r.outcome, r.reason) for r in rows]


def recipient(connection: Connection, vault: Vault, letter: str) -> str | None:
    """To whom the letter is; None once that was erased, or when its key is gone."""
    sealed = connection.execute(_RECIPIENT, {"letter": letter}).scalar()
    try:
        return vault.decrypt(sealed, f"outbox:{letter}:recipient") if sealed else None
    except Undecipherable:
        return None


def newer_of_run(connection: Connection, letter: Listed) -> bool:
    """Whether its run has left a newer message on the same channel; orders for machines replace nothing."""
    if letter.run is None or letter.channel not in {"sms", "mail"}:
        return False
    asked = {"run": letter.run, "channel": letter.channel, "letter": letter.id}
    return connection.execute(_NEWER, asked).first() is not None


def retry(connection: Connection, letter: str, now: datetime) -> bool:
    """Put a letter that was given up back, with as many tries as at first; False where that cannot be."""
    return connection.execute(_RETRY, {"letter": letter, "now": now}).rowcount == 1


def give_up(connection: Connection, letter: str, now: datetime) -> bool:
    """Let go of a letter that waits; False when it does not wait, or is being handed over this moment."""
    return connection.execute(_GIVE_UP, {"letter": letter, "now": now}).rowcount == 1
