"""Days as they come in addresses, in the house's own zone."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from app.web.formats import ZONE


def beginning_of(written: str) -> datetime | None:
    """When the day written as 2026-11-22 begins; None for what is no date."""
    return _midnight(written, timedelta(0))


def end_of(written: str) -> datetime | None:
    """When that day is over; None for what is no date."""
    return _midnight(written, timedelta(days=1))


def _midnight(written: str, later: timedelta) -> datetime | None:
    try:
        day = date.fromisoformat(written) + later
        return datetime.combine(day, time(), ZoneInfo(ZONE)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
