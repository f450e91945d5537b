"""States as a graph: which leads where, what can be reached, who goes round."""

from collections import deque
from collections.abc import Callable, Iterable, Mapping

from app.flow.definition import Flow, Transition

#: State to the states it leads to, in the order written, each once.
Graph = Mapping[str, tuple[str, ...]]

#: The trigger of the clock: nobody need do anything for it.
CLOCK = "expire"


def graph(flow: Flow, counts: Callable[[Transition], bool]) -> Graph:
    """The graph of those transitions that count."""
    return {
        state: tuple(dict.fromkeys(way.dest for way in ways if counts(way)))
        for state, ways in flow.transitions.items()
    }


def by_people(way: Transition) -> bool:
    """Whether a transition is taken by somebody, not by the clock."""
    return way.trigger != CLOCK


def reachable(leads: Graph, starts: Iterable[str]) -> set[str]:
    """`starts` and all states they lead to."""
    seen = set(starts)
    queue = deque(seen)
    while queue:
        for state in leads[queue.popleft()]:
            if state not in seen:
                seen.add(state)
                queue.append(state)
    return seen


def leading_to(leads: Graph, ends: Iterable[str]) -> set[str]:
    """`ends` and all states from which one of them can be reached."""
    back: dict[str, list[str]] = {state: [] for state in leads}
    for state, nexts in leads.items():
        for each in nexts:
            back[each].append(state)
    return reachable({state: tuple(befores) for state, befores in back.items()}, ends)


def circle(leads: Graph, start: str) -> list[str]:
    """A shortest way from `start` back to it, both named; empty if there is none."""
    came: dict[str, str] = {}
    queue = deque([start])
    while queue:
        here = queue.popleft()
        for state in leads[here]:
            if state == start:
                return [*_trail(came, start, here), start]
            if state not in came:
                came[state] = here
                queue.append(state)
    return []


def _trail(came: Mapping[str, str], start: str, end: str) -> list[str]:
    trail = [end]
    while trail[-1] != start:
        trail.append(came[trail[-1]])
    return trail[::-1]
