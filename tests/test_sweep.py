"""The sweep: what time does is done to everybody, whatever cannot be done to somebody."""

import json
import logging
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from app.config import ROOT
from app.flow.definition import Flow
from app.flow.loader import digest, read_folder
from app.flow.record import GENESIS, Happening, build
from app.runner import sweep as sweeping
from app.runner.house import House
from app.runner.sweep import sweep
from app.step.recording import new_run
from app.store import inbox, journal, links, outbox, runs, versions
from app.store.links import Link
from app.store.outbox import Letter
from app.store.runs import Run
from tests.conftest import Clock

ANSWERS = {"national_id": "9912310123", "mobile": "+359888123456", "mobile~": "0888 123 456"}


@pytest.fixture
def flow(house: House) -> Flow:
    """The health card, but the national id is kept for an hour only."""
    files = dict(read_folder(ROOT / "workflows" / "ecard"))
    before, field, after = files["flow.yaml"].partition("\n  national_id:")
    files["flow.yaml"] = before + field + after.replace("keep: 7 days", "keep: 1 h", 1)
    with house.database.write() as connection:
        version = versions.publish(connection, "ecard", digest(files), files, house.clock())
    return house.shelf.version("ecard", version.number, version.digest)


def stored(house: House, flow: Flow, run_id: str, *, ended: bool = False) -> Run:
    """A run with answers and one step in its journal, at its form or over."""
    fresh = new_run(flow, run_id, "bg", house.vault.index(run_id, "browser"), house.clock(), house.vault)
    run = replace(fresh, seq=1, ended_at=house.clock() if ended else None)
    with house.database.write() as connection:
        runs.create(connection, run)
        runs.write_answers(connection, run.id, run.key(house.vault), ANSWERS)
        journal.append(connection, _record(flow, run), house.clock(), "f" * 32)
    return run


def _record(flow: Flow, run: Run) -> dict[str, Any]:
    at = run.started_at
    happening = Happening(run.id, run.id, 1, "note", at, at, at, "applicant", run.lang, "0", "none")
    return build(flow, happening, GENESIS, run.state, "restart", None, str)


def execute(house: House, statement: str) -> None:
    with house.database.write() as connection:
        connection.execute(text(statement))


def column(house: House, statement: str) -> list[object]:
    with house.database.read() as connection:
        return list(connection.execute(text(statement)).scalars())


def fields_of(house: House, run: str) -> list[object]:
    return column(house, f"select field from answers where run_id = '{run}' order by field")


FAULTS = {
    "its version is not there": "update runs set digest = 'sha256:gone' where id like 'r-bad%'",
    "its row is damaged": "update runs set problems = '[{}]' where id like 'r-bad%'",
    "its key was lost": "update runs set run_key = 'x' where id like 'r-bad%'",
}


