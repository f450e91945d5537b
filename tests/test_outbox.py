"""The outbox: every promise is kept once, whoever dies in between."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import text

from app.delivery.post import LEASE, MOST_TRIES, Carrier, Post
from app.gateways.outcome import Accepted, Failed, Outcome, Refused
from app.store import outbox
from app.store.crypto import Vault
from app.store.database import Database
from app.store.outbox import Letter
from tests.conftest import SECRET, Clock

VAULT = Vault((SECRET.encode(),))


def letter(clock: Clock, key: str = "r-1:1:1", **more: str) -> Letter:
    return Letter(
        key=key,
        channel="sms",
        lang="bg",
        expires_at=clock() + timedelta(hours=1),
        recipient="+359888123456",
        body="a text for one person",
        run="r-1",
        **more,
    )


def put(database: Database, clock: Clock, *letters: Letter) -> None:
    with database.write() as connection:
        for each in letters:
            outbox.put(connection, VAULT, each, clock())


def post_with(
    database: Database, clock: Clock, carry: Callable[[Letter], Outcome], owner: str = "one"
) -> Post:
    return Post(database, VAULT, {"sms": Carrier("twin", carry)}, clock, owner, chance=lambda: 0.5)


def states(database: Database) -> list[tuple[str, str, int]]:
    with database.read() as connection:
        rows = connection.execute(text("select key, state, tries from outbox order by key"))
        return [(row.key, row.state, row.tries) for row in rows]


def test_a_letter_is_sent_once_and_what_it_said_is_erased(database: Database, clock: Clock) -> None:
    seen: list[Letter] = []
    put(database, clock, letter(clock), letter(clock))
    post = post_with(database, clock, lambda each: (seen.append(each), Accepted("v1"))[1])
    assert post.deliver() == 1
    assert post.deliver() == 0
    assert [each.body for each in seen] == ["a text for one person"]
    with database.read() as connection:
        row = connection.execute(text("select recipient, subject, body, vendor_reference from outbox")).one()
    assert tuple(row) == (None, None, None, "v1")


def test_a_letter_on_the_way_is_nowhere_in_plain_text(database: Database, clock: Clock) -> None:
    put(database, clock, letter(clock))
    with database.read() as connection:
        row = connection.execute(text("select * from outbox")).one()
    stored = repr(tuple(bytes(value) if isinstance(value, memoryview) else value for value in row))
    assert "888123456" not in stored
    assert "one person" not in stored


def test_a_failure_is_tried_again_after_a_growing_pause(database: Database, clock: Clock) -> None:
    outcomes = iter([Failed("busy"), Failed("busy"), Accepted()])
    put(database, clock, letter(clock))
    post = post_with(database, clock, lambda _: next(outcomes))
    assert post.deliver() == 1
    assert post.deliver() == 0
    clock.pass_(seconds=2)
    assert post.deliver() == 1
    clock.pass_(seconds=3)
    assert post.deliver() == 0
    clock.pass_(seconds=1)
    assert post.deliver() == 1
    assert states(database) == [("r-1:1:1", "sent", 3)]
    with database.read() as connection:
        rows = connection.execute(text("select outcome, reason from attempts order by number")).all()
    assert [tuple(row) for row in rows] == [("failed", "busy"), ("failed", "busy"), ("accepted", None)]


def test_a_refusal_is_given_up_at_once(database: Database, clock: Clock) -> None:
    put(database, clock, letter(clock))
    post_with(database, clock, lambda _: Refused("invalid_number")).deliver()
    assert states(database) == [("r-1:1:1", "given_up", 1)]


def test_a_letter_is_given_up_after_its_last_try(database: Database, clock: Clock) -> None:
    put(database, clock, letter(clock))
    post = post_with(database, clock, lambda _: Failed("busy"))
    for _ in range(60):
        post.deliver()
        clock.pass_(seconds=55)
    assert states(database)[0][1] in {"given_up", "expired"}
    assert states(database)[0][2] <= MOST_TRIES


def test_a_letter_that_would_come_too_late_is_not_sent(database: Database, clock: Clock) -> None:
    put(database, clock, letter(clock))
    clock.pass_(hours=2)
    sent: list[Letter] = []
    post_with(database, clock, lambda each: (sent.append(each), Accepted())[1]).deliver()
    assert sent == []
    assert states(database) == [("r-1:1:1", "expired", 1)]


def test_a_dead_workers_letter_comes_back_with_the_same_words_and_key(
    database: Database, clock: Clock
) -> None:
    """Somebody took the letter and was killed in the middle of the vendor's call."""
    put(database, clock, letter(clock))

    class Killed(BaseException):
        pass

    def dies(_: Letter) -> Outcome:
        raise Killed

    with pytest.raises(Killed):
        post_with(database, clock, dies, "dead").deliver()
    seen: list[tuple[str, str]] = []
    second = post_with(
        database, clock, lambda each: (seen.append((each.key, each.body)), Accepted())[1], "two"
    )
    assert second.deliver() == 0
    clock.now += LEASE
    assert second.deliver() == 1
    assert seen == [("r-1:1:1", "a text for one person")]
    assert states(database) == [("r-1:1:1", "sent", 2)]


def test_who_lost_the_lease_cannot_close_the_letter(database: Database, clock: Clock) -> None:
    put(database, clock, letter(clock))

    def slow(_: Letter) -> Outcome:
        clock.now += LEASE
        assert post_with(database, clock, lambda _: Accepted("second"), "two").deliver() == 1
        return Failed("late")

    post_with(database, clock, slow, "one").deliver()
    assert states(database) == [("r-1:1:1", "sent", 2)]


def test_a_letter_waits_for_the_one_it_comes_after(database: Database, clock: Clock) -> None:
    put(database, clock, letter(clock, "second", after="first"), letter(clock, "first"))
    order: list[str] = []
    post = post_with(database, clock, lambda each: (order.append(each.key), Accepted())[1])
    assert post.deliver() == 1
    assert post.deliver() == 1
    assert order == ["first", "second"]


def test_a_vendor_that_is_down_is_left_alone_for_a_while(database: Database, clock: Clock) -> None:
    put(database, clock, *(letter(clock, f"k{number}") for number in range(5)))
    post = post_with(database, clock, lambda _: Failed("no_answer"))
    assert post.deliver() == 5
    clock.pass_(seconds=10)
    assert post.deliver() == 0
    clock.pass_(seconds=21)
    assert post.deliver() == 5
