"""What is known of a published version beside its content: whence it came, by whom, why."""

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select
from sqlalchemy.exc import IntegrityError

from app.store.crypto import Vault
from app.store.drafts_models import releases
from app.store.versions import SomebodyQuicker


@dataclass(frozen=True)
class Release:
    """How a version came to be live. `origin` is `folder`, `desk`, `rollback` or `import`.

    `base_number` is the version it was made from, or whose content it is.
    """

    flow: str
    number: int
    origin: str
    by: str
    reason: str
    approved_by: str | None = None
    base_number: int | None = None


_OF_FLOW = select(releases).where(releases.c.flow == bindparam("of_flow")).order_by(releases.c.number.desc())
_BESIDE = select(releases.c.beside).where(
    releases.c.flow == bindparam("of_flow"), releases.c.number == bindparam("of_number")
)


def put(connection: Connection, vault: Vault, release: Release, beside: Mapping[str, str] | None) -> None:
    """Note a release; `beside` are the scenarios and safety rules that belong to it.

    Raises SomebodyQuicker where the version was published by somebody else in this very moment.
    """
    place = _place(release.flow, release.number)
    row = {
        "flow": release.flow,
        "number": release.number,
        "origin": release.origin,
        "by": release.by,
        "approved_by": release.approved_by,
        "reason": release.reason,
        "base_number": release.base_number,
        "beside": None if beside is None else _sealed(vault, beside, place),
    }
    try:
        connection.execute(insert(releases), row)
    except IntegrityError:
        raise SomebodyQuicker(release.flow) from None


def of_flow(connection: Connection, flow: str) -> dict[int, Release]:
    """What is known of a flow's versions, by number, the newest first."""
    return {row.number: _release(row) for row in connection.execute(_OF_FLOW, {"of_flow": flow})}


def _release(row: Any) -> Release:
    return Release(row.flow, row.number, row.origin, row.by, row.reason, row.approved_by, row.base_number)


def beside(connection: Connection, vault: Vault, flow: str, number: int) -> dict[str, str] | None:
    """The scenarios and rules that were released with a version; None where nothing was noted."""
    row = connection.execute(_BESIDE, {"of_flow": flow, "of_number": number}).first()
    if row is None or row.beside is None:
        return None
    found: dict[str, str] = json.loads(
        zlib.decompress(vault.decrypt_bytes(row.beside, _place(flow, number))).decode()
    )
    return found


def _sealed(vault: Vault, files: Mapping[str, str], place: str) -> bytes:
    return vault.encrypt_bytes(zlib.compress(json.dumps(dict(files), ensure_ascii=False).encode()), place)


def _place(flow: str, number: int) -> str:
    return f"releases:{flow}/{number}:beside"
