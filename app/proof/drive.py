"""Driving one path: its scenario walked, each of its moves compared with what the journal has of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from app.flow.paths.model import Move, Path
from app.flow.trace import Judged, Recorded
from app.proof.compile import Compiled
from app.proof.ground import Ground
from app.proof.http import HttpWalk
from app.proof.spot import recorded
from app.scenarios.came import Came
from app.scenarios.expect import compare
from app.scenarios.failed import Failed
from app.scenarios.spec import Step


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
    """One path as it was driven.

    `records` are the run's, `looks` how its pages stood after each move; `forged` what no page had a button
    for, `state trigger`.
    """

    plan: Compiled
    seed: int
    records: tuple[Recorded, ...] = ()
    looks: list[Look] = field(default_factory=list)
    forged: tuple[str, ...] = ()
    wrong: Wrong | None = None

    def upto(self, move: int) -> Path:
        """The path to this move and, where one step takes several at once, to the last of them."""
        steps = self.plan.steps
        end = max(index for index, step in enumerate(steps) if step == steps[move])
        return Path(self.plan.path.moves[: end + 1])


def drive(ground: Ground, plan: Compiled, seed: int) -> tuple[Driven, HttpWalk]:
    """Walk the plan to its end, or to where it goes wrong; the browsers stand where they are then.

    Raises Unstageable.
    """
    driven, walk = Driven(plan, seed), ground.begin(plan.scenario, seed)
    drive_on(ground, driven, walk)
    return driven, walk


def drive_on(ground: Ground, driven: Driven, walk: HttpWalk) -> None:
    """Walk with browsers of one's own; `driven` is filled in."""
    plan = driven.plan
    for number, step in enumerate(plan.scenario.steps):
        try:
            came = walk.take(step)
            moves = [index for index, at in enumerate(plan.steps) if at == number]
            if moves:
                _note(ground, driven, came, moves)
            _compare(step, came, driven)
        except Failed as failed:
            driven.wrong = Wrong(_at(plan, number), failed.text)
            break
    driven.forged = tuple(walk.forged)


def _note(ground: Ground, driven: Driven, came: Came, moves: Sequence[int]) -> None:
    known = len(driven.records)
    run = driven.records[0].run if known else _run(came)
    driven.records = recorded(ground.house, run)
    driven.looks += [_look(came)] * len(moves)
    _as_told(driven.plan.path.moves[moves[0] : moves[-1] + 1], driven.records[known:])


def _compare(step: Step, came: Came, driven: Driven) -> None:
    """A browser that has lost its run, as after a month, cannot tell where it stands; the journal did."""
    if came.run is None and driven.records:
        step = step.model_copy(update={"then": None, "ended": None, "says": None, "tells": None})
    compare(step, came)


def _at(plan: Compiled, step: int) -> int:
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
