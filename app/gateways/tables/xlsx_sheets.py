"""XLSX with several sheets of texts that people fill in: written for them, and read when it comes back.

Every cell is a text. What looks like a formula stays one sign for sign and is never reckoned; a formula in a
file that comes back is told as one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from io import BytesIO
from itertools import islice
from typing import IO, Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell as BookCell
from openpyxl.styles import Alignment, Font, PatternFill, Protection
from openpyxl.utils import get_column_letter

from app.gateways.tables.table import Cell, TableUnreadable, Unreadable
from app.gateways.tables.xlsx_file import cell_of, quietly, refuse_bombs

#: Bytes of the file, and of what it unpacks to; texts of a flow have some 100 KB.
LARGEST_FILE = 5 * 1024**2
LARGEST_BOOK = 64 * 1024**2
MOST_SHEETS = 20
MOST_ROWS = 20_000
#: A cell can hold no more characters.
LONGEST_CELL = 32_767

_WIDEST = 12
_AT_A_TIME = 50
_CURE = "save it anew as .xlsx"
_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_HEAD = PatternFill("solid", fgColor="FFECF0F5")
_LOCKED = Font(color="FF555962")


@dataclass(frozen=True)
class Column:
    """A column of a sheet: heading, width in signs, whether people may write there or see it at all."""

    heading: str
    width: int
    open: bool = False
    hidden: bool = False


@dataclass(frozen=True)
class Sheet:
    """A sheet to write; a row has a text for every column."""

    title: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[str]] = field(repr=False)


@dataclass(frozen=True)
class SheetRead:
    """A sheet that came back: its name, and row numbers with cells, blank rows left out."""

    title: str
    rows: Sequence[tuple[int, Sequence[Cell]]] = field(repr=False)


def write_sheets(sheets: Sequence[Sheet]) -> bytes:
    """The file: heads stay in view, columns that are not `open` are protected (without a password)."""
    book = Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    for sheet in sheets:
        _write(book.create_sheet(sheet.title), sheet)
    written = BytesIO()
    book.save(written)
    return written.getvalue()


def _write(page: Any, sheet: Sheet) -> None:
    for number, column in enumerate(sheet.columns, 1):
        shape = page.column_dimensions[get_column_letter(number)]
        shape.width, shape.hidden = column.width, column.hidden
        head = page.cell(1, number)
        _put(head, column.heading)
        head.font, head.fill = Font(bold=True), _HEAD
        for line, row in enumerate(sheet.rows, 2):
            cell = page.cell(line, number)
            _put(cell, row[number - 1])
            cell.protection = Protection(locked=not column.open)
            if not column.open:
                cell.font = _LOCKED
    page.freeze_panes = "A2"
    page.protection.sheet = True
    page.protection.formatColumns = page.protection.formatRows = False  # these may be changed all the same


def _put(cell: BookCell, text: str) -> None:
    cell.value = text[:LONGEST_CELL]
    cell.data_type = "s"
    cell.number_format = "@"
    cell.quotePrefix = text.startswith(_STARTS_FORMULA)
    cell.alignment = Alignment(wrap_text=True, vertical="top")


def read_sheets(file: IO[bytes]) -> list[SheetRead]:
    """All sheets of a file; raises TableUnreadable, whatever the file is."""
    if file.seek(0, 2) > LARGEST_FILE:
        raise TableUnreadable(1, "is larger than 5 MB", "send the texts alone")
    file.seek(0)
    refuse_bombs(file, LARGEST_BOOK)
    file.seek(0)
    try:
        book = quietly(load_workbook, file, read_only=True, keep_links=False)
    except Exception:  # a damaged file makes the library fail in whatever way
        raise TableUnreadable(1, "cannot be opened", _CURE) from None
    try:
        if not 0 < len(book.worksheets) <= MOST_SHEETS:
            raise TableUnreadable(1, "has no sheet, or more than 20", "take the file that was exported")
        return [SheetRead(str(sheet.title), list(_lines(sheet))) for sheet in book.worksheets]
    finally:
        book.close()


def _lines(sheet: Any) -> Iterator[tuple[int, Sequence[Cell]]]:
    sheet.reset_dimensions()
    for number, row in enumerate(_rows(sheet), 1):
        if number > MOST_ROWS:
            raise TableUnreadable(number, "has more rows than 20,000", "delete those below the texts")
        cells = [_cell(cell) for cell in row]
        if any(cell != "" for cell in cells):
            yield number, cells


def _rows(sheet: Any) -> Iterator[Any]:
    rows = sheet.iter_rows(max_row=MOST_ROWS + 1, max_col=_WIDEST)
    number = 0
    try:
        while some := quietly(list, islice(rows, _AT_A_TIME)):
            for row in some:
                number += 1
                yield row
    except Exception as problem:  # as above
        if isinstance(problem, TableUnreadable):
            raise
        raise TableUnreadable(number + 1, "is damaged here or soon after", _CURE) from None


def _cell(cell: Any) -> Cell:
    if cell.data_type == "f":
        return Unreadable("is a formula", "write the text itself")
    return cell_of(cell)
