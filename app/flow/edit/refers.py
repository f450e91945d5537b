"""Where a name of a definition is used: in flow.yaml, in the texts, in scenarios and in safety rules.

The files are looked at as they are written, so that a draft with mistakes elsewhere can be asked as well.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from app.flow.edit.beside import in_safety, in_scenarios, in_texts, in_translated
from app.flow.edit.hooks import in_options
from app.flow.edit.wanted import Reference, Wanted, effect_names, listed, match, register_of
from app.flow.names import NAMED
from app.flow.source import Path
from app.flow.translated import TRANSLATED

#: The files beside those of a version that name things of it.
SCENARIOS, SAFETY = "scenarios.yaml", "safety.yaml"

_WAYS = (("states", "*", "transitions", "*"), ("everywhere", "*"))

#: Where the word at a place names something of a section.
VALUES: tuple[tuple[str, Path], ...] = (
    ("states", ("initial",)),
    ("states", ("states", "*", "back", "to")),
    ("fields", ("states", "*", "fields", "*")),
    ("fields", ("accounts", "*", "customer", "*")),
    ("fields", ("accounts", "*", "consents", "*")),
    ("fields", ("accounts", "*", "customer_name")),
    ("codes", ("accounts", "*", "confirm")),
    *((of, (section, "*", part)) for section, part, of in NAMED),
    *(("states", (*way, "dest")) for way in _WAYS),
    *(("guards", (*way, part, "*")) for way in _WAYS for part in ("conditions", "unless")),
)
#: Where the key at a place does.
KEYS: tuple[tuple[str, Path], ...] = (
    ("fields", ("budgets", "*", "per", "*")),
    ("fields", ("fields", "*", "when", "*")),
    *(("guards", (*way, part, "*", "*")) for way in _WAYS for part in ("conditions", "unless")),
)
_COLUMN_LISTS = ("key", "search", "may_be_empty")


def references(said: Mapping[str, Any], wanted: Wanted) -> Iterator[Reference]:
    """Everything in the files, told by what they say, that refers to the name."""
    for file, value in said.items():
        if file == "flow.yaml":
            yield from _in_flow(file, wanted)
        elif file.startswith("texts."):
            yield from in_texts(file, value, wanted)
        elif file == TRANSLATED:
            yield from in_translated(file, value, wanted)
        elif file == SAFETY:
            yield from in_safety(file, value, wanted)
        elif file == SCENARIOS:
            yield from in_scenarios(file, value, wanted)


def _in_flow(file: str, wanted: Wanted) -> Iterator[Reference]:
    yield from listed(file, wanted.flow, wanted, VALUES, KEYS)
    register = register_of(wanted.section)
    for part in _COLUMN_LISTS if register else ():
        for path, value in match(wanted.flow, ("registers", register or "", part, "*")):
            if value == wanted.name:
                yield Reference(file, path)
    for way in _WAYS:
        for path, order in match(wanted.flow, (*way, "effects", "*")):
            verb, _, argument = order.partition(" ") if isinstance(order, str) else ("", "", "")
            if argument == wanted.name and effect_names(wanted, verb, path):
                yield Reference(file, path, before=f"{verb} ")
    yield from in_options(file, wanted)
