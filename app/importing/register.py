"""One import: the file's rows are gathered beside those in use and put in their place by one short swap."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path

from app.flow.spec import RegisterSpec
from app.gateways.tables import TableUnreadable, open_table
from app.importing.masks import masked_row
from app.importing.rows import Problems, RowProblem, checked_rows
from app.store import register_staging as staging
from app.store import staff_acts
from app.store.crypto import Vault
from app.store.database import Database, be_patient
from app.store.ids import ulid
from app.store.register_keys import KeysSeen
from app.store.register_lock import ImportUnderWay, alone
from app.store.register_staging import NewRow
from app.store.staff_acts import StoredAct

_BATCH = 500
#: How many rows a report shows, masked.
SHOWN = 5


@dataclass(frozen=True)
class ImportReport:
    """What an import did or, on a dry run, would do; with any error it did nothing.

    `rows` could be taken; `updated` rows have a key that was there before; `errors` holds the first hundred
    problems and `more_errors` counts the others; `taken` says how the file was read; `first_rows` are masked.
    """

    rows: int
    inserted: int
    updated: int
    deleted: int
    errors: tuple[RowProblem, ...]
    more_errors: int
    taken: str
    first_rows: tuple[Mapping[str, str], ...] = field(default=(), compare=False)

    @property
    def ok(self) -> bool:
        """Whether the file was without error."""
        return not self.errors


@dataclass(frozen=True)
class _Target:
    """The register as it stands, where its new rows gather, and who gives them (None: nobody to be noted)."""

    database: Database
    vault: Vault
    name: str
    spec: RegisterSpec
    live: str | None
    staged: str
    now: datetime
    by: str | None

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
        """The one commit by which the register changes, and in which it is noted who changed it."""
        with self.database.write() as connection:
            be_patient(connection)
            same = staging.live_generation(connection, self.name) == self.live
            if not same or staging.size(connection, self.name, self.staged) != rows:
                raise ImportUnderWay(self.name)
            if replace or self.live is None:
                staging.replace_all(connection, self.name, self.staged, self.now, self.by)
            else:
                staging.update_by_key(connection, self.name, self.staged, self.live, self.now, self.by)
            if self.by:
                what = f"{self.name}: {rows} rows, {'all there are' if replace else 'by key'}"
                staff_acts.note(connection, StoredAct(self.now, self.by, "import register", what, "done"))


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
    mapping: Mapping[str, str] | None = None,
    by: str | None = None,
    most_rows: int | None = None,
) -> ImportReport:
    """Take the rows of a CSV or XLSX file into an imported register; `progress` hears how many of
    its bytes were read.

    With `replace` the file's rows become all there is, without it they are added or replace those of the
    same key. Any problem, or `dry_run`, leaves the register as it was. Rows of an import that was cut off
    are removed first. `mapping` says which of the file's columns is which of the register's (see
    `rows.checked_rows`), `by` who is noted to have done it, and `most_rows` is a problem when there are more.
    Raises ImportUnderWay while another import of the register runs, OSError for the file.
    """
    with ExitStack() as stack:
        if not dry_run:
            stack.enter_context(alone(database, name))
            _remove_left_over(database, name)
        with database.read() as connection:
            live = staging.live_generation(connection, name)
            before = staging.size(connection, name, live)
        target = _Target(database, vault, name, spec, live, ulid(now), now, by)
        reading = _Reading(target, mapping, most_rows, Problems(), write=not dry_run)
        reading.read(file, progress)
        rows, problems = reading.rows, reading.problems
        if replace and not rows and not problems.first:
            cure = "give the whole register; an empty one matches nobody"
            problems.add(1, "the file", "has no rows, and --replace would remove all there are", cure)
        deleted = before - reading.updated if replace else 0
        if not dry_run:
            if not problems.first:
                target.swap(replace, rows)
            _remove_left_over(database, name)
    return ImportReport(
        rows,
        rows - reading.updated,
        reading.updated,
        deleted,
        tuple(problems.first),
        problems.more,
        reading.taken,
        tuple(reading.first_rows),
    )


class _Reading:
    """A file being read: how many rows it has, how many of them are known, what is wrong with it."""

    def __init__(
        self,
        target: _Target,
        mapping: Mapping[str, str] | None,
        most_rows: int | None,
        problems: Problems,
        *,
        write: bool,
    ) -> None:
        self._target = target
        self._mapping = mapping
        self._most = most_rows
        self._write = write
        self.problems = problems
        self.rows = self.updated = 0
        self.taken = "not read"
        self.first_rows: list[Mapping[str, str]] = []

    def read(self, file: Path, progress: Callable[[int], None]) -> None:
        """Read the file to its end, or to its limit."""
        columns = {*self._target.spec.columns, *(self._mapping or {})}
        try:
            with open_table(file, columns) as table, KeysSeen() as seen:
                self.taken = table.taken
                good = self._good_rows(checked_rows(
                    self._target.spec, table.lines, self._mapping, self.problems
                ), seen)  # fmt: skip
                while batch := list(islice(good, _BATCH)):
                    self.rows += len(batch)
                    # From the first error on the rest is only checked: nothing of it can come in.
                    self.updated += self._target.updates(batch, self._write and not self.problems.first)
                    progress(table.position())
        except TableUnreadable as unreadable:
            self.problems.add(unreadable.line, "the file", unreadable.text, unreadable.cure)

    def _good_rows(self, lines: Iterator[tuple[int, Mapping[str, str]]], seen: KeysSeen) -> Iterator[NewRow]:
        target, count = self._target, 0
        for line, values in lines:
            count += 1
            if self._most is not None and count > self._most:
                cure = "import it by the command narthex registers import, which has no limit"
                self.problems.add(line, "the file", f"has more than {self._most} rows", cure)
                return
            row = NewRow.of(target.vault, target.name, target.spec.key, values)
            first = seen.first_line(row.keys[0], line)
            if first != line:
                key = ", ".join(target.spec.key)
                self.problems.add(
                    line, key, f"the same key stands in line {first}", "leave one of the two out"
                )
                continue
            if len(self.first_rows) < SHOWN:
                self.first_rows.append(masked_row(target.spec, values))
            yield row


def _remove_left_over(database: Database, name: str) -> None:
    with database.read() as connection:
        generations = staging.left_over(connection, name)
    for generation in generations:
        removed = _BATCH
        while removed == _BATCH:
            with database.write() as connection:
                removed = staging.drop_some(connection, name, generation, _BATCH)
