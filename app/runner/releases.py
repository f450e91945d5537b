"""What is live of each flow, what is being drafted, and what became of it."""

from dataclasses import dataclass

from app.runner.house import House
from app.store import versions
from app.store.versions import Version


@dataclass(frozen=True)
class Overview:
    """One flow as the list shows it; `live` is None for a flow that was never published."""

    flow: str
    live: Version | None


def overview(house: House) -> list[Overview]:
    """Every flow that was published, by name."""
    with house.database.read() as connection:
        return [Overview(name, versions.live(connection, name)) for name in versions.flows(connection)]
