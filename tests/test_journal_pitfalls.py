"""What has spoilt other people's journals: each of it tried on ours."""

import json

import pytest
from sqlalchemy import text

from app.flow.catalogue import CATALOGUE, Catalogue
from app.guards.codes import code_right
from app.guards.links import link_live
from app.runner.house import House
from tests.journal_damage import faults, run, settings, sql, walked_var
from tests.walk import PERSON, Walk

__all__ = ["run", "settings", "walked_var"]  # fixtures


@pytest.fixture
def dialect() -> str:
    return "sqlite"


def test_a_step_whose_record_cannot_be_written_has_not_happened(walk: Walk, house: House, run: str) -> None:
    tables = ("runs", "answers", "outbox", "links", "refusals", "asides")
    before = {table: sql(house, f"select * from {table}") for table in tables}
    walk.get("/ecard/")
    sql(house, "alter table journal rename to elsewhere")
    assert walk._ask("POST", "/ecard/form", data={**walk.hidden(), **PERSON}).status_code >= 500
    assert {table: sql(house, f"select * from {table}") for table in tables} == before
    sql(house, "alter table elsewhere rename to journal")
    walk.post(**PERSON)
    assert walk.at == "/ecard/requested"
    assert faults(house) == []


def test_a_lost_answer_asked_for_again_is_the_first_one_and_no_second_step(walk: Walk, house: House) -> None:
    walk.get("/ecard/")
    form = {**walk.hidden(), **PERSON}
    first, again = (walk._ask("POST", "/ecard/form", data=form) for _ in range(2))
    assert first.location == again.location
    with house.database.read() as connection:
        row = connection.execute(text("select id, seq from runs where seq = 1")).first()
        assert row is not None
        asked = text("select record from asides where run = :run")
        (aside,) = connection.execute(asked, {"run": row.id}).scalars()
    assert json.loads(aside)["outcome"] == "duplicate"


def test_an_effect_on_a_way_taken_twice_has_a_key_for_each_time(house: House, run: str) -> None:
    rows = sql(house, "select record from journal where run = :run order by seq", run=run)
    records = [json.loads(str(row[0])) for row in rows]  # type: ignore[index]
    keys = [effect["key"] for record in records for effect in record["effects"]]
    assert len(keys) == len(set(keys)) == 2
    assert {key.rpartition(":")[0] for key in keys} == {f"{run}:1", f"{run}:3"}


def test_a_record_says_which_code_decided_and_a_changed_guard_is_other_code(house: House, run: str) -> None:
    ((stored,),) = sql(house, "select record from journal where seq = 1")  # type: ignore[misc]
    assert json.loads(stored)["code"]["guards"] == CATALOGUE.fingerprint()
    one, other = Catalogue(), Catalogue()
    one.remember(code_right)
    other.remember(link_live)
    both = Catalogue()
    both.remember(code_right)
    both.remember(link_live)
    assert len({one.fingerprint(), other.fingerprint(), both.fingerprint()}) == 3
