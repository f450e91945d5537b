"""From the lines of a file to rows of a register: columns told apart, values normal, every fault named."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from app.flow.normal.column import normalise
from app.flow.normal.shape import ShapeProblem
from app.flow.spec import RegisterSpec
from app.gateways.tables import Cell, Unreadable

MOST_PROBLEMS = 100
#: In a mapping: the column of the file is left out.
LEFT_OUT = ""

_CURES = {
    "text": "write at most 4096 characters without control characters",
    "digits": "write digits only",
    "email": "write one address, name@domain",
    "mobile": "write one mobile number, best with + and the country's code",
    "date": "write it as 2026-12-31",
    "boolean": "write true or false, 1 or 0, yes or no",
}


@dataclass(frozen=True)
class RowProblem:
    """What is wrong in one line of the file, and how to mend it. Quotes no value.

    `column` is the column's name, or `the line`, `the header`, `the file` as a whole.
    """

    line: int
    column: str
    text: str
    cure: str


@dataclass
class Problems:
    """The first hundred problems of a file, and how many more there are."""

    first: list[RowProblem] = field(default_factory=list)
    more: int = 0

    def add(self, line: int, column: str, text: str, cure: str) -> None:
        """Note one more."""
        if len(self.first) < MOST_PROBLEMS:
            self.first.append(RowProblem(line, column, text, cure))
        else:
            self.more += 1


def plain(cell: Cell) -> str:
    """A name in a header as it is compared: without blanks around it, in small letters."""
    return cell.strip().lower() if isinstance(cell, str) else ""


def checked_rows(
    spec: RegisterSpec,
    lines: Iterator[tuple[int, list[Cell]]],
    mapping: Mapping[str, str] | None,
    problems: Problems,
) -> Iterator[tuple[int, Mapping[str, str]]]:
    """The lines without fault, with their numbers: a value in normal form by column of the register.

    `mapping` gives columns of the file (by `plain` name) to columns of the register, or leaves them out; one
    that it does not name, or without a mapping any, must be called as in the register.
    """
    line, header = next(lines, (1, []))
    columns = _header(spec, line, header, mapping or {}, problems)
    if columns is None:
        return
    for line, cells in lines:
        values = _values(spec, columns, line, cells, problems)
        if values is not None:
            yield line, values


def _header(
    spec: RegisterSpec, line: int, header: Iterable[Cell], mapping: Mapping[str, str], problems: Problems
) -> list[str] | None:
    given = [plain(name) for name in header]
    names = [mapping.get(name, name) for name in given]
    missing = [column for column in spec.columns if column not in names]
    for column in missing:
        cure = "say which column of the file it is" if mapping else f"the header is {','.join(spec.columns)}"
        problems.add(line, column, "is missing", cure)
    for theirs in sorted(set(mapping) - set(given)):
        # A typing error in a command; what the desk maps was read from the file itself.
        near = get_close_matches(theirs, given, 1)
        cure = "the file has one of nearly that name" if near else "look at the file's first line"
        problems.add(line, "the header", "a column that was mapped is not in the file", cure)
    for position, name in enumerate(names, start=1):
        if name in spec.columns:
            if name in names[: position - 1]:
                problems.add(line, name, "stands there twice", "take one of the two out")
        elif mapping.get(given[position - 1]) != LEFT_OUT:
            near = get_close_matches(name, missing, 1)
            cure = f"rename it to {near[0]}" if near else "take the column out"
            problems.add(line, "the header", f"column {position} is not known to this register", cure)
    return None if problems.first else names


def _values(
    spec: RegisterSpec, columns: Sequence[str], line: int, cells: Sequence[Cell], problems: Problems
) -> Mapping[str, str] | None:
    if len(cells) != len(columns):
        text = f"has {len(cells)} values, the header {len(columns)}"
        problems.add(line, "the line", text, "put quotes around a value that holds the delimiter")
        return None
    pairs = [pair for pair in zip(columns, cells, strict=True) if pair[0] != LEFT_OUT]
    values = {column: _value(spec, column, line, cell, problems) for column, cell in pairs}
    whole = {column: value for column, value in values.items() if value is not None}
    return whole if len(whole) == len(pairs) else None


def _value(spec: RegisterSpec, column: str, line: int, cell: Cell, problems: Problems) -> str | None:
    if isinstance(cell, Unreadable):
        problems.add(line, column, cell.text, cell.cure)
        return None
    kind = spec.columns[column]
    try:
        value = normalise(kind, cell, spec.region)
    except ShapeProblem as problem:
        cure = _CURES.get(kind, _CURES["text"])
        problems.add(line, column, f"cannot be read as {kind} ({problem.code})", cure)
        return None
    if not value and column not in spec.may_be_empty:
        problems.add(line, column, "is empty", "fill it in; it is not listed under may_be_empty")
        return None
    return value
