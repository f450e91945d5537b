"""What every rule looks at: a flow, the catalogue behind it, and where things stand in its files."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from app.flow.catalogue import Catalogue, Guard, Kind
from app.flow.definition import Flow, Transition
from app.flow.findings import Finding
from app.flow.loader import FLOW
from app.flow.rules import finding
from app.flow.source import Path, Source
from app.flow.spec import FlowSpec, TransitionSpec
from app.flow.surroundings import Surroundings


@dataclass(frozen=True)
class Scene:
    """One flow under lint."""

    flow: Flow
    catalogue: Catalogue
    sources: Mapping[str, Source]
    surroundings: Surroundings | None = None

    @property
    def spec(self) -> FlowSpec:
        """The flow's grammar."""
        return self.flow.spec

    def found(self, rule: str, place: Path, **words: object) -> Finding:
        """The finding for a case of RULES at `place` in flow.yaml."""
        return self.found_in(FLOW, rule, place, words)

    def found_in(self, file: str, rule: str, place: Path, words: Mapping[str, object]) -> Finding:
        """The same at `place` in another file of the flow."""
        return finding(rule, self._source(file), place, **words)

    def line(self, place: Path) -> int:
        """The line of `place` in flow.yaml, from 1."""
        return self._source(FLOW).mark(place)[0]

    def _source(self, file: str) -> Source:
        return self.sources.get(file) or Source(file, None)

    def guard(self, name: str) -> Guard:
        """The catalogue's guard behind a name that conditions use."""
        return self.catalogue.guards[self.flow.guards[name].guard]

    def kind(self, state: str) -> Kind:
        """The kind of a state."""
        return self.catalogue.kinds[self.flow.state(state).kind]

    def place(self, way: Transition) -> Path:
        """Where a transition is written; that of its state for one that nobody wrote."""
        state: Path = ("states", way.source)
        own = _position(self.flow.state(way.source).transitions, way)
        if own is not None:
            return (*state, "transitions", own)
        if way.trigger == "back":
            return (*state, "back")
        shared = _position(self.spec.everywhere, way)
        return ("everywhere", shared) if shared is not None else state

    def shown(self, state: str, section: str) -> set[str]:
        """The names in `section` of FlowSpec that the options of a state's kind mention."""
        hook = self.kind(state).references
        pairs = hook(self.flow.kind_options[state]) if hook else ()
        return {word for where, word in pairs if where == section}

    @cached_property
    def _references(self) -> dict[str, Mapping[str, set[str]]]:
        return {}

    def references(self, section: str) -> Mapping[str, set[str]]:
        """By guard, the names its options mention in `section` of FlowSpec."""
        if section not in self._references:
            self._references[section] = self._mentioned(section)
        return self._references[section]

    def _mentioned(self, section: str) -> Mapping[str, set[str]]:
        found: dict[str, set[str]] = {}
        for name, use in self.flow.guards.items():
            hook = self.guard(name).references
            pairs = hook(use.options) if hook else ()
            found[name] = {word for where, word in pairs if where == section}
        return found


def _position(ways: list[TransitionSpec], way: Transition) -> int | None:
    named = ((number, each) for number, each in enumerate(ways) if each.id == way.id)
    return next((number for number, each in named if each.trigger == way.trigger), None)
