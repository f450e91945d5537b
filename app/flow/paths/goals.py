"""What paths are to reach: states, transitions, answers of guards, pairs of transitions, limits.

A goal is named by its criterion and its place, so that paths made here and runs recorded in production are
counted alike.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from app.flow.catalogue import CATALOGUE, Catalogue
from app.flow.definition import Flow, Transition
from app.flow.paths.explore import Space
from app.flow.paths.limits import PLACES, has_places, place
from app.flow.verdict import Answer, Count

Criterion = Literal["states", "transitions", "outcomes", "pairs", "limits"]
CRITERIA: tuple[Criterion, ...] = ("states", "transitions", "outcomes", "pairs", "limits")


@dataclass(frozen=True, order=True)
class Goal:
    """One thing to be reached; `place` says where: a state, a transition, a guard with its answer.

    | criterion | place |
    |---|---|
    | states | state |
    | transitions | state, id |
    | outcomes | state, trigger, guard, answer or reason |
    | pairs | state, id, state, id |
    | limits | guard, number, `limit-1`, `limit` or `limit+1` |
    """

    criterion: Criterion
    place: tuple[str, ...]

    def __str__(self) -> str:
        return _WORDS[self.criterion](self.place)


_WORDS: Mapping[str, Callable[[tuple[str, ...]], str]] = {
    "states": lambda at: f"state {at[0]}",
    "transitions": lambda at: f"transition {at[0]}.{at[1]}",
    "outcomes": lambda at: f"{at[0]}, {at[1]}: {at[2]} {at[3]}",
    "pairs": lambda at: f"{at[0]}.{at[1]}, then {at[2]}.{at[3]}",
    "limits": lambda at: f"{at[0]}: {at[1]} at {at[2]}",
}


@dataclass(frozen=True)
class Asked:
    """A guard that was asked in a step, what it answered and by which numbers."""

    guard: str
    answer: Answer
    reason: str | None = None
    counts: tuple[Count, ...] = ()


def goals(
    space: Space, criteria: Iterable[Criterion] = CRITERIA, catalogue: Catalogue = CATALOGUE
) -> tuple[Goal, ...]:
    """All goals of the flow that the criteria name, reachable or not, in the definition's order.

    Limits are those of the numbers that some step of the space is judged by.
    """
    wanted, found = set(criteria), list[Goal]()
    for each in CRITERIA:
        if each in wanted:
            found += _all(space, each, catalogue)
    return tuple(found)


def _all(space: Space, criterion: Criterion, catalogue: Catalogue) -> Iterator[Goal]:
    if criterion == "outcomes":
        return _outcomes(space.flow, catalogue)
    if criterion == "limits":
        return _limits(space)
    return {"states": _states, "transitions": _transitions, "pairs": _pairs}[criterion](space.flow)


def met(
    flow: Flow, taken: Transition, asked: Iterable[Asked], before: Transition | None = None
) -> Iterator[Goal]:
    """The goals that a step reaches; `before` is the transition that the same run took last."""
    at = (taken.source, taken.trigger)
    yield Goal("states", (taken.source,))
    yield Goal("states", (taken.dest,))
    yield Goal("transitions", (taken.source, taken.id))
    if before is not None:
        yield Goal("pairs", (before.source, before.id, taken.source, taken.id))
    for each in asked:
        yield Goal("outcomes", (*at, each.guard, told_apart(flow, *at, each.guard, each.answer, each.reason)))
        for count in each.counts:
            if where := place(count, each.answer):
                yield Goal("limits", (each.guard, count.name, where))


def told_apart(flow: Flow, state: str, trigger: str, guard: str, answer: str, reason: str | None) -> str:
    """The answer as the conditions there see it: a reason that none of them names is a plain `no`."""
    return reason if reason and reason in _named(flow, state, trigger, guard) else answer


def _named(flow: Flow, state: str, trigger: str, guard: str) -> list[str]:
    """The reasons of the guard that conditions there name, in the order written."""
    wanted = (
        condition.wanted
        for way in flow.ways(state, trigger)
        for condition in way.conditions
        if condition.guard == guard
    )
    return [word for word in dict.fromkeys(wanted) if word not in {"yes", "no", "unavailable"}]


def _states(flow: Flow) -> Iterator[Goal]:
    return (Goal("states", (name,)) for name in flow.spec.states)


def _transitions(flow: Flow) -> Iterator[Goal]:
    return (Goal("transitions", (way.source, way.id)) for ways in flow.transitions.values() for way in ways)


def _outcomes(flow: Flow, catalogue: Catalogue) -> Iterator[Goal]:
    for state in flow.spec.states:
        for trigger in flow.triggers(state):
            conditions = (condition for way in flow.ways(state, trigger) for condition in way.conditions)
            for guard in dict.fromkeys(condition.guard for condition in conditions):
                for told in _answers(flow, catalogue, state, trigger, guard):
                    yield Goal("outcomes", (state, trigger, guard, told))


def _answers(flow: Flow, catalogue: Catalogue, state: str, trigger: str, guard: str) -> Iterator[str]:
    named, use = _named(flow, state, trigger, guard), flow.guards.get(guard)
    declared = catalogue.guards.get(use.guard) if use else None
    yield "yes"
    if declared is None or not declared.reasons or set(declared.reasons) - set(named):
        yield "no"
    yield from named
    if declared is not None and declared.may_be_unavailable:
        yield "unavailable"


def _pairs(flow: Flow) -> Iterator[Goal]:
    for ways in flow.transitions.values():
        for way in ways:
            for then in flow.transitions[way.dest]:
                yield Goal("pairs", (way.source, way.id, then.source, then.id))


def _limits(space: Space) -> Iterator[Goal]:
    numbers = dict.fromkeys(
        (guard, count.name)
        for edge in space.all_edges
        for guard, outcome in edge.move.outcomes
        for count in outcome.counts
        if has_places(count)
    )
    return (Goal("limits", (*number, where)) for number in numbers for where in PLACES)
