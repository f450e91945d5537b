"""Receipts that are there before their letter has its vendor's name."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "early_receipts",
        sa.Column("vendor_reference", sa.String(length=120), nullable=False),
        sa.Column("receipt", sa.String(length=10), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("vendor_reference", name=op.f("pk_early_receipts")),
    )
    with op.batch_alter_table("early_receipts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_early_receipts_at"), ["at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("early_receipts", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_early_receipts_at"))

    op.drop_table("early_receipts")
