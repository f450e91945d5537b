"""Asides: what was sent to a run and took no step is told beside its journal, if its holder sent it."""

import json
import logging
from collections.abc import Callable

import pytest
from sqlalchemy import text

from app.flow.aside import Aside
from app.flow.record import GENESIS, chain
from app.runner.asides import MOST
from app.runner.house import House
from app.store import asides
from tests.conftest import Clock
from tests.walk import PERSON, Walk


@pytest.fixture
def dialect() -> str:
    return "sqlite"


def noted(house: House) -> list[Aside]:
    with house.database.read() as connection:
        (run,) = connection.execute(text("select id from runs")).scalars()
        return asides.of_run(connection, run)


def told(house: House) -> list[tuple[str, int | None, int, str | None, str | None]]:
    return [(each.kind, each.form_seq, each.seq, each.state, each.trigger) for each in noted(house)]


def test_the_same_post_again_is_a_duplicate_answered_with_its_first_result(walk: Walk, house: House) -> None:
    walk.get("/ecard/")
    form = {**walk.hidden(), **PERSON}
    for _ in range(3):
        walk._ask("POST", "/ecard/form", data=form)
    assert told(house) == [("duplicate", 0, 1, "form", None)] * 2


def test_a_post_from_the_page_of_another_step_is_stale_and_says_which(walk: Walk, house: House) -> None:
    walk.get("/ecard/").post(**{**PERSON, "national_id": "1"})
    old = walk.hidden()
    walk.post(trigger="back")
    walk._ask("POST", "/ecard/invalid", data={**old, "trigger": "back", "more": "x"})
    assert told(house) == [("stale", 1, 2, "invalid", "back")]


def test_what_the_page_does_not_have_is_refused_and_not_repeated(walk: Walk, house: House) -> None:
    walk.get("/ecard/").post(**{**PERSON, "national_id": "1"})
    secret = "maria.sineva"
    walk._ask("POST", "/ecard/invalid", data={**walk.hidden(), "trigger": secret})
    walk._ask("POST", f"/ecard/{secret}", data={**walk.hidden(), secret: secret})
    assert told(house) == [("refused", 1, 1, "invalid", None), ("refused", 1, 1, None, None)]
    with house.database.read() as connection:
        assert secret not in str(connection.execute(text("select * from asides")).all())


def test_a_post_to_a_run_that_rests_comes_late_and_its_continuing_is_told(
    walk: Walk, house: House, clock: Clock
) -> None:
    walk.get("/ecard/").post(**{**PERSON, "national_id": "1"}).post(trigger="back")
    clock.pass_(minutes=31)
    walk.post(**PERSON)
    walk.get("/ecard/").post("/ecard/", trigger="continue")
    assert [kind for kind, *_ in told(house)] == ["late", "continued"]


def test_the_first_post_of_a_second_tab_is_stale_and_of_no_step(
    walk: Walk, browser: Callable[..., Walk], house: House
) -> None:
    walk.get("/ecard/")
    other = Walk(walk.app)
    other.client = walk.client
    other.get("/ecard/")
    walk.post(**PERSON)
    other.post(**PERSON)
    assert told(house) == [("stale", None, 1, "form", None)]


def test_asides_are_a_chain_and_name_the_browser_as_the_journal_does(walk: Walk, house: House) -> None:
    walk.get("/ecard/")
    form = {**walk.hidden(), **PERSON}
    for _ in range(4):
        walk._ask("POST", "/ecard/form", data=form)
    with house.database.read() as connection:
        rows = connection.execute(text("select record from asides order by number")).scalars().all()
        step = json.loads(connection.execute(text("select record from journal where seq = 1")).scalar_one())
    previous = GENESIS
    for number, row in enumerate(rows, start=1):
        record = json.loads(row)
        assert (record["number"], record["prev"]) == (number, previous)
        assert record["hash"] == chain(record, previous)
        assert record["actor"]["ref"] == step["actor"]["ref"]
        previous = record["hash"]
    assert len(rows) == 3
    assert not any(value in "".join(rows) for value in PERSON.values())


def test_nobody_fills_the_table_by_repeating(walk: Walk, house: House) -> None:
    walk.get("/ecard/")
    form = {**walk.hidden(), **PERSON}
    for _ in range(MOST + 5):
        answer = walk._ask("POST", "/ecard/form", data=form)
        assert answer.status_code == 303
    assert len(noted(house)) == MOST


def test_a_stranger_with_the_page_writes_nothing(
    walk: Walk, browser: Callable[..., Walk], house: House
) -> None:
    walk.get("/ecard/")
    form = {**walk.hidden(), **PERSON}
    walk._ask("POST", "/ecard/form", data=form)
    stranger = browser(address="192.0.2.77").get("/ecard/")
    stranger._ask("POST", "/ecard/form", data={**form, "csrf_token": stranger.hidden()["csrf_token"]})
    assert noted(house) == []


def test_a_database_that_cannot_take_an_aside_leaves_the_answer_as_it_is(
    walk: Walk, house: House, caplog: pytest.LogCaptureFixture
) -> None:
    walk.get("/ecard/")
    form = {**walk.hidden(), **PERSON}
    walk._ask("POST", "/ecard/form", data=form)
    with house.database.write() as connection, caplog.at_level(logging.WARNING):
        assert connection  # somebody else is writing for a long while
        answer = walk._ask("POST", "/ecard/form", data=form)
    assert answer.status_code == 303
    assert answer.location.endswith("/ecard/requested")
    assert "an aside was not written" in caplog.messages
    with house.database.write() as connection:
        connection.execute(text("drop table asides"))
    assert walk._ask("POST", "/ecard/form", data=form).location == answer.location
