"""What a table in a file looks like, whatever the file."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field


class TableUnreadable(Exception):
    """The file cannot be read (on): in which line, what it is, and what helps. Quotes no value."""

    def __init__(self, line: int, text: str, cure: str) -> None:
        super().__init__(f"line {line}: {text}; {cure}")
        self.line = line
        self.text = text
        self.cure = cure


@dataclass(frozen=True)
class Unreadable:
    """A cell whose value was lost before the file reached us: why, and what helps."""

    text: str
    cure: str


Cell = str | Unreadable


@dataclass(frozen=True)
class Table:
    """Lines of cells, the header among them, blank lines left out.

    `taken` says how the file was read, `position` how many of its bytes have been read by now (about).
    """

    taken: str
    lines: Iterator[tuple[int, list[Cell]]] = field(repr=False)
    position: Callable[[], int] = field(repr=False)
