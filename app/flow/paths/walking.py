"""Paths as steps of a space: only what stands there can be walked."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from heapq import heappop, heappush
from itertools import count

from app.flow.paths.cost import cost
from app.flow.paths.explore import Edge, Situation, Space
from app.flow.paths.facts import BY_LINK
from app.flow.paths.model import Move, Outcome, Path

Edges = tuple[Edge, ...]


class NoSuchPath(ValueError):
    """A path cannot be walked; `number` is the move, counted from 1, that is not possible where it stands."""

    def __init__(self, number: int, move: Move) -> None:
        super().__init__(
            f"move {number} ({move.transition.source}.{move.transition.id}) is not possible there"
        )
        self.number = number


def edges_of(space: Space, path: Path) -> Edges:
    """The steps of `path`; raises NoSuchPath for one that the definition does not allow."""
    here, walked = space.initial, list[Edge]()
    for number, move in enumerate(path.moves, start=1):
        edge = same(space, here, move)
        if edge is None:
            raise NoSuchPath(number, move)
        walked.append(edge)
        here = edge.target
    return tuple(walked)


def path_of(edges: Iterable[Edge]) -> Path:
    """The path that these steps are."""
    return Path(tuple(edge.move for edge in edges))


def same(space: Space, here: Situation, move: Move) -> Edge | None:
    """The step that does `move` in this situation: by the same transition, its guards answering alike."""
    return next((edge for edge in _by(space, here, move) if is_same(edge.move, move)), None)


def alike(space: Space, here: Situation, move: Move) -> Edge | None:
    """`same`, or else the first step by the same transition."""
    return same(space, here, move) or next(_by(space, here, move), None)


def is_same(one: Move, other: Move) -> bool:
    """Whether two moves take the same transition with the same answers, whatever they leave behind."""
    return one.transition == other.transition and _told(one.outcomes) == _told(other.outcomes)


def whole(edges: Sequence[Edge]) -> bool:
    """Whether a path may end here: a press of a link takes its two steps together."""
    return bool(edges) and BY_LINK not in dict(edges[-1].target.facts)


def shortest(
    space: Space, start: Situation, wanted: Callable[[Edge], bool], most: int | None = None
) -> Edges | None:
    """The cheapest way from `start` that ends with a wanted step; None if there is none within `most`."""
    order, seen = count(), set[Situation]()
    waiting: list[tuple[int, int, Situation, Edges]] = [(0, next(order), start, ())]
    while waiting:
        spent, _, here, walked = heappop(waiting)
        if walked and wanted(walked[-1]):
            return walked
        if here in seen:
            continue
        seen.add(here)
        for edge in space.edges[here]:
            total = spent + cost(edge, space)
            if (edge.target not in seen or wanted(edge)) and (most is None or total <= most):
                heappush(waiting, (total, next(order), edge.target, (*walked, edge)))
    return None


def _by(space: Space, here: Situation, move: Move) -> Iterator[Edge]:
    return (edge for edge in space.edges.get(here, ()) if edge.move.transition == move.transition)


def _told(outcomes: Iterable[tuple[str, Outcome]]) -> list[tuple[str, str, str | None]]:
    return [(guard, each.answer, each.reason) for guard, each in outcomes]
