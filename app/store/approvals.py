"""Agreement to a draft by a second person, bound to the digest of all its files."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from app.store.drafts_models import approvals


class Decided(Exception):
    """It was decided or withdrawn meanwhile."""


@dataclass(frozen=True)
class Approval:
    """What was asked, and what came of it: `decision` is approved, declined, withdrawn, or None so far."""

    id: str
    draft: str
    flow: str
    digest: str
    asked_by: str
    asked_at: datetime
    words: str
    decision: str | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None
    remark: str | None = None


_OF_DRAFT = (
    select(approvals)
    .where(approvals.c.draft == bindparam("of_draft"))
    .order_by(approvals.c.asked_at.desc(), approvals.c.id.desc())
)
_WAITING = (
    select(approvals).where(approvals.c.decision.is_(None)).order_by(approvals.c.asked_at, approvals.c.id)
)
_DECIDE = (
    update(approvals)
    .where(approvals.c.id == bindparam("of_id"), approvals.c.decision.is_(None))
    .values(
        decision=bindparam("how"),
        decided_by=bindparam("who"),
        decided_at=bindparam("now"),
        remark=bindparam("why"),
    )
)


def ask(connection: Connection, approval: Approval) -> None:
    """Note that agreement is asked for."""
    row = {
        "id": approval.id,
        "draft": approval.draft,
        "flow": approval.flow,
        "digest": approval.digest,
        "asked_by": approval.asked_by,
        "asked_at": approval.asked_at,
        "words": approval.words,
    }
    connection.execute(insert(approvals), row)


def of_draft(connection: Connection, draft: str) -> list[Approval]:
    """All that was asked about a draft, the newest first."""
    return [_approval(row) for row in connection.execute(_OF_DRAFT, {"of_draft": draft})]


def waiting(connection: Connection) -> list[Approval]:
    """What waits for somebody to decide, the oldest first."""
    return [_approval(row) for row in connection.execute(_WAITING)]


def decide(
    connection: Connection, approval: str, how: str, who: str, now: datetime, why: str | None = None
) -> None:
    """Decide what waits; raises Decided where it does not wait any more."""
    values = {"of_id": approval, "how": how, "who": who, "now": now, "why": why}
    if connection.execute(_DECIDE, values).rowcount != 1:
        raise Decided(approval)


def _approval(row: Any) -> Approval:
    return Approval(
        row.id,
        row.draft,
        row.flow,
        row.digest,
        row.asked_by,
        row.asked_at,
        row.words,
        row.decision,
        row.decided_by,
        row.decided_at,
        row.remark,
    )
