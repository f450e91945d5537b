"""The first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cards",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("realm", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=32), nullable=False),
        sa.Column("serial", sa.String(length=40), nullable=False),
        sa.Column("facts", sa.LargeBinary(), nullable=False),
        sa.Column("issued_at", sa.BigInteger(), nullable=False),
        sa.Column("updated_at", sa.BigInteger(), nullable=False),
        sa.Column("voided_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cards")),
        sa.UniqueConstraint("realm", "name", "subject", name=op.f("uq_cards_realm_name_subject")),
        sa.UniqueConstraint("serial", name=op.f("uq_cards_serial")),
    )
    op.create_table(
        "flow_contents",
        sa.Column("digest", sa.String(length=80), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("stored_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_flow_contents")),
    )
    op.create_table(
        "inbox",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("recipient", sa.LargeBinary(), nullable=False),
        sa.Column("subject", sa.LargeBinary(), nullable=False),
        sa.Column("text", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_inbox")),
        sa.UniqueConstraint("key", name=op.f("uq_inbox_key")),
    )
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_inbox_at"), ["at"], unique=False)

    op.create_table(
        "journal",
        sa.Column("run", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.Column("posted", sa.String(length=32), nullable=True),
        sa.PrimaryKeyConstraint("run", "seq", name=op.f("pk_journal")),
    )
    with op.batch_alter_table("journal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_journal_at"), ["at"], unique=False)

    op.create_table(
        "outbox",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("run_id", sa.String(length=40), nullable=True),
        sa.Column("after", sa.String(length=120), nullable=True),
        sa.Column("channel", sa.String(length=20), nullable=False),
        sa.Column("lang", sa.String(length=2), nullable=False),
        sa.Column("recipient", sa.LargeBinary(), nullable=True),
        sa.Column("subject", sa.LargeBinary(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("due", sa.BigInteger(), nullable=False),
        sa.Column("lease", sa.BigInteger(), nullable=True),
        sa.Column("owner", sa.String(length=40), nullable=True),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("done_at", sa.BigInteger(), nullable=True),
        sa.Column("vendor_reference", sa.String(length=120), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("key", name=op.f("uq_outbox_key")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outbox_run_id"), ["run_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_outbox_state_due"), ["state", "due"], unique=False)

    op.create_table(
        "refusals",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("budget", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=32), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_refusals")),
    )
    with op.batch_alter_table("refusals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_refusals_at"), ["at"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_refusals_budget_subject_at"), ["budget", "subject", "at"], unique=False
        )

    op.create_table(
        "register_rows",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("register", sa.String(length=40), nullable=False),
        sa.Column("generation", sa.String(length=40), nullable=False),
        sa.Column("key", sa.String(length=32), nullable=False),
        sa.Column("values", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_rows")),
        sa.UniqueConstraint(
            "register", "generation", "key", name=op.f("uq_register_rows_register_generation_key")
        ),
    )
    op.create_table(
        "registers",
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("generation", sa.String(length=40), nullable=False),
        sa.Column("imported_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_registers")),
    )
    op.create_table(
        "runs",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("flow", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=80), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("lang", sa.String(length=2), nullable=False),
        sa.Column("browser", sa.String(length=32), nullable=True),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.Column("said", sa.String(length=40), nullable=True),
        sa.Column("run_key", sa.LargeBinary(), nullable=True),
        sa.Column("head", sa.String(length=64), nullable=False),
        sa.Column("reference", sa.String(length=12), nullable=False),
        sa.Column("continued", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("touched_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("forget_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_runs")),
        sa.UniqueConstraint("browser", "flow", name=op.f("uq_runs_browser_flow")),
    )
    with op.batch_alter_table("runs", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_runs_id_expires_at"),
            ["id", "expires_at"],
            unique=False,
            sqlite_where=sa.text("ended_at IS NULL"),
            postgresql_where=sa.text("ended_at IS NULL"),
        )
        batch_op.create_index(
            batch_op.f("ix_runs_id_forget_at"),
            ["id", "forget_at"],
            unique=False,
            sqlite_where=sa.text("ended_at IS NOT NULL AND run_key IS NOT NULL"),
            postgresql_where=sa.text("ended_at IS NOT NULL AND run_key IS NOT NULL"),
        )

    op.create_table(
        "second_looks",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_second_looks")),
    )
    with op.batch_alter_table("second_looks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_second_looks_at"), ["at"], unique=False)

    op.create_table(
        "sends",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("recipient", sa.String(length=32), nullable=False),
        sa.Column("run_id", sa.String(length=40), nullable=True),
        sa.Column("what", sa.String(length=40), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sends")),
    )
    with op.batch_alter_table("sends", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sends_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_sends_recipient_at"), ["recipient", "at"], unique=False)
        batch_op.create_index(batch_op.f("ix_sends_run_id_what"), ["run_id", "what"], unique=False)

    op.create_table(
        "answers",
        sa.Column("run_id", sa.String(length=40), nullable=False),
        sa.Column("field", sa.String(length=60), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_answers_run_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("run_id", "field", name=op.f("pk_answers")),
    )
    op.create_table(
        "attempts",
        sa.Column("letter_id", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("gateway", sa.String(length=40), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("reason", sa.String(length=60), nullable=True),
        sa.ForeignKeyConstraint(
            ["letter_id"], ["outbox.id"], name=op.f("fk_attempts_letter_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("letter_id", "number", name=op.f("pk_attempts")),
    )
    op.create_table(
        "flow_versions",
        sa.Column("flow", sa.String(length=40), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.String(length=80), nullable=False),
        sa.Column("published_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["digest"], ["flow_contents.digest"], name=op.f("fk_flow_versions_digest")),
        sa.PrimaryKeyConstraint("flow", "number", name=op.f("pk_flow_versions")),
    )
    op.create_table(
        "links",
        sa.Column("id", sa.String(length=40), nullable=False),
        sa.Column("run_id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("mac", sa.String(length=32), nullable=False),
        sa.Column("subject", sa.String(length=32), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.Column("replaced_at", sa.BigInteger(), nullable=True),
        sa.Column("opens", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["runs.id"], name=op.f("fk_links_run_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_links")),
        sa.UniqueConstraint("mac", name=op.f("uq_links_mac")),
    )
    with op.batch_alter_table("links", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_links_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_links_run_id_name"), ["run_id", "name"], unique=False)
        batch_op.create_index(batch_op.f("ix_links_subject"), ["subject"], unique=False)

    op.create_table(
        "register_lookups",
        sa.Column("row_id", sa.String(length=40), nullable=False),
        sa.Column("column", sa.String(length=40), nullable=False),
        sa.Column("mac", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["row_id"], ["register_rows.id"], name=op.f("fk_register_lookups_row_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("row_id", "column", name=op.f("pk_register_lookups")),
    )
    with op.batch_alter_table("register_lookups", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_register_lookups_mac_column"), ["mac", "column"], unique=False)

    op.create_table(
        "run_cards",
        sa.Column("run_id", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("card_id", sa.String(length=40), nullable=False),
        sa.ForeignKeyConstraint(
            ["card_id"], ["cards.id"], name=op.f("fk_run_cards_card_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["run_id"], ["runs.id"], name=op.f("fk_run_cards_run_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", "name", name=op.f("pk_run_cards")),
    )


def downgrade() -> None:
    op.drop_table("run_cards")
    with op.batch_alter_table("register_lookups", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_register_lookups_mac_column"))

    op.drop_table("register_lookups")
    with op.batch_alter_table("links", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_links_subject"))
        batch_op.drop_index(batch_op.f("ix_links_run_id_name"))
        batch_op.drop_index(batch_op.f("ix_links_expires_at"))

    op.drop_table("links")
    op.drop_table("flow_versions")
    op.drop_table("attempts")
    op.drop_table("answers")
    with op.batch_alter_table("sends", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sends_run_id_what"))
        batch_op.drop_index(batch_op.f("ix_sends_recipient_at"))
        batch_op.drop_index(batch_op.f("ix_sends_at"))

    op.drop_table("sends")
    with op.batch_alter_table("second_looks", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_second_looks_at"))

    op.drop_table("second_looks")
    with op.batch_alter_table("runs", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_runs_id_forget_at"))
        batch_op.drop_index(batch_op.f("ix_runs_id_expires_at"))

    op.drop_table("runs")
    op.drop_table("registers")
    op.drop_table("register_rows")
    with op.batch_alter_table("refusals", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_refusals_budget_subject_at"))
        batch_op.drop_index(batch_op.f("ix_refusals_at"))

    op.drop_table("refusals")
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outbox_state_due"))
        batch_op.drop_index(batch_op.f("ix_outbox_run_id"))

    op.drop_table("outbox")
    with op.batch_alter_table("journal", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_journal_at"))

    op.drop_table("journal")
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_inbox_at"))

    op.drop_table("inbox")
    op.drop_table("flow_contents")
    op.drop_table("cards")
