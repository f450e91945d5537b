"""Ways through a flow with one thing remembered on them: whether a code was sent, a guard said yes, ...

Every state is visited once for each value of what is remembered, nearest first, so that the way told as an
example is a shortest one.
"""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from app.flow.definition import Transition
from app.flow.lint import table
from app.flow.lint.scene import Scene

V = TypeVar("V")

#: Longer ways are told by their last steps.
_MOST_TOLD = 6


@dataclass(frozen=True)
class Trails(Generic[V]):
    """What may be remembered where: (state, value), each with the step that first led there."""

    came: dict[tuple[str, V], tuple[tuple[str, V], Transition] | None]

    def values(self, state: str) -> Iterator[V]:
        """What may be remembered in `state`."""
        return (value for where, value in self.came if where == state)

    def told(self, state: str, value: V, last: Transition | None = None) -> str:
        """A shortest way to `state` with `value`, `last` taken from there: `ask.found → prove`."""
        steps, at = [last] if last else [], (state, value)
        while (before := self.came[at]) is not None:
            at, way = before
            steps.append(way)
        names = [f"{way.source}.{way.id}" for way in reversed(steps)]
        end = last.dest if last else state
        shown = ["…", *names[-_MOST_TOLD:]] if len(names) > _MOST_TOLD else names
        return " → ".join([*shown, end])


def follow(
    scene: Scene, start: str, first: V, then: Callable[[Transition, V], V], by: Callable[[Transition], bool]
) -> Trails[V]:
    """All ways from `start` that are possible and pass `by`; `then` says what is remembered after a step."""
    came: dict[tuple[str, V], tuple[tuple[str, V], Transition] | None] = {(start, first): None}
    queue = deque(came)
    while queue:
        here = queue.popleft()
        for way in scene.flow.transitions[here[0]]:
            if not by(way) or not table.can_fit(scene, way):
                continue
            there = (way.dest, then(way, here[1]))
            if there not in came:
                came[there] = (here, way)
                queue.append(there)
    return Trails(came)


def from_the_beginning(scene: Scene, first: V, then: Callable[[Transition, V], V]) -> Trails[V]:
    """The same from the initial state, whoever takes the steps."""
    return follow(scene, scene.spec.initial, first, then, lambda way: True)  # noqa: ARG005
