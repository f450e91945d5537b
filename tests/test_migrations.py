"""The schema grows by numbered migrations, and what they make is what the code reads."""

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from app.store import (
    desk_models,  # noqa: F401 - its tables join the same metadata
    drafts_models,  # noqa: F401
    portal_models,  # noqa: F401
    schema,
)
from app.store.database import Database
from app.store.models import metadata
from tests.conftest import MIGRATIONS


def test_the_migrations_make_exactly_the_tables_the_code_knows(database: Database) -> None:
    with database.read() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_upgrading_twice_changes_nothing(database: Database) -> None:
    assert schema.upgrade(database, MIGRATIONS) == ("0005", "0005")
    assert schema.is_current(database, MIGRATIONS)


def test_there_is_one_head_and_the_head_file_names_it() -> None:
    heads = ScriptDirectory(str(MIGRATIONS)).get_heads()
    assert heads == [(MIGRATIONS / "current_head.txt").read_text().strip()]
