"""A recorded run told anew with invented people: as a scenario in the words of analysts, or as a pytest.

Nothing of the applicant is in it: only which answers the guards gave. What is told has been tried: it comes
true on the very version the run was recorded on, or the export says where not.
"""

import hashlib
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path as File

from app.flow.definition import Flow
from app.flow.paths.model import Path
from app.flow.paths.recorded import NoSteps, path_of
from app.flow.trace import BadRecord
from app.proof.compile import NotStaged, compile_path
from app.runner.house import House
from app.runner.story import Story, story
from app.scenarios.run import NotUnderstood, try_text
from app.scenarios.spec import Scenario
from app.scenarios.write import write_scenarios

_LONGEST_NAME = 120


class NotTellable(Exception):
    """The run cannot be told anew; the text says why and what one can do."""


def as_scenario(house: House, run: str) -> str:
    """The run as an entry of scenarios.yaml; raises NotTellable."""
    told, path = _recorded(house, run)
    return _tried(told, write_scenarios([_retold(told, path)]))


def as_pytest(house: House, run: str) -> str:
    """The run as a module for pytest, which tries it on the flow's folder; raises NotTellable."""
    told, path = _recorded(house, run)
    scenario = _retold(told, path)
    return "".join(_module(told, path, _tried(told, write_scenarios([scenario]))))


def _recorded(house: House, run: str) -> tuple[Story, Path]:
    told = story(house, run)
    if told is None:
        raise NotTellable(f"There is no run '{run}'.")
    if told.broken is not None:
        raise NotTellable(f"{told.broken}. `narthex runs verify {run}` says more.")
    if told.moved_at is not None:
        raise NotTellable(
            f"Run {run} was moved to another version at step {told.moved_at}; a scenario is of one version. "
            f"`narthex runs show {run} --why` tells it."
        )
    if told.flow is None:
        raise NotTellable(f"{told.name} {told.number} does not load with this program.")
    try:
        return told, path_of(told.flow, told.records)
    except NoSteps:
        raise NotTellable(f"Run {run} has taken no step yet.") from None
    except BadRecord as problem:
        raise NotTellable(f"{problem}.") from None


def _retold(told: Story, path: Path) -> Scenario:
    assert told.flow is not None
    seed = int(hashlib.sha256(told.run.encode()).hexdigest()[:8], 16)
    try:
        compiled = compile_path(told.flow, path, seed, told.records[-1].lang)
    except NotStaged as problem:
        raise NotTellable(_unstaged(told, path, problem)) from None
    return compiled.scenario.model_copy(update={"name": _named(told, path)})


def _unstaged(told: Story, path: Path, problem: NotStaged) -> str:
    move = path.moves[problem.move_index].transition
    where = f"'{move.source}.{move.id}', step {problem.move_index + 1} of run {told.run}"
    return f"{where}, cannot be brought about with invented people: {problem.why}."


def _named(told: Story, path: Path) -> str:
    """The states it went through, each named once in a row; the beginning is left out where it is long."""
    went = [path.moves[0].transition.source, *(move.transition.dest for move in path.moves)]
    states = [state for number, state in enumerate(went) if number == 0 or state != went[number - 1]]
    name = f"As recorded on version {told.number}: {' > '.join(states)}"
    while len(name) > _LONGEST_NAME:
        states = states[1:]
        name = f"As recorded on version {told.number}: … > {' > '.join(states)}"
    return name


def _tried(told: Story, text: str) -> str:
    """The text, once it has come true on the version it was recorded on."""
    flow = told.flow
    assert flow is not None
    with tempfile.TemporaryDirectory(prefix="narthex-told-") as scratch:
        folder = File(scratch) / flow.name
        folder.mkdir()
        for name, content in flow.files.items():
            (folder / name).write_text(content, encoding="utf-8")
        try:
            (tried,) = try_text(folder, text)
        except NotUnderstood as problem:
            raise NotTellable(str(problem.findings[0])) from None
    if tried.failure is not None:
        raise NotTellable(f"Told anew, run {told.run} goes another way: {tried.failure}.")
    return text


def _module(told: Story, path: Path, text: str) -> Iterator[str]:
    flow = told.flow
    assert flow is not None
    end = path.end
    version = f"version {flow.number} of {flow.name}"
    yield f'"""A run recorded on {version}, told anew with invented people."""\n\n'
    yield "from app.config import ROOT\nfrom app.scenarios.run import try_text\n\n"
    yield f'SCENARIO = """\\\n{_in_quotes(text)}"""\n\n\n'
    yield f"def test_{_identifier(flow, end)}() -> None:\n"
    yield f'    (tried,) = try_text(ROOT / "workflows" / "{flow.name}", SCENARIO)\n'
    yield "    assert tried.failure is None, tried.failure\n"


def _in_quotes(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')


def _identifier(flow: Flow, end: str) -> str:
    return re.sub(r"[^a-z0-9_]", "_", f"a_recorded_run_of_{flow.name}_still_comes_to_{end}")
