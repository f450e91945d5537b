"""The desk: staff and what they did, what stands beside the journal, and the journal's fold for replay."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _journal()
    _staff()
    op.create_table(
        "path_results",
        sa.Column("flow", sa.String(length=40), nullable=False),
        sa.Column("digest", sa.String(length=80), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("flow", "digest", name=op.f("pk_path_results")),
    )


def _journal() -> None:
    with op.batch_alter_table("runs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_runs_started_at_id"), ["started_at", "id"], unique=False)
    with op.batch_alter_table("journal", schema=None) as batch_op:
        batch_op.add_column(sa.Column("fold", sa.String(length=32), nullable=True))
        batch_op.create_index(batch_op.f("ix_journal_run_seq_fold"), ["run", "seq", "fold"], unique=False)
    op.create_table(
        "asides",
        sa.Column("run", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("run", "number", name=op.f("pk_asides")),
    )
    with op.batch_alter_table("asides", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_asides_at"), ["at"], unique=False)
    op.create_table(
        "pruned_runs",
        sa.Column("run", sa.String(length=40), nullable=False),
        sa.Column("flow", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("records", sa.Integer(), nullable=False),
        sa.Column("head", sa.String(length=64), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=False),
        sa.Column("pruned_at", sa.BigInteger(), nullable=False),
        sa.Column("sig", sa.String(length=128), nullable=False),
        sa.PrimaryKeyConstraint("run", name=op.f("pk_pruned_runs")),
    )
    op.create_table(
        "stated_heads",
        sa.Column("run", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("head", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("run", name=op.f("pk_stated_heads")),
    )
    op.create_table(
        "statements",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_statements")),
    )


def _staff() -> None:
    op.create_table(
        "staff",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("password", sa.String(length=200), nullable=False),
        sa.Column("password_at", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("left_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff")),
        sa.UniqueConstraint("name", name=op.f("uq_staff_name")),
    )
    op.create_table(
        "staff_acts",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("staff", sa.String(length=40), nullable=False),
        sa.Column("act", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_acts")),
    )
    with op.batch_alter_table("staff_acts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_staff_acts_at"), ["at"], unique=False)
    op.create_table(
        "staff_logins",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("staff_id", sa.String(length=40), nullable=False),
        sa.Column("mac", sa.String(length=32), nullable=False),
        sa.Column("network", sa.String(length=32), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["staff_id"], ["staff.id"], name=op.f("fk_staff_logins_staff_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_logins")),
        sa.UniqueConstraint("mac", name=op.f("uq_staff_logins_mac")),
    )
    with op.batch_alter_table("staff_logins", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_staff_logins_staff_id"), ["staff_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_staff_logins_started_at"), ["started_at"], unique=False)
