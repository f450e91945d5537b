"""What in a definition depends on one of its entries: looked at before it is changed (A12)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from app.flow.catalogue import Catalogue, References
from app.flow.definition import Flow
from app.flow.replay.parts import references


@dataclass(frozen=True)
class Uses:
    """The guards that name an entry, and the states whose page or ways depend on it, in order."""

    guards: tuple[str, ...]
    states: tuple[str, ...]


def uses(flow: Flow, section: str, name: str, catalogue: Catalogue) -> Uses:
    """Who depends on the entry called `name` of a section; on a state those do that lead to it."""
    asking = [
        guard for guard, use in flow.guards.items() if _named(references(catalogue, use), section, name)
    ]
    asked = {*asking, name} if section == "guards" else set(asking)
    states = [state for state in flow.spec.states if _depends(flow, state, section, name, asked, catalogue)]
    return Uses(tuple(asking), tuple(states))


def _depends(flow: Flow, state: str, section: str, name: str, asked: set[str], catalogue: Catalogue) -> bool:
    spec, ways = flow.spec.states[state], flow.transitions[state]
    if section == "states":
        return state != name and any(way.dest == name for way in ways)
    if section == "fields" and name in spec.fields:
        return True
    kind = catalogue.kinds[spec.kind]
    if _named(_of_kind(kind.references, flow, state), section, name):
        return True
    return any(
        any(each.guard in asked for each in way.conditions)
        or any(each.argument == name for each in way.effects)
        for way in ways
    )


def _of_kind(hook: References | None, flow: Flow, state: str) -> Iterator[tuple[str, str]]:
    yield from hook(flow.kind_options[state]) if hook else ()


def _named(pairs: Iterable[tuple[str, str]], section: str, name: str) -> bool:
    """Whether one of (section, name) pairs is the entry, or a part of it: `registers.insured.columns`."""
    return any(
        (where, which) == (section, name) or where.startswith(f"{section}.{name}.") for where, which in pairs
    )
