"""Numbers of people as they may be shown: small ones hidden, and those by which one could work them out."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

#: Fewer people than this are not told apart.
SMALLEST = 5


@dataclass(frozen=True)
class Shown:
    """A number of people: exact, or only that it is under five (`few`), or at least five (`many`)."""

    sort: Literal["exact", "few", "many"]
    number: int | None = None

    def __str__(self) -> str:
        if self.number is not None:
            return str(self.number)
        return f"<{SMALLEST}" if self.sort == "few" else f"≥{SMALLEST}"


NOBODY, FEW, MANY = Shown("exact", 0), Shown("few"), Shown("many")


def shown(count: int) -> Shown:
    """A number that stands by itself."""
    return FEW if 0 < count < SMALLEST else Shown("exact", count)


def share(part: Shown, whole: Shown) -> float | None:
    """What part of the whole it is, from 0 to 1; None where a hidden number could be worked out from it."""
    if part.number is None or not whole.number:
        return None
    return part.number / whole.number


def sealed(counts: Sequence[int]) -> tuple[Shown, tuple[Shown, ...]]:
    """The sum of `counts` and each of them, so that no hidden one follows from what is shown.

    Of fewer than five in all nothing is told apart. Else the small ones are hidden, and with them the
    smallest of the others, one by one, until each hidden one may be at least two numbers; where none is left
    to hide, the sum is.
    """
    total = sum(counts)
    if 0 < total < SMALLEST:
        return FEW, (FEW,) * len(counts)
    few = frozenset(at for at, count in enumerate(counts) if 0 < count < SMALLEST)
    many: set[int] = set()
    others = sorted((count, at) for at, count in enumerate(counts) if count >= SMALLEST)
    whole = Shown("exact", total)
    while _follows(counts, few, many):
        if not others:
            whole = MANY
            break
        many.add(others.pop(0)[1])
    parts = (
        FEW if at in few else MANY if at in many else Shown("exact", count) for at, count in enumerate(counts)
    )
    return whole, tuple(parts)


def _follows(counts: Sequence[int], few: Collection[int], many: Collection[int]) -> bool:
    """Whether some hidden number can only be one, given the sum and all the others."""
    rest = sum(counts[at] for at in (*few, *many))
    least = len(few) + SMALLEST * len(many)
    if few and not many:
        return len(few) == 1 or rest in {least, (SMALLEST - 1) * len(few)}
    return bool(many) and rest == least  # with more than the least one of them may be larger, another smaller
