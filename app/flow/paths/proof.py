"""Why a goal cannot be reached, in words: what all situations have in common that keeps it from happening.

Holds only for a space that is complete; then it is a proof by looking at every case.
"""

from collections.abc import Iterator, Sequence

from app.flow.catalogue import CATALOGUE, Catalogue
from app.flow.definition import Condition, Transition
from app.flow.paths.explore import Edge, Situation, Space
from app.flow.paths.facts import BY_LINK
from app.flow.paths.goals import Goal


def why_not(space: Space, goal: Goal, catalogue: Catalogue = CATALOGUE) -> str:
    """Some sentences that say why no path reaches `goal`, the number of situations looked at last."""
    at = goal.place
    told: Iterator[str] = iter(())
    if goal.criterion == "transitions":
        told = _transition(space, catalogue, _way(space, at[0], at[1]))
    elif goal.criterion == "outcomes":
        told = _outcome(space, catalogue, *at)
    elif goal.criterion == "pairs":
        told = _pair(space, catalogue, _way(space, at[0], at[1]), _way(space, at[2], at[3]))
    elif goal.criterion == "limits":
        told = _limit(space, at[0], at[1])
    looked = f"{len(space.edges)} situations and {len(space.all_edges)} steps"
    return " ".join([*told, f"All {looked} were looked at; none reaches it."])


def _way(space: Space, state: str, name: str) -> Transition:
    return next(way for way in space.flow.transitions[state] if way.id == name)


def _transition(
    space: Space, catalogue: Catalogue, way: Transition, among: Sequence[Situation] | None = None
) -> Iterator[str]:
    here = [each for each in space.edges if each.state == way.source] if among is None else among
    steps = (edge for each in here for edge in space.edges[each])
    edges = [edge for edge in steps if edge.move.transition.trigger == way.trigger]
    if not here:
        yield f"Nobody ever stands in {way.source}."
    elif not edges and all(BY_LINK in dict(each.facts) for each in here):
        yield f"{way.source} is left in the same press of a link that leads there."
    elif not edges:
        yield f"{way.trigger} is never possible in {way.source}."
    else:
        yield from _never_fits(space, catalogue, way, edges)


def _never_fits(space: Space, catalogue: Catalogue, way: Transition, edges: Sequence[Edge]) -> Iterator[str]:
    lacking = [each for each in way.conditions if not any(_fits(each, edge) for edge in edges)]
    for condition in lacking:
        yield _says_only(condition.guard, edges, way, f"wanted is {_wanted(condition)}")
        yield from _elsewhere(space, catalogue, condition.guard, way.source)
    if not lacking:
        taken = sorted({edge.move.transition.id for edge in edges})
        yield f"In {way.source}, {way.trigger} always goes by {_listed(taken)}, tried before or instead."


def _outcome(
    space: Space, catalogue: Catalogue, state: str, trigger: str, guard: str, answer: str
) -> Iterator[str]:
    edges = [
        edge
        for edge in space.all_edges
        if (edge.source.state, edge.move.transition.trigger) == (state, trigger)
        and any(asked == guard for asked, _ in edge.move.outcomes)
    ]
    if not edges:
        yield f"In {state}, {trigger} never comes to asking {guard}."
        return
    yield _says_only(guard, edges, edges[0].move.transition, f"never {answer}")
    yield from _elsewhere(space, catalogue, guard, state)


def _pair(space: Space, catalogue: Catalogue, first: Transition, then: Transition) -> Iterator[str]:
    taken = {edge.move.transition for edge in space.all_edges}
    for way in (first, then):
        if way not in taken:
            yield f"{way.source}.{way.id} is never taken at all."
            return
    among = list(dict.fromkeys(edge.target for edge in space.all_edges if edge.move.transition == first))
    yield f"Right after {first.source}.{first.id}:"
    yield from _transition(space, catalogue, then, among)


def _limit(space: Space, guard: str, number: str) -> Iterator[str]:
    counts = [
        count
        for edge in space.all_edges
        for asked, outcome in edge.move.outcomes
        for count in outcome.counts
        if asked == guard and count.name == number
    ]
    most = max(counts, key=lambda count: count.before)
    yield f"{guard} is never asked once more than {most.before} of {most.limit} {number} are used."


def _fits(condition: Condition, edge: Edge) -> bool:
    return any(
        guard == condition.guard and condition.fits(outcome.answer, outcome.reason)
        for guard, outcome in edge.move.outcomes
    )


def _wanted(condition: Condition) -> str:
    return f"anything but {condition.wanted}" if condition.negated else condition.wanted


def _says_only(guard: str, edges: Sequence[Edge], way: Transition, but: str) -> str:
    answers = (outcome for edge in edges for asked, outcome in edge.move.outcomes if asked == guard)
    told = sorted({outcome.reason or outcome.answer for outcome in answers})
    if not told:
        return f"In {way.source}, {way.trigger} never comes to asking {guard}."
    return f"In {way.source}, {way.trigger}: {guard} answers {_listed(told)}; {but}."


def _elsewhere(space: Space, catalogue: Catalogue, guard: str, state: str) -> Iterator[str]:
    """The facts about what the guard asks that hold somewhere, but never in `state`, and what brings them."""
    use = space.flow.guards.get(guard)
    references = catalogue.guards[use.guard].references if use else None
    names = {name for _, name in references(use.options)} if use and references else set()
    held = {fact for each in space.edges if each.state == state for fact in each.facts}
    comes: dict[tuple[str, str], set[str]] = {}
    for edge in space.all_edges:
        way = edge.move.transition
        for fact in edge.changed.items():
            if fact[1] and fact not in held and fact[0].split()[-1] in names and not fact[1].isdecimal():
                comes.setdefault(fact, set()).add(f"{way.source}.{way.id}")
    for (name, value), ways in comes.items():
        yield f"`{name}: {value}` comes with {_listed(sorted(ways))} and never holds in {state} afterwards."


def _listed(words: Sequence[str]) -> str:
    return ", ".join(words)
