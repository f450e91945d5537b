"""Dates, times and numbers as people write them."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from flask import Flask, g

from app.flow.normal.phone import spoken

#: Of the house's own pages; a flow's have their organisation's, as `g.zone`.
ZONE = "Europe/Sofia"


def day(value: date, lang: str) -> str:
    """22.11.2026 г. in Bulgarian, 2026. november 22. in Hungarian, 22 November 2026 in English."""
    if lang == "bg":
        return f"{value:%d.%m.%Y} г."
    return format_date(value, "long", locale={"en": "en_GB"}.get(lang, lang))


def moment(value: datetime, lang: str) -> str:
    """Day and time in the organisation's own zone."""
    return f"{day(_local(value).date(), lang)}, {hour(value, lang)}"


def brief(value: datetime, lang: str) -> str:
    """The same in a few signs, for lists: 23 Nov 2026, 14:35."""
    locale = {"en": "en_GB"}.get(lang, lang)
    return f"{format_date(_local(value).date(), 'medium', locale=locale)}, {hour(value, lang)}"


def hour(value: datetime, lang: str) -> str:
    """Time of day in the organisation's own zone: 14:35."""
    return format_time(_local(value), "HH:mm", locale=lang)


def exact_time(value: datetime, lang: str) -> str:
    """The same to the second: 14:35:07."""
    return format_time(_local(value), "HH:mm:ss", locale=lang)


def time_zone() -> str:
    """The zone in which times are written on this page: Europe/Sofia."""
    return str(g.get("zone", ZONE))


def _local(value: datetime) -> datetime:
    return value.astimezone(ZoneInfo(time_zone()))


def grouped(number: str) -> str:
    """A long number in groups of four, as people read it out."""
    plain = number.replace(" ", "")
    if not plain.isdigit() or len(plain) < 8:
        return number
    return " ".join(plain[i : i + 4] for i in range(0, len(plain), 4))


def add_filters(app: Flask) -> None:
    """Make them known to the templates."""
    app.add_template_filter(day)
    app.add_template_filter(moment)
    app.add_template_filter(brief)
    app.add_template_filter(hour)
    app.add_template_filter(exact_time)
    app.add_template_filter(grouped)
    app.add_template_filter(spoken)
    app.add_template_global(time_zone)
