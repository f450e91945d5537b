"""What is answered: numbers of runs as they may be shown, from which bounds follow."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from app.flow.funnel.hiding import SMALLEST, Shown
from app.flow.limits import Direction, Limit


@dataclass(frozen=True)
class Split:
    """Runs, `whole` of them, in parts that make them all up; hidden where they are few."""

    whole: Shown
    parts: Mapping[str, Shown]

    @property
    def told(self) -> int | None:
        """How many there are; None where that is too few, or hidden, to say anything of them."""
        return self.whole.number

    def least(self, *names: str) -> int:
        """So many of them at least are in these parts."""
        return sum(_least(self.parts[name]) for name in names)

    def most(self, *names: str) -> int:
        """So many of them at most are in these parts."""
        others = [name for name in self.parts if name not in names]
        return (self.whole.number or 0) - self.least(*others)


def _least(part: Shown) -> int:
    if part.number is not None:
        return part.number
    return 1 if part.sort == "few" else SMALLEST


@dataclass(frozen=True)
class Guessing:
    """How many tries a stranger has who guesses: `by_code` for each code sent, `by_day` in all for one
    recipient, of `possible` codes."""

    possible: int
    by_code: int
    by_day: int


@dataclass(frozen=True)
class Bounds:
    """The answer for one limit of one version, from the runs begun in the window.

    `stopped` are runs stopped at the limit: `could` have gone on with the other value, others `not`; of the
    same runs `well` ended well as it is, others `otherwise`. `through` are runs that ended well, `every` all
    of them: refused at the limit with the other value `certainly`, `perhaps`, `never`. `right_at` are runs by
    the number of the try at which the code was right; `messages` how many requests for one would have been
    answered otherwise at most, None where few people asked. `left_out` counts runs that cannot be read.
    """

    flow: str
    number: int
    since: datetime | None
    until: datetime | None
    old: Limit
    new: Limit
    direction: Direction
    stopped: Split
    anyway: Split
    through: Split
    every: Split
    messages: int | None = None
    channel: str | None = None
    right_at: Mapping[int, Shown] = field(default_factory=dict)
    guessing: tuple[Guessing, Guessing] | None = None
    left_out: int = 0

    @property
    def looser(self) -> bool:
        """Whether some might have gone on who were stopped."""
        return self.direction in {"looser", "mixed"}

    @property
    def tighter(self) -> bool:
        """Whether some might have been stopped who went on."""
        return self.direction in {"tighter", "mixed"}
