"""Published flow versions: content by SHA-256, immutable; the highest number of a flow is live."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select
from sqlalchemy.exc import IntegrityError

from app.store.models import flow_contents, flow_versions


class SomebodyQuicker(Exception):
    """Another version of the flow was published in the same moment; nothing was written."""


@dataclass(frozen=True)
class Version:
    """A numbered, published state of a flow's folder."""

    flow: str
    number: int
    digest: str
    published_at: datetime


_CONTENT = select(flow_contents.c.files).where(flow_contents.c.digest == bindparam("digest"))
_LIVE = (
    select(flow_versions)
    .where(flow_versions.c.flow == bindparam("flow"))
    .order_by(flow_versions.c.number.desc())
    .limit(1)
)
_NUMBERED = select(flow_versions).where(
    flow_versions.c.flow == bindparam("flow"), flow_versions.c.number == bindparam("number")
)
_NEWEST = select(flow_versions.c.flow, func.max(flow_versions.c.number)).group_by(flow_versions.c.flow)


def live(connection: Connection, flow: str) -> Version | None:
    """The version new runs of `flow` begin on."""
    return _version(connection.execute(_LIVE, {"flow": flow}).first())


def numbered(connection: Connection, flow: str, number: int) -> Version | None:
    """The version of `flow` with this number."""
    return _version(connection.execute(_NUMBERED, {"flow": flow, "number": number}).first())


def _version(row: Any) -> Version | None:
    return Version(row.flow, row.number, row.digest, row.published_at) if row else None


def flows(connection: Connection) -> list[str]:
    """The names of all flows ever published, sorted."""
    return sorted(row[0] for row in connection.execute(_NEWEST))


def content(connection: Connection, digest: str) -> dict[str, str] | None:
    """The files of the version with this digest, by name."""
    row = connection.execute(_CONTENT, {"digest": digest}).first()
    return dict(row.files) if row else None


def publish(
    connection: Connection, flow: str, digest: str, files: Mapping[str, str], now: datetime
) -> Version:
    """Make this content the live version of `flow`; unchanged content publishes nothing new.

    Raises SomebodyQuicker.
    """
    current = live(connection, flow)
    if current and current.digest == digest:
        return current
    version = Version(flow, current.number + 1 if current else 1, digest, now)
    stored = {"digest": digest, "files": dict(files), "stored_at": now}
    numbered = {"flow": flow, "number": version.number, "digest": digest, "published_at": now}
    try:
        if content(connection, digest) is None:
            connection.execute(insert(flow_contents), stored)
        connection.execute(insert(flow_versions), numbered)
    except IntegrityError:
        raise SomebodyQuicker(flow) from None
    return version
