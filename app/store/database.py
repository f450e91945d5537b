"""The database: SQLite (WAL, one writer a process) or PostgreSQL, the same code on both.

Only `runner`, `delivery` and the commands open a write; everything else is handed a connection.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.exc import TimeoutError  # noqa: A004 - its own name

_WAIT = 3  # seconds for a lock, a connection or one's turn; a page then says that we are busy

_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",  # an acknowledged step survives a power cut
    "busy_timeout=5000",
    "foreign_keys=ON",
    "secure_delete=ON",  # what is erased is not left behind in free pages
)


class Database:
    """An engine and the two ways to use it: `read()` and `write()`, the latter one commit."""

    def __init__(self, url: str) -> None:
        self.url = make_url(_with_driver(url))
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _engine(self.url, self.is_sqlite)
        self._writing = self.engine.execution_options(narthex_begin="IMMEDIATE")
        # SQLite's busy wait is unfair: queueing writers here keeps the slowest one ten times quicker.
        self._lock = threading.Lock()

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection in a transaction that is rolled back at the end."""
        with self.engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self, patience: float = _WAIT) -> Iterator[Connection]:
        """A transaction that commits when the block ends and rolls back when it raises.

        `patience` is how many seconds to wait for other writers of this process, where it has but one.

        Nothing outside the database may be asked in here. Raises sqlalchemy's TimeoutError or
        OperationalError when the database is not to be had within a few seconds.
        """
        with self._turn(patience), self._writing.begin() as connection:
            yield connection

    @contextmanager
    def _turn(self, patience: float) -> Iterator[None]:
        if not self.is_sqlite:
            yield
            return
        if not self._lock.acquire(timeout=patience):
            raise TimeoutError("other writers of this process take too long")
        try:
            yield
        finally:
            self._lock.release()

    def close(self) -> None:
        """Give all connections back."""
        self.engine.dispose()


def _with_driver(url: str) -> str:
    for plain in ("postgresql://", "postgres://"):
        if url.startswith(plain):
            return "postgresql+psycopg://" + url.removeprefix(plain)
    return url


def _engine(url: Any, is_sqlite: bool) -> Engine:
    if not is_sqlite:
        waits = f"-c lock_timeout={_WAIT}s -c statement_timeout={_WAIT + 2}s"
        return create_engine(
            url,
            pool_pre_ping=True,
            pool_size=10,
            pool_timeout=_WAIT,
            hide_parameters=True,
            connect_args={"connect_timeout": _WAIT, "options": waits},
        )
    engine = create_engine(url, pool_size=10, max_overflow=20, pool_timeout=_WAIT, hide_parameters=True)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(dbapi_connection: Any, _record: Any) -> None:
    dbapi_connection.isolation_level = None  # BEGIN is ours: see _begin_sqlite
    cursor = dbapi_connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A deferred transaction that turns into a write fails at once when another has written since.
    mode = connection.get_execution_options().get("narthex_begin", "DEFERRED")
    connection.exec_driver_sql(f"BEGIN {mode}")


def be_patient(connection: Connection) -> None:
    """Until the commit, let statements take their time: for migrations and the swap of an import."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("set local statement_timeout = 0")
        connection.exec_driver_sql("set local lock_timeout = 0")
