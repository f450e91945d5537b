"""Alembic's entry: the database is the one `narthex db upgrade` was given."""

from alembic import context

from app.store import (  # their tables join the same metadata
    desk_models,  # noqa: F401
    drafts_models,  # noqa: F401
    portal_models,  # noqa: F401
)
from app.store.models import metadata

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True, compare_type=True)
with context.begin_transaction():
    context.run_migrations()
