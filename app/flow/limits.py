"""The limits of a definition, each by its path in flow.yaml, and the definition with another value of one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Literal

from app.flow.definition import Flow
from app.flow.durations import write_duration
from app.flow.findings import suggestion
from app.flow.grammar import check
from app.flow.loader import FLOW
from app.flow.source import read
from app.flow.spec import FlowSpec

Value = int | timedelta | Sequence[timedelta]

#: Which parts of which sections are limits, in the order in which they are offered.
_PARTS = {
    "codes": ("tries", "valid", "resend_after", "per_10_minutes", "per_day"),
    "links": ("opens", "valid", "resend_after", "per_10_minutes", "per_day"),
}
_LIFETIME = ("idle", "absolute")

#: `looser` lets more people on than before, `tighter` fewer, `mixed` some of both.
Direction = Literal["looser", "tighter", "mixed", "same"]


class NoSuchLimit(Exception):
    """The definition has no limit of this name; the text says which was perhaps meant."""


class WrongValue(Exception):
    """What cannot be a limit's value; the text says why, `example` is one that can."""

    def __init__(self, what: str, example: str) -> None:
        super().__init__(what)
        self.example = example


@dataclass(frozen=True)
class Limit:
    """One limit: where it stands in flow.yaml, and its value."""

    path: tuple[str, ...]
    value: Value

    @property
    def name(self) -> str:
        """As people write it: `codes.phone_code.tries`."""
        return ".".join(self.path)

    @property
    def part(self) -> str:
        """What kind of limit it is: `tries`, `valid`, …; `per` of a budget."""
        return "per" if self.path[0] == "budgets" else self.path[-1]

    @property
    def of(self) -> tuple[str, str]:
        """Section and name of what is limited."""
        return self.path[0], self.path[1]

    @property
    def written(self) -> str:
        """The value as it is written: `5`, `10 min`, `30 s, 60 s`."""
        if isinstance(self.value, int):
            return str(self.value)
        if isinstance(self.value, timedelta):
            return write_duration(self.value)
        return ", ".join(map(write_duration, self.value))


def limits(flow: Flow) -> list[Limit]:
    """The limits this definition sets, those that it leaves to the default too."""
    return list(_limits(flow.spec))


def limit(flow: Flow, name: str) -> Limit:
    """The limit called `name`; raises NoSuchLimit."""
    every = {each.name: each for each in limits(flow)}
    if name not in every:
        raise NoSuchLimit(f"{flow.name} has no limit '{name}'. {suggestion(name, every)}")
    return every[name]


def _limits(spec: FlowSpec) -> Iterator[Limit]:
    for section, parts in _PARTS.items():
        for name, entry in getattr(spec, section).items():
            for part in parts:
                if (value := getattr(entry, part)) is not None:
                    yield Limit((section, name, part), value)
    for name, budget in spec.budgets.items():
        for subject, most in budget.per.items():
            yield Limit(("budgets", name, "per", subject), most)
    for part in _LIFETIME:
        yield Limit(("lifetime", part), getattr(spec.lifetime, part))


def changed(flow: Flow, old: Limit, written: str) -> tuple[Flow, Limit]:
    """`flow` with another value of one of its limits, as flow.yaml would say it, and that limit.

    Raises WrongValue for what the grammar does not allow there.
    """
    source = read(flow.files[FLOW], FLOW)
    spec, findings = check(FlowSpec, _put(source.data, old.path, _value(old, written)), source)
    if spec is None:
        raise WrongValue(f"{findings[0].text} {findings[0].fix}".strip(), old.written)
    new = next(each for each in _limits(spec) if each.path == old.path)
    return replace(flow, spec=spec, digest=f"{flow.digest} with {new.name}={new.written}"), new


def _value(old: Limit, written: str) -> Any:
    """The value as YAML has it."""
    words = written.strip()
    if isinstance(old.value, int):
        if not (words.isascii() and words.isdecimal() and len(words) < 10):
            raise WrongValue(f"'{words}' is no whole number.", old.written)
        return int(words)
    if isinstance(old.value, timedelta):
        return words
    return [each.strip() for each in words.split(",") if each.strip()]


def _put(data: Any, path: Sequence[str], value: Any) -> dict[str, Any]:
    """A copy of nested mappings in which `value` stands at `path`."""
    first, *further = path
    mapping = dict(data) if isinstance(data, dict) else {}
    mapping[first] = _put(mapping.get(first), further, value) if further else value
    return mapping


def direction(old: Limit, new: Limit) -> Direction:
    """Whether the new value lets more people on. Shorter pauses do, more of everything else does."""
    if old.value == new.value:
        return "same"
    if isinstance(old.value, Sequence) and isinstance(new.value, Sequence):
        return _of_pauses(list(old.value), list(new.value))
    assert isinstance(old.value, int | timedelta)
    return "looser" if new.value > old.value else "tighter"  # type: ignore[operator]


def _of_pauses(old: list[timedelta], new: list[timedelta]) -> Direction:
    most = max(len(old), len(new))
    # Behind the last pause the last one is kept.
    pairs = list(zip(_filled(old, most), _filled(new, most), strict=True))
    if all(after <= before for before, after in pairs):
        return "looser"
    return "tighter" if all(after >= before for before, after in pairs) else "mixed"


def _filled(pauses: list[timedelta], most: int) -> list[timedelta]:
    last = pauses[-1] if pauses else timedelta(0)
    return pauses + [last] * (most - len(pauses))
