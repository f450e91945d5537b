"""When each move of a visit is made: the least waiting that satisfies every span asked for.

Spans between moves are difference constraints (`at least so long after`, `at most so long after`); the
earliest times that keep them all are found by relaxing each until none moves a time any more.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

from app.proof.staging.unfit import NotStaged

SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class _Bound:
    """Move `later` is made at least `span` (which may be negative) after `earlier`."""

    later: int
    earlier: int
    span: timedelta
    unfit: Callable[[], NotStaged] = field(repr=False)


@dataclass
class Schedule:
    """Bounds between the moves of one visit, numbered from 0; the beginning is the move -1."""

    moves: int
    _bounds: list[_Bound] = field(default_factory=list)

    def at_least(self, later: int, earlier: int, span: timedelta, unfit: Callable[[], NotStaged]) -> None:
        """So long has to pass; `unfit` makes what is raised when it cannot."""
        self._bounds.append(_Bound(later, earlier, span, unfit))

    def at_most(self, later: int, earlier: int, span: timedelta, unfit: Callable[[], NotStaged]) -> None:
        """No more than that may pass."""
        self._bounds.append(_Bound(earlier, later, -span, unfit))

    def times(self) -> list[timedelta]:
        """When each move is made, counted from the beginning; raises NotStaged where bounds contradict."""
        # The beginning stands last, so that -1 finds it; nothing ever moves it.
        times = [timedelta()] * (self.moves + 1)
        chasing: list[_Bound] = []
        rounds = self.moves + 2
        for number in range(2 * rounds):
            moved = self._relax(times)
            if not moved:
                return times[:-1]
            chasing += moved if number >= rounds else []
        # Of those that chase each other, the one asked for last is the one that is too much.
        raise max((bound.unfit() for bound in chasing), key=lambda unfit: unfit.move_index)

    def _relax(self, times: list[timedelta]) -> list[_Bound]:
        """Push every move as late as its bounds ask; the bounds that pushed one, none when all hold."""
        moved = []
        for number in range(1, self.moves):
            times[number] = max(times[number], times[number - 1])
        for bound in self._bounds:
            if times[bound.later] < times[bound.earlier] + bound.span:
                if bound.later == -1:
                    raise bound.unfit()
                times[bound.later] = times[bound.earlier] + bound.span
                moved.append(bound)
        return moved
