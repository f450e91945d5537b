"""F006-F008, F023, N001: buttons and transitions agree, ids are unique, ends are ends, Back is decided."""

import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence

from app.flow.definition import SYSTEM_TRIGGERS
from app.flow.findings import Finding
from app.flow.lint.graph import CLOCK
from app.flow.lint.scene import Scene
from app.flow.phrases import Phrase
from app.flow.source import Path
from app.flow.spec import Back

BACK = "back"

#: What the portal's door raises in the run of a login whose address is not confirmed yet.
LOG_IN = "log_in"


def check(scene: Scene) -> Iterator[Finding]:
    """What states and their pages promise each other."""
    for name in scene.spec.states:
        yield from _buttons(scene, name)
        yield from _end(scene, name)
        yield from _time(scene, name)
        yield from _back(scene, name)
        yield from _ids(scene, name)
    shared = [way.id for way in scene.spec.everywhere]
    yield from _twice(scene, shared, [("everywhere", n) for n in range(len(shared))], Phrase("Transition"))
    languages = scene.spec.languages
    yield from _twice(scene, languages, [("languages", n) for n in range(len(languages))], Phrase("Language"))


def _buttons(scene: Scene, state: str) -> Iterator[Finding]:
    """F006 and F007: layouts draw a button for what the kind raises and for every trigger that is worded."""
    raises = scene.kind(state).raises
    answered = scene.flow.triggers(state)
    elsewhere = {*SYSTEM_TRIGGERS, BACK, *([LOG_IN] if scene.spec.accounts else [])}
    for trigger in raises:
        if trigger not in answered:
            yield scene.found("F006", ("states", state, "kind"), state=state, trigger=trigger)
    for trigger in answered:
        worded = any(
            scene.flow.has_text(lang, f"states.{state}.buttons.{trigger}") for lang in scene.spec.languages
        )
        if not worded and trigger not in {*raises, *elsewhere}:
            place = scene.place(scene.flow.ways(state, trigger)[0])
            yield scene.found("F007", place, state=state, trigger=trigger)


def _end(scene: Scene, name: str) -> Iterator[Finding]:
    """F008: an end may answer once more (a card is added again), but never leads back into the flow."""
    state = scene.flow.state(name)
    if not state.end:
        return
    for way in scene.flow.transitions[name]:
        if not scene.flow.state(way.dest).end:
            yield scene.found("F008:end", scene.place(way), state=name, way=way.id, dest=way.dest)
    if isinstance(state.back, Back):
        yield scene.found("F008:back", ("states", name, BACK), state=name, dest=state.back.to)


def _time(scene: Scene, name: str) -> Iterator[Finding]:
    """F023: the sweep fires `expire` wherever a run can go out of date."""
    state = scene.flow.state(name)
    if not state.end and state.lifetime != "none" and CLOCK not in scene.flow.triggers(name):
        yield scene.found("F023:expire", ("states", name), state=name)


def _back(scene: Scene, name: str) -> Iterator[Finding]:
    state = scene.flow.state(name)
    decided = state.back is not None or BACK in scene.flow.triggers(name)
    if not decided and not state.end and name != scene.spec.initial:
        yield scene.found("N001", ("states", name), state=name)


def _ids(scene: Scene, name: str) -> Iterator[Finding]:
    """F008: transitions of one state are told apart by their ids, in the journal and by effects."""
    state: Path = ("states", name)
    ids = [way.id for way in scene.flow.state(name).transitions]
    places: list[Path] = [(*state, "transitions", number) for number in range(len(ids))]
    # Nobody wrote the transition that keeps a malformed form on its page, nor that of `back`.
    made = Counter(way.id for way in scene.flow.transitions[name]) - Counter(ids)
    taken = [each for each in made if each in ids]
    yield from _twice(scene, [*taken, *ids], [*(state for _ in taken), *places], Phrase("Transition"))
    fields = scene.flow.state(name).fields
    yield from _twice(
        scene, fields, [(*state, "fields", number) for number in range(len(fields))], Phrase("Field")
    )


def _twice(scene: Scene, ids: Sequence[str], places: Sequence[Path], sort: str) -> Iterator[Finding]:
    first: dict[str, Path] = {}
    for name, place in zip(ids, places, strict=True):
        folded = unicodedata.normalize("NFKC", name).casefold()
        before = first.setdefault(folded, place)
        if before is not place:
            words = {"sort": sort, "name": name, "first": scene.line(before), "second": scene.line(place)}
            yield scene.found("F008:twice", place, **words)
