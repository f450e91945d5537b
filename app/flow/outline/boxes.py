"""A control with what stands in it: how a value is shown in its box, what was seen and typed."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.flow.edit import ABSENT, same
from app.flow.edit.write import Hand, entries, inline
from app.flow.findings import Finding
from app.flow.outline.controls import Control

#: What stands in a box: a line or several; of pairs (key, value); of `either` the word and the boxes below.
Raw = Any

#: What parts a guard from its answer in a picker.
SAYS: Final = "="

#: In `either`: as the boxes below say.
BELOW: Final = "…"


@dataclass(frozen=True)
class Box:
    """A control with what stands in it. `seen` is what its author saw, `value` what was typed.

    `problem` is what is wrong with it: a finding, or `needed`, `unseen`, `twice`. `theirs` is what somebody
    else wrote there meanwhile.
    """

    control: Control
    raw: Raw
    seen: Any = ABSENT
    value: Any = ABSENT
    problem: Finding | str | None = None
    theirs: Any = None
    clashes: bool = False

    @property
    def name(self) -> str:
        """How the box is called in the form."""
        return "/".join(self.control.path)

    @property
    def changed(self) -> bool:
        """Whether something else was typed than was seen."""
        return not alike(self.seen, self.value)

    @property
    def inner(self) -> list["Box"]:
        """The boxes below a mapping, with what was typed there."""
        return [Box(each, self.raw[1][each.key]) for each in self.control.inner]

    @property
    def seen_json(self) -> str:
        """What was seen, as the form carries it; empty for nothing."""
        return "" if self.seen is ABSENT else json.dumps(self.seen, ensure_ascii=False)


def alike(one: Any, other: Any) -> bool:
    """Whether the same is written, nothing counted."""
    if one is ABSENT or other is ABSENT:
        return one is other
    return same(one, other)


def box_of(control: Control) -> Box:
    """The box as the page first shows it."""
    return Box(control, shown(control, control.value), control.value, control.value)


def shown(control: Control, value: Any) -> Raw:
    """What stands in the box for a value."""
    if control.sort == "either":
        return _either_shown(control, value)
    if value is None or value is ABSENT:
        return [] if control.sort in MANY else ""
    return _SHOWN.get(control.sort, str)(value)


#: Controls of several rows.
MANY = frozenset({"rows", "pairs", "conditions"})


def _either_shown(control: Control, value: Any) -> Raw:
    below = value if isinstance(value, dict) else {}
    word = BELOW if isinstance(value, dict) else value if isinstance(value, str) else ""
    return word, {each.key: shown(each, below.get(each.key, ABSENT)) for each in control.inner}


def condition_shown(value: Any) -> str:
    """A condition as a picker has it: the guard and its answer."""
    guard, answer = next(iter(value.items())) if isinstance(value, dict) else (value, "yes")
    return f"{guard}{SAYS}{answer}"


def as_yaml(value: Any) -> str:
    """The value as YAML of several lines."""
    if isinstance(value, dict | list) and value:
        return entries(value, 0, Hand())
    return inline(value)


_SHOWN: Mapping[str, Callable[[Any], Raw]] = {
    "tick": lambda value: "yes" if value else "",
    "rows": lambda value: [str(each) for each in value],
    "pairs": lambda value: [(key, str(each)) for key, each in value.items()],
    "conditions": lambda value: [condition_shown(each) for each in value],
    "yaml": as_yaml,
}
