"""Whether the names in a pattern are names of the flow, and which one may have been meant."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from app.flow.catalogue import Catalogue
from app.flow.definition import Flow
from app.flow.findings import shown, suggestion
from app.flow.pattern.parse import PatternProblem
from app.flow.pattern.tree import Pattern, Test

#: Steps that are no transitions: the run rested, its browser began anew.
NOTES = frozenset({"rested", "restart"})
_ANSWERS = frozenset({"yes", "no", "unavailable"})


@dataclass(frozen=True)
class Vocabulary:
    """The names that mean something: `ways` are `state.id`, `guards` each with the words it may answer."""

    states: Collection[str]
    triggers: Collection[str]
    ways: Collection[str]
    guards: Mapping[str, frozenset[str]]


def vocabulary(flows: Iterable[Flow], catalogue: Catalogue) -> Vocabulary:
    """The names of these definitions together."""
    states: set[str] = set()
    triggers: set[str] = set(NOTES)
    ways: set[str] = set()
    guards: dict[str, frozenset[str]] = {}
    for flow in flows:
        states |= set(flow.spec.states)
        for way in (way for each in flow.transitions.values() for way in each):
            triggers.add(way.trigger)
            ways.add(f"{way.source}.{way.id}")
        for name, use in flow.guards.items():
            known = catalogue.guards.get(use.guard)
            own = frozenset(known.reasons) if known else frozenset()
            guards[name] = guards.get(name, _ANSWERS) | own
    return Vocabulary(states, triggers, ways, guards)


def check(pattern: Pattern, words: Vocabulary) -> None:
    """Raises PatternProblem for the first name of `pattern` that is not among `words`."""
    for test in pattern.tests:
        _check(test, words)


def _check(test: Test, words: Vocabulary) -> None:
    if test.name is None:
        return
    if test.sort == "guard":
        _known(test, "guard", test.name, words.guards)
        if test.word:
            _known(test, f"answer of {test.name}", test.word, words.guards[test.name])
    elif test.sort == "trigger":
        _known(test, "trigger", test.name, words.triggers)
    else:
        _known(test, "state", test.name, words.states, others=_other_sorts(test.name, words))
        if test.sort == "way":
            here = [way.partition(".")[2] for way in words.ways if way.startswith(f"{test.name}.")]
            _known(test, f"way out of {test.name}", test.word or "", here)


def _other_sorts(name: str, words: Vocabulary) -> str:
    if name in words.triggers:
        return f"A trigger is written {name}!."
    return f"A guard is written with its answer: {name}:no." if name in words.guards else ""


def _known(test: Test, what: str, name: str, known: Collection[str], others: str = "") -> None:
    if name not in known:
        fix = others or suggestion(name, known)
        raise PatternProblem(test.column, f"There is no {what} {shown(name)}.", fix)
