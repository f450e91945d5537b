"""Making a path that fails as short as it can be, so that people see at once what matters.

What is tried is legal throughout: whatever is left out, the rest is walked anew through the space of the
definition, by the same transitions, with the same answers where they are still possible.
"""

from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice

from app.flow.definition import Flow
from app.flow.paths.cost import cost
from app.flow.paths.explore import Edge, Space, space_of
from app.flow.paths.model import Move, Path
from app.flow.paths.walking import Edges, alike, edges_of, is_same, path_of, shortest, whole

Fails = Callable[[Path], bool]


def shrink(path: Path, fails: Fails, flow: Flow, space: Space | None = None) -> Path:
    """The shortest path found that still fails: no move of it can be left out, no answer be a plainer one.

    `fails` is asked about each path once; it must say yes to `path` itself. Raises NoSuchPath for a path
    that the definition does not allow.
    """
    search = _Search(space or space_of(flow), fails)
    best = edges_of(search.space, path)
    while (better := search.better(best)) is not None:
        best = better
    return path_of(best)


def in_brief(path: Path) -> str:
    """The path as people tell it: `submit, submit: pin_right wrong, resend, back`."""
    return ", ".join(map(_brief, path.moves))


def _brief(move: Move) -> str:
    told = [f"{guard} {each.reason or each.answer}" for guard, each in move.outcomes if each.answer != "yes"]
    return f"{move.transition.trigger}: {' and '.join(told)}" if told else move.transition.trigger


class _Search:
    def __init__(self, space: Space, fails: Fails) -> None:
        self.space, self._fails = space, fails
        self._asked: dict[Edges, bool] = {}

    def better(self, edges: Edges) -> Edges | None:
        """A smaller path that fails as well: the first that is found, big steps tried before small ones."""
        size = self._size(edges)
        for smaller in self._smaller(edges):
            if whole(smaller) and self._size(smaller) < size and self._does_fail(smaller):
                return smaller
        return None

    def _does_fail(self, edges: Edges) -> bool:
        if edges not in self._asked:
            self._asked[edges] = self._fails(path_of(edges))
        return self._asked[edges]

    def _size(self, edges: Edges) -> tuple[int, int, int]:
        """What the moves cost to bring about, how many they are, how far from the plainest their answers."""
        plain = sum(self.space.edges[edge.source].index(edge) for edge in edges)
        return sum(cost(edge, self.space) for edge in edges), len(edges), plain

    def _smaller(self, edges: Edges) -> Iterator[Edges]:
        yield from (edges[:end] for end in range(1, len(edges)))
        yield from self._straight(edges)
        yield from self._without(edges)
        yield from self._plainer(edges)

    def _straight(self, edges: Edges) -> Iterator[Edges]:
        """The shortest way to each of its steps, nearest the end first, and on from there as before."""
        for at in range(len(edges) - 1, 0, -1):
            way = shortest(self.space, self.space.initial, partial(_does, edges[at].move))
            rest = self._walked(way, edges[at + 1 :]) if way else None
            if rest:
                yield rest

    def _without(self, edges: Edges) -> Iterator[Edges]:
        """Some moves in a row left out, long rows before short ones."""
        for length in range(len(edges) - 1, 0, -1):
            for start in range(len(edges) - length + 1):
                rest = self._walked(edges[:start], edges[start + length :])
                if rest:
                    yield rest

    def _plainer(self, edges: Edges) -> Iterator[Edges]:
        """One step of it done by what comes before it in the order of answers, leading to the same state."""
        for at, edge in enumerate(edges):
            for other in islice(self.space.edges[edge.source], self.space.edges[edge.source].index(edge)):
                if other.target.state == edge.target.state:
                    rest = self._walked((*edges[:at], other), edges[at + 1 :])
                    if rest:
                        yield rest

    def _walked(self, begun: Edges, rest: Edges) -> Edges | None:
        """`begun` and then the moves of `rest` from where it leads; None where one is not possible."""
        walked = list(begun)
        here = walked[-1].target if walked else self.space.initial
        for each in rest:
            edge = alike(self.space, here, each.move)
            if edge is None:
                return None
            walked.append(edge)
            here = edge.target
        return tuple(walked)


def _does(move: Move, edge: Edge) -> bool:
    return is_same(edge.move, move)
