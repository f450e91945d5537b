"""F060-F063: what a definition means to people under way, to the records there are, and to the tests."""

from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher

from app.flow.findings import Finding
from app.flow.lint.scene import Scene
from app.flow.phrases import Phrase
from app.flow.places import sort_of
from app.flow.spec import FlowSpec
from app.flow.surroundings import Surroundings

#: Fewer people than this are not told apart.
SMALLEST = 5

#: How alike two ids are that may be one and the same, from 0 to 1.
_ALIKE = 0.75

_SECTIONS = ("fields", "registers", "codes", "links", "cards", "notices", "accounts", "guards", "states")


def check(scene: Scene) -> Iterator[Finding]:
    """Nothing without surroundings."""
    around = scene.surroundings
    if around is None:
        return
    yield from _standing(scene, around)
    yield from _renamed(scene, around)
    yield from _replayed(scene, around)
    yield from _walked(scene, around)


def _standing(scene: Scene, around: Surroundings) -> Iterator[Finding]:
    if around.before is None or around.under_way == "finish":
        return
    old, new = around.before.spec.states, scene.spec.states
    for state, count in sorted(around.standing.items()):
        goes_to = around.mapping.get(state, state)
        if not count or state not in old:
            continue
        words: dict[str, object] = {"people": _people(count), "state": state}
        if goes_to not in new:
            yield scene.found("F060", ("states",), **words)
        elif state not in around.mapping and new[state].kind != old[state].kind:
            words |= {"before": old[state].kind, "kind": new[state].kind}
            yield scene.found("F060:retyped", ("states", state, "kind"), **words)


def _people(count: int) -> str:
    if count < SMALLEST:
        return Phrase("Fewer than {count} people are", capital=True, count=SMALLEST)
    return Phrase("{count} people are", capital=True, count=count)


def _runs(count: int) -> str:
    if count < SMALLEST:
        return Phrase("Fewer than {count} recorded runs", capital=True, count=SMALLEST)
    return Phrase("{count} recorded runs", capital=True, count=count)


def _renamed(scene: Scene, around: Surroundings) -> Iterator[Finding]:
    if around.before is None:
        return
    for section in _SECTIONS:
        old, new = getattr(around.before.spec, section), getattr(scene.spec, section)
        mapped = set(around.mapping) if section == "states" else set()
        for gone, come in _pairs(old, new, mapped):
            words = {"sort": sort_of(section), "old": gone, "new": come}
            yield scene.found("F061", (section, come), **words)
    yield from _renamed_ways(scene, around.before.spec)


def _renamed_ways(scene: Scene, before: FlowSpec) -> Iterator[Finding]:
    for name, state in scene.spec.states.items():
        if name not in before.states:
            continue
        old = {way.id: (way.trigger, way.dest) for way in before.states[name].transitions}
        new = {way.id: (way.trigger, way.dest) for way in state.transitions}
        numbers = {way.id: number for number, way in enumerate(state.transitions)}
        for gone, come in _pairs(old, new, set()):
            words = {"sort": Phrase("transition"), "old": f"{name}.{gone}", "new": f"{name}.{come}"}
            yield scene.found("F061", ("states", name, "transitions", numbers[come]), **words)


def _pairs(
    old: Mapping[str, object], new: Mapping[str, object], known: set[str]
) -> Iterator[tuple[str, str]]:
    """What is gone with what has come instead: the same under another name, or a name that is alike."""
    come = [name for name in new if name not in old]
    for gone in old:
        if gone in new or gone in known:
            continue
        same = next((name for name in come if new[name] == old[gone]), None)
        alike = max(come, key=lambda name: _likeness(gone, name), default=None)
        close = alike if alike and _likeness(gone, alike) >= _ALIKE else None
        if found := same or close:
            come.remove(found)
            yield gone, found


def _likeness(one: str, other: str) -> float:
    return SequenceMatcher(None, one, other).ratio()


def _replayed(scene: Scene, around: Surroundings) -> Iterator[Finding]:
    if around.replayed is None:
        return
    for rule, count in (("F062", around.replayed.unexplained), ("F062:starved", around.replayed.starved)):
        if count:
            yield scene.found(rule, ("flow",), runs=_runs(count))


def _walked(scene: Scene, around: Surroundings) -> Iterator[Finding]:
    """Shared and made ways are not asked for one by one: nobody wrote them for this state."""
    if around.walked is None:
        return
    if not around.walked:
        yield scene.found("F063:none", ("flow",))
        return
    for state, ways in scene.flow.transitions.items():
        for way in ways:
            place = scene.place(way)
            if place[2:3] == ("transitions",) and f"{state}.{way.id}" not in around.walked:
                yield scene.found("F063", place, state=state, dest=way.dest, way=way.id)
