"""Who did what to drafts and when, without opening what is sealed; drafts that are closed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from app.store.drafts_models import draft_edits, drafts


@dataclass(frozen=True)
class Touch:
    """That somebody edited a draft; the fields mean what they do in StoredEdit."""

    revision: int
    at: datetime
    staff: str
    kind: str
    undoes: int | None = None
    undone_by: int | None = None


@dataclass(frozen=True)
class ClosedDraft:
    """A draft that is not open any more: `closed_as` is published, as version `number`, or discarded."""

    id: str
    base_number: int | None
    revision: int
    opened_by: str
    opened_at: datetime
    closed_at: datetime
    closed_as: str
    closed_by: str | None
    number: int | None


_TOUCHES = (
    select(
        draft_edits.c.revision,
        draft_edits.c.at,
        draft_edits.c.staff,
        draft_edits.c.kind,
        draft_edits.c.undoes,
        draft_edits.c.undone_by,
    )
    .where(draft_edits.c.draft == bindparam("of_draft"))
    .order_by(draft_edits.c.revision.desc())
)
_CLOSED = (
    select(
        drafts.c.id,
        drafts.c.base_number,
        drafts.c.revision,
        drafts.c.opened_by,
        drafts.c.opened_at,
        drafts.c.closed_at,
        drafts.c.closed_as,
        drafts.c.closed_by,
        drafts.c.closed_number,
    )
    .where(drafts.c.flow == bindparam("of_flow"), drafts.c.closed_at.is_not(None))
    .order_by(drafts.c.closed_at.desc(), drafts.c.id.desc())
    .limit(bindparam("most"))
)


def touches(connection: Connection, draft: str) -> Iterator[Touch]:
    """Every edit of a draft, the newest first, read as they are asked for."""
    for row in connection.execute(_TOUCHES, {"of_draft": draft}):
        yield Touch(*row)


def closed(connection: Connection, flow: str, most: int = 50) -> list[ClosedDraft]:
    """The drafts of a flow that were published or discarded, the one closed last first."""
    return [ClosedDraft(*row) for row in connection.execute(_CLOSED, {"of_flow": flow, "most": most})]
