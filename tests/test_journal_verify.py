"""`narthex runs verify`: what was done to a journal is named, record by record."""

import json
from collections.abc import Callable

import pytest

from app.flow.record import canonical, chain
from app.runner.house import House
from tests.journal_damage import Narthex, dialect, faults, narthex, run, settings, sql, walked, walked_var
from tests.walk import PERSON, Walk

__all__ = ["dialect", "narthex", "run", "settings", "walked_var"]  # fixtures


def change(house: House, of: str, seq: int, members: dict[str, object], table: str = "journal") -> None:
    key = "seq" if table == "journal" else "number"
    where = f"where run = :run and {key} = :seq"
    ((stored,),) = sql(house, f"select record from {table} {where}", run=of, seq=seq)  # type: ignore[misc]
    record = canonical(json.loads(stored) | members)
    sql(house, f"update {table} set record = :record {where}", record=record, run=of, seq=seq)


def test_a_whole_journal_is_good_and_a_bad_one_is_not(narthex: Narthex, house: House, run: str) -> None:
    looked = narthex("verify")
    assert looked.exit_code == 0, looked.output
    assert looked.output == "1 runs, 5 records, 1 asides, 0 statements looked at: nothing wrong.\n"
    assert narthex("verify", run).exit_code == 0
    sql(house, "update runs set seq = 9")
    assert narthex("verify").exit_code == 1


@pytest.mark.parametrize(
    ("damage", "where", "words"),
    [
        ("update journal set record = replace(record, 'submit', 'shut') where seq = 3", 3, "altered"),
        ("update journal set record = replace(record, ':\"no\"', ':\"yes\"') where seq = 1", 1, "altered"),
        ("delete from journal where seq in (2, 3)", 2, "missing; the next there is, is 4"),
        ("delete from journal where seq = 0", 0, "missing"),
        ("delete from journal where seq = 4", 4, "cut off here: the run is at record 4"),
        ("delete from journal", 0, "its records are gone"),
        (
            "update journal set fold = null, record = (select record from journal as j where j.seq = 2) "
            "where seq = 3",
            3,
            "stands record 2 once more",
        ),
        ("update journal set record = 'no json' where seq = 2", 2, "not JSON"),
        ("update journal set record = '[]' where seq = 2", 2, "no JSON object"),
        ("update journal set fold = 'another' where seq = 1", 1, "fold"),
        ("update runs set head = 'another'", 4, "not the newest"),
        ("update runs set seq = 3", 4, "not the newest"),
        ("delete from runs", None, "its row is gone"),
    ],
)
def test_the_first_bad_record_is_named_with_what_is_wrong(
    house: House, run: str, damage: str, where: int | None, words: str
) -> None:
    sql(house, "pragma foreign_keys = off")
    sql(house, damage)
    first, *_ = faults(house)
    assert first.startswith(f"run {run}" if where is None else f"run {run}, record {where}: ")
    assert words in first


def test_records_in_each_others_places_are_out_of_order(house: House, run: str) -> None:
    for seq, place in ((2, -2), (3, 2), (-2, 3)):
        sql(house, "update journal set seq = :place where seq = :seq", place=place, seq=seq)
    assert faults(house)[0].startswith(f"run {run}, record 2: in its place stands record 3")


def test_a_record_of_another_run_is_out_of_place(house: House, run: str) -> None:
    change(house, run, 2, {"run": "r-another"})
    assert "record 2: in its place stands a record of another run" in faults(house)[0]


def test_a_record_written_anew_with_a_hash_of_its_own_breaks_the_chain_behind_it(
    house: House, run: str
) -> None:
    ((stored,),) = sql(house, "select record from journal where seq = 2")  # type: ignore[misc]
    record = {**json.loads(stored), "event": "forged"}
    change(house, run, 2, {"event": "forged", "hash": chain(record, record["prev"])})
    sql(house, "update journal set fold = null")
    assert faults(house)[0].startswith(f"run {run}, record 3: it does not follow record 2")


def test_only_the_first_bad_record_of_each_bad_run_is_named(
    narthex: Narthex, house: House, browser: Callable[..., Walk], run: str
) -> None:
    walked(browser())
    walked(browser())
    sql(house, "update journal set record = replace(record, 'submit', 'shut') where run <> :run", run=run)
    looked = narthex("verify")
    assert looked.output.count("altered") == 2
    assert looked.output.endswith("3 runs, 15 records, 3 asides, 0 statements looked at: 2 wrong.\n")
    assert narthex("verify", run).exit_code == 0


def test_asides_are_looked_at_too(house: House, run: str) -> None:
    change(house, run, 1, {"outcome": "stale"}, table="asides")
    assert faults(house, run)[0].startswith(f"run {run}, aside 1: its text was altered")
    sql(house, "update asides set number = 2")
    assert faults(house)[0].startswith(f"run {run}, aside 1: it is missing; the next there is, is 2")


def test_a_run_nobody_knows_is_a_mistake_and_not_a_good_one(narthex: Narthex) -> None:
    asked = narthex("verify", "r-nobody")
    assert asked.exit_code == 2
    assert "There is no run 'r-nobody'" in asked.output


def test_a_run_is_named_by_the_beginning_of_its_id_too(narthex: Narthex, run: str) -> None:
    assert narthex("verify", run[:12]).output.startswith("1 runs, ")
    assert run in narthex("export", run[:12]).output


def test_a_record_of_a_newer_schema_keeps_its_chain_and_is_refused_with_a_sentence(
    narthex: Narthex, house: House, run: str
) -> None:
    ((stored,),) = sql(house, "select record from journal where seq = 4")  # type: ignore[misc]
    record = {**json.loads(stored), "v": 9}
    record["hash"] = chain(record, record["prev"])
    change(house, run, 4, record)
    sql(house, "update runs set head = :head", head=record["hash"])
    assert "record 4: its schema is 9, this program reads up to 2; upgrade it" in narthex("verify").output
    asked = narthex("export", "--as", "cloudevents")
    assert asked.exit_code == 1
    assert "its schema is 9" in asked.output


def test_erasing_a_runs_key_leaves_its_chain_whole(house: House, run: str) -> None:
    sql(house, "update runs set run_key = null")
    sql(house, "delete from answers")
    sql(house, "update journal set posted = null")
    assert faults(house, run) == []


def test_nothing_about_a_person_is_said_when_something_is_wrong(house: House, run: str) -> None:
    sql(house, "update journal set record = replace(record, 'form', :email)", email=PERSON["email"])
    assert PERSON["email"] not in str(faults(house, run))
