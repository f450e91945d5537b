"""Measuring: the cases of a group in turn, round by round, so that a busy machine disturbs all alike."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from time import perf_counter

_ROUNDS = 5


@dataclass(frozen=True)
class Case:
    """Something to measure: one call of `do` makes `makes` of what is counted.

    `ready` is told how many calls will follow and is not measured itself.
    """

    what: str
    do: Callable[[], object]
    makes: int = 1
    ready: Callable[[int], object] | None = None


@dataclass(frozen=True)
class Line:
    """How long one of what is counted takes, in seconds."""

    what: str
    each: float


@dataclass(frozen=True)
class Group:
    """Lines that are compared with the first of them."""

    title: str
    lines: Sequence[Line]
    notes: Sequence[str] = ()


def compare(*cases: Case, seconds: float = 1.0) -> tuple[Line, ...]:
    """A line for every case, each measured for about `seconds`.

    The quickest of the rounds counts: whatever else the machine does can only add time.
    """
    calls = [_calls(case, seconds / _ROUNDS) for case in cases]
    rounds = [[_round(case, n) / n for case, n in zip(cases, calls, strict=True)] for _ in range(_ROUNDS)]
    best = (min(times) for times in zip(*rounds, strict=True))
    return tuple(Line(case.what, each / case.makes) for case, each in zip(cases, best, strict=True))


def _calls(case: Case, span: float) -> int:
    """How many calls fill `span` seconds, found by doubling; these calls also warm the caches."""
    calls, took = 1, _round(case, 1)
    while took < span / 4:
        calls *= 2
        took = _round(case, calls)
    return max(1, round(calls * span / took))


def _round(case: Case, calls: int) -> float:
    if case.ready:
        case.ready(calls)
    began = perf_counter()
    for _ in range(calls):
        case.do()
    return perf_counter() - began
