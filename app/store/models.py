"""The tables. Nothing outside `app.store` reads this module.

Personal values are `LargeBinary` (ciphertext) or 32 hex digits (a blind index); everything else is plain.
"""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class Instant(TypeDecorator[datetime]):
    """A moment in UTC, kept as whole microseconds since 1970: the same, and sortable, on every database."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:  # noqa: ARG002
        """Microseconds since 1970."""
        return None if value is None else (value - _EPOCH) // _MICROSECOND

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ARG002
        """An aware datetime in UTC."""
        return None if value is None else _EPOCH + value * _MICROSECOND


metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

flow_contents = Table(
    "flow_contents",
    metadata,
    Column("digest", String(80), primary_key=True),
    Column("files", JSON, nullable=False),
    Column("stored_at", Instant, nullable=False),
)

flow_versions = Table(
    "flow_versions",
    metadata,
    Column("flow", String(40), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("digest", String(80), ForeignKey("flow_contents.digest"), nullable=False),
    Column("published_at", Instant, nullable=False),
)

runs = Table(
    "runs",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("flow", String(40), nullable=False),
    Column("number", Integer, nullable=False),
    Column("digest", String(80), nullable=False),
    Column("state", String(40), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("lang", String(2), nullable=False),
    Column("browser", String(32)),  # blind index; empty when no browser holds the run
    Column("problems", JSON, nullable=False),
    Column("said", String(40)),
    Column("told", String(40)),
    Column("run_key", LargeBinary),  # wrapped; empty once erased
    Column("head", String(64), nullable=False),  # hash of the newest journal record
    Column("reference", String(12), nullable=False),
    Column("continued", Integer, nullable=False, default=0),
    Column("started_at", Instant, nullable=False),
    Column("touched_at", Instant, nullable=False),
    Column("expires_at", Instant),
    Column("ended_at", Instant),
    Column("forget_at", Instant),  # when the next answer is to be erased; empty until somebody has looked
    UniqueConstraint("browser", "flow"),
)
# The sweep walks by id through what may be due, which is little among all runs ever made.
Index(
    None,
    runs.c.id,
    runs.c.expires_at,
    sqlite_where=runs.c.ended_at.is_(None),
    postgresql_where=runs.c.ended_at.is_(None),
)
Index(
    None,
    runs.c.id,
    runs.c.forget_at,
    sqlite_where=runs.c.ended_at.is_not(None) & runs.c.run_key.is_not(None),
    postgresql_where=runs.c.ended_at.is_not(None) & runs.c.run_key.is_not(None),
)

# Searches show runs from the newest on.
Index(None, runs.c.started_at, runs.c.id)

answers = Table(
    "answers",
    metadata,
    Column("run_id", String(40), ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    Column("field", String(60), primary_key=True),
    Column("value", LargeBinary, nullable=False),
)

journal = Table(
    "journal",
    metadata,
    Column("run", String(40), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("record", Text, nullable=False),
    Column("posted", String(32)),  # keyed fingerprint of what was posted; goes with the run's key
    Column("fold", String(32)),  # equal where replay must treat records alike; empty in older rows
    Index(None, "at"),
    Index(None, "run", "seq", "fold"),  # read by itself when a million records are replayed
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("key", String(120), nullable=False, unique=True),  # our dedupe and the vendor's idempotency key
    Column("run_id", String(40)),
    Column("after", String(120)),  # the key of a letter that must be done with before this one leaves
    Column("channel", String(20), nullable=False),
    Column("lang", String(2), nullable=False),
    Column("recipient", LargeBinary),
    Column("subject", LargeBinary),
    Column("body", LargeBinary),
    Column("state", String(10), nullable=False),  # queued, sending, sent, expired, given_up
    Column("tries", Integer, nullable=False, default=0),
    Column(
        "tries_before", Integer, nullable=False, server_default="0"
    ),  # of them, before an operator's retry
    Column("due", Instant, nullable=False),
    Column("lease", Instant),
    Column("owner", String(40)),
    Column("expires_at", Instant, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("done_at", Instant),
    Column("vendor_reference", String(120)),
    Column("receipt", String(10)),  # what the vendor told afterwards: delivered, failed
    Column("receipt_at", Instant),
    Index(None, "state", "due"),
    Index(None, "run_id"),
    Index(None, "vendor_reference"),
)
# Of what was given up and might still be sent again; the sweep erases it in its time.
Index(
    "ix_outbox_kept",
    outbox.c.expires_at,
    sqlite_where=text("state = 'given_up' AND recipient IS NOT NULL"),
    postgresql_where=text("state = 'given_up' AND recipient IS NOT NULL"),
)

early_receipts = Table(  # receipts that came before the letter had its vendor's name
    "early_receipts",
    metadata,
    Column("vendor_reference", String(120), primary_key=True),
    Column("receipt", String(10), nullable=False),
    Column("at", Instant, nullable=False),
    Index(None, "at"),
)

attempts = Table(
    "attempts",
    metadata,
    Column("letter_id", String(40), ForeignKey("outbox.id", ondelete="CASCADE"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("gateway", String(40), nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Column("outcome", String(20)),  # accepted, refused, failed; empty while the call is out or was cut off
    Column("reason", String(60)),
)

inbox = Table(
    "inbox",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("key", String(120), nullable=False, unique=True),
    Column("channel", String(20), nullable=False),
    Column("recipient", LargeBinary, nullable=False),
    Column("subject", LargeBinary, nullable=False),
    Column("text", LargeBinary, nullable=False),
    Column("at", Instant, nullable=False),
    Index(None, "at"),
)

links = Table(
    "links",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("run_id", String(40), ForeignKey("runs.id", ondelete="CASCADE"), nullable=False),
    Column("name", String(40), nullable=False),
    Column("mac", String(32), nullable=False, unique=True),
    Column("subject", String(32), nullable=False),  # blind index of whose link it is: a newer one replaces it
    Column("sent_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("replaced_at", Instant),
    Column("opens", Integer, nullable=False, default=0),
    Index(None, "run_id", "name"),
    Index(None, "subject"),
    Index(None, "expires_at"),
)

cards = Table(
    "cards",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("realm", String(40), nullable=False),
    Column("name", String(40), nullable=False),
    Column("subject", String(32), nullable=False),  # blind index of the person's identifier
    Column("serial", String(40), nullable=False, unique=True),
    Column("facts", LargeBinary, nullable=False),
    Column("issued_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("voided_at", Instant),
    UniqueConstraint("realm", "name", "subject"),
)

run_cards = Table(
    "run_cards",
    metadata,
    Column("run_id", String(40), ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    Column("name", String(40), primary_key=True),
    Column("card_id", String(40), ForeignKey("cards.id", ondelete="CASCADE"), nullable=False),
)

refusals = Table(
    "refusals",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("budget", String(40), nullable=False),
    Column("subject", String(32), nullable=False),
    Column("at", Instant, nullable=False),
    Index(None, "budget", "subject", "at"),
    Index(None, "at"),
)

second_looks = Table(
    "second_looks",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("at", Instant, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Index(None, "at"),
)

sends = Table(
    "sends",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("recipient", String(32), nullable=False),
    Column("run_id", String(40)),
    Column("what", String(40), nullable=False),
    Column("at", Instant, nullable=False),
    Index(None, "recipient", "at"),
    Index(None, "run_id", "what"),
    Index(None, "at"),
)

registers = Table(
    "registers",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("generation", String(40), nullable=False),
    Column("imported_at", Instant, nullable=False),
    Column("imported_by", String(40)),  # the member of staff, or the console; empty for the demo's own
)

register_rows = Table(
    "register_rows",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("register", String(40), nullable=False),
    Column("generation", String(40), nullable=False),
    Column("key", String(32), nullable=False),
    Column("values", JSON, nullable=False),  # column -> base64 ciphertext
    UniqueConstraint("register", "generation", "key"),
)

register_lookups = Table(
    "register_lookups",
    metadata,
    Column("row_id", String(40), ForeignKey("register_rows.id", ondelete="CASCADE"), primary_key=True),
    Column("column", String(40), primary_key=True),
    Column("mac", String(32), nullable=False),
    Index(None, "mac", "column"),
)
