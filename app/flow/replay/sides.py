"""A step as it was recorded beside the same step as it is replayed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

_WIDEST = 60


@dataclass(frozen=True)
class Side:
    """One thing of a step: what it is called, as recorded, as replayed."""

    what: str
    recorded: str
    replayed: str

    @property
    def differs(self) -> bool:
        """Whether the two are not the same."""
        return self.recorded != self.replayed


def listed(words: Iterable[str]) -> str:
    """Words with commas between them, a dash where there are none."""
    return ", ".join(words) or "-"


def side_by_side(sides: Sequence[Side]) -> list[str]:
    """Lines of a table of three columns; what differs is marked with `<>` at the end.

    What is too long for its column goes on below.
    """
    rows = [("", "recorded", "replayed", "")]
    rows += [(s.what, s.recorded, s.replayed, "<>" if s.differs else "") for s in sides]
    widths = [min(max(len(row[column]) for row in rows), _WIDEST) for column in range(3)]
    lines: list[str] = []
    for row in rows:
        lines += _lines(row, widths)
    return lines


def _lines(row: tuple[str, str, str, str], widths: Sequence[int]) -> list[str]:
    cells = [_wrapped(cell, width) for cell, width in zip(row[:3], widths, strict=True)]
    lines = []
    for number in range(max(map(len, cells))):
        parts = [cell[number] if number < len(cell) else "" for cell in cells]
        padded = "  ".join(part.ljust(width) for part, width in zip(parts, widths, strict=True))
        lines.append(f"{padded}  {'' if number else row[3]}".rstrip())
    return lines


def _wrapped(text: str, width: int) -> list[str]:
    """`text` in lines of at most `width`, broken behind commas where there are some."""
    lines, rest = [], text
    while len(rest) > width:
        cut = rest.rfind(", ", 0, width) + 2
        cut = cut if cut > 1 else width
        lines.append(rest[:cut].rstrip())
        rest = rest[cut:]
    return [*lines, rest]
