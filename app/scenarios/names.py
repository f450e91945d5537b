"""Every name a scenario uses must be one of the flow's: a misspelt one would otherwise pass unseen."""

from collections.abc import Iterable, Iterator

from app.flow.definition import SYSTEM_TRIGGERS, Flow
from app.flow.findings import Finding, suggestion
from app.flow.places import words
from app.flow.rules import finding
from app.flow.source import Path, Source
from app.flow.spec import CodeSpec
from app.forms.build import form_class
from app.scenarios.spec import Answer, CodeFrom, OlderCode, Scenario, Step, WrongCode


def unknown_names(scenario: Scenario, flow: Flow, source: Source, at: Path) -> Iterator[Finding]:
    """What the scenario at this place names and the flow does not have."""
    yield from _languages(scenario, flow, source, at)
    for part in ("registers", "also"):
        for register, rows in getattr(scenario.given, part).items():
            here = (*at, "given", part, register)
            yield from _known(source, here, "register", register, flow.spec.registers, key=True)
            if register in flow.spec.registers:
                columns = flow.spec.registers[register].columns
                for number, row in enumerate(rows):
                    for column in row:
                        yield from _known(
                            source, (*here, number, column), "column", column, columns, key=True
                        )
    for number, step in enumerate(scenario.steps):
        yield from _step(step, flow, source, (*at, "steps", number))
    if not scenario.steps[-1].expects:
        what = "The last step does not say what must have come of it, so nothing can fail."
        yield finding(
            "F000",
            source,
            (*at, "steps", len(scenario.steps) - 1),
            what=what,
            fix="Add `then: ` and a state.",
        )


def code_of(flow: Flow, state: str) -> CodeSpec | None:
    """The code that the page of `state` asks for."""
    name = getattr(flow.kind_options[state], "code", None)
    return flow.spec.codes.get(name) if name else None


def posted_names(flow: Flow, state: str) -> set[str]:
    """The names that the page of `state` posts its answers under."""
    questions = form_class(flow, state).questions
    return {name + suffix for name, question in questions.items() for suffix in question.boxes}


def _languages(scenario: Scenario, flow: Flow, source: Source, at: Path) -> Iterator[Finding]:
    if scenario.lang is not None:
        yield from _known(source, (*at, "lang"), "language", scenario.lang, flow.spec.languages)


def _known(
    source: Source, at: Path, sort: str, name: str | None, known: Iterable[str], *, key: bool = False
) -> Iterator[Finding]:
    """A finding if `name` is given and none of `known`; with `key` it stands at `at` as a key."""
    there = set(known)
    if name is not None and name not in there:
        where = words(at[:-1] if key else at, source.data)
        yield finding(
            "F005",
            source,
            at,
            key,
            where=where[:1].upper() + where[1:],
            sort=sort,
            name=name,
            hint=suggestion(name, there),
        )


def _step(step: Step, flow: Flow, source: Source, at: Path) -> Iterator[Finding]:
    ways = [way for every in flow.transitions.values() for way in every]
    spec = flow.spec
    yield from _known(source, (*at, "at"), "state", step.at, spec.states)
    yield from _known(source, (*at, "then"), "state", step.then, spec.states)
    yield from _known(source, (*at, "says"), "message", step.says, {way.say for way in ways if way.say})
    yield from _known(source, (*at, "tells"), "message", step.tells, {way.tell for way in ways if way.tell})
    for field in step.problems or {}:
        yield from _known(source, (*at, "problems", field), "field", field, spec.fields, key=True)
    if step.at in spec.states:
        yield from _page(step, step.at, flow, source, at)
    if step.open and not spec.links:
        yield finding("F000", source, (*at, "open"), what="This flow sends no links.", fix="")
    if (step.log_in or step.log_out or step.portal or step.operator_forgets) and not spec.accounts:
        yield finding("F000", source, at, what="This flow makes no logins, so there is no portal.", fix="")


def _page(step: Step, state: str, flow: Flow, source: Source, at: Path) -> Iterator[Finding]:
    triggers = set(flow.triggers(state)) - SYSTEM_TRIGGERS
    yield from _known(source, (*at, "press"), f"button of '{state}'", step.press, triggers)
    if not triggers:
        what = f"The page of '{state}' has no button."
        yield finding("F000", source, (*at, "at"), what=what, fix="Take the step away.")
    names = posted_names(flow, state)
    for name, answer in step.answers.items():
        here = (*at, "answers", name)
        yield from _known(source, here, f"answer of '{state}'", name, names, key=True)
        yield from _code(answer, state, flow, source, here)


def _code(answer: Answer, state: str, flow: Flow, source: Source, at: Path) -> Iterator[Finding]:
    if isinstance(answer, WrongCode) and code_of(flow, state) is None:
        what = f"The page of '{state}' asks for no code."
        yield finding("F000", source, at, True, what=what, fix="Write what is typed.")
    if isinstance(answer, CodeFrom | OlderCode):
        channels = {code.channel for code in flow.spec.codes.values()}
        if answer.channel not in channels:
            what = f"No code of this flow goes by {answer.channel}."
            yield finding("F000", source, at, True, what=what, fix=suggestion(answer.channel, channels))
