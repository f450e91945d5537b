"""Which keys a file has already shown, without holding them in memory."""

import sqlite3
from types import TracebackType
from typing import Self


class KeysSeen:
    """Blind indexes and the lines they stood in, in a nameless SQLite file that vanishes when closed.

    A hundred thousand keys would take some 10 MB of memory as a dictionary, a million ten times that.
    """

    def __init__(self) -> None:
        # The empty name is SQLite's for a private temporary database, spilled to disk beyond its cache.
        self._database = sqlite3.connect("", isolation_level=None)
        self._database.execute("pragma cache_size = -2000")
        self._database.execute("create table seen (key text primary key, line integer) without rowid")
        self._database.execute("begin")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._database.close()

    def first_line(self, key: str, line: int) -> int:
        """The line in which `key` stood first; `line` itself if it was not seen before."""
        self._database.execute("insert or ignore into seen values (?, ?)", (key, line))
        found = self._database.execute("select line from seen where key = ?", (key,)).fetchone()
        return int(found[0])
