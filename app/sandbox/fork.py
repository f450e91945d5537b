"""Forking a recorded run: its steps up to one are brought about again with invented people, then one chooses.

The answers of the recorded guards are staged, not copied: registers, messages and clock of the sandbox are
such that the real pages answer so once more. What cannot be brought about is named; the fork ends before it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from werkzeug.test import Cookie

from app.flow.paths.model import Path
from app.flow.paths.recorded import path_of
from app.flow.trace import BadRecord, Recorded
from app.proof.compile import Compiled, NotStaged, compile_path
from app.proof.http import HttpWalk
from app.proof.spot import recorded
from app.runner.house import House
from app.runner.replaying.replay import run_named
from app.sandbox.faults import Fault, chosen, guard_check
from app.sandbox.making import Wanted, people_of
from app.sandbox.sandboxes import Sandbox, Sandboxes
from app.sandbox.sheet import Origin, Sheet, change
from app.scenarios.came import Came
from app.scenarios.failed import Failed
from app.scenarios.memory import Memory, Surroundings
from app.scenarios.rows import put_rows
from app.scenarios.spec import FIRST
from app.scenarios.stage import Scene
from app.store import versions

_SEED = 1


class NoSuchStep(Exception):
    """The run has no such step, or cannot be walked again; the text says which and why."""


@dataclass(frozen=True)
class Wish:
    """Which run is forked before which of its steps, and why; `say` is what guards are made to say there."""

    run: str
    step: int
    reason: str = ""
    say: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Forked:
    """A fork: its sandbox, and the steps brought about again, in words.

    `stopped` says which step could not be brought about, and why; `cookies` make a browser go on where the
    fork stands; `taken` is the record of the step itself, where it was to be taken too.
    """

    sheet: Sheet
    told: list[str] = field(default_factory=list)
    cookies: tuple[Cookie, ...] = ()
    stopped: str | None = None
    taken: Recorded | None = None


@dataclass(frozen=True)
class _Source:
    """A recorded run with the definition it was recorded on."""

    run: str
    records: tuple[Recorded, ...]
    wanted: Wanted

    def steps(self, before: int) -> list[Recorded]:
        """The transitions with a number below this one."""
        return [each for each in self.records if each.type == "transition" and each.seq < before]


def fork(house: House, sandboxes: Sandboxes, owner: str, wish: Wish, *, take: bool = False) -> Forked:
    """A new sandbox of `owner` in which the run stands where it stood before the step.

    With `take` the step is taken too, as it was recorded but for what guards are made to say; else they say
    it when they are asked next. Raises replay.NoSuchRun, NoSuchStep, sandboxes.TooMany.
    """
    source = _source(house, sandboxes, wish)
    origin = Origin(run=source.run, step=wish.step, reason=wish.reason)
    sheet = sandboxes.make(owner, source.wanted, origin)
    sandbox, forked = sandboxes.open(sheet.id), Forked(sheet)
    try:
        said = _said(sandbox, wish.say)
    except NoSuchStep:
        sandboxes.remove(sheet.id)
        raise
    compiled = _compiled(sandbox, source.steps(wish.step + take), forked)
    if compiled is not None:
        _drive(sandbox, compiled, forked, said if take and not forked.stopped else None)
    if not take:
        _put(sandbox, said)
    told = origin.model_copy(update={"stopped": forked.stopped})
    change(sandbox.folder, lambda sheet: sheet.changed(origin=told))
    sandbox.circumstances.running = True
    return forked


def _source(house: House, sandboxes: Sandboxes, wish: Wish) -> _Source:
    with house.database.read() as connection:
        run = run_named(connection, wish.run)
    try:
        records = recorded(house, run)
    except BadRecord as problem:
        raise NoSuchStep(f"{problem}; `narthex runs verify {run}` says more.") from None
    steps = [each.seq for each in records if each.type == "transition"]
    if wish.step not in steps:
        there = f"its steps are {steps[0]} to {steps[-1]}" if steps else "it has taken none"
        raise NoSuchStep(f"Run {run} has no step {wish.step}; {there}.")
    moved = next((each for each in records if each.moves and each.seq < wish.step), None)
    if moved is not None:
        raise NoSuchStep(
            f"Run {run} was moved to version {moved.number} at step {moved.seq}; a sandbox has one version: "
            "fork it at a step before that one."
        )
    first = records[0]
    with house.database.read() as connection:
        files = versions.content(connection, first.digest)
    if files is None:
        raise NoSuchStep(f"Version {first.number} of {first.flow}, on which run {run} stands, is gone.")
    people = people_of(sandboxes.home / "workflows" / first.flow)
    return _Source(run, records, Wanted(first.flow, first.number, files=files, people=people))


def _said(sandbox: Sandbox, say: Mapping[str, str]) -> dict[str, Fault]:
    faults = {}
    for guard, code in say.items():
        try:
            choice = chosen(sandbox.flow, sandbox.house.catalogue, guard, code)
        except LookupError as problem:
            raise NoSuchStep(str(problem.args[0])) from None
        faults[guard_check(guard)] = Fault(answer=choice.answer, reason=choice.reason, once=True)
    return faults


def _compiled(sandbox: Sandbox, steps: Sequence[Recorded], forked: Forked) -> Compiled | None:
    """The recorded steps as a scenario, up to the first that cannot be staged; None where there are none."""
    if not steps:
        return None
    try:
        path = path_of(sandbox.flow, steps)
    except BadRecord as problem:
        forked.stopped = str(problem)
        return None
    for _ in range(len(path.moves)):
        try:
            return compile_path(sandbox.flow, path, _SEED, steps[-1].lang)
        except NotStaged as problem:
            step = steps[problem.move_index]
            wanted = f": {problem.guard} {problem.outcome}" if problem.guard else ""
            forked.stopped = f"step {step.seq} cannot be brought about{wanted} ({problem.why})"
            path = Path(path.moves[: problem.move_index])
            if not path.moves:
                return None
    return None


def _drive(sandbox: Sandbox, compiled: Compiled, forked: Forked, last: Mapping[str, Fault] | None) -> None:
    """Walk the scenario; before the last move `last` is put into the guards' mouths, and its record kept."""
    scenario, flow = compiled.scenario, sandbox.flow
    sandbox.circumstances.running = False
    begun = Surroundings.described(scenario.given)
    sandbox.circumstances.now, sandbox.circumstances.domains = begun.now, begun.domains
    scene = Scene(sandbox.house, sandbox.post, sandbox.folder)
    if wrong := put_rows(scene, flow, scenario.given):
        forked.stopped = f"an invented person cannot be put into a register: {wrong[1]}"
        return
    memory = Memory(scenario.lang or flow.spec.languages[0], sandbox.circumstances)
    walk = HttpWalk(sandbox.app, sandbox.house, sandbox.post, flow, memory)
    final = compiled.steps[-1]
    for number, step in enumerate(scenario.steps[: final + 1]):
        if last is not None and number == final:
            _put(sandbox, last)
        moves = [at for at, its in enumerate(compiled.steps) if its == number]
        try:
            came = walk.take(step)
        except Failed as failed:
            forked.stopped = f"{_at(compiled, number)}: {failed.text}"
            break
        if moves and not _as_recorded(sandbox, compiled, came, moves, forked, last):
            break
    forked.cookies = walk.visits[FIRST].cookies if FIRST in walk.visits else ()


