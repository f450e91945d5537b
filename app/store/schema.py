"""Bringing a database to the newest schema."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from app.store.database import Database, be_patient

_LOCK = text("select pg_advisory_xact_lock(4711)")


def _config(migrations: Path) -> Config:
    config = Config()
    config.set_main_option("script_location", str(migrations))
    return config


def upgrade(database: Database, migrations: Path) -> tuple[str | None, str | None]:
    """Run the migrations that are missing, in one transaction; (revision before, revision after)."""
    config = _config(migrations)
    with database.write() as connection:
        be_patient(connection)
        if not database.is_sqlite:
            connection.execute(_LOCK)  # two processes starting at once: the second finds nothing to do
        before = MigrationContext.configure(connection).get_current_revision()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        after = MigrationContext.configure(connection).get_current_revision()
    return before, after


def is_current(database: Database, migrations: Path) -> bool:
    """Whether no migration is missing."""
    head = ScriptDirectory.from_config(_config(migrations)).get_current_head()
    with database.read() as connection:
        return MigrationContext.configure(connection).get_current_revision() == head
