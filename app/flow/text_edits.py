"""Edits of a definition's words: a text in one language, and the note of which source it was made from."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any

from app.flow.edit import FIRST, AddFile, Edit, Insert, Remove, SetValue
from app.flow.source import read
from app.flow.texts import file_of
from app.flow.translated import HEAD, TRANSLATED, Wording, source_hash, wording
from app.flow.wording import Mark, TextChange


def edits_for(
    files: Mapping[str, str], changes: Sequence[TextChange] = (), marks: Collection[Mark] = ()
) -> list[Edit]:
    """The edits that make these changes and notes, in the order in which they are to be made.

    A changed translation is noted as made from the source as it will read. Where the source changes, what
    nobody noted yet is noted as made from the old one, so that it shows as older. Raises source.Unreadable
    as `wording` does.
    """
    there = wording(files)
    after = {change.key: change.words for change in changes if change.language == there.source}
    notes = dict(_notes(there, changes, marks, after))
    found: list[Edit] = []
    for language in dict.fromkeys(change.language for change in changes):
        file = _File(file_of(language), files)
        for change in changes:
            if change.language == language:
                found += _worded(file, there, change)
    noted = _File(TRANSLATED, files, HEAD)
    order = list(there.words(there.source)) + [key for key in after if key not in there.words(there.source)]
    for (language, key), made in notes.items():
        if there.translated.made_from(language).get(key) != made:
            found += noted.put((language, key), made, order)
    return found


def removals(files: Mapping[str, str], key: str) -> list[Edit]:
    """The edits that take a text out of every language, and what was noted of it. Raises as `wording`."""
    there = wording(files)
    found: list[Edit] = []
    for language, texts in there.texts.items():
        if key in texts.places:
            found.append(Remove(file_of(language), texts.places[key], texts.words[key]))
    for language in there.translations:
        if made := there.translated.made_from(language).get(key):
            found.append(Remove(TRANSLATED, (language, key), made))
    return found


def _notes(
    there: Wording, changes: Sequence[TextChange], marks: Collection[Mark], after: Mapping[str, str]
) -> Iterator[tuple[Mark, str]]:
    source = there.words(there.source)
    for key in after:
        for language in there.translations:
            unnoted = key not in there.translated.made_from(language)
            if unnoted and key in source and key in there.words(language):
                yield (language, key), source_hash(source[key])
    changed = [(each.language, each.key) for each in changes if each.language != there.source]
    for language, key in (*changed, *marks):
        words = after.get(key, source.get(key))
        if words is not None:
            yield (language, key), source_hash(words)


def _worded(file: "_File", there: Wording, change: TextChange) -> Iterator[Edit]:
    texts = there.texts.get(change.language)
    if texts is not None and change.key in texts.places:
        yield SetValue(file.name, texts.places[change.key], change.words, change.was)
        return
    model = there.texts.get(there.source)
    place = model.places.get(change.key) if model else None
    order = list(model.places.values()) if model else []
    yield from file.put(place or tuple(change.key.split(".")), change.words, order)


class _File:
    """A file of nested mappings while edits are made for it: what is there, and what will be."""

    def __init__(self, name: str, files: Mapping[str, str], empty: str = "") -> None:
        self.name = name
        self._missing = name not in files
        self._empty = empty
        self._data: Any = {} if self._missing else read(files[name], name).data or {}

    def put(self, place: tuple[str | int, ...], value: str, order: Sequence[Any]) -> Iterator[Edit]:
        """The edits that put `value` at `place`; a new key goes behind the one before it in `order`.

        `order` holds keys, or whole places as they stand in another file.
        """
        if self._missing:
            self._missing = False
            yield AddFile(self.name, self._empty)
        parent, depth = self._data, 0
        while depth < len(place) - 1 and isinstance(parent.get(place[depth]), dict):
            parent, depth = parent[place[depth]], depth + 1
        key, at = place[depth], place[: depth + 1]
        whole: Any = value
        for part in reversed(place[depth + 1 :]):
            whole = {part: whole}
        if depth == len(place) - 1 and key in parent:
            yield SetValue(self.name, at, whole, parent[key])
        else:
            yield Insert(self.name, at, whole, _behind(list(parent), at, order))
        parent[key] = deepcopy(whole)  # the edit keeps its own


def _behind(there: Sequence[str], at: tuple[str | int, ...], order: Sequence[Any]) -> str | int | None:
    """The sibling that stands before the new key in `order`; the end where none is known."""
    siblings = list(dict.fromkeys(_sibling(each, at) for each in order))
    if at[-1] not in siblings or not there:
        return None
    before = [each for each in siblings[: siblings.index(at[-1])] if each in there]
    return before[-1] if before else FIRST


def _sibling(each: Any, at: tuple[str | int, ...]) -> Any:
    """Which child of the parent of `at` something in the order is, or leads into; None for none."""
    if not isinstance(each, tuple):
        return each
    inside = len(each) >= len(at) and each[: len(at) - 1] == at[:-1]
    return each[len(at) - 1] if inside else None
