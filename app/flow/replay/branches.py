"""One recorded step on another definition: every way it may take there, three-valued (B3).

A verdict that nobody can know is not guessed: all its answers are followed.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial

from app.flow.definition import EffectOrder, Flow, Transition
from app.flow.replay.bridge import Bridge
from app.flow.replay.strict import as_verdict
from app.flow.step import NothingFits, decide
from app.flow.trace import Judged, Recorded
from app.flow.verdict import Verdict


@dataclass(frozen=True)
class Branch:
    """A way taken, and what the guards asked answered; `supposed` names those of which nothing is known."""

    way: Transition
    judged: tuple[Judged, ...]
    supposed: tuple[str, ...] = ()

    @property
    def leads(self) -> tuple[str, tuple[EffectOrder, ...]]:
        """Where to, ordering what: branches that agree here lead alike."""
        return self.way.dest, self.way.effects


class NotAccepted(Exception):
    """The step cannot be taken there; the text says why: no such state, no such trigger, nothing fits."""


class _Open(Exception):
    """A guard is asked that may have answered one thing or another."""

    def __init__(self, guard: str) -> None:
        super().__init__(guard)
        self.guard = guard


def branches(bridge: Bridge, recorded: Recorded, state: str) -> tuple[Branch, ...]:
    """The ways that `recorded` may take in `state` of the new definition; one where nothing is open.

    Raises NotAccepted.
    """
    flow, trigger = bridge.new, recorded.trigger
    if state not in flow.transitions:
        raise NotAccepted(f"there is no state {state}")
    if not flow.ways(state, trigger):
        raise NotAccepted(f"{state} does not answer to {trigger}")
    found: dict[str, Branch] = {}
    for branch in _explored(bridge, recorded, state):
        found.setdefault(branch.way.id, branch)
    if not found:
        raise NotAccepted(f"none of the ways of {state} on {trigger} fits")
    return tuple(found.values())


def _explored(bridge: Bridge, recorded: Recorded, state: str) -> Iterator[Branch]:
    """Decide, and at each guard that leaves it open once for every answer it may have given."""
    flow, trigger = bridge.new, recorded.trigger
    known = {guard: bridge.answers(guard, recorded, state) for guard in _guards(flow, state, trigger)}
    waiting: list[dict[str, Judged]] = [{}]
    while waiting:
        supposed = waiting.pop()
        try:
            decision = decide(flow, state, trigger, partial(_answer, supposed, known))
        except _Open as question:
            possible = known[question.guard] or bridge.possible(
                question.guard, _told_apart(flow, state, trigger, question.guard)
            )
            waiting += [{**supposed, question.guard: each} for each in reversed(possible)]
        except NothingFits:
            continue
        else:
            judged = [supposed.get(guard) or known[guard][0] for guard, _ in decision.verdicts]
            yield Branch(decision.transition, tuple(judged), tuple(g for g in supposed if not known[g]))


def _answer(supposed: Mapping[str, Judged], known: Mapping[str, tuple[Judged, ...]], guard: str) -> Verdict:
    if guard in supposed:
        return as_verdict(supposed[guard])
    if len(known[guard]) != 1:
        raise _Open(guard)
    return as_verdict(known[guard][0])


@lru_cache(maxsize=1024)
def _guards(flow: Flow, state: str, trigger: str) -> tuple[str, ...]:
    conditions = [condition for way in flow.ways(state, trigger) for condition in way.conditions]
    return tuple(dict.fromkeys(condition.guard for condition in conditions))


@lru_cache(maxsize=1024)
def _told_apart(flow: Flow, state: str, trigger: str, guard: str) -> tuple[str, ...]:
    """The answers of `guard` that conditions name."""
    conditions = [condition for way in flow.ways(state, trigger) for condition in way.conditions]
    return tuple(dict.fromkeys(c.wanted for c in conditions if c.guard == guard))
