"""Two versions on one picture: the states and ways of both, with marks for what came, went and changed.

A way that leads elsewhere stands in it twice: where it led, and where it leads. States of the old version
keep their places in the order, so that little moves when one more of them is added.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from app.flow.catalogue import Catalogue
from app.flow.definition import Flow, Transition
from app.flow.diagram import Diagram, Edge, Node, diagram, key_of
from app.flow.difference.change import Change
from app.flow.difference.consequences import used_up
from app.flow.replay.parts import references

Fate = Literal["added", "removed", "changed"]

#: What stands before the word of a mark: nobody has to tell colours apart.
SIGNS: Mapping[Fate, str] = {"added": "+", "removed": "−", "changed": "≠"}

_FEW = 5


@dataclass(frozen=True)
class Drawn:
    """One way as it stands on the picture: `key` names it there, `source` is where it starts."""

    key: str
    source: str
    way: Transition
    fate: Fate | None


@dataclass(frozen=True)
class Union:
    """Both versions at once; `fates` by state name and by `diagram.key_of`, all else is the same."""

    picture: Diagram
    fates: Mapping[str, Fate]

    def ways(self) -> list[Drawn]:
        """Every way on the picture once, edge by edge; one that holds everywhere is one."""
        drawn: dict[str, Drawn] = {}
        for edge in self.picture.edges:
            for way in edge.ways:
                key = key_of(way, edge.source)
                drawn.setdefault(key, Drawn(key, edge.source, way, self.fates.get(key)))
        return list(drawn.values())

    def notes(self, words: Mapping[Fate, str], counts: Mapping[str, int] | None = None) -> dict[str, str]:
        """What is written at what differs: sign and word, and behind them how many runs `counts` names.

        `counts` is by `state.id`; fewer than five are not told apart.
        """
        told = {name: f"{SIGNS[fate]} {words[fate]}" for name, fate in self.fates.items()}
        for drawn in self.ways():
            number = (counts or {}).get(f"{drawn.source}.{drawn.way.id}", 0)
            if number and drawn.fate and drawn.fate != "added":
                told[drawn.key] += f" ×{few(number)}"
        return told


def few(number: int) -> str:
    """A number of people as it is shown: small ones point at them."""
    return f"<{_FEW}" if 0 < number < _FEW else str(number)


def union(old: Flow, new: Flow, changes: Iterable[Change], catalogue: Catalogue) -> Union:
    """Both versions on one diagram; `changes` are their `differences`."""
    before, after = diagram(old), diagram(new)
    there, here = _keys(before), _keys(after)
    touched = (here.get(name) for change in changes for name in _touched(change, new, catalogue))
    fates: dict[str, Fate] = dict.fromkeys(filter(None, touched), "changed")
    fates |= dict.fromkeys(set(there.values()) - set(here.values()), "removed")
    fates |= dict.fromkeys(set(here.values()) - set(there.values()), "added")
    picture = Diagram(new.name, tuple(_nodes(before, after)), tuple(_edges(before, after)))
    return Union(picture, fates)


def _keys(picture: Diagram) -> dict[str, str]:
    """What stands on the picture under which name: what holds everywhere is one way there."""
    ways = {key_of(way): key_of(way, edge.source) for edge in picture.edges for way in edge.ways}
    return {**{node.name: node.name for node in picture.nodes}, **ways}


def _nodes(before: Diagram, after: Diagram) -> Iterator[Node]:
    now = {node.name: node for node in after.nodes}
    yield from (now.get(node.name, node) for node in before.nodes)
    there = {node.name for node in before.nodes}
    yield from (node for node in after.nodes if node.name not in there)


def _edges(before: Diagram, after: Diagram) -> Iterator[Edge]:
    gathered: dict[tuple[str, str], dict[str, Transition]] = {}
    for picture in (before, after):
        for edge in picture.edges:
            ways = gathered.setdefault((edge.source, edge.dest), {})
            # A way of both is shown as it is now.
            ways.update({key_of(way): way for way in edge.ways})
    yield from (Edge(*ends, tuple(ways.values())) for ends, ways in gathered.items())


def _touched(change: Change, new: Flow, catalogue: Catalogue) -> Iterator[str]:
    """The states and ways whose behaviour the change is about."""
    section, name = change.subject
    if section == "states":
        yield from _of_state(change, name, new)
    elif section == "fields":
        yield from (state for state, spec in new.spec.states.items() if name in spec.fields)
        yield from _by_guards(new, {(section, name)}, catalogue)
    elif section == "everywhere":
        yield from (key_of(way) for way in _ways(new) if way.id == change.path[1])
    elif section == "guards":
        yield from (key_of(way) for way in _ways(new) if any(each.guard == name for each in way.conditions))
    elif change.code in {"code_tries", "code_tries_locks"}:
        yield from map(key_of, used_up(new, name))
    elif name and change.code != "written_otherwise":
        yield from (key_of(way) for way in _ways(new) if any(each.argument == name for each in way.effects))
        yield from _by_guards(new, {(section, name)}, catalogue)
    elif change.code == "initial":
        yield str(change.new)


def _of_state(change: Change, name: str, new: Flow) -> Iterator[str]:
    match change.path:
        case ("states", _, "transitions", way, *_):
            yield from (key_of(each) for each in new.transitions.get(name, ()) if each.id == way)
        case ("states", _, *_) if "trigger" in change.params:
            yield from (key_of(each) for each in new.ways(name, change.params["trigger"]))
        case _:
            yield name


def _by_guards(new: Flow, wanted: set[tuple[str, str]], catalogue: Catalogue) -> Iterator[str]:
    """The ways that ask a guard whose options name one of the entries."""
    asking = {
        guard
        for guard, use in new.guards.items()
        if any(_entry(each) in wanted for each in references(catalogue, use))
    }
    for way in _ways(new):
        if any(each.guard in asking for each in way.conditions):
            yield key_of(way)


def _entry(reference: tuple[str, str]) -> tuple[str, str]:
    """`registers.insured.columns` is a part of the register."""
    section, name = reference
    return ("registers", section.split(".")[1]) if section.startswith("registers.") else (section, name)


def _ways(flow: Flow) -> Iterator[Transition]:
    for ways in flow.transitions.values():
        yield from ways
