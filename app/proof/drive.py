"""Driving one path: its scenario walked, each of its moves compared with what the journal has of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from app.flow.paths.model import Move, Path
from app.flow.trace import Judged, Recorded
from app.proof.ground import Ground
from app.proof.http import HttpWalk
from app.proof.spot import recorded
from app.scenarios.came import Came
from app.scenarios.expect import compare
from app.scenarios.failed import Failed
from app.scenarios.spec import Scenario


@dataclass(frozen=True)
class Plan:
    """A path made ready to be driven: `steps` has for each move the scenario's step that takes it."""

    path: Path
    scenario: Scenario
    steps: tuple[int, ...]


@dataclass(frozen=True)
class Look:
    """How a page stands that a path has reached, as far as it looks different: probed once each."""

    state: str
    said: str | None
    told: str | None
    problems: bool
    link: str | None


@dataclass(frozen=True)
class Wrong:
    """What went otherwise than the path says, at which of its moves; `probe` names what was tried there."""

    move: int
    text: str
    probe: str | None = None


@dataclass
class Driven:
    """One path as it was driven: what was recorded, and how its pages stood after each of its moves."""

    plan: Plan
    seed: int
    records: tuple[Recorded, ...] = ()
    looks: list[Look] = field(default_factory=list)
    wrong: Wrong | None = None


def drive(ground: Ground, plan: Plan, seed: int) -> tuple[Driven, HttpWalk]:
    """Walk the plan to its end, or to where it goes wrong; the browsers stand where they are then.

    Raises Unstageable.
    """
    driven, walk = Driven(plan, seed), ground.begin(plan.scenario, seed)
    run, known = None, 0
    for number, step in enumerate(plan.scenario.steps):
        moves = [index for index, at in enumerate(plan.steps) if at == number]
        try:
            came = walk.take(step)
            compare(step, came)
            if moves:
                run = run or _run(came)
                driven.records = recorded(ground.house, run)
                _as_told(plan.path.moves[moves[0] : moves[-1] + 1], driven.records[known:])
                known = len(driven.records)
                driven.looks += [_look(came)] * len(moves)
        except Failed as failed:
            driven.wrong = Wrong(_at(plan, number), failed.text)
            return driven, walk
    return driven, walk


def _at(plan: Plan, step: int) -> int:
    """The move that a step takes or prepares."""
    return next((index for index, at in enumerate(plan.steps) if at >= step), len(plan.steps) - 1)


def _run(came: Came) -> str:
    if came.run is None:
        raise Failed("", f"nothing was recorded; the page stands at {came.state}")
    return came.run.id


def _look(came: Came) -> Look:
    run = came.run
    if run is None:
        return Look(came.state, None, None, False, came.fate)
    return Look(came.state, run.said, run.told, bool(run.problems), came.fate)


def _as_told(moves: Sequence[Move], records: Sequence[Recorded]) -> None:
    """Raises Failed unless exactly these moves were recorded, each guard answering as it says."""
    taken = [each for each in records if each.chosen is not None]
    for move, record in zip(moves, taken, strict=False):
        way = move.transition
        if (record.state, record.trigger, record.chosen) != (way.source, way.trigger, way.id):
            text = f"took {record.state}.{record.chosen} to {record.to}, expected {way.source}.{way.id}"
            raise Failed("", f"{text} to {way.dest}; {_verdicts(record)}")
        for difference in _differences(move, record.judged):
            raise Failed("", f"{way.source}.{way.id}: {difference}")
    if len(taken) != len(moves):
        ways = ", ".join(f"{each.state}.{each.chosen}" for each in taken) or "nothing"
        expected = ", ".join(f"{move.transition.source}.{move.transition.id}" for move in moves)
        raise Failed("", f"recorded {ways}, expected {expected}")


def _verdicts(record: Recorded) -> str:
    told = [f"{each.guard} {each.reason or each.answer}" for each in record.judged]
    return f"guards: {', '.join(told) or 'none asked'}"


def _differences(move: Move, judged: Sequence[Judged]) -> Iterator[str]:
    asked = [guard for guard, _ in move.outcomes]
    there = [each.guard for each in judged]
    if asked != there:
        yield f"asked {', '.join(there) or 'no guard'}, expected {', '.join(asked) or 'none'}"
        return
    for (guard, outcome), each in zip(move.outcomes, judged, strict=True):
        reason = outcome.reason or each.reason
        if (each.answer, each.reason) != (outcome.answer, reason):
            expected = outcome.reason or outcome.answer
            yield f"{guard} answered {each.reason or each.answer}, expected {expected}"