def _put(sandbox: Sandbox, faults: Mapping[str, Fault]) -> None:
    change(sandbox.folder, lambda sheet: sheet.changed(faults={**sheet.faults, **faults}))


def _at(compiled: Compiled, number: int) -> str:
    move = next((at for at, its in enumerate(compiled.steps) if its >= number), len(compiled.steps) - 1)
    way = compiled.path.moves[move].transition
    return f"{way.source} {way.trigger}"


def _as_recorded(
    sandbox: Sandbox,
    compiled: Compiled,
    came: Came,
    moves: Sequence[int],
    forked: Forked,
    last: Mapping[str, Fault] | None,
) -> bool:
    """Tell what was taken; whether it is what was recorded, or is the step that was to go otherwise."""
    records = recorded(sandbox.house, came.run.id) if came.run else ()
    taken = [each for each in records if each.type == "transition"]
    for move in moves:
        way = compiled.path.moves[move].transition
        record = taken[move] if move < len(taken) else None
        if record is None:
            forked.stopped = f"{way.source} {way.trigger}: nothing was recorded"
            return False
        forked.told.append(f"{record.seq}. {record.state} {record.trigger} -> {record.to}")
        if last is not None and move == len(compiled.path.moves) - 1:
            forked.taken = record
        elif record.chosen != way.id:
            forked.stopped = (
                f"{way.source} {way.trigger} took '{record.chosen}' here, recorded was '{way.id}'"
            )
            return False
    return True
