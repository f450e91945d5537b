"""Trying the scenarios of a flow's folder, one after the other, each on a database of its own."""

import logging
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path as File

from app.flow.findings import Finding
from app.flow.source import Source
from app.scenarios.came import Came
from app.scenarios.expect import compare
from app.scenarios.failed import Failed
from app.scenarios.read import FILE, Story, read_scenarios
from app.scenarios.rows import put_rows
from app.scenarios.spec import ACTS, Given, Step
from app.scenarios.stage import BEGINNING, Stage, Surroundings
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


def try_folder(folder: File, home: File) -> Iterator[Tried]:
    """What became of each scenario in the folder's scenarios.yaml, in its order.

    Raises NotUnderstood, publish.NotPublishable, source.Unreadable and stage.UnfitRegister before the first.
    """
    with tempfile.TemporaryDirectory(prefix="narthex-scenarios-") as scratch:
        stage = Stage(folder, home, File(scratch))
        told = read_scenarios(folder / FILE, stage.flow)
        if told.findings:
            raise NotUnderstood(told.findings)
        for story in told.stories:
            yield _try(stage, told.source, story)


def _try(stage: Stage, source: Source, story: Story) -> Tried:
    taken: list[str] = []
    place, failure = story.place, None
    with stage.scene(_surroundings(story.given)) as scene, _faults() as faults:
        wrong = put_rows(scene, stage.flow, story.given)
        if wrong:
            place, failure = (*story.opening, *wrong[0]), wrong[1]
        else:
            walk = Walk(scene, stage.flow, story.lang)
            for at, step in story.steps:
                try:
                    came = walk.take(step)
                    taken.append(_told(step, came))
                    _without_fault(faults)
                    compare(step, came)
                except Failed as failed:
                    place, failure = (*at, failed.key) if failed.key else at, failed.text
                    break
    line, column = source.mark(place)
    return Tried(story.name, f"{source.path}:{line}:{column}", failure, tuple(taken))


def _surroundings(given: Given) -> Surroundings:
    answers = {
        "no_such_domain": given.no_such_domain,
        "takes_no_mail": given.takes_no_mail,
        "unknown": given.nobody_knows_domain,
    }
    domains = {name.casefold(): answer for answer, names in answers.items() for name in names}
    now = datetime.combine(given.today, BEGINNING.timetz()) if given.today else BEGINNING
    return Surroundings(now, domains)


class _Listener(logging.Handler):
    """Keeps what the program reports as a fault of its own while a scenario is walked."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(record.getMessage())


@contextmanager
def _faults() -> Iterator[list[str]]:
    listener, log = _Listener(), logging.getLogger("app")
    log.addHandler(listener)
    try:
        yield listener.heard
    finally:
        log.removeHandler(listener)


def _without_fault(faults: Sequence[str]) -> None:
    if faults:
        raise Failed("", f"the program reports a fault of its own: {faults[0]}")


def _told(step: Step, came: Came) -> str:
    """A step as one reads along: what was done, where it led, what went out."""
    act = next(name for name in ACTS if getattr(step, "person" if name == "as" else name) is not None)
    done = getattr(step, "person" if act == "as" else act)
    words = f"{act}: {done}" if isinstance(done, str | timedelta) else act
    pressed = f", {step.press}" if step.press else ""
    sent = "".join(f", {each.channel} to {each.to}" for each in came.messages)
    return f"{words}{pressed} -> {came.state}{sent}"
