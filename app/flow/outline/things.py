"""What stands at a place of flow.yaml, and of which parts the grammar makes it: the keys it may have."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from app.flow.catalogue import Catalogue
from app.flow.edit import ABSENT, Place, find
from app.flow.spec import (
    AccountSpec,
    BudgetSpec,
    CardSpec,
    CodeSpec,
    FieldSpec,
    FlowSpec,
    LinkSpec,
    NoticeSpec,
    RegisterSpec,
    StateSpec,
    TransitionSpec,
    WaiverSpec,
)

#: Sections in the order of the outline, with what each entry is made of; guards are told by the catalogue.
SECTIONS: Final[Mapping[str, type[BaseModel] | None]] = {
    "states": StateSpec,
    "everywhere": TransitionSpec,
    "fields": FieldSpec,
    "codes": CodeSpec,
    "links": LinkSpec,
    "guards": None,
    "registers": RegisterSpec,
    "budgets": BudgetSpec,
    "cards": CardSpec,
    "accounts": AccountSpec,
    "notices": NoticeSpec,
    "waivers": WaiverSpec,
}
#: Sections whose entries stand in a list.
LISTS = frozenset({"everywhere", "waivers"})

#: Sections whose entries are of a sort of the catalogue, named by this key.
CHOSEN_BY = {"states": "kind", "fields": "type"}

#: Keys that are told elsewhere in the outline: the name of the thing, ways on, the sections.
_ELSEWHERE: Mapping[type[BaseModel], frozenset[str]] = {
    FlowSpec: frozenset({"flow", *SECTIONS}),
    StateSpec: frozenset({"transitions"}),
    TransitionSpec: frozenset({"id"}),
}


@dataclass(frozen=True)
class Part:
    """A key that a thing may have, at `path` below it."""

    path: tuple[str, ...]
    attribute: str
    info: FieldInfo
    model: type[BaseModel]


@dataclass(frozen=True)
class Thing:
    """What stands at `place`: `value` as written, ABSENT for one that is to be added.

    `sort` is the section's name, `transitions` for ways on of a state, `flow` for the whole flow. `chosen` is
    the kind, field type or guard of the catalogue, None where there is none or none of this name.
    """

    place: Place
    sort: str
    value: Any
    chosen: str | None
    parts: tuple[Part, ...]


def sort_at(place: Place) -> str | None:
    """What a thing at the place would be; None where the outline has no things."""
    if not place:
        return "flow"
    if len(place) == 2 and place[0] in SECTIONS:
        return str(place[0])
    if len(place) == 4 and place[0] == "states" and place[2] == "transitions":
        return "transitions"
    return None


def thing_at(flow: Any, place: Place, catalogue: Catalogue) -> Thing | None:
    """The thing at a place of what flow.yaml says; None if nothing stands there."""
    sort, value = sort_at(place), find(flow, place)
    if sort is None or value is ABSENT:
        return None
    return thing_of(sort, place, value, chosen_of(sort, value), catalogue)


def new_thing(place: Place, chosen: str | None, catalogue: Catalogue) -> Thing | None:
    """A thing that is not there yet, of a sort of the catalogue where there are several."""
    sort = sort_at(place)
    return None if sort in {None, "flow"} else thing_of(str(sort), place, ABSENT, chosen, catalogue)


def thing_of(sort: str, place: Place, value: Any, chosen: str | None, catalogue: Catalogue) -> Thing:
    """The thing with the parts that its sort and what is chosen of the catalogue give it."""
    return Thing(place, sort, value, chosen, tuple(_parts(sort, chosen, catalogue)))


def chosen_of(sort: str, value: Any) -> str | None:
    """The word of the catalogue that an entry names as its kind, type or guard."""
    if sort == "guards":
        return next(iter(value), None) if isinstance(value, dict) and len(value) == 1 else None
    word = value.get(CHOSEN_BY.get(sort, "")) if isinstance(value, dict) else None
    return word if isinstance(word, str) else None


def offered(sort: str, catalogue: Catalogue) -> Mapping[str, Any]:
    """What of the catalogue an entry of a section may be; empty where there is no such choice."""
    found: Mapping[str, Mapping[str, Any]] = {
        "states": catalogue.kinds,
        "fields": catalogue.field_types,
        "guards": catalogue.guards,
    }
    return found.get(sort, {})


def _parts(sort: str, chosen: str | None, catalogue: Catalogue) -> Iterator[Part]:
    own = TransitionSpec if sort == "transitions" else FlowSpec if sort == "flow" else SECTIONS[sort]
    entry = offered(sort, catalogue).get(chosen or "")
    if own is not None:
        yield from _keys(own, ())
    if entry is not None:
        yield from _keys(entry.options, (str(chosen),) if sort == "guards" else ())


def _keys(model: type[BaseModel], below: tuple[str, ...]) -> Iterator[Part]:
    for attribute, info in model.model_fields.items():
        key = info.alias or attribute
        if key not in _ELSEWHERE.get(model, ()):
            yield Part((*below, key), attribute, info, model)
