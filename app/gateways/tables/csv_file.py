"""CSV as exports write it: its encoding and delimiter found out, its lines streamed."""

import csv
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO

from app.gateways.tables.encoding import NAMES, recognise
from app.gateways.tables.table import Cell, Table, TableUnreadable

_DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab"}
_LONGEST_HEADER = 64 * 1024


@contextmanager
def open_csv(path: Path, columns: Collection[str]) -> Iterator[Table]:
    """The table in a CSV file; raises TableUnreadable, also while its lines are read."""
    encoding = recognise(path)
    with path.open("rb") as raw, TextIOWrapper(raw, encoding, newline="") as file:
        delimiter = _delimiter(file.readline(_LONGEST_HEADER), columns)
        file.seek(0)
        taken = f"CSV, {NAMES[encoding]}, {_DELIMITERS[delimiter]}"
        yield Table(taken, _lines(file, delimiter), raw.tell)


def _delimiter(header: str, columns: Collection[str]) -> str:
    wanted = set(columns)

    def known(delimiter: str) -> tuple[int, int]:
        names = [name.strip().strip('"').lower() for name in header.split(delimiter)]
        return len(wanted.intersection(names)), len(names)

    return max(_DELIMITERS, key=known)


def _lines(file: TextIO, delimiter: str) -> Iterator[tuple[int, list[Cell]]]:
    reader = csv.reader(file, delimiter=delimiter, strict=True)
    begins = 1
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield begins, list(cells)
            begins = reader.line_num + 1
    except csv.Error:
        raise TableUnreadable(
            begins, "has a quote that is not closed, or stands inside a value", 'write "" for a quote'
        ) from None
