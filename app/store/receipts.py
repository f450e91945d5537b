"""What vendors tell afterwards of messages they took over: the first final word stays.

A receipt may be there before its letter has the vendor's name for the message: vendors report while they
still answer us. It waits in a table of its own, and whoever reads looks at both (`outbox.newest_delivery`),
so neither of two transactions that do not see each other loses it.
"""

from datetime import datetime
from typing import Literal

from sqlalchemy import Connection, bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from app.store.models import early_receipts, outbox

Receipt = Literal["delivered", "failed"]

_EARLIER = (
    select(early_receipts.c.receipt)
    .where(early_receipts.c.vendor_reference == bindparam("reference"))
    .scalar_subquery()
)
_THE_LETTER = (outbox.c.vendor_reference == bindparam("reference")) & (outbox.c.channel == "sms")
_NOTE = (
    update(outbox)
    .where(_THE_LETTER, outbox.c.receipt.is_(None))
    .values(receipt=func.coalesce(_EARLIER, bindparam("told")), receipt_at=bindparam("now"))
)
_KNOWN = select(outbox.c.id).where(_THE_LETTER).limit(1)
_KEEP = {
    "postgresql": pg_insert(early_receipts).on_conflict_do_nothing(index_elements=["vendor_reference"]),
    "sqlite": sqlite_insert(early_receipts).on_conflict_do_nothing(index_elements=["vendor_reference"]),
}
_PURGE = delete(early_receipts).where(early_receipts.c.at <= bindparam("before"))


def note(connection: Connection, vendor_reference: str, receipt: Receipt, now: datetime) -> None:
    """Note the final word on a text message, unless there is one already, whichever it was."""
    told = {"reference": vendor_reference, "told": receipt, "now": now}
    if connection.execute(_NOTE, told).rowcount:
        return
    if connection.execute(_KNOWN, {"reference": vendor_reference}).first() is None:
        waiting = {"vendor_reference": vendor_reference, "receipt": receipt, "at": now}
        connection.execute(_KEEP[connection.dialect.name], waiting)


def purge(connection: Connection, before: datetime) -> int:
    """Forget early receipts of that time and older; how many."""
    return connection.execute(_PURGE, {"before": before}).rowcount
