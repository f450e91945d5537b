"""What a change of a limit leads to, as far as the definition itself tells."""

from dataclasses import replace

from app.flow.definition import Flow, Transition
from app.flow.difference.change import Change

_USED_UP = "no_tries_left"


def in_consequence(change: Change, flow: Flow) -> Change:
    """The change under the code that tells what becomes of people: whose tries are used up may be locked."""
    if change.code == "code_tries" and change.old and change.new and locks(flow, change.path[1]):
        return replace(change, code="code_tries_locks")
    return change


def locks(flow: Flow, code: str) -> bool:
    """Whether who has used up the tries of `code` comes to an end that is locked."""
    return any(flow.spec.states[way.dest].end == "locked" for way in used_up(flow, code))


def used_up(flow: Flow, code: str) -> list[Transition]:
    """The ways that are taken when the tries of `code` are used up."""
    return [
        way
        for ways in flow.transitions.values()
        for way in ways
        if any(each.wanted == _USED_UP and names(flow, each.guard, code) for each in way.conditions)
    ]


def names(flow: Flow, guard: str, code: str) -> bool:
    """Whether the options of a guard name this code."""
    use = flow.guards.get(guard)
    return use is not None and getattr(use.options, "code", None) == code
