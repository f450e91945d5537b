"""F010, F011, F013, F014, N003: whatever guards answer, one transition is taken, and each one can be."""

from collections.abc import Iterator, Sequence

from app.flow.definition import Transition
from app.flow.findings import Finding
from app.flow.lint import table
from app.flow.lint.scene import Scene
from app.flow.phrases import listed

#: Of more transitions than this nobody wants to know which ones can be spared in an explanation.
_MOST_NAMED = 6


def check(scene: Scene) -> Iterator[Finding]:
    """Gaps, dead transitions, contradictions, unavailable answers nobody thought of, unsafe matches."""
    for state in scene.spec.states:
        for trigger in scene.flow.triggers(state):
            ways = scene.flow.ways(state, trigger)
            yield from _gap(scene, ways)
            yield from _dead(scene, ways)
            yield from _unavailable(scene, ways)
    yield from _by_a_number_alone(scene)


def _gap(scene: Scene, ways: Sequence[Transition]) -> Iterator[Finding]:
    if not all(way.conditions for way in ways):
        return
    over = table.domains(scene, ways)
    place = scene.place(ways[-1])
    words = {"state": ways[0].source, "trigger": ways[0].trigger}
    if len(over) > table.MOST_GUARDS:
        yield scene.found("F010:many", place, count=len(over), **words)
        return
    missed = table.missed([way.conditions for way in ways], over)
    if missed is not None:
        yield scene.found("F010", place, example=table.in_words(missed), **words)


def _dead(scene: Scene, ways: Sequence[Transition]) -> Iterator[Finding]:
    for number, way in enumerate(ways):
        if not table.can_fit(scene, way):
            yield scene.found("F013:never", scene.place(way), way=way.id)
        elif winners := _winners(scene, way, ways[:number]):
            names = listed([f"'{winner.id}'" for winner in winners[:_MOST_NAMED]], "{one} or {more}")
            yield scene.found("F011", scene.place(way), way=way.id, earlier=names)


def _winners(scene: Scene, way: Transition, earlier: Sequence[Transition]) -> list[Transition]:
    """The transitions above `way` one of which fits whenever it does; none if it has its own case."""
    alone = [each for each in earlier if set(each.conditions) <= set(way.conditions)]
    over = table.domains(scene, [*earlier, way])
    if alone or len(over) > table.MOST_GUARDS:
        return alone[:1]
    within = table.narrowed(over, way.conditions)
    if table.missed([each.conditions for each in earlier], within) is not None:
        return []
    needed = [each for each in earlier if all(table.narrowed(within, each.conditions).values())]
    for each in tuple(needed) if len(needed) <= _MOST_NAMED else ():
        others = [other for other in needed if other is not each]
        if table.missed([other.conditions for other in others], within) is None:
            needed = others
    return needed


def _unavailable(scene: Scene, ways: Sequence[Transition]) -> Iterator[Finding]:
    asked = {c.guard: way for way in reversed(ways) for c in way.conditions}
    named = {c.guard for way in ways for c in way.conditions if c.wanted == "unavailable"}
    for guard, way in asked.items():
        if scene.guard(guard).may_be_unavailable and guard not in named:
            words = {"guard": guard, "state": way.source, "trigger": way.trigger}
            yield scene.found("F014", scene.place(way), **words)


def _by_a_number_alone(scene: Scene) -> Iterator[Finding]:
    """N003 (C7, S14): a guard that asks a register compares more than answers of class `sensitive`.

    How the fields work together is the guard's own affair; this holds whatever it makes of them.
    """
    registers, fields = scene.references("registers"), scene.references("fields")
    for name, use in scene.flow.guards.items():
        classes = {scene.spec.fields[field].data_class for field in fields[name]}
        if registers[name] and classes == {"sensitive"}:
            place = ("guards", name, use.guard)
            yield scene.found("N003", place, guard=name, fields="', '".join(sorted(fields[name])))
