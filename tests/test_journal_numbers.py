"""What the journal tells beside verdicts: the numbers they were judged by, and what was asked elsewhere."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from app.delivery.post import Post
from app.flow.trace import Recorded, read
from app.flow.verdict import Count
from app.runner.house import House
from app.step import Unavailable
from app.step.noting import Notes, noting
from tests.conftest import Clock
from tests.knock import code_of, give, knock, open_knock, wrong
from tests.walk import PERSON, Walk, link_in

WRONG = {**PERSON, "email": "wrong@sineva-demo.bg"}


@pytest.fixture
def dialect() -> str:
    return "sqlite"


def recorded(house: House) -> list[Recorded]:
    with house.database.read() as connection:
        rows = connection.execute(text("select record from journal order by at, seq")).scalars().all()
    return [read(json.loads(row)) for row in rows]


def counts(record: Recorded, guard: str) -> dict[str, tuple[int, int, int]]:
    (judged,) = [each for each in record.judged if each.guard == guard]
    return {each.name: (each.before, each.after, each.limit) for each in judged.counts}


def test_a_wrong_code_tells_its_tries_its_age_and_what_the_address_has_failed(
    walk: Walk, post: Post, house: House, clock: Clock
) -> None:
    open_knock(house)
    code = code_of(knock(walk), post)
    clock.pass_(seconds=47)
    give(give(walk, wrong(code)), code)
    refused, accepted = recorded(house)[-2:]
    guard = next(each.guard for each in refused.judged if each.answer == "no")
    assert counts(refused, guard) == {
        "tries": (0, 1, 5),
        "seconds since sent": (40, 40, 600),
        "failures in a day": (0, 1, 10),
        "failures in thirty days": (0, 1, 100),
    }
    assert counts(accepted, guard)["tries"] == (1, 1, 5)


def test_a_refused_match_tells_how_many_refusals_each_subject_has_had(walk: Walk, house: House) -> None:
    walk.get("/ecard/").post(**WRONG).post(trigger="back").post(**WRONG)
    told = [each for each in recorded(house) if each.trigger == "submit"]
    first, second = (counts(each, "card_found") for each in told)
    assert set(first) == {f"refusals {s}" for s in ("national_id", "mobile", "email", "browser", "network")}
    assert {before for before, _, _ in first.values()} == {0}
    assert {(before, after) for before, after, _ in second.values()} == {(1, 2)}


def test_refusals_are_told_no_further_than_what_is_allowed(walk: Walk, house: House) -> None:
    walk.get("/ecard/")
    for _ in range(12):
        walk.post(**WRONG).post(trigger="back")
    told = counts(recorded(house)[-2], "card_found").values()
    assert any(before == after == limit for before, after, limit in told)
    assert all(after <= limit for _, after, limit in told)


def test_a_message_and_a_link_tell_the_numbers_they_were_judged_by(
    walk: Walk, post: Post, house: House, clock: Clock
) -> None:
    walk.get("/ecard/").post(**PERSON)
    post.deliver()
    clock.pass_(seconds=12)
    walk.post(trigger="resend")
    clock.pass_(minutes=2)
    walk.get(link_in(walk.messages()[-1])).post(follow=False, trigger="add", wallet="apple")
    records = recorded(house)
    resend = next(each for each in records if each.trigger == "resend")
    told = {count.name: count for judged in resend.judged for count in judged.counts}
    assert (told["seconds since last"].before, told["seconds since last"].limit) == (10, 30)
    assert (told["sent in ten minutes"].before, told["sent in ten minutes"].limit) == (1, 5)
    assert "sent by the flow in a day" not in told
    added = {count.name: count for judged in records[-1].judged for count in judged.counts}
    assert (added["uses"].before, added["seconds since sent"].before) == (0, 130)


@given(st.integers(0, 10**7), st.integers(1, 10**6))
def test_a_time_told_in_steps_is_on_the_same_side_of_every_limit_written_in_such_steps(
    seconds: int, tens: int
) -> None:
    limit = tens * 10
    told = Count.elapsed("age", timedelta(seconds=seconds), timedelta(seconds=limit))
    assert (told.before >= limit) == (seconds >= limit)
    for other in (10, 30, 60, 300, 600, 900, 3600, 86_400, 172_800):
        elsewhere = Count.elapsed("age", timedelta(seconds=seconds), timedelta(seconds=10**9))
        assert (elsewhere.before >= other) == (seconds >= other)


def test_what_a_step_asked_outside_stands_in_order_with_its_answer_and_no_value(
    walk: Walk, house: House
) -> None:
    walk.get("/ecard/").post(**PERSON)
    start, submit = recorded(house)
    assert start.checks == ()
    names = [(name, n, answer) for name, n, answer, _ in submit.checks]
    assert names[0] == ("mail_domain", 1, "unknown")
    assert all(name.startswith("register ") and answer in {"none", "one"} for name, _, answer in names[1:])
    assert all(ms >= 0 for _, _, _, ms in submit.checks)


def test_equal_questions_are_numbered_and_silence_is_no_empty_register(house: House) -> None:
    rows: dict[str, list[dict[str, str]]] = {"cards": [{}, {}], "people": []}

    def find(register: str, lookup: object) -> list[dict[str, str]]:
        if register not in rows:
            raise Unavailable("timed_out")
        return rows[register]

    notes = Notes()
    world = noting(replace(house.world(house.shelf.live("ecard")), find=find), notes)
    for register in ("cards", "people", "cards"):
        assert world.find(register, {"key": "somebody"}) is rows[register]
    with pytest.raises(Unavailable):
        world.find("contracts", {"key": "somebody"})
    assert [(each.name, each.n, each.answer) for each in notes.checks] == [
        ("register cards", 1, "several"),
        ("register people", 1, "none"),
        ("register cards", 2, "several"),
        ("register contracts", 1, "unavailable"),
    ]
    assert "somebody" not in repr(notes)
