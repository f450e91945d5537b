"""Spans of time as people name them: 45 s, 3 min, 2 h 5 min, 4 days."""

from datetime import timedelta

from flask_babel import gettext


def span(length: timedelta) -> str:
    """The span, to two units at most."""
    seconds = max(round(length.total_seconds()), 0)
    if length < timedelta(seconds=1):
        return str(gettext("under 1 s"))
    if seconds < 60:
        return str(gettext("%(n)s s", n=seconds))
    minutes = round(seconds / 60)
    if seconds < 600 and seconds % 60:
        return str(gettext("%(m)s min %(n)s s", m=seconds // 60, n=seconds % 60))
    if minutes < 60:
        return str(gettext("%(n)s min", n=minutes))
    hours, rest = divmod(minutes, 60)
    if hours < 48:
        return str(gettext("%(h)s h %(n)s min", h=hours, n=rest) if rest else gettext("%(n)s h", n=hours))
    return str(gettext("%(n)s days", n=round(minutes / 1440)))
