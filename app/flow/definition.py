"""A flow as the machine uses it: the grammar's words resolved, texts at hand, immutable."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel

from app.flow.spec import Back, FlowSpec, StateSpec, TransitionSpec
from app.flow.theme import Theme

#: Triggers no page raises: a clock, an opened link.
SYSTEM_TRIGGERS = frozenset({"expire", "open_link"})
FORM_VALID = "form_valid"

#: What a text leaves open: `{masked}`.
PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True)
class Condition:
    """One statement a transition asks for: the guard's name and the answer that fits.

    `wanted` is `yes`, `no`, `unavailable` or one of the guard's reason codes; `negated` comes from `unless`.
    """

    guard: str
    wanted: str = "yes"
    negated: bool = False

    def fits(self, answer: str, reason: str | None) -> bool:
        """Whether a verdict with this answer and reason satisfies the condition."""
        hit = self.wanted in {answer, reason}
        return hit is not self.negated


@dataclass(frozen=True)
class EffectOrder:
    """An effect and its argument, as written: `send card_link`."""

    effect: str
    argument: str | None = None

    @classmethod
    def parse(cls, text: str) -> "EffectOrder":
        """Split `verb object`; further words belong to the object."""
        verb, _, rest = text.partition(" ")
        return cls(verb, rest or None)


@dataclass(frozen=True)
class Transition:
    """One way on from one state."""

    id: str
    source: str
    trigger: str
    dest: str
    conditions: tuple[Condition, ...]
    effects: tuple[EffectOrder, ...] = ()
    say: str | None = None
    keep: str = "all"
    tell: str | None = None

    @classmethod
    def compile(cls, source: str, spec: TransitionSpec) -> "Transition":
        """The transition that `spec` describes, leaving `source`."""
        conditions = [Condition(*_atom(c)) for c in spec.conditions]
        conditions += [Condition(*_atom(c), negated=True) for c in spec.unless]
        orders = tuple(EffectOrder.parse(text) for text in spec.effects)
        return cls(
            spec.id, source, spec.trigger, spec.dest, tuple(conditions), orders, spec.say, tell=spec.tell
        )


def _atom(written: str | Mapping[str, str]) -> tuple[str, str]:
    if isinstance(written, str):
        return written, "yes"
    ((guard, wanted),) = written.items()
    return guard, wanted


def compile_transitions(spec: FlowSpec) -> dict[str, tuple[Transition, ...]]:
    """All ways on, by state, in the order in which they are tried.

    A state's own come first, then Back, then those that hold everywhere. A state that asks for fields and
    says nothing of `form_valid` stays on its page while the form is not well-formed.
    """
    return {name: tuple(_ways(spec, name, state)) for name, state in spec.states.items()}


def _ways(spec: FlowSpec, name: str, state: StateSpec) -> list[Transition]:
    if state.end:
        return [Transition.compile(name, t) for t in state.transitions]
    ways = [Transition.compile(name, t) for t in state.transitions]
    first = ways[0].trigger if ways else "submit"
    asked = {c.guard for way in ways if way.trigger == first for c in way.conditions}
    if state.fields and FORM_VALID not in asked:
        stay = Transition("malformed", name, first, name, (Condition(FORM_VALID, negated=True),))
        ways.insert(0, stay)
    if isinstance(state.back, Back):
        ways.append(Transition("back", name, "back", state.back.to, (), keep=state.back.keep))
    here = {way.id for way in ways}
    ways += [Transition.compile(name, t) for t in spec.everywhere if t.id not in here]
    return ways


@dataclass(frozen=True)
class GuardUse:
    """A guard of the catalogue with its options, under the name the definition gave it."""

    name: str
    guard: str
    options: BaseModel


@dataclass(frozen=True, eq=False)
class Flow:
    """One version of one flow.

    `texts` maps language to flat key (`states.form.title`) to text; `field_options` and `kind_options` hold
    the validated options by field and state name; `number` is 0 for a folder that is not published.
    """

    spec: FlowSpec
    transitions: Mapping[str, tuple[Transition, ...]]
    guards: Mapping[str, GuardUse]
    field_options: Mapping[str, BaseModel]
    kind_options: Mapping[str, BaseModel]
    texts: Mapping[str, Mapping[str, str]]
    theme: Theme
    digest: str
    number: int = 0
    files: Mapping[str, str] = field(default_factory=dict, repr=False, compare=False)

    @property
    def name(self) -> str:
        """The flow's name, its first path segment."""
        return self.spec.flow

    def state(self, name: str) -> StateSpec:
        """The state called `name`; KeyError if there is none."""
        return self.spec.states[name]

    def ways(self, state: str, trigger: str) -> tuple[Transition, ...]:
        """The transitions of `state` that `trigger` may take, in order."""
        return tuple(t for t in self.transitions[state] if t.trigger == trigger)

    def triggers(self, state: str) -> tuple[str, ...]:
        """The triggers `state` answers to, in the order written; the first is the default."""
        return tuple(dict.fromkeys(t.trigger for t in self.transitions[state]))

    def has_text(self, lang: str, key: str) -> bool:
        """Whether the flow words `key` in `lang`."""
        return key in self.texts[lang]

    def text(self, lang: str, key: str, **params: Any) -> str:
        """The words for `key` with `{placeholders}` filled; KeyError names a key that is not there.

        Placeholders are plain names: nothing in a text is ever evaluated.
        """
        words = self.texts[lang][key]
        return PLACEHOLDER.sub(lambda m: str(params.get(m[1], m[0])), words)
