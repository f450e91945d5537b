"""What is told of one place of a definition: a state, or the ways between two of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from app.flow.definition import Flow, Transition
from app.flow.diagram import Edge
from app.flow.spec import Back

UsedAs = Literal["initial", "link", "back", "everywhere"]


@dataclass(frozen=True)
class Use:
    """Where a state is named besides by the ways that lead to it: as what, and by the `name` of whom."""

    used_as: UsedAs
    name: str = ""


@dataclass(frozen=True)
class AboutState:
    """A state: its ways on in the order tried, those that lead here from elsewhere, who else names it."""

    name: str
    kind: str
    end: str | None
    fields: tuple[str, ...]
    ways: tuple[Transition, ...]
    comes_from: tuple[Transition, ...]
    uses: tuple[Use, ...]


def about_state(flow: Flow, state: str) -> AboutState:
    """What the definition says of `state`; KeyError if there is none."""
    spec = flow.state(state)
    every = (way for ways in flow.transitions.values() for way in ways)
    return AboutState(
        name=state,
        kind=spec.kind,
        end=spec.end,
        fields=tuple(spec.fields),
        ways=flow.transitions[state],
        comes_from=tuple(way for way in every if way.dest == state != way.source),
        uses=tuple(_uses(flow, state)),
    )


def _uses(flow: Flow, state: str) -> Iterator[Use]:
    if flow.spec.initial == state:
        yield Use("initial")
    for name, link in flow.spec.links.items():
        if link.page == state:
            yield Use("link", name)
    for name, other in flow.spec.states.items():
        if isinstance(other.back, Back) and other.back.to == state:
            yield Use("back", name)
    for way in flow.spec.everywhere:
        if way.dest == state:
            yield Use("everywhere", way.id)


def edge_of(edges: tuple[Edge, ...], way: str) -> int | None:
    """The number of the edge on which the transition `state.id` stands; None if there is none."""
    for number, edge in enumerate(edges):
        if any(f"{each.source}.{each.id}" == way for each in edge.ways):
            return number
    return None
