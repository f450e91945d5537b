"""Adding things, doubling them, moving them: the edits, with the texts that belong to them."""

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import replace
from typing import Any

from app.flow.edit import ABSENT, FIRST, DoesNotFit, Edit, Insert, Move, Place, find
from app.flow.edit.model import parts
from app.flow.loader import FLOW
from app.flow.outline.boxes import Box
from app.flow.outline.places import name_of
from app.flow.outline.saving import added
from app.flow.outline.things import CHOSEN_BY, LISTS, SECTIONS, Thing
from app.flow.outline.words import TextBox
from app.flow.text_edits import edits_for
from app.flow.translated import wording
from app.flow.wording import TextChange

_WORDED = {
    "states": ("states",),
    "fields": ("fields",),
    **dict.fromkeys(("codes", "links", "notices"), ("messages",)),
}


def value_of(thing: Thing, boxes: Sequence[Box]) -> Any:
    """What a new thing says, its name and its sort of the catalogue included."""
    given: dict[str, Any] = {}
    if thing.sort in {"transitions", "everywhere"}:
        given = {"id": name_of(thing.place)}
    elif chosen := CHOSEN_BY.get(thing.sort):
        given = {chosen: thing.chosen}
    elif thing.sort == "guards":
        given = {str(thing.chosen): {}}
    return added(thing, boxes, given)


def inserted(flow: Any, place: Place, value: Any) -> Insert:
    """The edit that puts a new thing at the end of its section, which is made where there is none.

    A way on with conditions goes before the one that is taken in any other case.
    """
    container = find(flow, place[:-1])
    listed = isinstance(place[-1], int) or str(place[-1]).startswith("#")
    if container is ABSENT or container is None:
        whole = [value] if listed else {str(place[-1]): value}
        return Insert(FLOW, place[:-1], whole, _behind_sections(flow, place))
    after = _before_the_rest(container, value) if listed else None
    return Insert(FLOW, place, value, after)


def _behind_sections(flow: Any, place: Place) -> str | int | None:
    if len(place) != 2 or not isinstance(flow, dict):
        return None
    order = list(SECTIONS)
    # In a file the sections stand otherwise than in the outline: states last, as they name the others.
    before = [each for each in flow if each in order and each not in {"states", "waivers", "everywhere"}]
    return before[-1] if before and place[0] != "waivers" else None


def _before_the_rest(ways: Any, value: Any) -> str | int | None:
    if not isinstance(ways, list) or not isinstance(value, dict) or not _asks(value):
        return None
    called = parts(ways, root=False)
    for number, way in enumerate(ways):
        if isinstance(way, dict) and way.get("trigger") == value.get("trigger") and not _asks(way):
            return called[number - 1] if number else FIRST
    return None


def _asks(way: Mapping[str, Any]) -> bool:
    return bool(way.get("conditions") or way.get("unless"))


def moved(flow: Any, place: Place, *, up: bool) -> Move | None:
    """The edit that moves a thing by one; None where it stands at that end. Raises DoesNotFit."""
    siblings = parts(find(flow, place[:-1]), root=False)
    if place[-1] not in siblings:
        raise DoesNotFit(Move(FLOW, place), "gone", place)
    number = siblings.index(place[-1])
    if up:
        after = siblings[number - 2] if number > 1 else FIRST
        return Move(FLOW, place, after) if number else None
    return Move(FLOW, place, siblings[number + 1]) if number + 1 < len(siblings) else None


def doubled(files: Mapping[str, str], flow: Any, place: Place, name: str) -> list[Edit]:
    """The edits that put a second thing like this one behind it, its texts with it.

    Raises DoesNotFit, and source.Unreadable where the texts cannot be read.
    """
    value = find(flow, place)
    listed = str(place[-1]).startswith("#")
    new: Place = (*place[:-1], f"#{name}" if listed else name)
    if value is ABSENT or isinstance(place[-1], int):
        raise DoesNotFit(Insert(FLOW, new, None), "gone", place)
    if find(flow, new) is not ABSENT:
        raise DoesNotFit(Insert(FLOW, new, None), "there_already", new)
    made = {**value, "id": name} if listed else deepcopy(value)
    changes = list(_texts(files, place, name))
    return [Insert(FLOW, new, made, place[-1]), *edits_for(files, changes)]


def _texts(files: Mapping[str, str], place: Place, name: str) -> Iterator[TextChange]:
    section = _WORDED.get(str(place[0]), ()) if len(place) == 2 else ()
    there = wording(files) if section else None
    for part in section:
        assert there is not None
        begins = f"{part}.{place[1]}."
        for language in there.languages:
            words = there.words(language)
            for key in [each for each in words if each.startswith(begins)]:
                yield TextChange(language, f"{part}.{name}.{key.removeprefix(begins)}", words[key], None)


def renamed(boxes: Mapping[str, Sequence[TextBox]], old: str, new: str) -> dict[str, list[TextBox]]:
    """The texts of a thing that had no name yet, under the name it gets."""

    def called(key: str) -> str:
        return key.replace(f".{old}.", f".{new}.", 1)

    return {called(key): [replace(box, key=called(key)) for box in each] for key, each in boxes.items()}


def is_listed(section: str) -> bool:
    """Whether the things of a section stand in a list."""
    return section in LISTS or section == "transitions"
