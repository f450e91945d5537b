"""The tables of the analysts' desk: drafts and their edits, approvals, what was released and why.

Nothing outside `app.store` reads this module. Definitions hold no personal data, but a draft carries its
scenarios, in which people are named: its files and the edits of them are sealed, compressed before that.
"""

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, String, Table, Text, UniqueConstraint

from app.store.models import Instant, metadata

drafts = Table(
    "drafts",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("flow", String(40), nullable=False),
    Column("open_flow", String(40)),  # the flow while the draft is open: one of each
    Column("base_number", Integer),  # the version it was made from; empty for a flow that is not live yet
    Column("files", LargeBinary, nullable=False),
    Column("base_files", LargeBinary, nullable=False),
    Column("digest", String(80), nullable=False),  # over all files, scenarios and rules too
    Column("revision", Integer, nullable=False),
    Column("opened_by", String(40), nullable=False),
    Column("opened_at", Instant, nullable=False),
    Column("touched_at", Instant, nullable=False),
    Column("closed_at", Instant),
    Column("closed_as", String(20)),  # published, discarded
    Column("closed_by", String(40)),
    Column("closed_number", Integer),  # the version it became
    UniqueConstraint("open_flow"),
    Index(None, "flow"),
)

draft_edits = Table(
    "draft_edits",
    metadata,
    Column("draft", String(40), ForeignKey("drafts.id", ondelete="CASCADE"), primary_key=True),
    Column("revision", Integer, primary_key=True, autoincrement=False),
    Column("at", Instant, nullable=False),
    Column("staff", String(40), nullable=False),
    Column("kind", String(20), nullable=False),  # edit, text, import, restore, undo, redo, merge
    Column("what", LargeBinary, nullable=False),  # what was done, as data for a sentence
    Column("patch", LargeBinary, nullable=False),  # per file: where, what was taken away, what was put there
    Column("undoes", Integer),  # the edit that this one took back, or put back
    Column("undone_by", Integer),  # the newest edit that took this one back; empty while it stands
)

approvals = Table(
    "approvals",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("draft", String(40), ForeignKey("drafts.id", ondelete="CASCADE"), nullable=False),
    Column("flow", String(40), nullable=False),
    Column("digest", String(80), nullable=False),
    Column("asked_by", String(40), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("words", Text, nullable=False),
    Column("decision", String(20)),  # approved, declined, withdrawn; empty while it waits
    Column("decided_by", String(40)),
    Column("decided_at", Instant),
    Column("remark", Text),
    Index(None, "draft"),
    Index(None, "flow", "asked_at"),
)

releases = Table(
    "releases",
    metadata,
    Column("flow", String(40), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("origin", String(20), nullable=False),  # folder, desk, rollback, import
    Column("by", String(40), nullable=False),
    Column("approved_by", String(40)),
    Column("reason", Text, nullable=False),
    Column("base_number", Integer),  # the version it was made from
    Column("beside", LargeBinary),  # scenarios and safety rules, sealed: they are no part of the version
)

schedules = Table(
    "schedules",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("flow", String(40), nullable=False),
    Column("draft", String(40), ForeignKey("drafts.id", ondelete="CASCADE"), nullable=False),
    Column("digest", String(80), nullable=False),
    Column("at", Instant, nullable=False),
    Column("by", String(40), nullable=False),
    Column("reason", Text, nullable=False),
    Column("made_at", Instant, nullable=False),
    Column("done_at", Instant),
    Column("outcome", String(20)),  # published, refused, called_off
    Column("number", Integer),
    Column("told", Text),  # why it was refused
    Index(None, "flow", "at"),
)

pauses = Table(
    "pauses",
    metadata,
    Column("flow", String(40), primary_key=True),
    Column("since", Instant, nullable=False),
    Column("by", String(40), nullable=False),
    Column("reason", Text, nullable=False),
)

# Runs under way that staff moved to another version, each in a commit of its own.
moves = Table(
    "moves",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("flow", String(40), nullable=False),
    Column("from_number", Integer, nullable=False),
    Column("to_number", Integer, nullable=False),
    Column("mapping", Text, nullable=False),  # old state to new state, as JSON; states not named keep theirs
    Column("by", String(40), nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", Instant, nullable=False),
    Column("runs", Integer, nullable=False),  # how many were moved so far, those since pruned too
    Index(None, "flow", "at"),
)

moved_runs = Table(
    "moved_runs",
    metadata,
    Column("run", String(40), ForeignKey("runs.id", ondelete="CASCADE"), primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),  # of the record
    Column("move", String(40), ForeignKey("moves.id", ondelete="CASCADE"), nullable=False),
    Index(None, "move"),
)

# What the gate found about a draft: asked for, run by a worker, read by whoever looks at the page.
gate_reports = Table(
    "gate_reports",
    metadata,
    Column("id", String(40), primary_key=True),
    Column("flow", String(40), nullable=False),
    Column("draft", String(40), ForeignKey("drafts.id", ondelete="CASCADE"), nullable=False),
    Column("digest", String(80), nullable=False),
    Column("live_digest", String(80)),  # what it was held against; empty for a flow that is not live yet
    Column("asked_by", String(40), nullable=False),
    Column("asked_at", Instant, nullable=False),
    Column("lease", Instant),  # until when whoever runs it is believed to be alive
    Column("stage", String(20), nullable=False),  # waiting, lint, scenarios, safety, replay, done
    Column("report", LargeBinary),  # sealed: scenarios name people
    Column("passed", Integer),  # 1 or 0 once it is done
    Column("done_at", Instant),
    Index(None, "draft", "digest"),
    Index(None, "stage"),
)
