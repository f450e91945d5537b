"""What the generated paths of a definition covered when they were last driven."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select

from app.store.desk_models import path_results

_OF_DEFINITION = (
    path_results.c.flow == bindparam("of_flow"),
    path_results.c.digest == bindparam("of_digest"),
)
_FORGET = delete(path_results).where(*_OF_DEFINITION)
_INSERT = insert(path_results)
_NEWEST = select(path_results.c.at, path_results.c.result).where(*_OF_DEFINITION)


@dataclass(frozen=True)
class PathResult:
    """When the paths were driven, and the driver's report of it as JSON (see `app.proof.report`)."""

    at: datetime
    result: Mapping[str, Any]


def put(connection: Connection, flow: str, digest: str, result: Mapping[str, Any], now: datetime) -> None:
    """Keep this result in the place of an older one of the same definition."""
    connection.execute(_FORGET, {"of_flow": flow, "of_digest": digest})
    connection.execute(_INSERT, {"flow": flow, "digest": digest, "at": now, "result": dict(result)})


def newest(connection: Connection, flow: str, digest: str) -> PathResult | None:
    """The result for this definition; None when its paths were never driven here."""
    row = connection.execute(_NEWEST, {"of_flow": flow, "of_digest": digest}).first()
    return PathResult(row.at, row.result) if row else None
