"""Importing a register from a file: all of it or nothing, beside the rows in use, then one short swap."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from difflib import get_close_matches
from itertools import islice
from pathlib import Path

from app.flow.normal.column import normalise
from app.flow.normal.shape import ShapeProblem
from app.flow.spec import RegisterSpec
from app.gateways.tables import Cell, TableUnreadable, Unreadable, open_table
from app.store import register_staging as staging
from app.store.crypto import Vault
from app.store.database import Database, be_patient
from app.store.ids import ulid
from app.store.register_keys import KeysSeen
from app.store.register_lock import ImportUnderWay, alone
from app.store.register_staging import NewRow

__all__ = ["ImportReport", "ImportUnderWay", "RowProblem", "import_register"]

MOST_PROBLEMS = 100
_BATCH = 500

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


@dataclass(frozen=True)
class ImportReport:
    """What an import did or, on a dry run, would do; with any error it did nothing.

    `rows` could be taken; `updated` rows have a key that was there before; `errors` holds the first hundred
    problems and `more_errors` counts the others; `taken` says how the file was read.
    """

    rows: int
    inserted: int
    updated: int
    deleted: int
    errors: tuple[RowProblem, ...]
    more_errors: int
    taken: str

    @property
    def ok(self) -> bool:
        """Whether the file was without error."""
        return not self.errors


@dataclass
class _Problems:
    first: list[RowProblem] = field(default_factory=list)
    more: int = 0

    def add(self, line: int, column: str, text: str, cure: str) -> None:
        if len(self.first) < MOST_PROBLEMS:
            self.first.append(RowProblem(line, column, text, cure))
        else:
            self.more += 1


@dataclass(frozen=True)
class _Target:
    """The register as it stands, and where its new rows gather."""

    database: Database
    vault: Vault
    name: str
    spec: RegisterSpec
    live: str | None
    staged: str
    now: datetime

    def updates(self, batch: Sequence[NewRow], write: bool) -> int:
        """How many of these rows are there already; with `write`, the rows are staged as well."""
        with self.database.read() as connection:
            found = staging.standing(connection, self.name, self.live, batch)
        if write:
            with self.database.write() as connection:
                staging.rekey(connection, self.name, self.live or "", found)
                staging.stage(
                    connection, self.vault, self.name, self.staged, batch, self.spec.search, self.now
                )
        return len(found)

    def swap(self, replace: bool, rows: int) -> None:
        """The one commit by which the register changes."""
        with self.database.write() as connection:
            be_patient(connection)
            same = staging.live_generation(connection, self.name) == self.live
            if not same or staging.size(connection, self.name, self.staged) != rows:
                raise ImportUnderWay(self.name)
            if replace or self.live is None:
                staging.replace_all(connection, self.name, self.staged, self.now)
            else:
                staging.update_by_key(connection, self.name, self.staged, self.live, self.now)


def import_register(
    database: Database,
    vault: Vault,
    name: str,
    spec: RegisterSpec,
    file: Path,
    *,
    replace: bool,
    dry_run: bool,
    now: datetime,
    progress: Callable[[int], None],
) -> ImportReport:
    """Take the rows of a CSV or XLSX file into an imported register; `progress` hears how many of
    its bytes were read.

    With `replace` the file's rows become all there is, without it they are added or replace those of the
    same key. Any problem, or `dry_run`, leaves the register as it was. Rows of an import that was cut off
    are removed first. Raises ImportUnderWay while another import of the register runs, OSError for the file.
    """
    with ExitStack() as stack:
        if not dry_run:
            stack.enter_context(alone(database, name))
            _remove_left_over(database, name)
        with database.read() as connection:
            live = staging.live_generation(connection, name)
            before = staging.size(connection, name, live)
        target = _Target(database, vault, name, spec, live, ulid(now), now)
        problems = _Problems()
        rows, updated, taken = _read(target, file, problems, write=not dry_run, progress=progress)
        if replace and not rows and not problems.first:
            cure = "give the whole register; an empty one matches nobody"
            problems.add(1, "the file", "has no rows, and --replace would remove all there are", cure)
        deleted = before - updated if replace else 0
        if not dry_run:
            if not problems.first:
                target.swap(replace, rows)
            _remove_left_over(database, name)
    return ImportReport(rows, rows - updated, updated, deleted, tuple(problems.first), problems.more, taken)


def _read(
    target: _Target, file: Path, problems: _Problems, *, write: bool, progress: Callable[[int], None]
) -> tuple[int, int, str]:
    rows = updated = 0
    taken = "not read"
    try:
        with open_table(file, target.spec.columns) as table, KeysSeen() as seen:
            taken = table.taken
            good = _good_rows(target, table.lines, problems, seen)
            while batch := list(islice(good, _BATCH)):
                rows += len(batch)
                # From the first error on the rest is only checked: nothing of it can come in.
                updated += target.updates(batch, write and not problems.first)
                progress(table.position())
    except TableUnreadable as unreadable:
        problems.add(unreadable.line, "the file", unreadable.text, unreadable.cure)
    return rows, updated, taken


def _good_rows(
    target: _Target, lines: Iterator[tuple[int, list[Cell]]], problems: _Problems, seen: KeysSeen
) -> Iterator[NewRow]:
    line, header = next(lines, (1, []))
    columns = _header(target.spec, line, header, problems)
    if columns is None:
        return
    for line, cells in lines:
        values = _values(target.spec, columns, line, cells, problems)
        if values is None:
            continue
        row = NewRow.of(target.vault, target.name, target.spec.key, values)
        first = seen.first_line(row.keys[0], line)
        if first != line:
            key = ", ".join(target.spec.key)
            problems.add(line, key, f"the same key stands in line {first}", "leave one of the two out")
            continue
        yield row


def _header(spec: RegisterSpec, line: int, header: Iterable[Cell], problems: _Problems) -> list[str] | None:
    names = [name.strip().lower() if isinstance(name, str) else "" for name in header]
    missing = [column for column in spec.columns if column not in names]
    for column in missing:
        problems.add(line, column, "is missing", f"the header is {','.join(spec.columns)}")
    for position, name in enumerate(names, start=1):
        if name not in spec.columns:
            near = get_close_matches(name, missing, 1)
            cure = f"rename it to {near[0]}" if near else "take the column out"
            problems.add(line, "the header", f"column {position} is not known to this register", cure)
        elif name in names[: position - 1]:
            problems.add(line, name, "stands there twice", "take one of the two out")
    return None if problems.first else names


def _values(
    spec: RegisterSpec, columns: Sequence[str], line: int, cells: Sequence[Cell], problems: _Problems
) -> Mapping[str, str] | None:
    if len(cells) != len(columns):
        text = f"has {len(cells)} values, the header {len(columns)}"
        problems.add(line, "the line", text, "put quotes around a value that holds the delimiter")
        return None
    values = {c: _value(spec, c, line, cell, problems) for c, cell in zip(columns, cells, strict=True)}
    whole = {column: value for column, value in values.items() if value is not None}
    return whole if len(whole) == len(columns) else None


def _value(spec: RegisterSpec, column: str, line: int, cell: Cell, problems: _Problems) -> str | None:
    if isinstance(cell, Unreadable):
        problems.add(line, column, cell.text, cell.cure)
        return None
    kind = spec.columns[column]
    try:
        value = normalise(kind, cell, spec.region)
    except ShapeProblem as problem:
        problems.add(line, column, f"cannot be read as {kind} ({problem.code})", _CURES[kind])
        return None
    if not value and column not in spec.may_be_empty:
        problems.add(line, column, "is empty", "fill it in; it is not listed under may_be_empty")
        return None
    return value


def _remove_left_over(database: Database, name: str) -> None:
    with database.read() as connection:
        generations = staging.left_over(connection, name)
    for generation in generations:
        removed = _BATCH
        while removed == _BATCH:
            with database.write() as connection:
                removed = staging.drop_some(connection, name, generation, _BATCH)
