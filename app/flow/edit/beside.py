"""Where the files beside flow.yaml use a name: texts, scenarios, safety rules."""

from collections.abc import Iterator
from typing import Any

from app.flow.edit.safety_words import said_in
from app.flow.edit.wanted import Reference, Wanted, effect_names, listed, match, register_of
from app.flow.source import Path

#: What the texts call by name: the section, and the first part of the keys.
_WORDED = {
    "states": "states",
    "fields": "fields",
    "codes": "messages",
    "links": "messages",
    "notices": "messages",
}


def in_texts(file: str, value: Any, wanted: Wanted) -> Iterator[Reference]:
    """Keys below the name, however they are nested: `states: {form: ...}`, `states.form.title: ...`."""
    first = _WORDED.get(wanted.section)
    if first is None or not isinstance(value, dict):
        return
    for key, inner in value.items():
        head, _, rest = key.partition(".")
        if head != first:
            continue
        if rest:
            yield from _text_key(file, (key,), f"{head}.", rest, wanted.name)
        elif isinstance(inner, dict):
            for name in inner:
                yield from _text_key(file, (key, name), "", name, wanted.name)


def in_translated(file: str, value: Any, wanted: Wanted) -> Iterator[Reference]:
    """The keys of those texts once more, below each language: from which words it was translated."""
    first = _WORDED.get(wanted.section)
    for path, _ in match(value, ("*", "*")) if first else ():
        head, _, rest = str(path[-1]).partition(".")
        if head == first:
            yield from _text_key(file, path, f"{head}.", rest, wanted.name)


def _text_key(file: str, path: Path, before: str, key: str, name: str) -> Iterator[Reference]:
    if key.partition(".")[0] == name:
        yield Reference(file, path, key=True, before=before, after=key[len(name) :], own=True)


def in_scenarios(file: str, value: Any, wanted: Wanted) -> Iterator[Reference]:
    """What steps and rows of scenarios name; answers stand under the names that pages post."""
    step, given = ("*", "steps", "*"), ("*", "given")
    register = register_of(wanted.section) or ""
    values = [("states", (*step, "at")), ("states", (*step, "then")), ("scenarios", ("*", "after"))]
    keys: list[tuple[str, Path]] = [("fields", (*step, "problems", "*"))]
    for part in ("registers", "also"):
        keys.append(("registers", (*given, part, "*")))
        keys.append((f"registers.{register}.columns", (*given, part, register, "*", "*")))
    yield from listed(file, value, wanted, values, keys)
    if wanted.section == "fields":
        for path, _ in match(value, (*step, "answers", "*")):
            after = str(path[-1]).removeprefix(wanted.name)
            if path[-1] == wanted.name + after and after in _suffixes(wanted):
                yield Reference(file, path, key=True, after=after)


def _suffixes(wanted: Wanted) -> tuple[str, ...]:
    """What a page puts behind the field's name for its boxes."""
    for _, sort in match(wanted.flow, ("fields", wanted.name, "type")):
        if field_type := wanted.catalogue.field_types.get(str(sort)):
            return ("", *field_type.suffixes)
    return ("",)


def in_safety(file: str, value: Any, wanted: Wanted) -> Iterator[Reference]:
    """What rules speak of."""
    for sort, path, key, word in said_in(value):
        if sort == wanted.section and word == wanted.name:
            yield Reference(file, path, key)
        elif sort == "order":
            verb, _, argument = word.partition(" ")
            if argument == wanted.name and effect_names(wanted, verb, ("",)):
                yield Reference(file, path, before=f"{verb} ")
        elif sort == "take":
            state, _, way = word.partition(".")
            if wanted.section == "states" and state == wanted.name:
                yield Reference(file, path, after=f".{way}")
            elif way == wanted.name and wanted.section in {f"states.{state}.transitions", "everywhere"}:
                yield Reference(file, path, before=f"{state}.")
