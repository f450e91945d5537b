"""What becomes of recorded runs on another definition: the first difference, then projection (B3).

After the first difference the person would have seen another page: what was recorded from there on is
followed only to name the end, and counts as nothing else.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from typing import Literal

from app.flow.definition import Transition
from app.flow.replay.branches import Branch, NotAccepted, branches
from app.flow.replay.bridge import Bridge
from app.flow.trace import Recorded

#: The classes of runs: the same path; another path to the same end; another end; an event that is not
#: accepted; an answer that was never recorded and decides.
Class = Literal["same", "same end", "other end", "stuck", "starved"]
CLASSES: tuple[Class, ...] = ("same", "same end", "other end", "stuck", "starved")


@dataclass(frozen=True)
class Turn:
    """How one recorded step comes out.

    `other`: certainly otherwise; `open`: it depends on what was never recorded; `stuck`: not accepted, `why`
    says for what reason. `to` are the states it may lead to.
    """

    kind: Literal["same", "other", "open", "stuck"]
    to: tuple[str, ...] = ()
    branches: tuple[Branch, ...] = ()
    why: str = ""


@dataclass(frozen=True)
class End:
    """Where a run stands in the end; `stuck` where an event was not accepted."""

    state: str
    stuck: bool = False


SAME = Turn("same")


def turn(bridge: Bridge, recorded: Recorded) -> Turn:
    """How `recorded` comes out where it was taken, everything before it having gone as recorded."""
    if recorded.type == "run.started":
        begins = bridge.new.spec.initial
        return SAME if begins == recorded.state else Turn("other", (begins,))
    if recorded.type != "transition":
        return SAME
    try:
        found = branches(bridge, recorded, recorded.state)
    except NotAccepted as refusal:
        return Turn("stuck", why=str(refusal))
    if all(_goes_as_recorded(bridge, recorded, branch.way) for branch in found):
        return SAME
    alike = len({branch.leads for branch in found}) == 1
    to = tuple(dict.fromkeys(branch.way.dest for branch in found))
    return Turn("other" if alike else "open", to, found)


def old_way(bridge: Bridge, recorded: Recorded) -> Transition | None:
    """The way that was taken, in the definition it was recorded by; None if that has no such way."""
    if recorded.state not in bridge.old.transitions:
        return None
    ways = bridge.old.ways(recorded.state, recorded.trigger)
    return next((way for way in ways if way.id == recorded.chosen), None)


def _goes_as_recorded(bridge: Bridge, recorded: Recorded, way: Transition) -> bool:
    """Whether `way` leads to the same page, of the same kind, ordering the same; its words may be new."""
    effects = [name for name, _ in recorded.effects]
    if (way.dest, [order.effect for order in way.effects]) != (recorded.to, effects):
        return False
    if bridge.new.state(way.dest).kind != recorded.kind:
        return False
    before = old_way(bridge, recorded)
    if before is None:
        return way.id == recorded.chosen
    # Another way with the same words is the same way by another name.
    named_alike = way.id == before.id or (way.say, way.tell) == (before.say, before.tell)
    return named_alike and way.effects == before.effects


def reached(bridge: Bridge, recorded: Recorded, state: str) -> tuple[End, ...]:
    """Where `recorded` may lead from `state`; what is over stays where it is."""
    if recorded.type != "transition":
        return (End(state),)
    try:
        return tuple(dict.fromkeys(End(b.way.dest) for b in branches(bridge, recorded, state)))
    except NotAccepted:
        return (End(state, stuck=bridge.new.state(state).end is None),)


def followed(states: Iterable[str], steps: Iterable[Callable[[str], Iterable[End]]]) -> frozenset[End]:
    """Where runs may end that stand in `states`; each of `steps` tells where it leads from a state."""
    at, stuck = set(states), set[End]()
    for step in steps:
        ends = {end for state in at for end in step(state)}
        stuck |= {end for end in ends if end.stuck}
        at = {end.state for end in ends if not end.stuck}
    return frozenset(stuck | {End(state) for state in at})


def class_of(ends: Collection[End], recorded_end: str) -> Class:
    """The class of a run that went otherwise, by where it may end."""
    if len(ends) != 1:
        return "starved"
    (end,) = ends
    if end.stuck:
        return "stuck"
    return "same end" if end.state == recorded_end else "other end"
