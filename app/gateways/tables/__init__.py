"""Tables that an organisation hands over as files: CSV in its usual guises, and XLSX."""

from collections.abc import Collection
from contextlib import AbstractContextManager
from pathlib import Path

from app.gateways.tables.csv_file import open_csv
from app.gateways.tables.table import Cell, Table, TableUnreadable, Unreadable
from app.gateways.tables.xlsx_file import open_xlsx

__all__ = ["Cell", "Table", "TableUnreadable", "Unreadable", "open_table"]

_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


def open_table(path: Path, columns: Collection[str]) -> AbstractContextManager[Table]:
    """The table in a file, told CSV from XLSX by its first bytes; `columns` help to find the delimiter.

    Raises TableUnreadable, when opened or while its rows are read, and OSError.
    """
    with path.open("rb") as file:
        start = file.read(4)
    if not start:
        raise TableUnreadable(1, "is empty", "export it again")
    if start == _OLD_EXCEL:
        raise TableUnreadable(1, "is an old Excel file (.xls)", "save it as .xlsx or as CSV UTF-8")
    return open_xlsx(path) if start == _ZIP else open_csv(path, columns)
