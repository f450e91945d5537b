"""Signed heads kept elsewhere show what a chain alone cannot: a rewritten, cut or deleted run."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.config import Settings
from app.runner.house import House
from app.runner.journal import stating
from app.runner.journal.statement import BadStatement, read_line, whole
from app.runner.journal.stating import public_key, state_heads
from app.store.statements import Head
from tests.conftest import SECRET, Clock
from tests.journal_damage import (
    Narthex,
    cut,
    deleted,
    dialect,
    faults,
    narthex,
    rewritten,
    run,
    settings,
    sql,
    walked,
    walked_var,
)
from tests.walk import Walk

__all__ = ["dialect", "narthex", "run", "settings", "walked_var"]  # fixtures


@pytest.fixture
def kept(tmp_path: Path, house: House) -> Path:
    """Two statements in a file elsewhere."""
    file = tmp_path / "heads.jsonl"
    file.write_text("".join(line + "\n" for _ in range(2) for line in state_heads(house)))
    return file


def test_a_statement_names_what_changed_since_the_one_before_and_counts_all(
    walk: Walk, house: House, run: str, clock: Clock
) -> None:
    (first,) = state_heads(house)
    clock.pass_(minutes=5)
    walked(walk)
    (second,) = state_heads(house)
    (third,) = state_heads(house)
    told = [read_line(line, [public_key(house)]) for line in (first, second, third)]
    assert [each.number for each in told] == [1, 2, 3]
    assert [(head.run, head.seq) for head in told[0].heads] == [(run, 4)]
    assert run not in {head.run for head in told[1].heads}
    assert [(each.runs, each.records) for each in told] == [(1, 5), (2, 10), (2, 10)]
    assert told[2].heads == ()
    assert told[2].root == told[1].root != told[0].root
    assert faults(house) == []


def test_what_does_not_fit_one_statement_goes_into_the_next(
    browser: Callable[..., Walk], house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stating, "MOST", 2)
    for number in range(4):
        browser(address=f"192.0.2.{number}").get("/ecard/").post(national_id="1")
    told = [read_line(line, [public_key(house)]) for line in state_heads(house)]
    assert [len(each.heads) for each in told] == [2, 2, 1]
    assert told[-1].runs == 5
    assert faults(house) == []


def test_statements_kept_elsewhere_agree_with_a_journal_nobody_touched(
    narthex: Narthex, kept: Path, walk: Walk, house: House
) -> None:
    walked(walk)
    assert narthex("heads", "--out", str(kept)).exit_code == 0
    looked = narthex("verify", "--heads", str(kept))
    assert looked.exit_code == 0, looked.output
    assert "2 runs, 10 records, 2 asides, 6 statements looked at: nothing wrong." in looked.output


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda house, run: rewritten(house, run, 2), "record 4: statement 1: on 2026-11-23T09:00:00.00"),
        (lambda house, run: cut(house, run, 2), "record 4: statement 1: it was there on"),
        (deleted, "record 4: statement 1: it was there on 2026-11-23T09:00:00.000000Z: the run was deleted"),
        (
            lambda house, _: sql(house, "delete from statements where number = 2"),
            "{file}:2: statement 2 is no longer in the database",
        ),
    ],
)  # fmt: skip
def test_what_somebody_with_the_database_changed_is_found(
    narthex: Narthex, house: House, run: str, kept: Path, damage: Callable[[House, str], object], words: str
) -> None:
    damage(house, run)
    looked = narthex("verify", "--heads", str(kept))
    assert looked.exit_code == 1
    assert words.format(file=kept) in looked.output
    if damage is deleted:
        assert narthex("verify", run).exit_code == 1


@pytest.mark.parametrize("damage", [lambda h, r: rewritten(h, r, 2), lambda h, r: cut(h, r, 2), deleted])
def test_whoever_makes_the_statements_anew_as_well_is_found_by_those_kept(
    narthex: Narthex, house: House, run: str, kept: Path, damage: Callable[[House, str], object]
) -> None:
    damage(house, run)
    sql(house, "delete from statements")
    sql(house, "delete from stated_heads")
    for _ in range(2):
        list(state_heads(house))
    assert faults(house) == []  # by itself the database is in order
    assert narthex("verify").exit_code == 0
    assert narthex("verify", "--heads", str(kept)).exit_code == 1


def test_a_missing_a_forged_and_a_turned_round_line_are_found(
    narthex: Narthex, house: House, kept: Path, tmp_path: Path
) -> None:
    first, second = kept.read_text().splitlines()
    (third,) = state_heads(house)
    elsewhere = tmp_path / "elsewhere.jsonl"

    def said(*lines: str) -> str:
        elsewhere.write_text("\n".join(lines))
        looked = narthex("verify", "--heads", str(elsewhere))
        assert looked.exit_code == 1
        return looked.output

    assert "statement 2 before it missing" in said(first, third)
    assert "statements 1 to 2 before it missing" in said(third)
    assert "its signature does not fit" in said(first, second.replace('"records":5', '"records":4'), third)
    assert "stands behind a newer one" in said(second, first)
    assert "this is no statement" in said(first, "{}", third)
    assert f"signed by the key {'0' * 64}" in said(json.dumps({**json.loads(first), "key": "0" * 64}))


def test_a_statement_of_a_stranger_with_a_key_of_his_own_is_forged(house: House, kept: Path) -> None:
    line = kept.read_text().splitlines()[0]
    assert read_line(line, [public_key(house)]).number == 1
    with pytest.raises(BadStatement, match="none of ours"):
        read_line(line, ["11" * 32])


def test_statements_stay_good_when_the_secret_is_renewed(
    narthex: Narthex, settings: Settings, kept: Path
) -> None:
    newer = "another secret of the tests that is long enough"
    key = narthex("heads", "--public-key").output.strip()
    both = f"{newer},{SECRET}"
    assert narthex("heads", "--out", str(kept), secrets=both).exit_code == 0
    assert narthex("verify", "--heads", str(kept), secrets=both).exit_code == 0
    assert narthex("heads", "--public-key", secrets=both).output.strip() != key
    retired = narthex("verify", "--heads", str(kept), secrets=newer)
    assert retired.exit_code == 1
    assert f"signed by the key {key}" in retired.output
    assert narthex("verify", "--heads", str(kept), "--key", key.upper(), secrets=newer).exit_code == 0


def test_stored_statements_can_be_written_down_once_more(narthex: Narthex, kept: Path) -> None:
    assert narthex("heads", "--again", "2").output == kept.read_text().splitlines(keepends=True)[1]


def test_heads_changed_beside_the_last_statement_do_not_make_its_root(house: House, kept: Path) -> None:
    sql(house, "update stated_heads set seq = 3")
    assert faults(house) == [
        "statement 2: the heads kept beside it are not those it signed. Restore `stated_heads` from a backup."
    ]


@given(st.lists(st.integers(0, 40), max_size=40))
def test_the_root_tells_any_two_sets_of_heads_apart(seqs: list[int]) -> None:
    heads = [Head(f"r-{number:03}", seq, "0" * 64) for number, seq in enumerate(seqs)]
    told = whole(heads)
    assert (told.runs, told.records) == (len(seqs), sum(seqs) + len(seqs))
    roots = {whole(heads[:length]).root for length in range(len(heads) + 1)}
    assert len(roots) == len(heads) + 1
    for at, head in enumerate(heads):
        changed = [*heads[:at], Head(head.run, head.seq + 1, head.hash), *heads[at + 1 :]]
        assert whole(changed).root != told.root
