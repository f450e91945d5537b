"""The outbox: every promise is kept once, whoever dies in between."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from app.delivery.post import LEASE, LONGEST_CALL, MOST_TRIES, Carrier, Post, warn_of_uncarried
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
    assert post.deliver(1) == 1
    assert order == ["first"]
    assert post.deliver() == 1
    assert order == ["first", "second"]


def test_a_vendor_that_is_down_is_left_alone_for_a_while(database: Database, clock: Clock) -> None:
    put(database, clock, *(letter(clock, f"k{number}") for number in range(5)))
    post = post_with(database, clock, lambda _: Failed("no_answer"))
    assert post.deliver() == 5
    clock.pass_(seconds=10)
    assert post.deliver() == 0
    clock.pass_(seconds=21)
    assert post.deliver() == 1


def test_a_vendor_that_is_back_gets_all_that_waited(database: Database, clock: Clock) -> None:
    put(database, clock, *(letter(clock, f"k{number}") for number in range(5)))
    down = [True]
    post = post_with(database, clock, lambda _: Failed("no_answer") if down[0] else Accepted())
    post.deliver()
    down[0] = False
    clock.pass_(seconds=31)
    assert post.deliver() == 5
    assert {state for _, state, _ in states(database)} == {"sent"}


def test_a_letter_sealed_under_a_lost_key_is_given_up_and_the_others_go_on(
    database: Database, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    lost = Vault((b"a secret that nobody configures any more",))
    with database.write() as connection:
        for number in range(3):
            outbox.put(connection, lost, letter(clock, f"a{number}"), clock())
    clock.pass_(seconds=1)
    put(database, clock, letter(clock, "b"))
    assert post_with(database, clock, lambda _: Accepted()).deliver() == 1
    given_up = [(f"a{number}", "given_up", 1) for number in range(3)]
    assert states(database) == [*given_up, ("b", "sent", 1)]
    told = [record for record in caplog.records if record.levelno == logging.ERROR]
    assert [record.message for record in told] == ["a letter cannot be read"] * 3
    with database.read() as connection:
        assert connection.execute(text("select count(*) from outbox where body is not null")).scalar() == 0


def test_ten_letters_to_a_slow_vendor_are_each_sent_once_by_two_workers(
    database: Database, clock: Clock
) -> None:
    """Each call takes twelve seconds; a second worker looks for work after every one of them."""
    keys: list[str] = []
    put(database, clock, *(letter(clock, f"k{number}") for number in range(10)))

    def carry(each: Letter) -> Outcome:
        keys.append(each.key)
        clock.pass_(seconds=12)
        return Accepted()

    def carry_and_meet(each: Letter) -> Outcome:
        done = carry(each)
        other.deliver(1)
        return done

    other = post_with(database, clock, carry, "two")
    post_with(database, clock, carry_and_meet, "one").deliver()
    assert sorted(keys) == [f"k{number}" for number in range(10)]
    assert {tries for _, _, tries in states(database)} == {1}


def test_no_call_begins_when_the_lease_may_run_out_during_it(database: Database, clock: Clock) -> None:
    """The machine slept between taking the letter and the call."""
    put(database, clock, letter(clock))
    sent: list[str] = []
    asked = [0]

    def sleepy() -> datetime:
        asked[0] += 1
        if asked[0] == 2:
            clock.now += LEASE - LONGEST_CALL + timedelta(seconds=1)
        return clock()

    post = replace(
        post_with(database, clock, lambda each: (sent.append(each.key), Accepted())[1]), clock=sleepy
    )
    assert post.deliver(1) == 1
    assert sent == []
    assert states(database) == [("r-1:1:1", "queued", 1)]
    assert post.deliver(1) == 1
    assert sent == ["r-1:1:1"]


def test_a_database_fault_with_one_letter_leaves_the_others_alone(
    database: Database, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    put(database, clock, *(letter(clock, f"k{number}") for number in range(3)))
    with database.write() as connection:
        # An attempt that is there already: the row that says a call begins cannot be written.
        connection.execute(
            text(
                "insert into attempts (letter_id, number, gateway, started_at)"
                " select id, 1, 'twin', 0 from outbox where key = 'k1'"
            )
        )
    sent: list[str] = []
    post = post_with(database, clock, lambda each: (sent.append(each.key), Accepted())[1])
    assert post.deliver() == 3
    assert sorted(sent) == ["k0", "k2"]
    assert [r.message for r in caplog.records if r.levelno == logging.ERROR] == ["a delivery broke"]
    clock.now += LEASE
    assert post.deliver() == 1
    assert sent[2:] == ["k1"]


def test_what_comes_too_late_is_closed_whoever_should_have_carried_it(
    database: Database, clock: Clock
) -> None:
    """Also what comes after it; what is on its way this moment is left to whoever has it in hand."""
    put(
        database,
        clock,
        replace(letter(clock, "google"), channel="google"),
        letter(clock, "sms", after="google"),
        letter(clock, "held"),
        replace(letter(clock, "good"), channel="google", expires_at=clock() + timedelta(hours=3)),
    )
    clock.pass_(hours=2)
    with database.write() as connection:
        asked = {"owner": "one", "now": clock(), "lease": LEASE, "channels": ["sms"], "most": 9}
        assert [each.letter.key for each in outbox.claim(connection, VAULT, **asked)] == ["held"]
        assert len(outbox.expire(connection, clock(), 10)) == 2
    clock.now += LEASE
    with database.write() as connection:
        assert [channel for _, channel in outbox.expire(connection, clock(), 10)] == ["sms"]
        assert outbox.expire(connection, clock(), 10) == []
        said = connection.execute(text("select key from outbox where body is not null")).scalars().all()
    assert said == ["good"]
    assert [(key, state) for key, state, _ in states(database)] == [
        ("good", "queued"),
        ("google", "expired"),
        ("held", "expired"),
        ("sms", "expired"),
    ]


def test_a_message_leaves_without_the_card_object_it_came_after_and_it_is_noted(
    database: Database, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    put(database, clock, letter(clock, "object"), letter(clock, "sms", after="object"))
    post = post_with(database, clock, lambda each: Refused("no") if each.key == "object" else Failed("busy"))
    post.deliver()
    clock.pass_(minutes=1)
    post.deliver()
    noted = [r for r in caplog.records if r.message == "a letter leaves though the one before it did not"]
    assert [record.__dict__["earlier"] for record in noted] == ["given_up"]


def test_letters_that_nobody_carries_are_warned_of(
    database: Database, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    put(database, clock, letter(clock), replace(letter(clock, "object"), channel="google"))
    warn_of_uncarried(database, ["sms", "mail"])
    (warned,) = caplog.records
    assert (warned.__dict__["channel"], warned.__dict__["letters"]) == ("google", 1)
