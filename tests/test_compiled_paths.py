"""Paths as scenarios: walked on the real engine, they take exactly the steps that the path says."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path as File

import pytest

from app.config import ROOT
from app.flow.paths.model import Move, Outcome, Path
from app.flow.paths.recorded import path_of
from app.flow.step import decide
from app.flow.trace import Recorded, read
from app.flow.verdict import Verdict
from app.proof.compile import Compiled, NotStaged, compile_path
from app.proof.staging.schedule import Schedule
from app.scenarios.expect import compare
from app.scenarios.memory import Memory, Surroundings
from app.scenarios.read import read_scenarios
from app.scenarios.rows import put_rows
from app.scenarios.spec import FIRST, Step
from app.scenarios.stage import Stage
from app.scenarios.walk import Walk
from app.scenarios.write import write_scenarios
from app.store import journal

# What a guard answers where a path does not say.
PLAIN = {
    "has_a_login": "no_login",
    "address_with_strict_filter": "elsewhere",
    "address_on_file": "differs",
    "wants_renewal": "unanswered",
}
REGISTERED = ["identify submit", "verify_phone submit", "email submit", "password submit"]
WRONG_PIN = "pin check pin_right:wrong"

Staged = Callable[[str], Stage]


@pytest.fixture(scope="module")
def staged(tmp_path_factory: pytest.TempPathFactory) -> Staged:
    stages: dict[str, Stage] = {}

    def stage(flow: str) -> Stage:
        if flow not in stages:
            stages[flow] = Stage(ROOT / "workflows" / flow, ROOT, tmp_path_factory.mktemp(flow))
        return stages[flow]

    return stage


def move(stage: Stage, told: str) -> Move:
    """`form submit card_found:unknown` as a move; guards that are not named answer plainly."""
    state, trigger, *said = told.split()
    given = dict(each.split(":") for each in said)
    outcomes: list[tuple[str, Outcome]] = []

    def ask(guard: str) -> Verdict:
        word = given.get(guard, PLAIN.get(guard, "yes"))
        outcome = Outcome(word) if word in {"yes", "no", "unavailable"} else Outcome("no", word)
        outcomes.append((guard, outcome))
        return Verdict(outcome.answer, outcome.reason)

    return Move(decide(stage.flow, state, trigger, ask).transition, tuple(outcomes))


def path(stage: Stage, moves: list[str]) -> Path:
    return Path(tuple(move(stage, each) for each in moves))


def walked(stage: Stage, compiled: Compiled) -> list[Recorded]:
    """The journal of the run in the first browser once everything came as the scenario says."""
    memory = Memory("en", Surroundings.described(compiled.scenario.given))
    with stage.scene(memory.surroundings) as scene:
        assert put_rows(scene, stage.flow, compiled.scenario.given) is None
        walk, run = Walk(scene, stage.flow, memory), None
        for step in compiled.scenario.steps:
            came = walk.take(step)
            compare(step, came)
            run = came.run if came.run and memory.person == FIRST else run
        assert run is not None
        with scene.house.database.read() as connection:
            return [read(record) for record in journal.records(connection, run.id)]


def told(records: list[Recorded]) -> list[str]:
    steps = [each for each in records if each.type == "transition"]
    return [
        _told(each.state, each.chosen, [(j.guard, _answer(j.answer, j.reason)) for j in each.judged])
        for each in steps
    ]


def wanted(there: Path) -> list[str]:
    return [
        _told(
            each.transition.source, each.transition.id, [(g, o.reason or o.answer) for g, o in each.outcomes]
        )
        for each in there.moves
    ]


def _answer(answer: str, reason: str | None) -> str:
    return reason if answer == "no" and reason else answer


def _told(state: str, way: str | None, answers: list[tuple[str, str]]) -> str:
    # A form that is not well-formed has as many reasons as it has fields.
    plain = [(g, "no" if g == "form_valid" and answer != "yes" else answer) for g, answer in answers]
    return f"{state}.{way} {plain}"


# By what is hard about it: the flow and the moves.
PATHS: dict[str, tuple[str, list[str]]] = {
    "refused in every way": (
        "ecard",
        [
            "form submit form_valid:no",
            "invalid back",
            "form submit address_takes_mail:takes_no_mail",
            "invalid back",
            "form submit card_found:contact_differs",
            "not_found back",
            "form submit card_found:not_in_force",
            "not_found back",
            "form submit card_found:unavailable",
            "try_later retry card_found:unavailable",
            "try_later retry card_found:match_over_budget",
        ],
    ),
    "a link pressed ten times": (
        "ecard",
        [
            "form submit address_takes_mail:unavailable",
            "requested resend may_resend:too_soon",
            "requested resend",
            "requested open_link",
            "add_to_wallet add",
            *["added add"] * 9,
            "added add link_live:no_link",
        ],
    ),
    "nothing has begun": ("ecard", ["form expire"]),
    "others fill the cap": ("ecard", ["form submit", "requested resend may_resend:capped"]),
    "its own wrong codes": (
        "activation",
        ["identify submit", *[WRONG_PIN] * 4, "pin check pin_right:no_tries_left"],
    ),
    "others' wrong codes": (
        "activation",
        ["identify submit", WRONG_PIN, "pin check pin_right:no_tries_left"],
    ),
    "held back, then ended by others": ("activation", ["identify submit", "pin check pin_right:no_code"]),
    "ended by others": (
        "activation",
        ["identify submit customer_on_file:over_budget", "identify submit", "pin check pin_right:replaced"],
    ),
    "an older code, an old one, a good one": (
        "activation",
        [
            "identify submit",
            "pin resend",
            "pin check pin_right:replaced",
            "pin check pin_right:expired",
            "pin back",
            "identify submit",
            "pin check",
            "pin_confirmed activate",
            "password submit password_fits:like_address",
            "password submit password_fits:about_you",
            "password submit password_fits:common",
            "password submit",
        ],
    ),
    "a login that others make, confirm and lose": (
        "registration",
        [
            "identify submit",
            "verify_phone submit has_a_login:yes",
            "already_registered renew",
            "password submit has_a_login:no_login gave_address:unanswered",
            "email submit address_on_file:yes",
            "password submit has_a_login:yes wants_renewal:yes",
            "renewed log_in",
        ],
    ),
    "a first login after a day, asleep, and too late": (
        "registration",
        [
            *REGISTERED,
            "registered log_in email_code_live:expired",
            "verify_email submit email_code_right:replaced",
            "verify_email submit own_login:logged_out",
            "verify_email log_in",
            "verify_email submit email_code_right:expired",
            "verify_email expire",
        ],
    ),
    "barred for a day by what others typed": (
        "registration",
        [
            *REGISTERED,
            "registered log_in",
            "verify_email submit email_code_right:no_tries_left",
            "verify_email submit",
        ],
    ),
    "a code by mail held back": (
        "registration",
        [
            *REGISTERED,
            "registered log_in email_code_live:no_code email_code_may_go:capped",
            "verify_email submit email_code_right:no_code",
        ],
    ),
}


@pytest.mark.parametrize("case", PATHS)
def test_a_path_comes_out_as_it_says(case: str, staged: Staged) -> None:
    flow, moves = PATHS[case]
    stage = staged(flow)
    there = path(stage, moves)
    compiled = compile_path(stage.flow, there, seed=11, lang="en")
    assert told(walked(stage, compiled)) == wanted(there)
    assert len(compiled.steps) == len(moves)
    assert list(compiled.steps) == sorted(compiled.steps)
    for each, number in zip(there.moves, compiled.steps, strict=True):
        step = compiled.scenario.steps[number]
        assert step.at in {None, each.transition.source}


# Moves that contradict one another, and what is said of it.
IMPOSSIBLE: dict[str, tuple[list[str], str]] = {
    "nobody has logged in": (
        [*REGISTERED, "registered log_in own_login:logged_out", "verify_email submit"],
        "own_login yes: nobody has logged in by then",
    ),
    "nobody has been told": (
        ["identify submit", "verify_phone submit phone_code_right:used"],
        "no code has been used by then",
    ),
    "too soon and too late": (
        [
            "identify submit",
            "verify_phone submit phone_code_right:expired",
            "verify_phone resend phone_code_may_go:too_soon",
        ],
        "phone_code_may_go too_soon: the pause would be over by then",
    ),
    "an answer there is": (
        ["identify submit", "verify_phone submit", "email submit", "password submit gave_address:unanswered"],
        "'email' has an answer by then",
    ),
}


@pytest.mark.parametrize("case", IMPOSSIBLE)
def test_what_cannot_be_brought_about_says_why(case: str, staged: Staged) -> None:
    moves, words = IMPOSSIBLE[case]
    stage = staged("registration")
    with pytest.raises(NotStaged) as refused:
        compile_path(stage.flow, path(stage, moves), seed=1)
    assert words in str(refused.value)
    assert 0 <= refused.value.move_index < len(moves)


def test_a_scenario_waits_no_longer_than_it_must(staged: Staged) -> None:
    stage = staged("registration")
    moves = [*REGISTERED, "registered log_in", "verify_email submit email_code_right:expired"]
    steps = compile_path(stage.flow, path(stage, moves), seed=2).scenario.steps
    # The code lives a day, a login that nobody uses not even half an hour: one waits before logging in.
    waits = [step.wait for step in steps if step.wait]
    assert waits == [timedelta(hours=23, minutes=35), timedelta(minutes=25)]
    plain = compile_path(stage.flow, path(stage, REGISTERED), seed=2).scenario.steps
    assert not [step for step in plain if step.wait or step.person]


def test_the_least_times_satisfy_every_span() -> None:
    schedule, minute = Schedule(3), timedelta(minutes=1)

    def unfit() -> NotStaged:
        return NotStaged(2, "guard", "reason", "too late")

    schedule.at_least(2, 0, 10 * minute, unfit)
    schedule.at_most(2, 1, 3 * minute, unfit)
    assert schedule.times() == [0 * minute, 7 * minute, 10 * minute]
    schedule.at_most(1, -1, 6 * minute, unfit)
    with pytest.raises(NotStaged, match="too late"):
        schedule.times()


def test_the_same_seed_gives_the_same_scenario_and_the_next_one_other_people(staged: Staged) -> None:
    stage = staged("registration")
    there = path(stage, [*REGISTERED, "registered log_in"])
    first, again, other = (compile_path(stage.flow, there, seed).scenario for seed in (4, 4, 5))
    assert first == again

    def cells(scenario: object) -> Iterator[str]:
        for rows in scenario.given.also.values():
            for row in rows:
                yield from (cell for column, cell in row.items() if column not in {"in_force", "holder"})

    assert set(cells(first)).isdisjoint(cells(other))


def test_a_compiled_scenario_can_be_written_down_and_read(staged: Staged, tmp_path: File) -> None:
    stage = staged("registration")
    moves = PATHS["a login that others make, confirm and lose"][1]
    compiled = compile_path(stage.flow, path(stage, moves), seed=3)
    file = tmp_path / "scenarios.yaml"
    file.write_text(write_scenarios([compiled.scenario]), "utf-8")
    there = read_scenarios(file, stage.flow)
    assert [str(each) for each in there.findings] == []
    assert there.scenarios == (compiled.scenario,)
    assert "operator_forgets: " in file.read_text("utf-8")


def test_a_recorded_run_goes_the_same_way_again_with_other_people(staged: Staged) -> None:
    stage = staged("ecard")
    moves = ["form submit form_valid:no", "invalid back", "form submit card_found:unknown"]
    first = walked(stage, compile_path(stage.flow, path(stage, moves), seed=21))
    again = walked(stage, compile_path(stage.flow, path_of(stage.flow, first), seed=22))
    assert told(again) == told(first)
    assert [each.errors for each in again] == [each.errors for each in first]
    marks = [
        {answer.mark for record in each for answer in record.answers if answer.mark}
        for each in (first, again)
    ]
    assert marks[0].isdisjoint(marks[1])


@pytest.mark.parametrize(
    "wrong", [{"wait": "1 h", "late": "2 h"}, {"as": "browser 3"}, {"as": "browser 100"}, {"late": "1 h"}]
)
def test_what_the_grammar_does_not_know_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError):
        Step.model_validate(wrong)


def test_the_operator_can_forget_only_a_login_there_is(staged: Staged, tmp_path: File) -> None:
    file = tmp_path / "scenarios.yaml"
    file.write_text("- {name: Maria, steps: [{operator_forgets: a@example.com, then: form}]}", "utf-8")
    (finding,) = read_scenarios(file, staged("ecard").flow).findings
    assert "This flow makes no logins" in str(finding)
