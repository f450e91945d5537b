"""F016: whatever guards, effects and pages read was asked, or looked up, on every way there."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from app.flow.definition import Transition
from app.flow.findings import Finding
from app.flow.lint.scene import Scene
from app.flow.lint.stepping import LOGGED_OUT, UNANSWERED, agreed, kept, posted
from app.flow.lint.trails import Trails, from_the_beginning
from app.flow.source import Path


@dataclass(frozen=True)
class _Reading:
    """Somebody reads `field` when `way` is taken (`known` then besides), or whenever `state` is shown."""

    reader: str
    field: str
    place: Path
    state: str
    way: Transition | None = None
    known: frozenset[str] = frozenset()


def check(scene: Scene) -> Iterator[Finding]:
    """Ways on which something is read that is not there; each reader and field is told once.

    What a guard looks up counts as known once it said yes, and an answer may be optional: what counts is
    that people were asked.
    """
    trails: dict[str, Trails[bool]] = {}
    told: set[tuple[str, str, str]] = set()
    for reading in _readings(scene):
        name = reading.field
        if name in reading.known or (reading.state, reading.reader, name) in told:
            continue
        if name not in trails:
            trails[name] = _trails(scene, name)
        if False in trails[name].values(reading.state):
            told.add((reading.state, reading.reader, name))
            path = trails[name].told(reading.state, False)
            words = {"reader": reading.reader, "field": name, "path": path}
            yield scene.found("F016", reading.place, **words)
    yield from _facts(scene)


def known_at(scene: Scene, state: str) -> frozenset[str]:
    """The fields of which every way to `state` has asked, or a guard on it has looked them up."""
    return (
        frozenset(name for name in scene.spec.fields if False not in _trails(scene, name).values(state))
        if scene.spec.states.keys() >= {state}
        else frozenset()
    )


def _trails(scene: Scene, field: str) -> Trails[bool]:
    secret = scene.spec.fields[field].data_class == "secret"
    fillers = {name for name in scene.flow.guards if field in kept(scene, name)}

    def then(way: Transition, known: bool) -> bool:
        if secret or way.keep == "nothing":
            return False
        return known or field in posted(scene, way) or bool(fillers & set(agreed(scene, way)))

    return from_the_beginning(scene, False, then)


def _readings(scene: Scene) -> Iterator[_Reading]:
    for state, ways in scene.flow.transitions.items():
        for field in sorted(_on_the_page(scene, state)):
            yield _Reading(state, field, ("states", state), state)
        for way in ways:
            yield from _by_guards(scene, way)
            known = frozenset(posted(scene, way) | _learnt(scene, agreed(scene, way)))
            for effect, field in _by_effects(scene, way):
                yield _Reading(effect, field, scene.place(way), state, way, known)


def _learnt(scene: Scene, guards: list[str]) -> set[str]:
    """What guards that have said yes make known: an answer whose presence they ask about, what they look up,
    and the user name of the login that this run made.
    """
    asked = {
        field
        for name in guards
        if UNANSWERED in scene.guard(name).reasons
        for field in scene.references("fields")[name]
    }
    own = {
        scene.spec.accounts[account].username
        for name in guards
        if LOGGED_OUT in scene.guard(name).reasons
        for account in scene.references("accounts")[name]
    }
    return asked.union(own, *(kept(scene, name) for name in guards))


def _by_guards(scene: Scene, way: Transition) -> Iterator[_Reading]:
    passed = agreed(scene, way)
    for number, condition in enumerate(way.conditions):
        name = condition.guard
        if UNANSWERED in scene.guard(name).reasons:
            continue
        before = [each for each in passed if each != name]
        known = frozenset(posted(scene, way) | _learnt(scene, before) | kept(scene, name))
        place = (*scene.place(way), "conditions", number) if not condition.negated else scene.place(way)
        for field in sorted(scene.references("fields")[name]):
            yield _Reading(name, field, place, way.source, way, known)


def _by_effects(scene: Scene, way: Transition) -> Iterator[tuple[str, str]]:
    for order in way.effects:
        name = order.argument or ""
        section = _section(scene, order.effect, name)
        entry = getattr(scene.spec, section)[name] if section else None
        for key in scene.catalogue.effects[order.effect].needs if entry else ():
            for field in _named(getattr(entry, key)):
                yield f"{order.effect} {name}", field


def _named(written: str | Mapping[str, str] | None) -> list[str]:
    if isinstance(written, Mapping):
        return list(written.values())
    return [written] if written else []


def _section(scene: Scene, effect: str, name: str) -> str:
    """Where the argument of the effect is declared; empty for none."""
    sections = scene.catalogue.effects[effect].section or ()
    sections = (sections,) if isinstance(sections, str) else sections
    return next((each for each in sections if name in getattr(scene.spec, each, ())), "")


def _on_the_page(scene: Scene, state: str) -> set[str]:
    """The addresses that the state's page shows, masked; of codes F025 says whether they were sent."""
    return {scene.spec.links[name].to for name in scene.shown(state, "links")}


def _facts(scene: Scene) -> Iterator[Finding]:
    """A card holds what its match has found in the very step that makes it out."""
    for ways in scene.flow.transitions.values():
        for way in ways:
            for order in way.effects:
                name = order.argument or ""
                card = scene.spec.cards.get(name)
                if card is None or _section(scene, order.effect, name) != "cards":
                    continue
                if card.facts not in {c.guard for c in way.conditions if not c.negated}:
                    words = {"way": way.id, "card": name, "guard": card.facts}
                    yield scene.found("F016:facts", scene.place(way), **words)
