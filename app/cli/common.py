"""What several commands begin with."""

from datetime import UTC, datetime

from app import config, wiring
from app.config import Settings
from app.runner.house import House


def settings() -> Settings:
    """The settings of the environment, the demo's own secret filled in."""
    return config.with_demo_secrets(config.load())


def house(given: Settings | None = None) -> House:
    """The house these settings describe, ready to work."""
    return wiring.ready_house(given or settings(), lambda: datetime.now(UTC))
