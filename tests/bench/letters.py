"""How many letters the outbox takes in and gives out, the gateway itself costing nothing."""

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from pathlib import Path

from app.delivery.post import LEASE, Carrier, Post
from app.gateways.outcome import Accepted
from app.store import outbox
from app.store.database import Database
from app.store.outbox import Letter
from tests.bench.measure import Case, Group, compare
from tests.bench.stage import VAULT, empty_database
from tests.conftest import BEGINNING

_OWNER = "bench"
_AT_ONCE = 10


def letters(folder: Path) -> Group:
    """Each case has a queue of its own, so that none finds another's letters."""
    with (
        empty_database(folder / "put.db") as taken_in,
        empty_database(folder / "claimed.db") as claimed,
        empty_database(folder / "delivered.db") as delivered,
    ):
        put, carriers = _putting(taken_in), {"sms": Carrier("nowhere", lambda _: Accepted())}
        post = Post(delivered, VAULT, carriers, lambda: BEGINNING, _OWNER)
        queue, deliveries = _putting(claimed), _putting(delivered)
        lines = compare(
            Case("put: a commit for each letter", lambda: put(1)),
            Case("claim and finish: two commits", lambda: _one(claimed), ready=queue),
            Case(
                f"delivered by Post, {_AT_ONCE} claimed at once, every attempt kept",
                lambda: post.deliver(_AT_ONCE),
                makes=_AT_ONCE,
                ready=lambda calls: deliveries(calls * _AT_ONCE),
            ),
            seconds=1.5,
        )
    return Group("Letters, SQLite, synchronous=FULL", lines)


def _putting(database: Database) -> Callable[[int], None]:
    keys = count(1)

    def put(number: int) -> None:
        with database.write() as connection:
            for _ in range(number):
                outbox.put(connection, VAULT, _letter(f"r-bench:1:{next(keys)}"), BEGINNING)

    return put


def _letter(key: str) -> Letter:
    return Letter(
        key=key,
        channel="sms",
        lang="bg",
        expires_at=BEGINNING + timedelta(hours=1),
        recipient="+359888123456",
        body="Добавете талона си в телефона: https://narthex.example/w/0123456789abcdef0123456789",
    )


def _one(database: Database) -> None:
    with database.write() as connection:
        (claimed,) = outbox.claim(
            connection, VAULT, owner=_OWNER, now=BEGINNING, lease=LEASE, channels=["sms"], most=1
        )
    with database.write() as connection:
        outbox.finish(connection, claimed, _OWNER, "sent", None, BEGINNING)
