"""Which facts still matter in a state: those that some guard on the way from there may ask about.

Letting go of the others keeps the space small and changes nothing: no answer can depend on them any more.
"""

from collections.abc import Mapping

from app.flow.catalogue import Catalogue
from app.flow.definition import Flow
from app.flow.paths.facts import BY_LINK
from app.flow.paths.model import Facts


class Relevance:
    """The names of fields, codes, links and logins that count, by state of `flow`."""

    def __init__(self, flow: Flow, catalogue: Catalogue) -> None:
        asked = {state: _asked(flow, catalogue, state) for state in flow.spec.states}
        self._names = {state: _ahead(flow, state, asked) for state in flow.spec.states}

    def kept(self, state: str, facts: Facts) -> tuple[tuple[str, str], ...]:
        """The facts that count in `state`, by name."""
        names = self._names[state]
        return tuple(
            sorted(
                (name, value) for name, value in facts.items() if name == BY_LINK or name.split()[-1] in names
            )
        )


def _asked(flow: Flow, catalogue: Catalogue, state: str) -> set[str]:
    names: set[str] = set()
    for guard in {condition.guard for way in flow.transitions[state] for condition in way.conditions}:
        use = flow.guards.get(guard)
        references = catalogue.guards[use.guard].references if use else None
        # A guard that names nothing may still ask by which link somebody came.
        names |= {name for _, name in references(use.options)} if use and references else set(flow.spec.links)
    return names


def _ahead(flow: Flow, state: str, asked: Mapping[str, set[str]]) -> set[str]:
    """What is asked about in `state` and in every state beyond it."""
    reached, waiting = {state}, [state]
    while waiting:
        beyond = {way.dest for way in flow.transitions[waiting.pop()]} - reached
        reached |= beyond
        waiting += beyond
    return set().union(*(asked[each] for each in reached))
