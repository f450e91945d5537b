"""Runs that first differ at the same place for the same reason, counted, with one example each."""

from collections import Counter
from dataclasses import dataclass, field

from app.flow.replay.turns import CLASSES, Class


@dataclass(frozen=True)
class First:
    """A first difference: where, what was taken there, what happens now and why, which changes explain it.

    `came` is where the way taken led; `expected` are differences of the definitions.
    """

    flow: str
    state: str
    trigger: str
    took: str
    came: str
    now: str
    expected: tuple[str, ...] = ()


@dataclass(frozen=True)
class Fate:
    """What became of a run in the end: its class, where it ended, where it may end now."""

    sort: Class
    ended: str
    ends: tuple[str, ...]


@dataclass
class Group:
    """The runs of one first difference; `path` is the example's way there."""

    first: First
    example: str
    path: str
    fates: Counter[Fate] = field(default_factory=Counter)

    @property
    def runs(self) -> int:
        """How many."""
        return self.fates.total()

    @property
    def classes(self) -> dict[Class, int]:
        """How many of each class, in the order of the classes; none with 0."""
        counted = Counter[Class]()
        for fate, number in self.fates.items():
            counted[fate.sort] += number
        return {sort: counted[sort] for sort in CLASSES if counted[sort]}

    def sentences(self) -> list[str]:
        """What happened to them, in sentences, the first difference first."""
        first = self.first
        told = [f"{_place(first)} {_runs(self.runs)} {_took(first)}; now {first.now}."]
        told += [_fate(fate, number) for fate, number in self.fates.most_common()]
        if first.expected:
            told.append(f"Expected: {'; '.join(first.expected)}.")
        elif set(self.classes) - {"same"}:
            told.append("Unexplained: the definitions do not differ here.")
        return [*told, f"Example: {self.example} ({self.path})."]


def _place(first: First) -> str:
    return f"At {first.state} on {first.trigger}" if first.took else "At the beginning"


def _runs(number: int) -> str:
    return "1 run" if number == 1 else f"{number:,} runs"


def _took(first: First) -> str:
    if not first.took:
        return f"began at {first.came}"
    return f"took '{first.took}' and " + ("stayed" if first.came == first.state else f"came to {first.came}")


def _fate(fate: Fate, number: int) -> str:
    ends = " or ".join(fate.ends)
    told = {
        "same": "as before",
        "same end": "and still do",
        "other end": f"now in {ends}",
        "stuck": f"now stuck at {ends}",
        "starved": "now there or elsewhere" if fate.ended in fate.ends else "now elsewhere",
    }[fate.sort]
    return f"{number:,} of them ended in {fate.ended}, {told} ({fate.sort})."
