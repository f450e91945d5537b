"""Which section the word at a place names: what a picker offers there."""

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel

from app.flow.catalogue import Catalogue, References
from app.flow.definition import FORM_VALID, SYSTEM_TRIGGERS
from app.flow.edit import Place, find
from app.flow.edit.refers import KEYS, VALUES
from app.flow.names import OTHER_SUBJECTS, bare
from app.flow.outline.things import Thing, offered

_COLUMN_LISTS = frozenset({"key", "search", "may_be_empty"})
_PROBE = "zz_a_name_nobody_has"

#: What one entry of a section is called, where options name it so: `register`, `budget`.
_SINGULAR = {"register": "registers", "budget": "budgets", "account": "accounts", "field": "fields"}


def section_named(thing: Thing, path: tuple[str, ...], catalogue: Catalogue, *, key: bool = False) -> str:
    """The section that the word (with `key` the key) at `path` below the thing names; empty for none."""
    place = (*thing.place, *path)
    for section, pattern in KEYS if key else VALUES:
        if len(pattern) == len(place) and all(
            one in {"*", part} for one, part in zip(pattern, place, strict=True)
        ):
            return section
    if thing.sort == "registers" and path[0] in _COLUMN_LISTS:
        return f"registers.{thing.place[1]}.columns"
    if path[0] == "requires" and thing.sort == "states":
        return "guards"
    return "" if key else _by_options(thing, path, catalogue)


def _by_options(thing: Thing, path: tuple[str, ...], catalogue: Catalogue) -> str:
    entry = offered(thing.sort, catalogue).get(thing.chosen or "")
    hook: References | None = getattr(entry, "references", None)
    own = path[1:] if thing.sort == "guards" else path
    if entry is not None and hook is not None and own:
        told = _probed(entry.options, hook)
        if own[0] in told:
            return told[own[0]]
    return _SINGULAR.get(own[-1], "") if own and thing.sort == "guards" and isinstance(own[-1], str) else ""


def _probed(options: type[BaseModel], hook: References) -> Mapping[str, str]:
    """By key, the section that the hook says it names, once that key holds a word nobody else has."""
    found: dict[str, str] = {}
    others = dict.fromkeys(options.model_fields, "")
    for attribute, info in options.model_fields.items():
        for shape in (_PROBE, (_PROBE,)):
            try:
                told = list(hook(options.model_construct(None, **{**others, attribute: shape})))
            except (AttributeError, TypeError, ValueError, KeyError):
                continue  # options made of more than names
            section = next((section for section, name in told if name == _PROBE), None)
            if section is not None:
                found.setdefault(info.alias or attribute, section)
    return found


def names_in(flow: Any, section: str, catalogue: Catalogue) -> list[str]:
    """The names that a section of flow.yaml declares, as it is written."""
    declared = find(flow, tuple(section.split(".")))
    names = [name for name in declared if isinstance(name, str)] if isinstance(declared, dict) else []
    if section == "guards":
        names += [name for name, each in catalogue.guards.items() if name not in names and bare(each)]
    return names


def subjects(flow: Any, catalogue: Catalogue) -> list[str]:
    """What a budget may count."""
    return [*names_in(flow, "fields", catalogue), *sorted(OTHER_SUBJECTS)]


def answers(flow: Any, guard: str, fields: list[str], catalogue: Catalogue) -> list[str]:
    """What a guard may answer on a page that asks `fields`: yes, no, its reasons."""
    use = find(flow, ("guards", guard))
    name = next(iter(use), guard) if isinstance(use, dict) else guard
    known = catalogue.guards.get(str(name))
    if known is None:
        return ["yes", "no"]
    told = [*known.reasons, *(_of_fields(flow, fields, catalogue) if known.name == FORM_VALID else [])]
    unavailable = ["unavailable"] if known.may_be_unavailable else []
    return list(dict.fromkeys(["yes", "no", *unavailable, *told]))


def _of_fields(flow: Any, fields: list[str], catalogue: Catalogue) -> list[str]:
    types = [catalogue.field_types.get(str(find(flow, ("fields", each, "type")))) for each in fields]
    return [reason for each in types if each for reason in each.reasons]


def orders(flow: Any, place: Place, catalogue: Catalogue) -> list[str]:
    """What a way at this place may order: `send phone_code`."""
    found = []
    for name, effect in sorted(catalogue.effects.items()):
        sections = [effect.section] if isinstance(effect.section, str) else list(effect.section or ())
        if not sections:
            found.append(name)
        for section in sections:
            things = (
                _ways_beside(flow, place) if section == "transitions" else names_in(flow, section, catalogue)
            )
            found += [f"{name} {each}" for each in things]
    return found


def _ways_beside(flow: Any, place: Place) -> list[str]:
    state = find(flow, place[:2]) if place and place[0] == "states" else None
    every = [find(flow, ("everywhere",)), state.get("transitions") if isinstance(state, dict) else None]
    ways = [way for ways in every if isinstance(ways, list) for way in ways]
    return [way["id"] for way in ways if isinstance(way, dict) and isinstance(way.get("id"), str)]


def triggers(flow: Any, place: Place, catalogue: Catalogue) -> list[str]:
    """What may set off a way at this place: what the page raises, what others are called, the clock."""
    kind = catalogue.kinds.get(str(find(flow, (*place[:2], "kind")))) if place[:1] == ("states",) else None
    used = [each for each in _words_at(flow, "trigger") if isinstance(each, str)]
    return list(dict.fromkeys([*(kind.raises if kind else ()), *used, *sorted(SYSTEM_TRIGGERS)]))


def said(flow: Any, part: str) -> list[str]:
    """What ways of the flow say or tell already."""
    return list(dict.fromkeys(each for each in _words_at(flow, part) if isinstance(each, str)))


def _words_at(flow: Any, key: str) -> list[Any]:
    states = find(flow, ("states",))
    lists = [find(flow, ("everywhere",))]
    if isinstance(states, dict):
        lists += [state.get("transitions") for state in states.values() if isinstance(state, dict)]
    ways = [way for ways in lists if isinstance(ways, list) for way in ways if isinstance(way, dict)]
    return [way[key] for way in ways if key in way]
