"""F042 and F044: nobody learns from a page what only its owner may know."""

from collections.abc import Iterator, Sequence

from app.flow.definition import Condition, Transition
from app.flow.findings import Finding
from app.flow.lint import table
from app.flow.lint.scene import Scene
from app.flow.lint.stepping import kept, proven, sent
from app.flow.lint.trails import Trails, from_the_beginning

#: By the first reason a guard is known that asks whether there is a login; one with the second too asks about
#: the login of who is there already.
_NO_LOGIN, _UNCONFIRMED = "no_login", "unconfirmed"

_OF_PEOPLE = {"personal", "sensitive", "secret"}


def check(scene: Scene) -> Iterator[Finding]:
    """What is shown, and what may be guessed, before anybody has proven who they are."""

    def then(way: Transition, known: bool) -> bool:
        return known or proven(scene, way)

    trails = from_the_beginning(scene, False, then)
    for state in scene.spec.states:
        if False in trails.values(state):
            yield from _shown(scene, state, trails)
            for trigger in scene.flow.triggers(state):
                yield from _told_apart(scene, scene.flow.ways(state, trigger))


def _shown(scene: Scene, state: str, trails: Trails[bool]) -> Iterator[Finding]:
    """F042: cards, user names, and answers that were looked up instead of typed."""
    looked_up = {field for name in scene.flow.guards for field in kept(scene, name)}
    asked = {
        field
        for field in scene.flow.state(state).fields
        if field in looked_up and scene.spec.fields[field].data_class in _OF_PEOPLE
    }
    for name in sorted(asked | scene.shown(state, "cards") | scene.shown(state, "accounts")):
        path = trails.told(state, False)
        yield scene.found("F042", ("states", state), state=state, name=name, path=path)


def _told_apart(scene: Scene, ways: Sequence[Transition]) -> Iterator[Finding]:
    """F044: for each guard that knows people, a refusal that looks other than the yes."""
    for guard in dict.fromkeys(c.guard for way in ways for c in way.conditions):
        if not _knows_people(scene, guard):
            continue
        asking = next(at for at, way in enumerate(ways) if any(c.guard == guard for c in way.conditions))
        further = ways[asking:]
        found = next((way for way in further if _wants(way, guard)), None)
        # What only whoever holds the right code gets to see tells no stranger anything.
        if found is None or proven(scene, found):
            continue
        for missing in further:
            if _fits_a_refusal(scene, missing, guard) and _seen(scene, missing) != _seen(scene, found):
                rule = "F044:limited" if scene.references("budgets")[guard] else "F044"
                words = {"found": found.dest, "missing": missing.dest, "guard": guard}
                yield scene.found(rule, scene.place(missing), **words)


def _knows_people(scene: Scene, guard: str) -> bool:
    reasons = scene.guard(guard).reasons
    asks_for_a_login = _NO_LOGIN in reasons and _UNCONFIRMED not in reasons
    return asks_for_a_login or bool(scene.references("registers")[guard])


def _wants(way: Transition, guard: str) -> bool:
    return any(c.guard == guard and c.wanted == "yes" and not c.negated for c in way.conditions)


def _fits_a_refusal(scene: Scene, way: Transition, guard: str) -> bool:
    """Whether the way may be taken by whom the guard does not know, and not by whom it knows."""
    about: tuple[Condition, ...] = tuple(c for c in way.conditions if c.guard == guard)
    refusals = [("no", None), *(("no", reason) for reason in scene.guard(guard).reasons)]
    fits_some = any(all(c.fits(*answer) for c in about) for answer in refusals)
    return table.can_fit(scene, way) and fits_some and not _wants(way, guard)


def _seen(scene: Scene, way: Transition) -> tuple[object, ...]:
    """What tells a step apart from another one for whoever takes it."""
    return (way.dest, way.say, way.tell, frozenset(sent(scene, way)))
