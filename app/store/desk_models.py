"""The tables of the desk: staff, what they did, and what stands beside the journal.

Nothing outside `app.store` reads this module. Staff are named by a user name of their own choosing, which
stands in plain text, as every act of theirs does; nothing else here is personal.
"""

from sqlalchemy import (
    JSON,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from app.store.models import Instant, metadata

staff = Table(
    "staff",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("name", String(40), nullable=False),
    Column("roles", JSON, nullable=False),
    Column("password", String(200), nullable=False),
    Column("password_at", Instant, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("left_at", Instant),
    Column("totp", LargeBinary),  # the secret of the second factor, sealed
    Column("totp_at", Instant),  # since when it is asked for; empty while it is being set up
    Column("totp_step", Integer),  # the newest step that was used: no code counts twice
    Column("recovery", JSON),  # keyed MACs of the recovery codes nobody has used yet
    Column("subject", String(300)),  # who this is at the organisation's identity provider
    UniqueConstraint("name"),
    UniqueConstraint("subject"),
)

staff_logins = Table(
    "staff_logins",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("staff_id", String(40), ForeignKey("staff.id", ondelete="CASCADE"), nullable=False),
    Column("mac", String(32), nullable=False, unique=True),
    Column("network", String(32), nullable=False),
    Column("started_at", Instant, nullable=False),
    Column("seen_at", Instant, nullable=False),
    Column("ended_at", Instant),
    Index(None, "staff_id"),
    Index(None, "started_at"),
)

# What a browser has begun at the desk and goes on with within minutes: half a login, a second factor that
# is being set up, recovery codes that are being shown.
staff_waiting = Table(
    "staff_waiting",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("mac", String(32), nullable=False, unique=True),
    Column("staff_id", String(40), ForeignKey("staff.id", ondelete="CASCADE"), nullable=False),
    Column("purpose", String(20), nullable=False),  # code, enrol, codes
    Column("sealed", LargeBinary),
    Column("started_at", Instant, nullable=False),
    Index(None, "staff_id"),
    Index(None, "started_at"),
)

staff_acts = Table(
    "staff_acts",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("at", Instant, nullable=False),
    Column("staff", String(40), nullable=False),
    Column("act", String(60), nullable=False),
    Column("subject", String(120), nullable=False),
    Column("outcome", String(20), nullable=False),  # done, refused
    Column("number", Integer),  # its place in the chain; empty in rows older than the chain
    Column("link", String(64)),  # SHA-256 over this act and the link before
    Index(None, "at"),
    UniqueConstraint("number"),
)

# What was sent to a run and took no step: the same post again, one of an older page, one that came too late.
asides = Table(
    "asides",
    metadata,
    Column("run", String(40), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("record", Text, nullable=False),
    Index(None, "at"),
)

# What is left of a run whose records were pruned: enough for statements that named it.
pruned_runs = Table(
    "pruned_runs",
    metadata,
    Column("run", String(40), primary_key=True),
    Column("flow", String(40), nullable=False),
    Column("number", Integer, nullable=False),
    Column("records", Integer, nullable=False),
    Column("head", String(64), nullable=False),
    Column("ended_at", Instant, nullable=False),
    Column("pruned_at", Instant, nullable=False),
    Column("sig", String(128), nullable=False),  # that it was pruned and not deleted
)

# Signed statements of which heads the journal had, each naming what changed since the one before.
statements = Table(
    "statements",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("body", Text, nullable=False),
)

stated_heads = Table(
    "stated_heads",
    metadata,
    Column("run", String(40), primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("head", String(64), nullable=False),
)

# What the generated paths of a definition covered when they were last driven.
path_results = Table(
    "path_results",
    metadata,
    Column("flow", String(40), primary_key=True),
    Column("digest", String(80), primary_key=True),
    Column("at", Instant, nullable=False),
    Column("result", JSON, nullable=False),
)
