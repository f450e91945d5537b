"""Every situation a flow can come into, and every step that can be taken there: the finite space of paths.

A situation is a state with the facts that any guard may still ask about.
"""

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from app.flow.catalogue import CATALOGUE, Catalogue
from app.flow.definition import Flow
from app.flow.paths.asking import Asking, Given
from app.flow.paths.facts import BY_LINK
from app.flow.paths.model import Facts, Move
from app.flow.paths.relevance import Relevance
from app.flow.paths.stepping import after, pressed

#: So many situations are looked at; the shipped flows have a few hundred.
MOST_SITUATIONS = 50_000
#: So many steps, a few minutes' at the worst; the shipped flows have up to 20,000. Guards that answer by
#: themselves have more ways to answer together than anybody can wait for.
MOST_STEPS = 100_000


@dataclass(frozen=True)
class Situation:
    """A state, and the facts that hold there, sorted by name."""

    state: str
    facts: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        told = ", ".join(f"{name}: {value}" for name, value in self.facts)
        return f"{self.state} ({told})" if told else self.state


@dataclass(frozen=True, eq=False)
class Edge:
    """One step from one situation to the next; `changed` are the facts it changed, asked about or not."""

    source: Situation
    move: Move
    target: Situation
    changed: Facts


@dataclass(frozen=True)
class Stuck:
    """Answers with which no transition fits: a fault of the definition."""

    source: Situation
    trigger: str
    given: Given


@dataclass(frozen=True, eq=False)
class Space:
    """All situations in the order found, each with its steps; not `complete` if the search was cut off."""

    flow: Flow
    initial: Situation
    edges: Mapping[Situation, tuple[Edge, ...]]
    complete: bool
    stuck: tuple[Stuck, ...] = ()

    @cached_property
    def all_edges(self) -> tuple[Edge, ...]:
        """Every step of every situation."""
        return tuple(edge for edges in self.edges.values() for edge in edges)


def explore(flow: Flow, catalogue: Catalogue = CATALOGUE, most: int = MOST_SITUATIONS) -> Space:
    """The space of `flow`, breadth first and always in the same order; cut off beyond `most` situations or
    MOST_STEPS."""
    asking, relevant = Asking(flow, catalogue), Relevance(flow, catalogue)
    first = Situation(flow.spec.initial)
    found: dict[Situation, tuple[Edge, ...]] = {first: ()}
    stuck: list[Stuck] = []
    waiting, complete, left = deque([first]), True, MOST_STEPS
    while waiting:
        here = waiting.popleft()
        kept: list[Edge] = []
        for step in _steps(flow, catalogue, asking, relevant, here):
            left -= 1
            if left < 0:
                complete = False
                break
            if step is None:
                continue
            if isinstance(step, Stuck):
                stuck.append(step)
            elif step.target in found or len(found) < most:
                kept.append(step)
                if step.target not in found:
                    found[step.target] = ()
                    waiting.append(step.target)
            else:
                complete = False
        found[here] = tuple(kept)
    return Space(flow, first, found, complete, tuple(stuck))


@lru_cache(maxsize=32)
def space_of(flow: Flow) -> Space:
    """The space of a flow of our own catalogue, searched once for each version."""
    return explore(flow)


def _steps(
    flow: Flow, catalogue: Catalogue, asking: Asking, relevant: Relevance, here: Situation
) -> Iterator[Edge | Stuck | None]:
    """Every step; None for one that cannot be taken after all, which has cost its time."""
    facts = dict(here.facts)
    buttons = pressed(flow, catalogue) if BY_LINK in facts else None
    for trigger in flow.triggers(here.state):
        if buttons is not None and trigger not in buttons:
            continue
        for decided in asking.decisions(here.state, trigger, facts):
            if isinstance(decided, tuple):
                yield Stuck(here, trigger, decided)
                continue
            then = after(flow, catalogue, facts, decided)
            if then is None:
                yield None
                continue
            dest = decided.transition.dest
            target = Situation(dest, relevant.kept(dest, then))
            yield Edge(here, decided, target, _changed(facts, then))


def _changed(before: Facts, after: Facts) -> Facts:
    names = sorted({*before, *after})
    return {name: after.get(name, "") for name in names if before.get(name) != after.get(name)}
