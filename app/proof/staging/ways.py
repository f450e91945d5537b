"""The shortest way through a flow that others take: to a login, to a message, to a wrong code."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping

from app.flow.catalogue import CATALOGUE
from app.flow.definition import SYSTEM_TRIGGERS, Flow
from app.flow.paths.asking import outcomes
from app.flow.paths.facts import learnt
from app.flow.paths.model import Facts, Move, Outcome
from app.flow.paths.stepping import after, begun
from app.flow.step import NothingFits, decide
from app.flow.verdict import Verdict

#: What is answered unless somebody asks for something else: everything goes well, nobody has a login yet.
_PLAIN: Mapping[str, str] = {"has_login": "no_login", "mail_at": "elsewhere", "same_address": "differs"}

#: By the name of a guard, the flow's or the catalogue's, the answer or reason wanted where it can be had.
Wanted = Mapping[str, str]


def way(flow: Flow, goal: Callable[[Move], bool], wanted: Wanted | None = None) -> tuple[Move, ...] | None:
    """The fewest moves from the beginning to one that is the goal, all answers plain but for those wanted.

    None where they lead nowhere near it.
    """
    waiting: deque[tuple[str, Facts, tuple[Move, ...]]] = deque([(flow.spec.initial, {}, ())])
    seen: set[tuple[str, frozenset[tuple[str, str]]]] = set()
    while waiting:
        state, facts, gone = waiting.popleft()
        if (state, frozenset(facts.items())) in seen:
            continue
        seen.add((state, frozenset(facts.items())))
        for move in _moves(flow, state, facts, wanted or {}):
            if goal(move):
                return (*gone, move)
            held = after(flow, CATALOGUE, facts, move)
            if held is not None:
                waiting.append((move.transition.dest, held, (*gone, move)))
    return None


def _moves(flow: Flow, state: str, facts: Facts, wanted: Wanted) -> Iterator[Move]:
    for trigger in flow.triggers(state):
        if trigger not in SYSTEM_TRIGGERS and (move := _decided(flow, state, trigger, facts, wanted)):
            yield move


def _decided(flow: Flow, state: str, trigger: str, facts: Facts, wanted: Wanted) -> Move | None:
    known = begun(flow, state, trigger, facts)
    given: list[tuple[str, Outcome]] = []

    def ask(guard: str) -> Verdict:
        nonlocal known
        outcome = _plain(flow, guard, state, known, wanted)
        given.append((guard, outcome))
        known = learnt(known, outcome.facts)
        return Verdict(outcome.answer, outcome.reason)

    try:
        decision = decide(flow, state, trigger, ask)
    except (NothingFits, _Silent):
        return None
    return Move(decision.transition, tuple(given))


class _Silent(Exception):
    """A guard can answer nothing here."""


def _plain(flow: Flow, guard: str, state: str, facts: Facts, wanted: Wanted) -> Outcome:
    possible = outcomes(flow, CATALOGUE, guard, state, facts)
    name = flow.guards[guard].guard
    word = wanted.get(guard, wanted.get(name, _PLAIN.get(name, "yes")))
    fitting = [each for each in possible if word in {each.answer, each.reason}]
    if not possible:
        raise _Silent
    return (fitting or list(possible))[0]
