"""XLSX, its first sheet, streamed row by row. A file that unpacks to too much is refused unread."""

import re
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from itertools import islice
from pathlib import Path
from typing import IO, Any
from zipfile import BadZipFile, ZipFile, ZipInfo

from openpyxl import load_workbook

from app.gateways.tables.table import Cell, Table, TableUnreadable, Unreadable

#: Unpacked sizes in bytes; a sheet of 100,000 rows and eight columns has some 60 MB.
LARGEST_BOOK = 512 * 1024**2
#: The table of texts is held in memory, unlike the sheet, at some five times its size.
LARGEST_TEXTS = 64 * 1024**2
_MOST_PARTS = 1000
#: A sheet can have no more; a false row number would otherwise be filled up to with empty rows.
_MOST_ROWS = 1_048_576
#: Some ten seconds' worth. A row is as wide as its last cell says, which costs a file nothing.
_MOST_CELLS = 50_000_000
_AT_A_TIME = 50
#: A spreadsheet keeps 15 digits of a number and makes the others zero.
_EXACT_BELOW = 10**15

_ZEROS = re.compile(r"^0{2,40}$")
_TOO_MUCH = "unpacks to too much", "split it, or save it as CSV UTF-8"
_CURE = "save it anew as .xlsx or as CSV UTF-8"


@contextmanager
def open_xlsx(path: Path) -> Iterator[Table]:
    """The table in the first sheet; raises TableUnreadable, also while its rows are read."""
    refuse_bombs(path)
    with path.open("rb") as file:  # opened here, because the library leaves it open when it fails
        try:
            book = quietly(load_workbook, file, read_only=True, data_only=True, keep_links=False)
        except Exception:  # a damaged file makes the library fail in whatever way
            raise TableUnreadable(1, "cannot be opened", _CURE) from None
        try:
            if not book.worksheets:
                raise TableUnreadable(1, "has no sheet", _CURE)
            sheet = _Sheet(book.worksheets[0], path.stat().st_size)
            yield Table("XLSX, first sheet", sheet.lines(), sheet.position)
        finally:
            book.close()


def quietly(call: Callable[..., Any], *args: Any, **options: Any) -> Any:
    """Call the library without its warnings."""
    # The library warns of charts it leaves aside, and of dates out of range by quoting the cell.
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return call(*args, **options)


def refuse_bombs(file: Path | IO[bytes], largest: int | None = None) -> None:
    """Raise TableUnreadable for what is no archive, or unpacks to too much, `largest` bytes if given."""
    try:
        with ZipFile(file) as archive:
            parts = archive.infolist()
    except BadZipFile:
        raise TableUnreadable(1, "is cut off or damaged", "export it again") from None
    # Reading a part stops at the size its entry declares, so a false one cannot get round this.
    most = largest or LARGEST_BOOK
    if len(parts) > _MOST_PARTS or _size(parts) > most or _size(_texts(parts)) > LARGEST_TEXTS:
        raise TableUnreadable(1, *_TOO_MUCH)


def _size(parts: list[ZipInfo]) -> int:
    return sum(part.file_size for part in parts)


def _texts(parts: list[ZipInfo]) -> list[ZipInfo]:
    return [part for part in parts if "sharedstrings" in part.filename.lower()]


class _Sheet:
    """The rows of one sheet and how far they have been read."""

    def __init__(self, sheet: Any, file_size: int) -> None:
        self._sheet = sheet
        self._file_size = file_size
        self._declared = sheet.max_row or 0
        self._number = 0
        sheet.reset_dimensions()  # what a file says of its own size is often wrong: good for a guess only

    def position(self) -> int:
        """How much of the file that is, guessed from the number of rows it declares."""
        return self._file_size * self._number // max(self._declared, self._number, 1)

    def lines(self) -> Iterator[tuple[int, list[Cell]]]:
        """Row number and cells of every row that is not blank; raises TableUnreadable."""
        width, left = 0, _MOST_CELLS
        for row in self._rows():
            self._number, left = self._number + 1, left - len(row)
            if left < 0:
                raise TableUnreadable(self._number, *_TOO_MUCH)
            if self._number > _MOST_ROWS:
                raise TableUnreadable(_MOST_ROWS, "has more rows than a sheet can have", _CURE)
            cells = [cell_of(cell) for cell in row]
            while cells and cells[-1] == "":
                cells.pop()
            if cells:
                # A sheet's rows end with their last filled cell; the first one, the header, is whole.
                width = width or len(cells)
                yield self._number, cells + [""] * (width - len(cells))

    def _rows(self) -> Iterator[Any]:
        rows = self._sheet.iter_rows(max_row=_MOST_ROWS + 1)
        try:
            while some := quietly(list, islice(rows, _AT_A_TIME)):
                yield from some
        except Exception:  # as in open_xlsx
            raise TableUnreadable(self._number + 1, "is damaged here or soon after", _CURE) from None


def cell_of(cell: Any) -> Cell:
    """What a cell says as a text, or why it says nothing."""
    value = cell.value
    if cell.data_type == "e":
        return Unreadable("is a formula's error", "write the value itself")
    if value is None or isinstance(value, str):
        return value or ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return _number(value, cell.number_format)
    return _moment(value)


def _moment(value: object) -> Cell:
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    return Unreadable("is a time or a duration", "format the column as text")


def _number(value: int | float, number_format: str | None) -> Cell:
    if abs(value) >= _EXACT_BELOW:
        return Unreadable("is a number of more digits than a spreadsheet keeps", "format the column as text")
    if value != int(value):
        return repr(value)
    digits = str(int(value))
    # A format of zeros alone shows 0123 for 123: what is seen is what is meant.
    return digits.zfill(len(number_format)) if number_format and _ZEROS.match(number_format) else digits
