"""`narthex db`."""

from datetime import UTC, datetime

import click

from app import wiring
from app.cli import common
from app.store import schema


@click.group()
def db() -> None:
    """The database's schema."""


@db.command()
def upgrade() -> None:
    """Bring the database to the newest schema."""
    settings = common.settings()
    house = wiring.open_house(settings, lambda: datetime.now(UTC))
    before, after = schema.upgrade(house.database, settings.home / "migrations")
    click.echo(f"Schema {after}." if before == after else f"Schema {before or 'empty'} -> {after}.")
