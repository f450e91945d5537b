"""Choosing paths: few and short ones that together reach every goal that can be reached.

From where a path stands it goes on to the nearest goal that nothing has reached yet, as long as that is near;
then another path begins. In the end those are left out whose goals all the others reach as well (a greedy set
cover). Ties are broken by the order of the definition, so that the same flow always has the same paths.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import count
from typing import Literal

from app.flow.catalogue import CATALOGUE, Catalogue
from app.flow.definition import Flow, Transition
from app.flow.paths.cost import cost
from app.flow.paths.coverage import asked_in, reachable
from app.flow.paths.explore import Edge, Situation, Space, space_of
from app.flow.paths.facts import BY_LINK
from app.flow.paths.goals import Criterion, Goal, goals, met
from app.flow.paths.model import Path

#: `few` goes on as long as the next goal is near, `short` begins anew for each.
Strategy = Literal["few", "short"]

_NEAR, _LONGEST = 3, 14


@dataclass(frozen=True)
class _Node:
    """Where a path stands, and by which transition it came where pairs matter."""

    situation: Situation
    last: Transition | None = None


def select(
    flow: Flow,
    criteria: Iterable[Criterion] = ("transitions", "outcomes"),
    strategy: Strategy = "few",
    space: Space | None = None,
    catalogue: Catalogue = CATALOGUE,
) -> tuple[Path, ...]:
    """Paths that reach every reachable goal of `criteria`, always the same for the same definition."""
    space = space or space_of(flow)
    return paths_to(space, goals(space, criteria, catalogue), strategy)


def paths_to(space: Space, wanted: Iterable[Goal], strategy: Strategy = "few") -> tuple[Path, ...]:
    """Paths that reach those of the goals that can be reached."""
    can = reachable(space)
    chooser = _Chooser(space, [goal for goal in wanted if goal in can], strategy)
    return tuple(Path(tuple(edge.move for edge in edges)) for edges in chooser.choose())


class _Chooser:
    def __init__(self, space: Space, wanted: Sequence[Goal], strategy: Strategy) -> None:
        self._space, self._wanted = space, wanted
        self._open = set(wanted)
        self._pairs = any(goal.criterion == "pairs" for goal in wanted)
        self._near, self._longest = (_NEAR, _LONGEST) if strategy == "few" else (0, 0)
        self._goals = {edge: frozenset(self._open & set(_met(space, edge))) for edge in space.all_edges}

    def choose(self) -> list[tuple[Edge, ...]]:
        walked = []
        while self._open:
            walked.append(self._walk())
        return self._fewest(walked)

    def _walk(self) -> tuple[Edge, ...]:
        """One path, as long as it pays."""
        walked: list[Edge] = []
        here = _Node(self._space.initial)
        while further := self._nearest(here, self._near if walked else None):
            for edge in further:
                self._open -= self._met(edge, here)
                here = self._next(edge)
            walked += further
            if len(walked) >= self._longest:
                break
        return tuple(walked)

    def _nearest(self, start: _Node, most: int | None) -> list[Edge] | None:
        """The cheapest way to an open goal, of `most` cost; None if there is none."""
        came: dict[_Node, tuple[_Node, Edge] | None] = {}
        order = count()
        waiting: list[tuple[int, int, _Node, tuple[_Node, Edge] | None]] = [(0, next(order), start, None)]
        while waiting:
            spent, _, node, by = heappop(waiting)
            if by is not None and not self._open.isdisjoint(self._met(by[1], by[0])):
                return [*_back(came, by[0]), by[1]]
            if node in came:
                continue
            came[node] = by
            for edge in self._space.edges[node.situation]:
                total = spent + cost(edge, self._space)
                then = self._next(edge)
                unmet = then not in came or not self._open.isdisjoint(self._met(edge, node))
                if unmet and (most is None or total <= most):
                    heappush(waiting, (total, next(order), then, (node, edge)))
        return None

    def _next(self, edge: Edge) -> _Node:
        return _Node(edge.target, edge.move.transition if self._pairs else None)

    def _met(self, edge: Edge, node: _Node) -> frozenset[Goal]:
        """The goals wanted that the step reaches, the pair with the one before it included."""
        last, way = node.last, edge.move.transition
        if last is None:
            return self._goals[edge]
        return self._goals[edge] | {Goal("pairs", (last.source, last.id, way.source, way.id))}

    def _reached(self, edges: Sequence[Edge]) -> set[Goal]:
        found: set[Goal] = set()
        here = _Node(self._space.initial)
        for edge in edges:
            found.update(self._met(edge, here))
            here = self._next(edge)
        return found

    def _fewest(self, walked: Sequence[tuple[Edge, ...]]) -> list[tuple[Edge, ...]]:
        """Those that reach most first, none that adds nothing, each cut behind its last goal."""
        missing, chosen = set(self._wanted), list[tuple[Edge, ...]]()
        reached = {edges: self._reached(edges) for edges in walked}
        while missing:
            best = max(walked, key=lambda edges: len(reached[edges] & missing))
            chosen.append(self._whole(self._cut(best, reached[best] & missing)))
            missing -= reached[best]
        return chosen

    def _cut(self, edges: tuple[Edge, ...], needed: set[Goal]) -> tuple[Edge, ...]:
        """The shortest beginning of a path that reaches what is needed."""
        beginnings = (edges[:end] for end in range(1, len(edges) + 1))
        return next(each for each in beginnings if self._reached(each) >= needed)

    def _whole(self, edges: tuple[Edge, ...]) -> tuple[Edge, ...]:
        """A link is opened together with its button: a path never ends between the two."""
        last = edges[-1].target
        return (*edges, self._space.edges[last][0]) if BY_LINK in dict(last.facts) else edges


def _back(came: Mapping[_Node, tuple[_Node, Edge] | None], end: _Node) -> list[Edge]:
    """The steps that led to `end`."""
    walked: list[Edge] = []
    while (by := came[end]) is not None:
        end = by[0]
        walked.append(by[1])
    return walked[::-1]


def _met(space: Space, edge: Edge) -> Iterator[Goal]:
    return met(space.flow, edge.move.transition, asked_in(edge.move.outcomes))
