"""What the gate found about drafts; a report waits until a worker takes it, under a lease."""

import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, or_, select, update

from app.store.crypto import Vault
from app.store.drafts_models import gate_reports

WAITING, DONE = "waiting", "done"


@dataclass(frozen=True)
class GateReport:
    """One check of a draft as it stood: `report` is what was found so far, `passed` None until it is done."""

    id: str
    flow: str
    draft: str
    digest: str
    live_digest: str | None
    asked_by: str
    asked_at: datetime
    stage: str = WAITING
    report: Mapping[str, Any] = field(default_factory=dict, repr=False)
    passed: bool | None = None
    done_at: datetime | None = None
    lease: datetime | None = None


_NEWEST = (
    select(gate_reports)
    .where(gate_reports.c.draft == bindparam("of_draft"))
    .order_by(gate_reports.c.asked_at.desc(), gate_reports.c.id.desc())
    .limit(1)
)
_DUE = (
    select(gate_reports)
    .where(
        gate_reports.c.stage != DONE,
        or_(gate_reports.c.lease.is_(None), gate_reports.c.lease < bindparam("now")),
    )
    .order_by(gate_reports.c.asked_at, gate_reports.c.id)
    .limit(1)
)
_TAKE = (
    update(gate_reports)
    .where(
        gate_reports.c.id == bindparam("of_id"),
        gate_reports.c.stage != DONE,
        or_(gate_reports.c.lease.is_(None), gate_reports.c.lease < bindparam("now")),
    )
    .values(lease=bindparam("until"))
)
_TELL = (
    update(gate_reports)
    .where(gate_reports.c.id == bindparam("of_id"), gate_reports.c.stage != DONE)
    .values(
        stage=bindparam("now_stage"),
        report=bindparam("now_report"),
        lease=bindparam("until"),
        passed=bindparam("now_passed"),
        done_at=bindparam("at"),
    )
)


def ask(connection: Connection, vault: Vault, wanted: GateReport) -> None:
    """Let a worker find it."""
    row = {
        "id": wanted.id,
        "flow": wanted.flow,
        "draft": wanted.draft,
        "digest": wanted.digest,
        "live_digest": wanted.live_digest,
        "asked_by": wanted.asked_by,
        "asked_at": wanted.asked_at,
        "stage": wanted.stage,
        "report": _sealed(vault, wanted.id, wanted.report),
    }
    connection.execute(insert(gate_reports), row)


def newest(connection: Connection, vault: Vault, draft: str) -> GateReport | None:
    """The newest check of a draft."""
    row = connection.execute(_NEWEST, {"of_draft": draft}).first()
    return _report(vault, row) if row else None


def take(connection: Connection, vault: Vault, now: datetime, until: datetime) -> GateReport | None:
    """Take the oldest that waits, or whose worker is gone, under a lease; None where there is none."""
    row = connection.execute(_DUE, {"now": now}).first()
    if row is None or connection.execute(_TAKE, {"of_id": row.id, "now": now, "until": until}).rowcount != 1:
        return None
    return _report(vault, row)


def tell(
    connection: Connection,
    vault: Vault,
    report: str,
    stage: str,
    found: Mapping[str, Any],
    until: datetime | None,
    passed: bool | None = None,
    at: datetime | None = None,
) -> bool:
    """Keep what was found so far and how far it is; whether it was still waited for."""
    values = {
        "of_id": report,
        "now_stage": stage,
        "now_report": _sealed(vault, report, found),
        "until": until,
        "now_passed": None if passed is None else int(passed),
        "at": at,
    }
    return connection.execute(_TELL, values).rowcount == 1


def _report(vault: Vault, row: Any) -> GateReport:
    found = json.loads(zlib.decompress(vault.decrypt_bytes(row.report, _place(row.id)))) if row.report else {}
    passed = None if row.passed is None else bool(row.passed)
    return GateReport(
        row.id,
        row.flow,
        row.draft,
        row.digest,
        row.live_digest,
        row.asked_by,
        row.asked_at,
        row.stage,
        found,
        passed,
        row.done_at,
        row.lease,
    )


def _sealed(vault: Vault, report: str, found: Mapping[str, Any]) -> bytes:
    written = json.dumps(dict(found), ensure_ascii=False, separators=(",", ":"))
    return vault.encrypt_bytes(zlib.compress(written.encode()), _place(report))


def _place(report: str) -> str:
    return f"gate_reports:{report}:report"
