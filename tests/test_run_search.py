"""Finding runs: by what is known of them, by the way they went, page by page and on both databases."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import Connection, update

from app.cli import common, main
from app.flow.definition import Flow
from app.flow.pattern import PatternProblem
from app.flow.step import decide
from app.flow.verdict import Verdict
from app.runner import searching
from app.runner.house import House
from app.runner.searching import Criteria, Found, WrongSearch, find
from app.step import Step
from app.step.notes import record_note
from app.step.recording import Planned, moved, new_run, record_step
from app.store.ids import new_run_id
from app.store.models import journal
from app.store.runs import Run
from tests.conftest import Clock


def walked(house: House, flow_name: str, *steps: tuple[str, dict[str, str]], lang: str = "en") -> Run:
    """A recorded run whose guards answered as given, yes where nothing is said."""
    flow = house.shelf.live(flow_name)
    run = new_run(flow, new_run_id(), lang, None, house.clock(), house.vault)
    for trigger, answers in steps:
        with house.database.write() as connection:
            if trigger == "rests":
                note = (house.vault, flow, run, "note", "rested", house.clock())
                run = record_note(connection, *note, env=house.env)
            else:
                run = _stepped(connection, house, flow, run, trigger, answers)
    return run


def _stepped(
    connection: Connection, house: House, flow: Flow, run: Run, trigger: str, answers: dict[str, str]
) -> Run:
    now, world = house.clock(), house.world(flow)
    step = Step(flow, run.id, run.seq, run.state, trigger, run.lang, now, "browser", "network", world)
    decision = decide(flow, run.state, trigger, lambda guard: _verdict(answers.get(guard, "yes")))
    after, key = moved(run, flow, decision, step), run.key(house.vault)
    planned = Planned(step, decision, run, after, key, ())
    return record_step(connection, house.vault, planned, now)


def _verdict(said: str) -> Verdict:
    if said == "yes":
        return Verdict.yes()
    return Verdict.unavailable("timeout") if said == "unavailable" else Verdict.no(said)


DOWN = ("submit", {"card_found": "unavailable"})
MALFORMED = ("submit", {"form_valid": "malformed"})
UNKNOWN = ("submit", {"card_found": "unknown"})
FOUND = ("submit", {})
BACK = ("back", {})


@pytest.fixture
def told(house: House, clock: Clock) -> Iterator[dict[str, Run]]:
    """Five runs, a minute apart, oldest first."""
    made = {}
    for name, flow, steps in (
        ("found", "ecard", [FOUND]),
        ("down", "ecard", [DOWN, ("retry", {"card_found": "unavailable"}), ("retry", {})]),
        ("patient", "ecard", [MALFORMED, BACK, MALFORMED, BACK, ("rests", {}), UNKNOWN]),
        ("gone", "ecard", [UNKNOWN, ("expire", {})]),
        ("hungarian", "registration", [("submit", {"contract_found": "unavailable"})]),
    ):
        made[name] = walked(house, flow, *steps, lang="hu" if name == "hungarian" else "bg")
        clock.pass_(minutes=1)
    return made


def names(found: Found, told: dict[str, Run]) -> list[str]:
    by_id = {run.id: name for name, run in told.items()}
    return [by_id[run.id] for run in found.runs]


def test_runs_are_found_by_what_is_known_of_them_newest_first(
    house: House, told: dict[str, Run], clock: Clock
) -> None:
    def found(**asked: object) -> list[str]:
        return names(find(house, Criteria(**asked)), told)  # type: ignore[arg-type]

    assert found() == ["hungarian", "gone", "patient", "down", "found"]
    assert found(flow="ecard") == ["gone", "patient", "down", "found"]
    assert found(flow="ecard", version=1, state="requested") == ["down", "found"]
    assert found(lang="hu") == ["hungarian"]
    assert found(ended="expired") == found(ended="ended") == ["gone"]
    assert found(ended="success") == []
    assert found(ended="open", flow="ecard") == ["patient", "down", "found"]
    assert found(since=clock.now - timedelta(minutes=2)) == ["hungarian", "gone"]
    assert found(until=clock.now - timedelta(minutes=4)) == ["found"]
    assert found(lasting=timedelta(minutes=1)) == []
    assert found(named=told["down"].reference.upper()) == found(named=told["down"].id) == ["down"]


def test_runs_are_found_by_the_way_they_went(house: House, told: dict[str, Run]) -> None:
    def found(pattern: str, **asked: object) -> list[str]:
        return names(find(house, Criteria(pattern, **asked)), told)  # type: ignore[arg-type]

    assert found("form > card_found:unavailable > try_later") == ["down"]
    assert found("card_found:unavailable{2}") == ["down"]
    assert found("card_found:. >> requested$") == ["down", "found"]
    assert found("(form > invalid){2,} > form > not_found") == ["patient"]
    assert found("rested!") == ["patient"]
    assert found("form.not_found") == ["gone", "patient"]
    assert found("expire!", flow="ecard", ended="expired") == ["gone"]
    assert found("identify|form > .") == ["hungarian", "gone", "patient", "down", "found"]


def test_records_written_before_there_were_folds_are_read_as_well(house: House, told: dict[str, Run]) -> None:
    with house.database.write() as connection:
        connection.execute(update(journal).values(fold=None))
    assert names(find(house, Criteria("rested!")), told) == ["patient"]


def test_a_list_goes_on_where_it_stopped_and_nothing_is_left_out(
    house: House, told: dict[str, Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "_AT_ONCE", 2)
    for criteria in (Criteria(flow="ecard"), Criteria("form", flow="ecard")):
        seen, before, looked = [], None, 0
        while True:
            page = find(house, criteria, before=before, most=3)
            seen += names(page, told)
            looked, before = looked + page.looked, page.further
            if before is None:
                break
        assert seen == ["gone", "patient", "down", "found"]
        assert looked == 4
    part = find(house, Criteria("card_found:unknown >> expired"), looks=2)
    assert (names(part, told), part.looked, part.further is not None) == (["gone"], 2, True)
    rest = find(house, Criteria("card_found:unknown >> expired"), before=part.further)
    assert (rest.runs, rest.looked, rest.further) == ((), 3, None)


def test_a_damaged_record_is_told_and_hides_no_other_run(house: House, told: dict[str, Run]) -> None:
    with house.database.write() as connection:
        mine = (journal.c.run == told["down"].id) & (journal.c.seq == 1)
        connection.execute(update(journal).where(mine).values(record="{", fold=None))
    found = find(house, Criteria("requested"))
    assert (names(found, told), found.unreadable) == (["found"], (told["down"].id,))


def test_what_does_not_exist_is_told_with_what_was_meant(house: House, told: dict[str, Run]) -> None:
    with pytest.raises(PatternProblem, match="Did you mean 'requested'"):
        find(house, Criteria("form >> reqested"))
    with pytest.raises(PatternProblem, match="There is no state 'identify'"):
        find(house, Criteria("identify", flow="ecard"))
    with pytest.raises(WrongSearch, match="Did you mean 'ecard'"):
        find(house, Criteria(flow="ecrad"))
    with pytest.raises(WrongSearch, match=r"There is no version 7\. The newest is 1\."):
        find(house, Criteria(flow="ecard", version=7))
    with pytest.raises(WrongSearch, match="Did you mean 'invalid'"):
        find(house, Criteria(flow="ecard", state="invald"))


def test_the_command_prints_a_line_for_each_run_and_ends_with_whether_there_was_one(
    house: House, told: dict[str, Run], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(common, "house", lambda: house)

    def command(*words: str) -> tuple[int, str, str]:
        result = CliRunner().invoke(main, ["runs", "find", *words])
        return result.exit_code, result.stdout, result.stderr

    code, out, err = command("form > invalid", "--flow", "ecard", "--since", "2026-11-23", "--lasting", "1 s")
    assert (code, out, err) == (1, "", "0 runs looked through, 0 found.\n")
    code, out, err = command("form > invalid")
    assert (code, err) == (0, "5 runs looked through, 1 found.\n")
    assert out.startswith(told["patient"].id) and "not_found (open)  6 steps" in out
    code, out, _ = command("expire!", "--json")
    assert (code, out.count("\n")) == (0, 1) and told["gone"].reference in out
    code, _, err = command("form > invlid")
    assert code == 2
    assert err.splitlines()[1] == "         ^"
    assert "column 8: There is no state 'invlid'. Did you mean 'invalid'?" in err
    assert command("--flow", "nobody")[0] == command("--since", "soon")[0] == 2
    assert "twice or more" in command("--help")[1]
