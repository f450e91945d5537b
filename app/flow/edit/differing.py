"""What was done to a file, as edits: from what it said before and what it says now."""

import json
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from typing import Any

from app.flow.alike import opcodes
from app.flow.edit.edits import (
    FIRST,
    AddFile,
    Edit,
    Insert,
    Inside,
    Move,
    Place,
    Remove,
    RemoveFile,
    Rename,
    ReplaceText,
    SetValue,
)
from app.flow.edit.model import names, same
from app.flow.source import Unreadable, read


def changes(before: Mapping[str, str], after: Mapping[str, str]) -> list[Edit]:
    """The edits that turn what the files said into what they say now, in an order in which they can be made.

    Comments and layout count for nothing, but in a file that one of the sides cannot read: its text is
    replaced as a whole.
    """
    found: list[Edit] = []
    for file in sorted({*before, *after}):
        if file not in after:
            found.append(RemoveFile(file))
        elif file not in before:
            found.append(AddFile(file, after[file]))
        elif before[file] != after[file]:
            found += _changed(file, before[file], after[file])
    return found


def _changed(file: str, before: str, after: str) -> Iterator[Edit]:
    try:
        old, new = read(before, file).data, read(after, file).data
    except Unreadable:
        yield ReplaceText(file, after)
        return
    yield from differences(file, old, new)


def differences(file: str, old: Any, new: Any, at: Place = (), *, by_name: bool = True) -> Iterator[Inside]:
    """The edits that make `new` of what stood at `at`, which was `old`.

    A list whose items have no names is one value; without `by_name` the items of every list are told by
    number, one after another, so that as much of the text as can be stays.
    """
    if same(old, new):
        return
    if isinstance(old, dict) and isinstance(new, dict):
        yield from _of_mappings(file, old, new, at, by_name)
    elif not isinstance(old, list) or not isinstance(new, list):
        yield SetValue(file, at, new, old)
    elif by_name and _named(old, at) and _named(new, at):
        yield from _of_named(file, old, new, at)
    elif by_name or not (old and new):
        yield SetValue(file, at, new, old)
    else:
        yield from _of_lists(file, old, new, at)


def _named(items: list[Any], at: Place) -> bool:
    return all(isinstance(name, str) for name in names(items, root=not at))


def _of_mappings(
    file: str, old: dict[str, Any], new: dict[str, Any], at: Place, by_name: bool
) -> Iterator[Inside]:
    renamed = _renamed(old, new)
    for before, after in renamed.items():
        yield Rename(file, (*at, before), after)
    there = {renamed.get(key, key): value for key, value in old.items()}
    yield from _of_siblings(file, there, new, at)
    for key, value in new.items():
        if key in there:
            yield from differences(file, there[key], value, (*at, key), by_name=by_name)


def _of_named(file: str, old: list[Any], new: list[Any], at: Place) -> Iterator[Inside]:
    before = {str(name): item for name, item in zip(names(old, root=not at), old, strict=True)}
    after = {str(name): item for name, item in zip(names(new, root=not at), new, strict=True)}
    yield from _of_siblings(file, before, after, at)
    for name, item in after.items():
        if name in before:
            yield from differences(file, before[name], item, (*at, name))


def _renamed(old: dict[str, Any], new: dict[str, Any]) -> dict[str, str]:
    """Keys that went, by those that came with the same mapping behind them."""
    gone, came = _by_content(old, new), _by_content(new, old)
    return {
        keys[0]: came[said][0] for said, keys in gone.items() if len(keys) == len(came.get(said, ())) == 1
    }


def _by_content(here: dict[str, Any], there: dict[str, Any]) -> dict[str, list[str]]:
    """The keys that only `here` has, those with a mapping that says something, by what it says."""
    found: dict[str, list[str]] = {}
    for key, value in here.items():
        if key not in there and isinstance(value, dict) and value:
            found.setdefault(_exactly(value), []).append(key)
    return found


def _of_siblings(file: str, old: dict[str, Any], new: dict[str, Any], at: Place) -> Iterator[Inside]:
    """Which go, come and change places; what is inside those that stay is left alone."""
    for key, value in old.items():
        if key not in new:
            yield Remove(file, (*at, key), value)
    stay = _longest_in_order([key for key in old if key in new], list(new))
    before: str | int = FIRST
    for key, value in new.items():
        if key not in old:
            yield Insert(file, (*at, key), value, before)
        elif key not in stay:
            yield Move(file, (*at, key), before)
        before = key


def _longest_in_order(keys: list[str], order: list[str]) -> set[str]:
    """The most of `keys` that stand in the order of `order` already."""
    rank = {key: number for number, key in enumerate(order)}
    ends: list[int] = []  # the least rank with which a row of this length ends, so far
    last: list[str] = []
    before: dict[str, str | None] = {}
    for key in keys:
        length = bisect_left(ends, rank[key])
        before[key] = last[length - 1] if length else None
        ends[length : length + 1], last[length : length + 1] = [rank[key]], [key]
    stay: set[str] = set()
    here = last[-1] if last else None
    while here is not None:
        stay.add(here)
        here = before[here]
    return stay


def _of_lists(file: str, old: list[Any], new: list[Any], at: Place) -> Iterator[Inside]:
    """From the end on, so that the numbers before stay what they were."""
    before, after = [list(map(_exactly, items)) for items in (old, new)]
    for _, start, stop, begin, end in reversed(opcodes(before, after)):
        shared = min(stop - start, end - begin)
        for number in reversed(range(start + shared, stop)):
            yield Remove(file, (*at, number), old[number])
        for number in reversed(range(begin + shared, end)):
            follows = start + shared - 1
            yield Insert(file, (*at, follows + 1), new[number], follows)
        for number in reversed(range(shared)):
            was, value = old[start + number], new[begin + number]
            yield from differences(file, was, value, (*at, start + number), by_name=False)


def _exactly(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
