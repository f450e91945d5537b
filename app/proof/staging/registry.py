"""Who brings the answers of which guard about, and whose turn it is when.

What is typed is settled first, then who is on file, what others do, what is sent, and at last when.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from app.proof.staging.plan import Asked, Plan

Stager = Callable[[Asked], None]
F = TypeVar("F", bound=Stager)


@dataclass(frozen=True)
class _Registered:
    """A stager and when its turn is."""

    stager: Stager
    turn: int


Settler = Callable[[Plan], None]
P = TypeVar("P", bound=Settler)

STAGERS: dict[str, _Registered] = {}
_SETTLERS: list[tuple[int, Settler]] = []


def stages(guard: str, *, turn: int) -> Callable[[F], F]:
    """Register how the answers of a guard of the catalogue are brought about."""

    def register(stager: F) -> F:
        STAGERS[guard] = _Registered(stager, turn)
        return stager

    return register


def settles(*, turn: int) -> Callable[[P], P]:
    """Register what is settled for a whole plan, after the answers of the same turn."""

    def register(settler: P) -> P:
        _SETTLERS.append((turn, settler))
        return settler

    return register


def settle(plan: Plan) -> Plan:
    """Let everybody have their turn; the plan itself, settled. Raises NotStaged."""
    turns = sorted({each.turn for each in STAGERS.values()} | {turn for turn, _ in _SETTLERS})
    for turn in turns:
        for asked, stager in _asked(plan, turn):
            stager(asked)
        for its, settler in _SETTLERS:
            if its == turn:
                settler(plan)
    return plan


def asked_of(plan: Plan, guard: str) -> Iterator[Asked]:
    """Every time a guard of the catalogue is asked in the plan's moves."""
    for at, move in enumerate(plan.course.moves):
        for name, outcome in move.outcomes:
            use = plan.flow.guards.get(name)
            if use is not None and use.guard == guard:
                yield Asked(plan, at, use, outcome)


def _asked(plan: Plan, turn: int) -> list[tuple[Asked, Stager]]:
    """Every answer of the plan's moves whose stager's turn it is, move by move."""
    found = [
        (asked, registered.stager)
        for guard, registered in STAGERS.items()
        if registered.turn == turn
        for asked in asked_of(plan, guard)
    ]
    return sorted(found, key=lambda each: each[0].at)
