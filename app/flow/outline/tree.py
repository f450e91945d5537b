"""The outline of a flow: its things in their order, ways on below their states."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from app.flow.edit import Place, find
from app.flow.edit.model import parts
from app.flow.outline.places import address, name_of
from app.flow.outline.things import LISTS, SECTIONS


@dataclass(frozen=True)
class Node:
    """One thing: `says` is what is told of it beside its name, `inner` its ways on."""

    place: Place
    name: str
    says: str = ""
    inner: tuple["Node", ...] = ()

    @property
    def at(self) -> str:
        """Its address."""
        return address(self.place)


@dataclass(frozen=True)
class Branch:
    """A section with its things."""

    section: str
    nodes: tuple[Node, ...]

    @property
    def at(self) -> str:
        """Its address."""
        return self.section


def tree(flow: Any) -> list[Branch]:
    """Every section, those that are empty as well, as a thing may be added."""
    return [Branch(section, tuple(_nodes(flow, section))) for section in SECTIONS]


def _nodes(flow: Any, section: str) -> Iterator[Node]:
    things = find(flow, (section,))
    if not isinstance(things, list if section in LISTS else dict):
        return
    for part, value in zip(parts(things, root=False), _values(things), strict=True):
        place: Place = (section, part)
        inner = tuple(_ways(value, place)) if section == "states" else ()
        yield Node(place, _called(place, value), _says(section, value), inner)


def _ways(state: Any, place: Place) -> Iterator[Node]:
    ways = state.get("transitions") if isinstance(state, dict) else None
    if not isinstance(ways, list):
        return
    for part, value in zip(parts(ways, root=False), ways, strict=True):
        here = (*place, "transitions", part)
        yield Node(here, _called(here, value), _says("transitions", value))


def _values(things: Any) -> list[Any]:
    return list(things.values()) if isinstance(things, dict) else list(things)


def _called(place: Place, value: Any) -> str:
    if isinstance(place[-1], int):
        told = value.get("rule") if isinstance(value, dict) else None
        number = str(place[-1] + 1)
        return f"{number}: {told} {value.get('at', '')}" if isinstance(told, str) else number
    return name_of(place)


_TOLD = {"states": "kind", "fields": "type", "transitions": "dest", "everywhere": "dest", "codes": "channel"}


def _says(section: str, value: Any) -> str:
    if not isinstance(value, dict):
        return ""
    word = next(iter(value), "") if section == "guards" else value.get(_TOLD.get(section, ""), "")
    return word if isinstance(word, str) else ""
