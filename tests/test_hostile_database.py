"""What somebody with the database, but without the secrets, writes into it: named, harmless, never obeyed."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from app import wiring
from app.config import Settings
from app.flow.loader import digest
from app.proof.telling import as_scenario
from app.runner.house import FlowMissing, House
from app.runner.journal.stating import state_heads
from app.runner.story import story
from tests.conftest import Clock
from tests.journal_damage import command, deleted, faults, rewritten, run, settings, sql, walked_var

__all__ = ["run", "settings", "walked_var"]  # fixtures

Narthex = Callable[..., Result]
NESTED = "[" * 100_000


@pytest.fixture
def dialect() -> str:
    return "sqlite"


@pytest.fixture
def narthex(settings: Settings) -> Narthex:
    return command(settings)


def of_version(house: House, run: str) -> tuple[str, dict[str, str]]:
    """The digest of the version the run is on, and its files."""
    ((digest, files),) = sql(  # type: ignore[misc]
        house,
        "select c.digest, files from flow_contents c join runs on runs.digest = c.digest where id = :run",
        run=run,
    )
    return digest, json.loads(files)


def anew(settings: Settings) -> House:
    """The house as the next process finds it: no definition is compiled yet."""
    return wiring.open_house(settings, Clock())


def test_a_deleted_run_is_not_excused_by_an_invented_row_of_pruned_ones(house: House, run: str) -> None:
    list(state_heads(house))
    ((seq, head),) = sql(house, "select seq, head from runs")  # type: ignore[misc]
    deleted(house, run)
    row = "insert into pruned_runs values (:run, 'ecard', 1, :records, :head, 0, 0, :sig)"
    for records, last in ((seq + 1, head), (99, "another")):
        sql(house, "delete from pruned_runs")
        sql(house, row, run=run, records=records, head=last, sig="00" * 64)
        assert "was deleted, not pruned" in faults(house)[0]
    list(state_heads(house))  # we ourselves sign that it is gone
    assert "was deleted, not pruned" in faults(house)[0]


def test_the_signature_of_one_pruned_run_does_not_excuse_another(
    house: House, run: str, narthex: Narthex
) -> None:
    list(state_heads(house))
    sql(house, "update runs set ended_at = touched_at")
    assert narthex("prune", "--ended-before", "2026-11-24").exit_code == 0
    assert faults(house) == []
    sql(house, "update pruned_runs set records = 99")
    assert "was deleted, not pruned" in faults(house)[0]


def test_pruning_does_not_do_away_with_a_run_for_whoever_wrote_it_anew_or_made_it_old(
    house: House, run: str, narthex: Narthex
) -> None:
    list(state_heads(house))
    sql(house, "update runs set ended_at = 0")
    made_old = narthex("prune", "--ended-before", "2026-11-01")
    assert (made_old.exit_code, made_old.output) == (0, "0 runs with 0 records pruned.\n")
    rewritten(house, run, 2)
    left = narthex("prune", "--ended-before", "2026-11-24")
    assert left.exit_code == 1
    assert f"left alone: run {run}, record 4: statement 1: on " in left.output
    assert sql(house, "select count(*) from journal") == [(5,)]


def test_a_hostile_record_is_named_and_hides_nothing_else(house: House, run: str) -> None:
    ((told,),) = sql(house, "select record from journal where seq = 1")  # type: ignore[misc]
    for record in (
        *(NESTED, '{"a":' + NESTED, told.encode(), b"\xff", "null"),
        told.replace('"prev":"', '"prev":"\\ud800'),
        json.dumps({**json.loads(told), "seq": "\x1b]0;taken\x07"}),
    ):
        sql(house, "update journal set record = :record where seq = 1", record=record)
        assert faults(house)[0].startswith(f"run {run}, record 1: ")
        assert story(house, run) is not None


def test_no_command_breaks_off_at_a_hostile_record(narthex: Narthex, house: House, run: str) -> None:
    sql(house, "update journal set record = :record where seq = 1", record=NESTED)
    for words in (("verify",), ("replay",), ("find", ".!"), ("export", "--as", "cloudevents")):
        ended = narthex(*words)
        assert isinstance(ended.exception, SystemExit), words


def test_what_stands_in_the_database_cannot_command_the_terminal(
    narthex: Narthex, house: House, run: str
) -> None:
    sql(house, "update runs set state = :state", state="form\x1b]0;taken\x07")
    sql(house, "update journal set record = replace(record, 'submit', :mark)", mark="\\u001b[2J\\u009b")
    for words in (("show", run), ("find",), ("replay", run), ("verify",)):
        said = narthex(*words).output
        assert said
        assert not {"\x1b", "\x07", "\x9b"} & set(said), words


def test_a_runs_row_and_a_statement_that_are_nonsense_are_named(
    narthex: Narthex, house: House, run: str
) -> None:
    list(state_heads(house))
    sql(house, "update runs set seq = 'x'")
    sql(house, "update statements set body = :body", body=NESTED)
    looked = narthex("verify").output
    assert f"run {run}: its row is gone" in looked
    assert "statement 1: this is no statement" in looked


def test_a_damaged_aside_is_named_and_hides_nothing_else(house: House, run: str) -> None:
    for text in ("{", "{}", "null", NESTED):
        sql(house, "update asides set record = :record", record=text)
        assert faults(house)[0].startswith(f"run {run}, aside 1: ")
        assert story(house, run) is not None


def test_no_file_but_a_definitions_own_is_written_when_a_run_is_told_anew(
    settings: Settings, house: House, run: str, tmp_path: Path
) -> None:
    old, files = of_version(house, run)
    stray = tmp_path / "stray.py"
    files[str(stray)] = "taken = 1"
    new = "insert into flow_contents (digest, files, stored_at) values (:new, :files, 0)"
    sql(house, new, new=digest(files), files=json.dumps(files))
    for table in ("flow_versions", "runs"):
        sql(house, f"update {table} set digest = :new where digest = :old", new=digest(files), old=old)
    opened = anew(settings)
    assert as_scenario(opened, run).startswith("- name")
    opened.database.close()
    assert not stray.exists()


def test_a_definition_altered_behind_its_digest_is_not_the_one_that_was_published(
    settings: Settings, house: House, run: str
) -> None:
    old, files = of_version(house, run)
    softened = {**files, "flow.yaml": files["flow.yaml"] + "\n# softened\n"}
    write = "update flow_contents set files = :files where digest = :digest"
    sql(house, write, files=json.dumps(softened), digest=old)
    opened = anew(settings)
    with pytest.raises(FlowMissing, match="not what was published"):
        opened.shelf.live("ecard")
    opened.database.close()
