"""From a path to a scenario: what people type, wait for and press so that every guard answers as it says."""

from dataclasses import dataclass
from typing import get_args

from app.flow.definition import Flow
from app.flow.paths.model import Path
from app.proof.staging.course import Course
from app.proof.staging.people import People
from app.proof.staging.plan import Come, Plan, Story
from app.proof.staging.registry import settle
from app.proof.staging.unfit import NotStaged
from app.proof.staging.writing import Writer
from app.scenarios.spec import Given, Scenario

__all__ = ["Compiled", "NotStaged", "compile_path"]

_LONGEST_NAME = 120


@dataclass(frozen=True)
class Compiled:
    """A path as a scenario: `steps` are, by move, the numbers of the steps that make it.

    All other steps only prepare. Two moves have one step where a link's button makes both at once.
    """

    scenario: Scenario
    path: Path
    steps: tuple[int, ...]


def compile_path(flow: Flow, path: Path, seed: int, lang: str | None = None) -> Compiled:
    """The scenario of `path`, its people invented from `seed`: other seeds have other people, so that many
    scenarios may share one house. The first browser makes the path's moves, others only prepare.

    Raises NotStaged for an answer that cannot be brought about there.
    """
    if path.moves[-1].transition.trigger == "open_link":
        raise NotStaged(len(path.moves) - 1, "", "", "a link is opened by its page's button, which goes on")
    unfit: list[NotStaged] = []
    for come in get_args(Come):
        try:
            return _compiled(Story(flow, People(flow, seed), come=come), path, lang)
        except NotStaged as problem:
            unfit.append(problem)
    # What gets furthest says most.
    raise max(unfit, key=lambda problem: problem.move_index)


def _compiled(story: Story, path: Path, lang: str | None) -> Compiled:
    customer = story.people.somebody()
    plan = settle(Plan(story, Course(story.flow, path.moves), customer, customer, 1))
    writer = Writer()
    steps = writer.write(plan)
    told = {
        "name": _name(path),
        "lang": lang or story.flow.spec.languages[0],
        "given": _given(story),
        "steps": writer.steps,
    }
    return Compiled(Scenario.model_validate(told), path, steps)


def _name(path: Path) -> str:
    words = path.in_words()
    return words if len(words) <= _LONGEST_NAME else words[: _LONGEST_NAME - 1] + "…"


def _given(story: Story) -> Given:
    domains = {
        key: sorted(story.domains[answer])
        for key, answer in (
            ("no_such_domain", "no_such_domain"),
            ("takes_no_mail", "takes_no_mail"),
            ("nobody_knows_domain", "unknown"),
        )
        if story.domains[answer]
    }
    return Given.model_validate({"also": story.people.given(), **domains})
