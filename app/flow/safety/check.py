"""Whether a rule holds in every situation a flow can come into; if not, the shortest way to break it.

The monitor walks along every step of the space: when no combination of a situation with what the monitor
remembers breaks the rule, no run of this definition can, as far as the guards' models go.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from heapq import heappop, heappush
from itertools import count
from typing import Literal

from app.flow.catalogue import CATALOGUE, Catalogue
from app.flow.definition import Flow
from app.flow.paths.cost import cost
from app.flow.paths.explore import Edge, Situation, Space, explore
from app.flow.paths.model import Path
from app.flow.paths.walking import Edges, path_of, whole
from app.flow.safety.events import Event, Events, any_in_words, at_start, of_edge
from app.flow.safety.monitors import Awaits, Counts, Forbids, Monitor, State, Watch, watch
from app.flow.safety.spec import Rule

Verdict = Literal["holds", "broken", "vacuous", "unknown"]


@dataclass(frozen=True)
class Checked:
    """What became of a rule: `path` breaks it; `why` says what makes it vacuous, or how far was looked."""

    rule: Rule
    verdict: Verdict
    why: str
    path: Path | None = None


class Prover:
    """Checks rules on one space; what happens in each of its steps is worked out once."""

    def __init__(self, space: Space, catalogue: Catalogue = CATALOGUE) -> None:
        self._space, self._catalogue = space, catalogue
        self._events: Mapping[Edge, Events] = {edge: of_edge(space.flow, edge) for edge in space.all_edges}
        self._happens = frozenset().union(at_start(space.initial.state), *self._events.values())
        self._free: frozenset[Event] | None = None

    def check(self, rule: Rule) -> Checked:
        """Whether the rule holds; `unknown` if nothing breaks it as far as a cut-off search went."""
        monitor = watch(rule)
        edges = self.breach(monitor)
        if edges is not None:
            return Checked(rule, "broken", f"{len(edges)} steps break it.", path_of(edges))
        if not self._space.complete:
            return Checked(rule, "unknown", f"Only {len(self._space.edges)} situations were looked at.")
        if why := self._vacuous(monitor):
            return Checked(rule, "vacuous", why)
        looked = f"{len(self._space.edges)} situations and {len(self._space.all_edges)} steps"
        return Checked(rule, "holds", f"None of {looked} breaks it.")

    def breach(self, monitor: Monitor) -> Edges | None:
        """The shortest way to break the rule, of two as short the one easier to bring about; None if none."""
        first = self._space.initial
        begun = monitor.see(monitor.start, at_start(first.state))
        if begun is None:
            return ()
        order, seen = count(), set[tuple[Situation, State]]()
        waiting: list[tuple[int, int, int, Situation, State | None, Edges]]
        waiting = [(0, 0, next(order), first, begun, ())]
        while waiting:
            steps, spent, _, here, state, walked = heappop(waiting)
            if state is None:
                return self._whole(walked)
            if (here, state) in seen:
                continue
            seen.add((here, state))
            for edge in self._space.edges[here]:
                then = monitor.see(state, self._events[edge])
                if then is None or (edge.target, then) not in seen:
                    total = spent + cost(edge, self._space)
                    step = (steps + 1, total, next(order), edge.target, then, (*walked, edge))
                    heappush(waiting, step)
        return None

    def _whole(self, edges: Edges) -> Edges:
        return edges if whole(edges) else (*edges, self._space.edges[edges[-1].target][0])

    def _vacuous(self, monitor: Watch) -> str | None:
        """Why the rule can never fail; None if it could."""
        if isinstance(monitor, Counts):
            return self._count_vacuous(monitor)
        if monitor.after and not monitor.after & self._happens:
            return f"It never happens that {any_in_words(monitor.after)}."
        if isinstance(monitor, Awaits):
            return self._await_vacuous(monitor)
        return self._ban_vacuous(monitor)

    def _ban_vacuous(self, monitor: Forbids) -> str | None:
        bad = any_in_words(monitor.bad)
        if not monitor.bad & self._whatever_guards_answer():
            return f"It never happens that {bad}, whatever the guards answer."
        bare = replace(monitor, without=frozenset(), unless=frozenset())
        if bare != monitor and self.breach(bare) is None:
            return f"It never happens that {bad}{_after(monitor.after)}, excused or not."
        return None

    def _await_vacuous(self, monitor: Awaits) -> str | None:
        if self.breach(replace(monitor, comes=frozenset())) is None:
            return f"Nothing that would be too late ever comes{_after(monitor.after)}."
        return None

    def _count_vacuous(self, monitor: Counts) -> str | None:
        if not monitor.what & self._happens:
            return f"It never happens that {any_in_words(monitor.what)}."
        if monitor.times and self.breach(replace(monitor, times=monitor.times - 1)) is None:
            return f"It never happens even {monitor.times} times that {any_in_words(monitor.what)}."
        return None

    def _whatever_guards_answer(self) -> frozenset[Event]:
        """What would happen if every guard could answer everything at any time."""
        if self._free is None:
            space = _free(self._space.flow, self._catalogue)
            events = (of_edge(space.flow, edge) for edge in space.all_edges)
            self._free = frozenset().union(at_start(space.initial.state), *events)
        return self._free


def _free(flow: Flow, catalogue: Catalogue) -> Space:
    guards = {name: replace(each, model=None) for name, each in catalogue.guards.items()}
    effects = {name: replace(each, model=None) for name, each in catalogue.effects.items()}
    return explore(flow, replace(catalogue, guards=guards, effects=effects))


def _after(events: Events) -> str:
    return f" after {any_in_words(events)}" if events else ""
