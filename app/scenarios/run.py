"""Trying the scenarios of a flow's folder, one after the other, each on a database of its own."""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path as File

from app import config
from app.flow.findings import Finding
from app.flow.source import Path
from app.scenarios.came import Came
from app.scenarios.expect import compare
from app.scenarios.failed import Failed
from app.scenarios.faults import faults
from app.scenarios.memory import Memory, Surroundings
from app.scenarios.read import FILE, Told, read_scenarios, understood
from app.scenarios.rows import put_rows
from app.scenarios.spec import ACTS, Scenario, Step
from app.scenarios.stage import Stage
from app.scenarios.walk import Walk


class NotUnderstood(Exception):
    """The file of scenarios has errors; `findings` names each with file, line and cure."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__(f"{len(findings)} errors")
        self.findings = findings


@dataclass(frozen=True)
class Tried:
    """One scenario and what became of it: `failure` is a sentence, None when all came true.

    `place` is `path:line:column` of the scenario's name or of what failed; `steps` tell each step taken.
    """

    name: str
    place: str
    failure: str | None
    steps: tuple[str, ...]


@dataclass(frozen=True)
class _End:
    """Where a scenario ended that came true, for those that go on after it."""

    folder: File
    memory: Memory


def try_folder(folder: File, home: File) -> Iterator[Tried]:
    """What became of each scenario in the folder's scenarios.yaml, in its order.

    Raises NotUnderstood, publish.NotPublishable, source.Unreadable and stage.UnfitRegister before the first.
    """
    with tempfile.TemporaryDirectory(prefix="narthex-scenarios-") as scratch:
        stage = Stage(folder, home, File(scratch))
        yield from _try(stage, read_scenarios(folder / FILE, stage.flow))


def try_text(folder: File, text: str, home: File = config.ROOT) -> list[Tried]:
    """What became of each scenario in `text`, on the flow in the folder; raises what try_folder does."""
    with tempfile.TemporaryDirectory(prefix="narthex-scenarios-") as scratch:
        stage = Stage(folder, home, File(scratch))
        return list(_try(stage, understood(text, "(text)", stage.flow)))


def _try(stage: Stage, told: Told) -> Iterator[Tried]:
    if told.findings:
        raise NotUnderstood(told.findings)
    ends: dict[str, _End] = {}
    for number, scenario in enumerate(told.scenarios):
        steps: list[str] = []
        place: Path = ("name",)
        failure = None
        try:
            ends[scenario.name] = _walk(stage, scenario, ends, steps)
        except _NotTrue as wrong:
            place, failure = wrong.place, wrong.text
        line, column = told.source.mark((number, *place))
        where = f"{told.source.path}:{line}:{column}"
        yield Tried(scenario.name, where, failure, tuple(steps))


def _walk(stage: Stage, scenario: Scenario, ends: Mapping[str, _End], steps: list[str]) -> _End:
    """Walk one scenario, adding to `steps` what is told of each; raises _NotTrue where it goes otherwise."""
    memory, folder = _beginning(stage, scenario, ends)
    if scenario.after is not None:
        steps.append(f"after: {scenario.after}")
    with stage.scene(memory.surroundings, folder) as scene, faults() as heard:
        if wrong := put_rows(scene, stage.flow, scenario.given):
            raise _NotTrue(*wrong)
        walk = Walk(scene, stage.flow, memory)
        for number, step in enumerate(scenario.steps):
            try:
                came = walk.take(step)
                steps.append(_told(step, came))
                _without_fault(heard)
                compare(step, came)
            except Failed as failed:
                key = (failed.key,) if failed.key else ()
                raise _NotTrue(("steps", number, *key), failed.text) from None
    return _End(scene.folder, memory)


def _beginning(stage: Stage, scenario: Scenario, ends: Mapping[str, _End]) -> tuple[Memory, File | None]:
    if scenario.after is None:
        lang = scenario.lang or stage.flow.spec.languages[0]
        return Memory(lang, Surroundings.described(scenario.given)), None
    if scenario.after not in ends:
        raise _NotTrue(("after",), f"'{scenario.after}' failed, so it cannot be gone on with")
    before = ends[scenario.after]
    return deepcopy(before.memory), before.folder


class _NotTrue(Exception):
    """Something in a scenario did not come true: where in it, and the sentence."""

    def __init__(self, place: Path, text: str) -> None:
        super().__init__(text)
        self.place = place
        self.text = text


def _without_fault(heard: Sequence[str]) -> None:
    if heard:
        raise Failed("", f"the program reports a fault of its own: {heard[0]}")


def _told(step: Step, came: Came) -> str:
    """A step as one reads along: what was done, where it led, what went out."""
    act = next(name for name in ACTS if getattr(step, "person" if name == "as" else name) is not None)
    done = getattr(step, "person" if act == "as" else act)
    words = f"{act}: {done}" if isinstance(done, str | timedelta) else act
    pressed = f", {step.press}" if step.press else ""
    sent = "".join(f", {each.channel} to {each.to}" for each in came.messages)
    return f"{words}{pressed} -> {came.state}{sent}"
