"""What several commands begin with."""

from datetime import UTC, datetime

import click

from app import config, wiring
from app.config import Settings
from app.runner.house import House
from app.store import schema


def settings() -> Settings:
    """The settings of the environment, the demo's own secret filled in."""
    return config.with_demo_secrets(config.load())


def house(given: Settings | None = None) -> House:
    """The house, its database at the newest schema; in production a missing migration ends the command."""
    chosen = given or settings()
    opened = wiring.open_house(chosen, lambda: datetime.now(UTC))
    migrations = chosen.home / "migrations"
    if chosen.demo:
        schema.upgrade(opened.database, migrations)
    elif not schema.is_current(opened.database, migrations):
        raise click.ClickException("The database is older than this program: run `narthex db upgrade`.")
    return opened
