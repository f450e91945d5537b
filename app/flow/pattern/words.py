"""Whether the names in a pattern are names of the flow, and which one may have been meant."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from app.flow.catalogue import Catalogue
from app.flow.definition import Flow
from app.flow.findings import nearest
from app.flow.pattern.problems import N_, PatternProblem
from app.flow.pattern.tree import Pattern, Test

#: Steps that are no transitions: the run rested, its browser began anew.
NOTES = frozenset({"rested", "restart"})
_LISTED = 12
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
        if test.name not in words.guards:
            raise _unknown(test, N_("There is no guard '%(name)s'."), words.guards)
        if test.word and test.word not in words.guards[test.name]:
            raise _unknown(
                test, N_("%(guard)s never answers '%(name)s'."), words.guards[test.name], test.word
            )
    elif test.sort == "trigger":
        if test.name not in words.triggers:
            raise _unknown(test, N_("There is no trigger '%(name)s'."), words.triggers)
    else:
        _check_state(test, words)


def _check_state(test: Test, words: Vocabulary) -> None:
    name = str(test.name)
    if name not in words.states:
        what = N_("There is no state '%(name)s'.")
        if name in words.triggers:
            raise PatternProblem(test.column, what, N_("A trigger is written %(name)s!."), name=name)
        if name in words.guards:
            fix = N_("A guard is written with its answer: %(name)s:no.")
            raise PatternProblem(test.column, what, fix, name=name)
        raise _unknown(test, what, words.states)
    if test.sort == "way" and f"{name}.{test.word}" not in words.ways:
        here = [way.partition(".")[2] for way in words.ways if way.startswith(f"{name}.")]
        raise _unknown(test, N_("No way out of %(guard)s is called '%(name)s'."), here, test.word)


def _unknown(test: Test, what: str, known: Collection[str], word: str | None = None) -> PatternProblem:
    """The problem with the name, or the word behind it, and the known one most like it."""
    asked = word or str(test.name)
    near, fix = nearest(asked, known) or "", ""
    if near:
        fix = N_("Did you mean '%(near)s'?")
    elif 0 < len(known) <= _LISTED:
        fix = N_("Known: %(known)s.")
    params = {"name": asked, "guard": str(test.name), "near": near, "known": ", ".join(sorted(known))}
    return PatternProblem(test.column, what, fix, **params)
