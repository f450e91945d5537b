"""What an edit does to what a file says: the reading that the new text must have, found without the text."""

from collections.abc import Sequence
from copy import deepcopy
from typing import Any

from app.flow.edit.edits import (
    ABSENT,
    FIRST,
    DoesNotFit,
    Edit,
    Insert,
    Inside,
    Move,
    Place,
    Remove,
    Rename,
    SetValue,
)

#: What names the items of a list that is a whole file, where they have no `id`.
_AT_ROOT = ("id", "name", "rule")


#: How many values may be looked at in all to make edits in a text: for each the whole text is read, so many
#: take some ten seconds.
MOST_WRITING = 500_000


def weight(value: Any) -> int:
    """How many values it is made of."""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return 1 + sum(map(weight, inner))


def same(one: Any, other: Any) -> bool:
    """Whether two values are written alike: order of keys counts, and `1` is not `true`."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return list(one) == list(other) and all(same(value, other[key]) for key, value in one.items())
    if isinstance(one, list):
        return len(one) == len(other) and all(map(same, one, other))
    return bool(one == other)


def naming_key(item: Any, *, root: bool) -> str | None:
    """The key whose value names an item of a list; None if it has no name."""
    if not isinstance(item, dict):
        return None
    return next((key for key in (_AT_ROOT if root else ("id",)) if isinstance(item.get(key), str)), None)


def names(items: Sequence[Any], *, root: bool) -> list[str | int]:
    """How places call the items of a list: `#` and the name, or the position of what has none of its own."""
    keys = [naming_key(item, root=root) for item in items]
    told = [f"#{item[key]}" if key else None for item, key in zip(items, keys, strict=True)]
    first: dict[str | None, int] = {}
    return [
        name if name is not None and first.setdefault(name, number) == number else number
        for number, name in enumerate(told)
    ]


def parts(value: Any, *, root: bool) -> list[str | int]:
    """How places call what stands in a mapping or list, in order; nothing for a scalar."""
    if isinstance(value, dict):
        return list(value)
    return names(value, root=root) if isinstance(value, list) else []


def position(value: Any, part: str | int, *, root: bool) -> int | None:
    """Where `part` stands among the entries of a mapping or list; None if nowhere."""
    if isinstance(value, dict):
        return list(value).index(part) if part in value and isinstance(part, str) else None
    if not isinstance(value, list):
        return None
    if isinstance(part, int):
        return part if 0 <= part < len(value) else None
    called = names(value, root=root)
    return called.index(part) if part in called else None


def entry(value: Any, number: int) -> Any:
    """The value of the entry of this number in a mapping or list."""
    return list(value.values())[number] if isinstance(value, dict) else value[number]


def find(value: Any, place: Place) -> Any:
    """What stands at `place`, or ABSENT."""
    for depth, part in enumerate(place):
        number = position(value, part, root=depth == 0)
        if number is None:
            return ABSENT
        value = entry(value, number)
    return value


def numbered(value: Any, place: Place) -> Place:
    """The place as keys and numbers alone, as app.flow.source tells it; what is not there is left out."""
    found: list[str | int] = []
    for depth, part in enumerate(place):
        number = position(value, part, root=depth == 0)
        if number is None:
            break
        found.append(part if isinstance(value, dict) else number)
        value = entry(value, number)
    return tuple(found)


def container_for(part: str | int) -> dict[str, Any] | list[Any]:
    """What must be there for `part` to be put in: a list for a number or `#id`, else a mapping."""
    return [] if isinstance(part, int) or part.startswith("#") else {}


def edited(before: Any, edit: Inside) -> Any:
    """What a file says after `edit`, which said `before`. Raises DoesNotFit."""
    after = deepcopy(before)
    if isinstance(edit, SetValue):
        return _set(after, edit)
    parent = find(after, edit.at[:-1])
    if parent is ABSENT:
        raise DoesNotFit(edit, "gone", edit.at[:-1])
    if isinstance(edit, Insert):
        return _insert(after, parent, edit)
    number = position(parent, edit.at[-1], root=len(edit.at) == 1)
    if number is None:
        raise DoesNotFit(edit, "gone", edit.at)
    if isinstance(edit, Remove):
        _remove(parent, number, edit)
    elif isinstance(edit, Move):
        _move(parent, number, edit)
    else:
        _rename(parent, number, edit)
    return after


def _replaced(whole: Any, place: Place, value: Any) -> Any:
    if not place:
        return value
    parent = find(whole, place[:-1])
    number = position(parent, place[-1], root=len(place) == 1)
    assert number is not None, "it was found before"
    parent[place[-1] if isinstance(parent, dict) else number] = value
    return whole


def _set(after: Any, edit: SetValue) -> Any:
    theirs = find(after, edit.at)
    if theirs is ABSENT and edit.was is ABSENT:
        return edited(after, Insert(edit.file, edit.at, edit.value))
    if theirs is ABSENT:
        raise DoesNotFit(edit, "gone", edit.at)
    if not same(theirs, edit.was) and not same(theirs, edit.value):
        raise DoesNotFit(edit, "changed", edit.at, theirs=theirs)
    return _replaced(after, edit.at, deepcopy(edit.value))


def place_among(parent: Any, edit: Insert | Move) -> int:
    """The number that the entry gets among its siblings, itself not counted. Raises DoesNotFit."""
    root = len(edit.at) == 1
    own = position(parent, edit.at[-1], root=root) if isinstance(edit, Move) else None
    if edit.after is None:
        return len(parent) - (own is not None)
    if edit.after == FIRST:
        return 0
    number = position(parent, edit.after, root=root)
    if number is None or number == own:
        raise DoesNotFit(edit, "gone", (*edit.at[:-1], edit.after))
    return number + 1 - (own is not None and own < number)


def _insert(after: Any, parent: Any, edit: Insert) -> Any:
    if parent is None:
        parent = container_for(edit.at[-1])
        after = _replaced(after, edit.at[:-1], parent)
    part, root = edit.at[-1], len(edit.at) == 1
    if not isinstance(parent, dict | list) or (isinstance(parent, dict) and not isinstance(part, str)):
        raise DoesNotFit(edit, "changed", edit.at[:-1], theirs=parent)
    there = position(parent, part, root=root) if isinstance(part, str) else None
    if there is not None:
        raise DoesNotFit(edit, "there_already", edit.at, theirs=entry(parent, there))
    number = place_among(parent, edit)
    if isinstance(parent, dict):
        _put(parent, str(part), deepcopy(edit.value), number)
    else:
        _fitting_item(edit, part, root=root)
        parent.insert(number, deepcopy(edit.value))
    return after


def _fitting_item(edit: Insert, part: str | int, *, root: bool) -> None:
    """An item that is named in the place must be called so itself."""
    key = naming_key(edit.value, root=root)
    if isinstance(part, str) and (key is None or f"#{edit.value[key]}" != part):
        raise DoesNotFit(edit, "not_written_so", edit.at, why="The item is not called as its place says.")


def _put(parent: dict[str, Any], key: str, value: Any, number: int) -> None:
    entries = list(parent.items())
    entries.insert(number, (key, value))
    parent.clear()
    parent.update(entries)


def _remove(parent: Any, number: int, edit: Remove) -> None:
    theirs = entry(parent, number)
    if not same(theirs, edit.was):
        raise DoesNotFit(edit, "changed", edit.at, theirs=theirs)
    del parent[list(parent)[number] if isinstance(parent, dict) else number]


def _move(parent: Any, number: int, edit: Move) -> None:
    target = place_among(parent, edit)
    if isinstance(parent, dict):
        key = list(parent)[number]
        _put(parent, key, parent.pop(key), target)
    else:
        parent.insert(target, parent.pop(number))


def _rename(parent: Any, number: int, edit: Rename) -> None:
    root = len(edit.at) == 1
    new = edit.name if isinstance(parent, dict) else f"#{edit.name}"
    there = position(parent, new, root=root)
    if there is not None and there != number:
        raise DoesNotFit(edit, "there_already", (*edit.at[:-1], new), theirs=entry(parent, there))
    if isinstance(parent, dict):
        value = parent.pop(list(parent)[number])
        _put(parent, edit.name, value, number)
        return
    key = naming_key(parent[number], root=root)
    if key is None:
        raise DoesNotFit(edit, "gone", edit.at)
    parent[number][key] = edit.name


def refuse_unsayable(edit: Edit, value: Any, place: Place) -> None:
    """Raises DoesNotFit for a value that is not made of what our YAML says."""
    if isinstance(value, dict):
        for key, each in value.items():
            if not isinstance(key, str):
                raise DoesNotFit(edit, "not_written_so", place, why="Every key is a text.")
            refuse_unsayable(edit, each, (*place, key))
    elif isinstance(value, list):
        for number, each in enumerate(value):
            refuse_unsayable(edit, each, (*place, number))
    elif value is not None and not isinstance(value, str | int):
        raise DoesNotFit(edit, "not_written_so", place, why=f"A {type(value).__name__} is not written.")
