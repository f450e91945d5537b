"""A register in somebody's SQL database: one read-only query with bound values."""

import logging
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Engine, TextClause, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError
from sqlalchemy.pool import NullPool

from app.flow.spec import RegisterSpec
from app.gateways.registers.answer import usable_rows
from app.gateways.registers.deadline import within
from app.gateways.registers.options import SqlSource, named
from app.gateways.registers.source import AnswerUnusable, RegisterUnavailable

log = logging.getLogger(__name__)

MOST_ROWS = 50


class SqlRegister:
    """Asks the database once per question, over a connection of its own, in a transaction that can only read.

    No connection is kept: its owner sees no idle sessions, and a restart over there breaks none.

    Raises ValueError for a setting that is missing or no database URL, for a query that does not use a
    column listed under `search`, or that uses a value nobody can search by.
    """

    def __init__(self, spec: RegisterSpec, options: SqlSource, secrets: Mapping[str, str]) -> None:
        self._spec = spec
        self._query = _query(spec, options)
        self._seconds = options.timeout
        self._engine = _engine(_url(options, secrets), options.timeout)

    def find(self, lookup: Mapping[str, str]) -> list[dict[str, str]]:
        """The rows of the query for these values; columns that are not asked for are bound to NULL."""
        values = dict.fromkeys(self._spec.search) | dict(lookup)
        try:
            rows = within(self._seconds, lambda: self._ask(values))
        except TimeoutError:
            log.warning("register not reached", extra={"reason": "timeout"})
            raise RegisterUnavailable("timeout") from None
        except Exception as error:
            # Drivers fail in whatever way, and their own words may quote the values.
            log.warning("register not reached", extra={"reason": type(error).__name__})
            raise RegisterUnavailable("database_error") from None
        if len(rows) > MOST_ROWS:
            raise AnswerUnusable("too_many_rows")
        return usable_rows(self._spec, rows, lookup)

    def _ask(self, values: Mapping[str, str | None]) -> list[dict[str, Any]]:
        with self._engine.connect() as connection:
            return _fetch(connection, self._query, values)


def _fetch(
    connection: Connection, query: TextClause, values: Mapping[str, str | None]
) -> list[dict[str, Any]]:
    found = connection.execute(query, dict(values)).mappings()
    return [dict(row) for row in found.fetchmany(MOST_ROWS + 1)]


def _query(spec: RegisterSpec, options: SqlSource) -> TextClause:
    query = text(options.query)
    used = set(query.compile().params)
    if unused := set(spec.search) - used:
        raise ValueError(f"the query must use :{sorted(unused)[0]}, which the register is searched by")
    if strange := used - set(spec.search):
        raise ValueError(f"the query uses :{sorted(strange)[0]}; list that column under search")
    return query


def _url(options: SqlSource, secrets: Mapping[str, str]) -> URL:
    try:
        url = make_url(named(options.url_from, secrets))
    except ArgumentError:
        raise ValueError(f"{options.url_from}: is no database URL; write dialect://user@host/name") from None
    # The driver that comes with Narthex, for those who write the URL as psql takes it.
    return url.set(drivername="postgresql+psycopg") if url.drivername == "postgresql" else url


def _engine(url: URL, seconds: float) -> Engine:
    backend = url.get_backend_name()
    if backend == "sqlite":
        engine = create_engine(url, poolclass=NullPool, hide_parameters=True)
        event.listen(engine, "connect", _only_read)
        return engine
    arguments: dict[str, Any] = {}
    execution: dict[str, Any] = {}
    if backend == "postgresql":
        arguments = {
            "connect_timeout": max(2, round(seconds)),  # libpq knows no shorter one
            "options": f"-c statement_timeout={round(seconds * 1000)}",
        }
        execution = {"postgresql_readonly": True}
    return create_engine(
        url, poolclass=NullPool, connect_args=arguments, execution_options=execution, hide_parameters=True
    )


def _only_read(dbapi_connection: Any, _record: Any) -> None:
    dbapi_connection.execute("pragma query_only = on")
