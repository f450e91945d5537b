"""Files of registers that wait between the pages of an import: readable by nobody else, and not for long.

Each lies in a folder of the data folder under a random name, beside what is known of it (whose it is, for
which register, how its columns are meant, what the trial said). It is removed when it was imported or put
aside, and swept when its import was left standing.
"""

import json
import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO, Any

from app.importing.register import ImportReport
from app.importing.rows import RowProblem

#: In bytes: what an import at the desk may have; larger files go by the command.
LARGEST = 32 * 1024 * 1024
#: How long a file waits for the next page; it holds what a register holds, in the clear.
KEPT = timedelta(hours=1)

_CHUNK = 256 * 1024
_NAME = 22  # signs of a name: 128 random bits
_SIGNS = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")


class TooLarge(Exception):
    """The file has more than LARGEST bytes."""


class NoFile(Exception):
    """Nothing was chosen, or it is empty."""


@dataclass(frozen=True)
class Waiting:
    """A file that waits: its id, whose, for which register, and what came of the pages so far.

    `mapping` is None until the columns were told; `report` is the trial's with this mapping and `replace`.
    """

    id: str
    staff: str
    register: str
    file_name: str = field(repr=False)
    size: int
    at: datetime
    mapping: Mapping[str, str] | None = None
    replace: bool = False
    report: ImportReport | None = None


class Uploads:
    """The folder in which they wait; made at the first one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, stream: IO[bytes], file_name: str, staff: str, register: str, now: datetime) -> Waiting:
        """Write the stream into a file of its own (mode 0600), chunk by chunk. Raises TooLarge, NoFile."""
        self.sweep(now)
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        name = secrets.token_urlsafe(16)
        descriptor = os.open(self._file(name), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(descriptor, "wb") as out:
                size = _copy(stream, out)
        except BaseException:
            self._file(name).unlink(missing_ok=True)
            raise
        waiting = Waiting(name, staff, register, file_name, size, now)
        self.note(waiting)
        return waiting

    def find(self, name: str, staff: str, register: str, now: datetime) -> Waiting | None:
        """The file of this id, if this member of staff left it for this register, and not long ago."""
        if len(name) != _NAME or not set(name) <= _SIGNS:
            return None
        try:
            told = json.loads(self._beside(name).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return None
        waiting = _waiting(told)
        theirs = waiting.staff == staff and waiting.register == register
        return waiting if theirs and now < waiting.at + KEPT and self._file(name).exists() else None

    def path(self, waiting: Waiting) -> Path:
        """Where the file lies."""
        return self._file(waiting.id)

    def note(self, waiting: Waiting) -> Waiting:
        """Write down what is known of it; whole or not at all."""
        told = {**asdict(waiting), "at": waiting.at.isoformat()}
        draft = self._beside(waiting.id).with_suffix(".draft")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as out:
            json.dump(told, out)
        draft.replace(self._beside(waiting.id))
        return waiting

    def meant(self, waiting: Waiting, mapping: Mapping[str, str], replace_all: bool) -> Waiting:
        """The same with its columns told; what a trial said before holds no longer."""
        return replace(waiting, mapping=dict(mapping), replace=replace_all, report=None)

    def remove(self, waiting: Waiting) -> None:
        """The file and what is known of it."""
        self._remove(waiting.id)

    def sweep(self, now: datetime) -> int:
        """Remove what was left standing; how many files."""
        removed = 0
        with suppress(FileNotFoundError):
            for file in sorted(self._folder.iterdir()):
                left_at = datetime.fromtimestamp(file.stat().st_mtime, UTC)
                if file.suffix == ".table" and self._left_at(file.stem, left_at) + KEPT <= now:
                    self._remove(file.stem)
                    removed += 1
                elif file.suffix != ".table" and not self._file(file.stem).exists() and left_at + KEPT <= now:
                    file.unlink(missing_ok=True)
        return removed

    def _left_at(self, name: str, otherwise: datetime) -> datetime:
        try:
            return datetime.fromisoformat(json.loads(self._beside(name).read_text(encoding="utf-8"))["at"])
        except (OSError, ValueError, KeyError, TypeError):
            return otherwise

    def _remove(self, name: str) -> None:
        self._file(name).unlink(missing_ok=True)
        self._beside(name).unlink(missing_ok=True)

    def _file(self, name: str) -> Path:
        return self._folder / f"{name}.table"

    def _beside(self, name: str) -> Path:
        return self._folder / f"{name}.json"


def _copy(stream: IO[bytes], out: IO[bytes]) -> int:
    size = 0
    while chunk := stream.read(_CHUNK):
        size += len(chunk)
        if size > LARGEST:
            raise TooLarge
        out.write(chunk)
    if size == 0:
        raise NoFile
    return size


def _waiting(told: Mapping[str, Any]) -> Waiting:
    report = told["report"]
    if report is not None:
        errors = tuple(RowProblem(**each) for each in report["errors"])
        report = ImportReport(**{**report, "errors": errors, "first_rows": tuple(report["first_rows"])})
    return Waiting(**{**told, "at": datetime.fromisoformat(told["at"]), "report": report})
