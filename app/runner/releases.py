"""What is live of each flow, what is being drafted, and how each version came to be."""

from dataclasses import dataclass

from app.runner.house import House
from app.runner.releasing.going_live import StandingOn, standing_on
from app.store import drafts, releases, run_search, schedules, versions
from app.store.releases import Release
from app.store.schedules import Pause, Schedule
from app.store.versions import Version


@dataclass(frozen=True)
class Overview:
    """One flow as the list shows it; `live` is None for one that was never published.

    `drafted` says that analysts are at work on it; `pause`, that nobody may begin at present.
    """

    flow: str
    live: Version | None
    release: Release | None
    drafted: bool
    pause: Pause | None
    planned: Schedule | None
    under_way: int


def overview(house: House) -> list[Overview]:
    """Every flow that was published or is being drafted, by name."""
    with house.database.read() as connection:
        drafted = set(drafts.open_flows(connection))
        found = []
        for name in sorted({*versions.flows(connection), *drafted}):
            live = versions.live(connection, name)
            known = releases.of_flow(connection, name)
            standing = sum(many for _, many, _ in run_search.under_way(connection, name))
            found.append(
                Overview(
                    name,
                    live,
                    known.get(live.number) if live else None,
                    name in drafted,
                    schedules.paused(connection, name),
                    schedules.waiting(connection, name),
                    standing,
                )
            )
    return found


@dataclass(frozen=True)
class Published:
    """One version: how it came to be, None for one older than such notes, and who still stands on it."""

    version: Version
    release: Release | None
    standing: StandingOn | None
    live: bool


def history(house: House, flow: str) -> list[Published]:
    """All versions of a flow, the newest first."""
    standing = standing_on(house, flow)
    with house.database.read() as connection:
        known = releases.of_flow(connection, flow)
        every = [each for each in run_search.published(connection) if each.flow == flow]
        live = versions.live(connection, flow)
    every.sort(key=lambda each: -each.number)
    return [
        Published(each, known.get(each.number), standing.get(each.number), live == each) for each in every
    ]
