"""F012: where two ways fit at once and lead apart, somebody has said that the order is meant."""

from collections.abc import Iterator, Sequence
from itertools import combinations

from app.flow.definition import FORM_VALID, Transition
from app.flow.findings import Finding
from app.flow.lint import table
from app.flow.lint.scene import Scene


def check(scene: Scene) -> Iterator[Finding]:
    """Pairs of transitions of which the first one wins though nothing in their conditions says so.

    No doubt is left by the special case above the general one, by a last way without conditions, and by
    refusals of what was typed that stay on the page: they are told before anything else.
    """
    for state in scene.spec.states:
        for trigger in scene.flow.triggers(state):
            yield from _overlaps(scene, scene.flow.ways(state, trigger))


def _overlaps(scene: Scene, ways: Sequence[Transition]) -> Iterator[Finding]:
    told: set[str] = set()
    for first, second in combinations(ways, 2):
        if first.dest == second.dest or second.id in told or not _in_doubt(scene, first, second):
            continue
        others = [each for each in ways[: ways.index(second)] if each is not first]
        together = _together(scene, first, second, others)
        if together is not None:
            told.add(second.id)
            words = {"first": first.id, "second": second.id, "example": table.in_words(together)}
            yield scene.found("F012", scene.place(second), **words)


def _in_doubt(scene: Scene, first: Transition, second: Transition) -> bool:
    if not first.conditions or _implies(scene, first, second) or _implies(scene, second, first):
        return False
    if any(each.guard == FORM_VALID for each in first.conditions) or _stays(first):
        return False
    places = [scene.place(way) for way in (first, second)]
    return all(place[2:3] == ("transitions",) for place in places) and not _is_ordered(scene, second)


def _implies(scene: Scene, one: Transition, other: Transition) -> bool:
    """Whether `other` fits whenever `one` does: a special case of it, or what makes it never happen."""
    over = table.domains(scene, [one, other])
    narrow, wide = (table.narrowed(over, way.conditions) for way in (one, other))
    return all(set(narrow[guard]) <= set(wide[guard]) for guard in over)


def _stays(way: Transition) -> bool:
    refuses = all(each.negated or each.wanted not in {"yes", "unavailable"} for each in way.conditions)
    return way.dest == way.source and refuses


def _is_ordered(scene: Scene, way: Transition) -> bool:
    written = scene.flow.state(way.source).transitions
    return any(each.id == way.id and each.ordered for each in written)


def _together(
    scene: Scene, first: Transition, second: Transition, others: Sequence[Transition]
) -> dict[str, table.Answer] | None:
    """Answers with which both fit and no other one above; None if there are none, or too many to look."""
    both = (*first.conditions, *second.conditions)
    over = table.domains(scene, [first, second, *others])
    left = table.narrowed(over, both)
    if len(over) > table.MOST_GUARDS or not all(left.values()):
        return None
    free = table.missed([each.conditions for each in others], left)
    if free is None:
        return None
    asked = dict.fromkeys(condition.guard for condition in both)
    return {guard: left[guard][0] for guard in asked} | {g: a for g, a in free.items() if g in asked}
