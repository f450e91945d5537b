"""Whether somebody may begin a run at present; runs under way always go on."""

from datetime import datetime

from app.runner.house import House
from app.store import schedules


class Paused(Exception):
    """Nobody begins a run of this flow at present."""


def check_open(house: House, flow: str, shown_at: datetime | None = None) -> None:
    """Raise Paused, unless the first page was shown before the pause: nobody fills it in for nothing."""
    with house.database.read() as connection:
        pause = schedules.paused(connection, flow)
    if pause is not None and (shown_at is None or shown_at > pause.since):
        raise Paused(flow)
