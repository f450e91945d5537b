"""Pruning takes ended runs whole and leaves evidence alone; erasing answers leaves every chain whole."""

from datetime import timedelta

from click.testing import Result

from app.delivery.post import Post
from app.runner.house import House
from app.runner.journal.stating import state_heads
from app.runner.sweep import sweep
from tests.conftest import BEGINNING, Clock
from tests.journal_damage import Narthex, dialect, faults, narthex, run, settings, sql, walked_var
from tests.walk import PERSON, Walk, link_in

__all__ = ["dialect", "narthex", "run", "settings", "walked_var"]  # fixtures


def ended(house: House) -> None:
    sql(house, "update runs set ended_at = touched_at")


def prune(narthex: Narthex, *words: str) -> Result:
    return narthex("prune", "--ended-before", "2026-11-24", *words)


def test_a_run_under_way_is_never_pruned(narthex: Narthex, run: str, house: House) -> None:
    assert prune(narthex).output == "0 runs with 0 records pruned.\n"
    ended(house)
    assert narthex("prune", "--ended-before", "2026-11-23").output == "0 runs with 0 records pruned.\n"
    assert prune(narthex, "--dry-run").output == "1 runs with 5 records would be pruned.\n"
    assert sql(house, "select count(*) from journal") == [(5,)]
    assert prune(narthex).output == "1 runs with 5 records pruned.\n"
    assert sql(house, "select count(*) from journal") == [(0,)]
    assert faults(house) == []


def test_a_run_that_is_not_whole_is_evidence_and_stays(narthex: Narthex, house: House, run: str) -> None:
    ended(house)
    sql(house, "update journal set record = replace(record, 'submit', 'shut') where seq = 1")
    left = prune(narthex)
    assert left.exit_code == 1
    assert f"left alone: run {run}, record 1: its text was altered" in left.output
    assert sql(house, "select count(*) from journal") == [(5,)]


def test_a_run_whose_letter_is_to_leave_or_whose_link_works_stays(
    narthex: Narthex, walk: Walk, post: Post, house: House, run: str
) -> None:
    sql(house, "delete from runs")
    sql(house, "delete from journal")
    sql(house, "delete from asides")
    walk.get("/ecard/").post(**PERSON)
    ended(house)
    assert prune(narthex).output.startswith("0 runs")
    post.deliver()
    sql(house, "update links set expires_at = 2 * expires_at")  # commands go by today's date, not the test's
    assert prune(narthex).output.startswith("0 runs")
    sql(house, "update links set expires_at = 0")
    assert prune(narthex).output.startswith("1 runs")
    for table in ("outbox", "attempts", "links", "answers", "journal", "runs"):
        assert sql(house, f"select count(*) from {table}") == [(0,)], table


def test_statements_stay_good_when_what_they_named_is_pruned_and_tell_of_it(
    narthex: Narthex, house: House, run: str
) -> None:
    list(state_heads(house))
    ended(house)
    prune(narthex)
    assert faults(house) == []
    (line,) = state_heads(house)
    assert f'"pruned":["{run}"]' in line
    assert '"records":0' in line
    assert faults(house) == []
    sql(house, "update pruned_runs set head = 'another'")
    assert "was deleted, not pruned" in faults(house)[0]


def test_answers_and_keys_are_erased_in_time_and_the_chain_stays_whole(
    walk: Walk, post: Post, house: House, clock: Clock, run: str
) -> None:
    walk.get("/ecard/").post(**PERSON)
    post.deliver()
    walk.get(link_in(walk.messages()[-1])).post(follow=False, trigger="add", wallet="apple")
    list(state_heads(house))
    clock.now = BEGINNING + timedelta(days=400)
    sweep(house)  # what was left half-way ends first
    clock.pass_(days=60)
    sweep(house)
    assert sql(house, "select count(*) from answers") == [(0,)]
    assert sql(house, "select distinct run_key from runs") == [(None,)]
    assert faults(house) == []
