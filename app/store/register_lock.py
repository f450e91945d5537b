"""One import of a register at a time, over all processes; a dead process lets go by itself."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text

from app.store.database import Database

_TRY = text("select pg_try_advisory_lock(hashtextextended(:what, 0))")
_LET_GO = text("select pg_advisory_unlock(hashtextextended(:what, 0))")


class ImportUnderWay(Exception):
    """Another import of the same register has not ended."""


@contextmanager
def alone(database: Database, register: str) -> Iterator[None]:
    """Hold the right to import `register`; raises ImportUnderWay if somebody else does.

    PostgreSQL: an advisory lock of one connection. SQLite: a lock on an empty file beside the database.
    """
    holding = _by_file if database.is_sqlite else _by_connection
    with holding(database, register):
        yield


@contextmanager
def _by_connection(database: Database, register: str) -> Iterator[None]:
    what = {"what": f"narthex import {register}"}
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if not connection.execute(_TRY, what).scalar_one():
            raise ImportUnderWay(register)
        try:
            yield
        finally:
            connection.execute(_LET_GO, what)


@contextmanager
def _by_file(database: Database, register: str) -> Iterator[None]:
    path = database.url.database
    if not path or path == ":memory:":
        yield  # nobody else can reach it
        return
    with Path(f"{path}-import-{register}").open("wb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ImportUnderWay(register) from None
        yield