@pytest.mark.parametrize("fault", FAULTS)
def test_runs_that_cannot_expire_hold_up_nobody(
    house: House,
    flow: Flow,
    clock: Clock,
    fault: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(sweeping, "_BATCH", 2)
    for run in ("r-bad1", "r-bad2", "r-bad3", "r-good1", "r-good2"):
        stored(house, flow, run)
    statement = FAULTS[fault]
    if house.database.is_sqlite is False:
        statement = statement.replace("run_key = 'x'", r"run_key = '\x78'")
    execute(house, statement)
    clock.pass_(days=2)
    assert sweep(house).expired == 2
    assert column(house, "select id from runs where ended_at is not null order by id") == [
        "r-good1",
        "r-good2",
    ]
    failed = [r.__dict__["run"] for r in caplog.records if r.message == "a run cannot be swept"]
    assert failed == ["r-bad1", "r-bad2", "r-bad3"]


def test_runs_whose_answers_cannot_be_judged_hold_up_nobodys_erasure(
    house: House, flow: Flow, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "_BATCH", 2)
    for run in ("r-bad1", "r-bad2", "r-bad3", "r-good1", "r-good2"):
        stored(house, flow, run, ended=True)
    execute(house, FAULTS["its version is not there"])
    clock.pass_(days=8)
    assert sweep(house).forgotten == 2
    assert fields_of(house, "r-good1") == fields_of(house, "r-good2") == []
    assert len(fields_of(house, "r-bad1")) == len(ANSWERS)


def test_what_fails_holds_up_no_other_part_of_the_sweep(
    house: House, flow: Flow, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    stored(house, flow, "r-1")
    with house.database.write() as connection:
        asked = {"channel": "sms", "to": "+359888123456", "subject": "", "text": "hello"}
        inbox.put(connection, house.vault, key="k", now=clock(), **asked)
    execute(house, "alter table refusals rename to refusals_elsewhere")
    clock.pass_(days=2)
    assert sweep(house).expired == 1
    assert column(house, "select id from inbox") == []
    (failed,) = [r for r in caplog.records if r.levelno == logging.ERROR]
    assert failed.__dict__["duty"] == "refusals"


def test_each_answer_is_erased_in_its_own_time_and_the_key_with_the_last(
    house: House, flow: Flow, clock: Clock
) -> None:
    stored(house, flow, "r-1", ended=True)
    sweep(house)
    assert len(fields_of(house, "r-1")) == len(ANSWERS)
    clock.pass_(hours=1)
    assert sweep(house).forgotten == 0
    assert fields_of(house, "r-1") == ["mobile", "mobile~"]
    assert column(house, "select posted from journal where run = 'r-1'") == ["f" * 32]
    clock.pass_(days=6, hours=23)
    assert sweep(house).forgotten == 1
    assert fields_of(house, "r-1") == []
    assert column(house, "select run_key from runs where id = 'r-1'") == [None]
    assert column(house, "select posted from journal where run = 'r-1'") == [None]
    assert json.loads(str(column(house, "select record from journal where run = 'r-1'")[0]))["seq"] == 1
    assert sweep(house).forgotten == 0


def test_runs_that_keep_some_answers_longer_do_not_hold_up_the_erasure_of_others(
    house: House, flow: Flow, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As many half-erased runs as a sweep looks at, all of them before the newest."""
    monkeypatch.setattr(sweeping, "_BATCH", 2)
    monkeypatch.setattr(sweeping, "_BATCHES", 1)
    for run in ("r-1", "r-2"):
        stored(house, flow, run, ended=True)
    clock.pass_(hours=2)
    sweep(house)
    stored(house, flow, "r-3", ended=True)
    clock.pass_(hours=2)
    sweep(house)
    assert fields_of(house, "r-3") == ["mobile", "mobile~"]


def test_a_run_that_goes_on_after_its_end_is_looked_at_anew(house: House, flow: Flow, clock: Clock) -> None:
    run = stored(house, flow, "r-1", ended=True)
    clock.pass_(hours=1)
    sweep(house)
    again = replace(run, seq=2, ended_at=clock())
    with house.database.write() as connection:
        runs.advance(connection, run, again)
        runs.write_answers(connection, run.id, run.key(house.vault), ANSWERS)
    clock.pass_(minutes=59)
    sweep(house)
    assert "national_id" in fields_of(house, "r-1")
    clock.pass_(minutes=1)
    sweep(house)
    assert fields_of(house, "r-1") == ["mobile", "mobile~"]


def test_a_letter_nobody_carries_and_the_one_after_it_are_closed_when_they_come_too_late(
    house: House, clock: Clock
) -> None:
    ends = clock() + timedelta(hours=24)
    order = Letter("object", "google", "bg", ends, recipient="", body="{}")
    sms = Letter("sms", "sms", "bg", ends, recipient="+359888123456", body="hello", after="object")
    with house.database.write() as connection:
        outbox.put(connection, house.vault, order, clock())
        outbox.put(connection, house.vault, sms, clock())
    sweep(house)
    assert column(house, "select state from outbox") == ["queued", "queued"]
    clock.pass_(hours=24)
    sweep(house)
    assert column(house, "select state from outbox") == ["expired", "expired"]
    assert column(house, "select body from outbox") == [None, None]


def test_links_are_forgotten_a_week_after_their_end(house: House, flow: Flow, clock: Clock) -> None:
    run = stored(house, flow, "r-1")
    with house.database.write() as connection:
        link = Link("l-1", run.id, "card_link", clock(), clock() + timedelta(hours=24), None, 0)
        links.put(connection, house.vault, link, "a secret", "somebody")
    clock.pass_(days=8)
    sweep(house)
    assert column(house, "select id from links") == ["l-1"]
    clock.pass_(seconds=1)
    sweep(house)
    assert column(house, "select id from links") == []
