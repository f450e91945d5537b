"""The letters of a run as the desk tells them: what became of each, never to whom or what it said."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select

from app.store.models import early_receipts, outbox

_OF_RUN = (
    select(
        outbox.c.id,
        outbox.c.key,
        outbox.c.channel,
        outbox.c.state,
        outbox.c.tries,
        outbox.c.created_at,
        outbox.c.done_at,
        func.coalesce(early_receipts.c.receipt, outbox.c.receipt).label("receipt"),
        func.coalesce(early_receipts.c.at, outbox.c.receipt_at).label("receipt_at"),
    )
    .outerjoin(early_receipts, early_receipts.c.vendor_reference == outbox.c.vendor_reference)
    .where(outbox.c.run_id == bindparam("run"))
    .order_by(outbox.c.created_at, outbox.c.id)
)


@dataclass(frozen=True)
class RunLetter:
    """One letter: its channel and state, how often it was tried, the vendor's receipt, each with its moment.

    `key` is `run:step:number` of the effect that left it, or another one where no step did.
    """

    id: str
    key: str
    channel: str
    state: str
    tries: int
    created_at: datetime
    done_at: datetime | None
    receipt: str | None
    receipt_at: datetime | None

    @property
    def seq(self) -> int | None:
        """The step that left it."""
        parts = self.key.split(":")
        return int(parts[1]) if len(parts) > 1 and parts[1].isdecimal() else None


def of_run(connection: Connection, run: str) -> list[RunLetter]:
    """What the run's steps sent, the oldest first."""
    return [RunLetter(*row) for row in connection.execute(_OF_RUN, {"run": run})]
