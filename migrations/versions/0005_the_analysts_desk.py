"""The analysts' desk: drafts, approvals, releases; staff's second factor and identity; acts in a chain."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "drafts",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("flow", sa.String(length=40), nullable=False),
        sa.Column("open_flow", sa.String(length=40), nullable=True),
        sa.Column("base_number", sa.Integer(), nullable=True),
        sa.Column("files", sa.LargeBinary(), nullable=False),
        sa.Column("base_files", sa.LargeBinary(), nullable=False),
        sa.Column("digest", sa.String(length=80), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("opened_by", sa.String(length=40), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("touched_at", sa.BigInteger(), nullable=False),
        sa.Column("closed_at", sa.BigInteger(), nullable=True),
        sa.Column("closed_as", sa.String(length=20), nullable=True),
        sa.Column("closed_by", sa.String(length=40), nullable=True),
        sa.Column("closed_number", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drafts")),
        sa.UniqueConstraint("open_flow", name=op.f("uq_drafts_open_flow")),
    )
    with op.batch_alter_table("drafts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_drafts_flow"), ["flow"], unique=False)

    op.create_table(
        "pauses",
        sa.Column("flow", sa.String(length=40), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("flow", name=op.f("pk_pauses")),
    )
    op.create_table(
        "releases",
        sa.Column("flow", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("origin", sa.String(length=20), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("approved_by", sa.String(length=40), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("base_number", sa.Integer(), nullable=True),
        sa.Column("beside", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("flow", "number", name=op.f("pk_releases")),
    )
    op.create_table(
        "approvals",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("draft", sa.String(length=40), nullable=False),
        sa.Column("flow", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.String(length=80), nullable=False),
        sa.Column("asked_by", sa.String(length=40), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("decision", sa.String(length=20), nullable=True),
        sa.Column("decided_by", sa.String(length=40), nullable=True),
        sa.Column("decided_at", sa.BigInteger(), nullable=True),
        sa.Column("remark", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["draft"], ["drafts.id"], name=op.f("fk_approvals_draft"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approvals")),
    )
    with op.batch_alter_table("approvals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_approvals_draft"), ["draft"], unique=False)
        batch_op.create_index(batch_op.f("ix_approvals_flow_asked_at"), ["flow", "asked_at"], unique=False)

    op.create_table(
        "draft_edits",
        sa.Column("draft", sa.String(length=40), nullable=False),
        sa.Column("revision", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("staff", sa.String(length=40), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("what", sa.LargeBinary(), nullable=False),
        sa.Column("patch", sa.LargeBinary(), nullable=False),
        sa.Column("undoes", sa.Integer(), nullable=True),
        sa.Column("undone_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["draft"], ["drafts.id"], name=op.f("fk_draft_edits_draft"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("draft", "revision", name=op.f("pk_draft_edits")),
    )
    op.create_table(
        "schedules",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("flow", sa.String(length=40), nullable=False),
        sa.Column("draft", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.String(length=80), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("told", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["draft"], ["drafts.id"], name=op.f("fk_schedules_draft"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedules")),
    )
    with op.batch_alter_table("schedules", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_schedules_flow_at"), ["flow", "at"], unique=False)

    with op.batch_alter_table("staff", schema=None) as batch_op:
        batch_op.add_column(sa.Column("totp", sa.LargeBinary(), nullable=True))
        batch_op.add_column(sa.Column("totp_at", sa.BigInteger(), nullable=True))
        batch_op.add_column(sa.Column("totp_step", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("recovery", sa.JSON(), nullable=True))
        batch_op.add_column(sa.Column("subject", sa.String(length=300), nullable=True))
        batch_op.create_unique_constraint(batch_op.f("uq_staff_subject"), ["subject"])

    op.create_table(
        "staff_waiting",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("mac", sa.String(length=32), nullable=False),
        sa.Column("staff_id", sa.String(length=40), nullable=False),
        sa.Column("purpose", sa.String(length=20), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=True),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_staff_waiting_staff_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_waiting")),
        sa.UniqueConstraint("mac", name=op.f("uq_staff_waiting_mac")),
    )
    with op.batch_alter_table("staff_waiting", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_staff_waiting_staff_id"), ["staff_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_staff_waiting_started_at"), ["started_at"], unique=False)
    # What operators do: who gave a register its rows, and a letter that was given up and gets new tries.
    with op.batch_alter_table("registers", schema=None) as batch_op:
        batch_op.add_column(sa.Column("imported_by", sa.String(length=40), nullable=True))
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("tries_before", sa.Integer(), nullable=False, server_default="0"))
        batch_op.create_index(
            "ix_outbox_kept",
            ["expires_at"],
            sqlite_where=sa.text("state = 'given_up' AND recipient IS NOT NULL"),
            postgresql_where=sa.text("state = 'given_up' AND recipient IS NOT NULL"),
        )

    with op.batch_alter_table("staff_acts", schema=None) as batch_op:
        batch_op.add_column(sa.Column("number", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("link", sa.String(length=64), nullable=True))
        batch_op.create_unique_constraint(batch_op.f("uq_staff_acts_number"), ["number"])
    op.create_table(
        "gate_reports",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("flow", sa.String(length=40), nullable=False),
        sa.Column("draft", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.String(length=80), nullable=False),
        sa.Column("live_digest", sa.String(length=80), nullable=True),
        sa.Column("asked_by", sa.String(length=40), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("lease", sa.BigInteger(), nullable=True),
        sa.Column("stage", sa.String(length=20), nullable=False),
        sa.Column("report", sa.LargeBinary(), nullable=True),
        sa.Column("passed", sa.Integer(), nullable=True),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["draft"], ["drafts.id"], name=op.f("fk_gate_reports_draft"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_gate_reports")),
    )
    with op.batch_alter_table("gate_reports", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_gate_reports_draft_digest"), ["draft", "digest"], unique=False)
        batch_op.create_index(batch_op.f("ix_gate_reports_stage"), ["stage"], unique=False)
    op.create_table(
        "moves",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("flow", sa.String(length=40), nullable=False),
        sa.Column("from_number", sa.Integer(), nullable=False),
        sa.Column("to_number", sa.Integer(), nullable=False),
        sa.Column("mapping", sa.Text(), nullable=False),
        sa.Column("by", sa.String(length=40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("runs", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moves")),
    )
    with op.batch_alter_table("moves", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_moves_flow_at"), ["flow", "at"], unique=False)
    op.create_table(
        "moved_runs",
        sa.Column("run", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("move", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(["run"], ["runs.id"], name=op.f("fk_moved_runs_run"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["move"], ["moves.id"], name=op.f("fk_moved_runs_move"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("run", "seq", name=op.f("pk_moved_runs")),
    )
    with op.batch_alter_table("moved_runs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_moved_runs_move"), ["move"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("moved_runs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_moved_runs_move"))
    op.drop_table("moved_runs")
    with op.batch_alter_table("moves", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_moves_flow_at"))
    op.drop_table("moves")

    with op.batch_alter_table("gate_reports", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_gate_reports_stage"))
        batch_op.drop_index(batch_op.f("ix_gate_reports_draft_digest"))

    op.drop_table("gate_reports")

    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index("ix_outbox_kept")
        batch_op.drop_column("tries_before")
    with op.batch_alter_table("registers", schema=None) as batch_op:
        batch_op.drop_column("imported_by")

    with op.batch_alter_table("staff_acts", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_staff_acts_number"), type_="unique")
        batch_op.drop_column("link")
        batch_op.drop_column("number")

    with op.batch_alter_table("staff_waiting", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_staff_waiting_started_at"))
        batch_op.drop_index(batch_op.f("ix_staff_waiting_staff_id"))
    op.drop_table("staff_waiting")

    with op.batch_alter_table("staff", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_staff_subject"), type_="unique")
        batch_op.drop_column("subject")
        batch_op.drop_column("recovery")
        batch_op.drop_column("totp_step")
        batch_op.drop_column("totp_at")
        batch_op.drop_column("totp")

    with op.batch_alter_table("schedules", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_schedules_flow_at"))

    op.drop_table("schedules")
    op.drop_table("draft_edits")
    with op.batch_alter_table("approvals", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_approvals_flow_asked_at"))
        batch_op.drop_index(batch_op.f("ix_approvals_draft"))

    op.drop_table("approvals")
    op.drop_table("releases")
    op.drop_table("pauses")
    with op.batch_alter_table("drafts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_drafts_flow"))

    op.drop_table("drafts")
