"""Why a recorded step went where it went: every way it had, and what decided about each.

Read off the record and the definition it was decided by; nothing is asked again.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from app.flow.definition import Condition, Flow, Transition
from app.flow.trace import Judged, Recorded
from app.flow.verdict import Answer

Fate = Literal["taken", "refused", "not_tried"]


@dataclass(frozen=True)
class Because:
    """The condition that refused a way: which guard was to answer what, and what it answered.

    `negated`: any answer but `wanted` would have done.
    """

    guard: str
    wanted: str
    negated: bool
    answered: Answer
    reason: str | None


@dataclass(frozen=True)
class Tried:
    """One way of the state for the trigger, what became of it, the first condition that failed."""

    id: str
    dest: str
    fate: Fate
    because: Because | None
    sentence: str


@dataclass(frozen=True)
class Why:
    """The guards asked, in the order asked, and the ways in the order written."""

    asked: tuple[Judged, ...]
    ways: tuple[Tried, ...]


def why(flow: Flow, recorded: Recorded) -> Why:
    """What decided about every way that `recorded` had in `flow`, the definition it was decided by.

    A record that chose nothing (that a run began, a note) has no ways; neither has a state that `flow` lacks.
    """
    if recorded.chosen is None or recorded.state not in flow.transitions:
        return Why(recorded.judged, ())
    judged = {each.guard: each for each in recorded.judged}
    ways: list[Tried] = []
    won = False
    for way in flow.ways(recorded.state, recorded.trigger):
        if won:
            ways.append(_below(way, recorded.chosen))
            continue
        won = way.id == recorded.chosen
        ways.append(_taken(way, judged) if won else _refused(way, judged, recorded.chosen))
    return Why(recorded.judged, tuple(ways))


def failed(way: Transition, judged: Mapping[str, Judged]) -> Condition | None:
    """The first condition of `way` that what was judged, by guard, does not satisfy; None if all are."""
    for condition in way.conditions:
        verdict = judged.get(condition.guard)
        if verdict is None or not condition.fits(verdict.answer, verdict.reason):
            return condition
    return None


def answer_word(judged: Judged) -> str:
    """What a guard answered: `'yes'`, the reason of a no, `'unavailable' (dns_unknown)`."""
    if judged.answer == "no" and judged.reason:
        return f"'{judged.reason}'"
    return f"'{judged.answer}' ({judged.reason})" if judged.reason else f"'{judged.answer}'"


def answer_in_words(judged: Judged) -> str:
    """The answer and the numbers behind it, what was not used yet left out: `'wrong' (2 of 5 tries)`."""
    numbers = ", ".join(f"{c.after} of {c.limit} {c.name}" for c in judged.counts if c.after)
    return f"{answer_word(judged)} ({numbers})" if numbers else answer_word(judged)


def wanted_in_words(condition: Condition) -> str:
    """What a condition wants to hear: `'no_tries_left'`, `anything but 'yes'`."""
    return f"anything but '{condition.wanted}'" if condition.negated else f"'{condition.wanted}'"


def _taken(way: Transition, judged: Mapping[str, Judged]) -> Tried:
    told = [f"{guard} answered {_answer_of(guard, judged)}" for guard in _guards_of(way)]
    reason = " and ".join(told) if told else "it asks for nothing, and none above it fitted"
    return Tried(way.id, way.dest, "taken", None, f"'{way.id}' was taken: {reason}")


def _answer_of(guard: str, judged: Mapping[str, Judged]) -> str:
    return answer_word(judged[guard]) if guard in judged else "nothing that was recorded"


def _guards_of(way: Transition) -> list[str]:
    return list(dict.fromkeys(condition.guard for condition in way.conditions))


def _refused(way: Transition, judged: Mapping[str, Judged], chosen: str) -> Tried:
    condition = failed(way, judged)
    if condition is None:
        words = f"'{way.id}' fits what was recorded, yet '{chosen}' was taken: the record contradicts it"
        return Tried(way.id, way.dest, "refused", None, words)
    verdict = judged.get(condition.guard)
    if verdict is None:
        words = f"'{way.id}' asks {condition.guard}, of which nothing was recorded"
        return Tried(way.id, way.dest, "refused", None, words)
    because = Because(condition.guard, condition.wanted, condition.negated, verdict.answer, verdict.reason)
    answered, wanted = answer_word(verdict), wanted_in_words(condition)
    words = f"'{way.id}' was refused: {condition.guard} answered {answered}, wanted {wanted}"
    return Tried(way.id, way.dest, "refused", because, words)


def _below(way: Transition, chosen: str) -> Tried:
    words = f"'{way.id}' was not tried: '{chosen}' above it had won"
    return Tried(way.id, way.dest, "not_tried", None, words)
