"""Which goals were reached: by paths that were driven, by runs recorded in production; told alike."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from app.flow.catalogue import CATALOGUE, Catalogue
from app.flow.definition import Flow, Transition
from app.flow.paths.explore import Space
from app.flow.paths.goals import CRITERIA, Asked, Criterion, Goal, goals, met
from app.flow.paths.model import Outcome, Path
from app.flow.trace import Recorded

Status = Literal["covered", "uncovered", "unreachable", "unknown"]


@dataclass(frozen=True)
class Taken:
    """One step that was taken: in which run, from where, by which transition, and what was asked."""

    run: str
    state: str
    trigger: str
    chosen: str
    asked: tuple[Asked, ...] = ()


@dataclass(frozen=True)
class Coverage:
    """How often each goal of a flow was reached.

    `reachable` are the goals that some path reaches; `complete`: all situations were looked at, so that the
    others are proven to be out of reach. `foreign` counts steps of transitions the flow does not have.
    """

    times: Mapping[Goal, int]
    reachable: frozenset[Goal]
    complete: bool
    foreign: int = 0

    @classmethod
    def of(
        cls,
        space: Space,
        steps: Iterable[Taken],
        criteria: Iterable[Criterion] = CRITERIA,
        catalogue: Catalogue = CATALOGUE,
    ) -> "Coverage":
        """The coverage by `steps`; those of one run stand together and in their order."""
        wanted = goals(space, criteria, catalogue)
        seen, foreign = _count(space.flow, steps)
        reached = reachable(space)
        return cls(
            {goal: seen[goal] for goal in wanted},
            frozenset(goal for goal in wanted if goal in reached),
            space.complete,
            foreign,
        )

    def status(self, goal: Goal) -> Status:
        """`unreachable` is proven; `unknown` where the search was cut off before it was found."""
        if self.times[goal]:
            return "covered"
        if goal in self.reachable:
            return "uncovered"
        return "unreachable" if self.complete else "unknown"

    def having(self, status: Status) -> tuple[Goal, ...]:
        """The goals of this status, in the definition's order."""
        return tuple(goal for goal in self.times if self.status(goal) == status)

    @property
    def surprises(self) -> tuple[Goal, ...]:
        """Goals that were reached though no path should: then a guard's model lacks something."""
        return tuple(
            goal
            for goal, times in self.times.items()
            if self.complete and times and goal not in self.reachable
        )


@lru_cache(maxsize=32)
def reachable(space: Space) -> frozenset[Goal]:
    """Every goal that some path of the space reaches."""
    flow, found = space.flow, set[Goal]()
    pairs: set[tuple[Transition, Transition]] = set()
    for edge in space.all_edges:
        found.update(met(flow, edge.move.transition, asked_in(edge.move.outcomes)))
        pairs.update((edge.move.transition, then.move.transition) for then in space.edges[edge.target])
    found.update(Goal("pairs", (a.source, a.id, b.source, b.id)) for a, b in pairs)
    return frozenset(found)


def of_paths(paths: Iterable[Path]) -> Iterator[Taken]:
    """The steps that paths are made of."""
    for number, path in enumerate(paths):
        for move in path.moves:
            way = move.transition
            yield Taken(f"path {number}", way.source, way.trigger, way.id, tuple(asked_in(move.outcomes)))


def of_records(records: Iterable[Recorded]) -> Iterator[Taken]:
    """The steps that a journal tells of."""
    for record in records:
        if record.chosen is not None:
            asked = tuple(Asked(each.guard, each.answer, each.reason, each.counts) for each in record.judged)
            yield Taken(record.run, record.state, record.trigger, record.chosen, asked)


def asked_in(outcomes: Iterable[tuple[str, Outcome]]) -> Iterator[Asked]:
    """The guards of a move with their answers."""
    return (Asked(guard, each.answer, each.reason, each.counts) for guard, each in outcomes)


def _count(flow: Flow, steps: Iterable[Taken]) -> tuple[Counter[Goal], int]:
    ways = {(way.source, way.id): way for all_ways in flow.transitions.values() for way in all_ways}
    seen, foreign = Counter[Goal](), 0
    run: str | None = None
    before: Transition | None = None
    for step in steps:
        way = ways.get((step.state, step.chosen))
        before = before if step.run == run else None
        if way is None:
            foreign += 1
        else:
            fits = before is not None and before.dest == way.source
            seen.update(met(flow, way, step.asked, before if fits else None))
        run, before = step.run, way
    return seen, foreign
