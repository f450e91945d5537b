"""Whether somebody who stands in a state of one version can go on in a state of another (A21, F22)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, get_args

from app.flow.catalogue import Catalogue
from app.flow.definition import Flow
from app.flow.findings import nearest
from app.flow.lint.given import known_at
from app.flow.lint.scene import Scene
from app.flow.spec import StateSpec

#: Why a run does not go on there. `left`: nobody wants it moved; `no_state`: there is no such state;
#: `other_kind`: it is of another kind; `unproven`: it wants something shown that was not asked for before;
#: `..._differs`: what was sent or is spoken of is declared otherwise; `field_missing`, `field_type`: an
#: answer is lacking, or would be none; `erased`, `over`: of the run itself; `moved_on`: it has taken a step
#: since one looked.
Obstacle = Literal[
    "left",
    "no_state",
    "other_kind",
    "unproven",
    "code_differs",
    "link_differs",
    "card_differs",
    "account_differs",
    "field_missing",
    "field_type",
    "erased",
    "over",
    "moved_on",
]
OBSTACLES: tuple[Obstacle, ...] = get_args(Obstacle)

_DIFFERS: Mapping[str, Obstacle] = {
    "codes": "code_differs",
    "links": "link_differs",
    "cards": "card_differs",
    "accounts": "account_differs",
}
#: What of a declaration makes what was sent, or is spoken of, another thing; limits are none of it.
_MATTERS: Mapping[str, tuple[str, ...]] = {
    "codes": ("channel", "to", "alphabet", "length", "typed_length"),
    "links": ("channel", "to"),
    "cards": ("facts", "subject", "holder", "number", "valid_until"),
    "accounts": ("username", "password", "customer", "customer_name", "sole", "confirm", "consents"),
}


@dataclass(frozen=True)
class Hindrance:
    """Why not, and of what: the name of a state, guard, code, field …; empty for the run itself."""

    why: Obstacle
    name: str = ""


class WrongMapping(Exception):
    """The mapping names a state that is not there: `name`, in the `old` version or in the new one."""

    def __init__(self, name: str, old: bool, near: str | None) -> None:
        super().__init__(name)
        self.name, self.old, self.near = name, old, near


@dataclass(frozen=True)
class Course:
    """From one version to another: `mapping` names the new state of an old one; others keep their name.

    An empty name leaves whoever stands there where they are.
    """

    old: Flow
    new: Flow
    mapping: Mapping[str, str]
    catalogue: Catalogue

    def check(self) -> None:
        """Raise WrongMapping for a name that no state has."""
        for was, goes in self.mapping.items():
            for name, flow in ((was, self.old), (goes, self.new)):
                if name and name not in flow.spec.states:
                    raise WrongMapping(name, flow is self.old, nearest(name, flow.spec.states))

    def leads(self, state: str) -> str:
        """Where somebody goes on who stands in `state`; whether there is such a state is another question."""
        return self.mapping.get(state, state)

    def hindered(self, state: str) -> Hindrance | None:
        """What hinders everybody who stands in `state`; None where nothing does."""
        if state not in self._hindered:
            self._hindered[state] = next(self._hindrances(state), None)
        return self._hindered[state]

    def unlike(self, section: str, name: str) -> bool:
        """Whether what is called so in a section of the grammar means another thing in the new version."""
        before, after = (getattr(flow.spec, section).get(name) for flow in (self.old, self.new))
        if before is None or after is None:
            return True
        if section == "links" and self.leads(before.page) != after.page:
            return True
        return any(getattr(before, key) != getattr(after, key) for key in _MATTERS[section])

    def unlike_field(self, name: str) -> bool:
        """Whether an answer given to the field so called may be none in the new version."""
        before, after = self.old.spec.fields.get(name), self.new.spec.fields[name]
        same = before is not None and (before.type, before.data_class) == (after.type, after.data_class)
        return not same or self.old.field_options.get(name) != self.new.field_options.get(name)

    def newly_known(self, state: str) -> frozenset[str]:
        """The fields that are known in the new state, secrets and what may be left out apart, and were not
        certain to be known in the old one."""
        if state not in self._known:
            self._known[state] = frozenset(self._known_now(state))
        return self._known[state]

    def _known_now(self, state: str) -> Iterator[str]:
        asked = known_at(Scene(self.old, self.catalogue, {}), state)
        before = {name for name in asked if not self.old.spec.fields[name].optional}
        for name in known_at(Scene(self.new, self.catalogue, {}), self.leads(state)) - before:
            spec = self.new.spec.fields[name]
            if spec.data_class != "secret" and not spec.optional:
                yield name

    @cached_property
    def unlike_fields(self) -> frozenset[str]:
        """The fields of the new version that mean another thing, or are new."""
        return frozenset(name for name in self.new.spec.fields if self.unlike_field(name))

    @cached_property
    def _hindered(self) -> dict[str, Hindrance | None]:
        return {}

    @cached_property
    def _known(self) -> dict[str, frozenset[str]]:
        return {}

    def _hindrances(self, state: str) -> Iterator[Hindrance]:
        goes = self.leads(state)
        if not goes:
            yield Hindrance("left")
            return
        if goes not in self.new.spec.states:
            yield Hindrance("no_state", goes)
            return
        before, after = self.old.state(state), self.new.state(goes)
        if before.kind != after.kind:
            yield Hindrance("other_kind", after.kind)
        for guard in after.requires:
            if guard not in before.requires or self._guard_differs(guard):
                yield Hindrance("unproven", guard)
        was = _spoken_of(self.old, self.catalogue, state)
        for section, name in sorted(_spoken_of(self.new, self.catalogue, goes)):
            if (section, name) not in was or self.unlike(section, name):
                yield Hindrance(_DIFFERS[section], name)

    def _guard_differs(self, name: str) -> bool:
        before, after = self.old.guards.get(name), self.new.guards.get(name)
        if before is None or after is None:
            return True
        return (before.guard, before.options) != (after.guard, after.options)


def _spoken_of(flow: Flow, catalogue: Catalogue, state: str) -> set[tuple[str, str]]:
    """What the page of a state shows of things sent or made before, and what its ways judge of such."""
    kind = catalogue.kinds[flow.state(state).kind]
    found = set(kind.references(flow.kind_options[state]) if kind.references else ())
    for way in flow.transitions[state]:
        for condition in way.conditions:
            use = flow.guards[condition.guard]
            hook = catalogue.guards[use.guard].references
            pairs = hook(use.options) if hook else ()
            found |= {pair for pair in pairs if pair[0] in {"codes", "links"}}
    return {(section, name) for section, name in found if section in _DIFFERS}


def _asks_alike(one: StateSpec, other: StateSpec) -> bool:
    told = [(each.fields, each.options, [way.id for way in each.transitions]) for each in (one, other)]
    return told[0] == told[1]


def suggested(course: Course, renamed: Mapping[str, str]) -> dict[str, str]:
    """For each old state that the new version has not, the new one that it probably is.

    `renamed` are names that an analyst changed; else it is the one new state that asks the same and has the
    same ways on, or has a name much alike and is of the same kind.
    """
    old, new = course.old.spec.states, course.new.spec.states
    found = {}
    for state in old.keys() - new.keys():
        alike = [name for name, spec in new.items() if name not in old and spec.kind == old[state].kind]
        same = [name for name in alike if _asks_alike(old[state], new[name])]
        only = same[0] if len(same) == 1 else nearest(state, alike)
        goes = renamed.get(state) if renamed.get(state) in new else only
        if goes is not None:
            found[state] = goes
    return found
