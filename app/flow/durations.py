"""Durations as analysts write them: `30 s`, `10 min`, `24 h`, `30 days`."""

import re
from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator, WithJsonSchema

_UNITS = {"s": "seconds", "min": "minutes", "h": "hours", "day": "days", "days": "days"}
_PATTERN = r"^[1-9][0-9]{0,5} (s|min|h|days?)$"


def parse_duration(text: object) -> timedelta:
    """The time span `text` names; raises ValueError with the accepted spellings."""
    if isinstance(text, timedelta):
        return text
    if not isinstance(text, str) or not re.match(_PATTERN, text):
        raise ValueError("write a duration as '30 s', '10 min', '24 h' or '30 days'")
    number, unit = text.split(" ")
    return timedelta(**{_UNITS[unit]: int(number)})


def write_duration(span: timedelta) -> str:
    """The shortest spelling of a span of whole seconds; `parse_duration` reads it back.

    Raises ValueError for a span that no spelling names: zero, parts of a second, more than 999,999 days.
    """
    for unit in ("days", "h", "min", "s"):
        number, rest = divmod(span, timedelta(**{_UNITS[unit]: 1}))
        if not rest and 1 <= number <= 999_999:
            return f"{number} {'day' if (number, unit) == (1, 'days') else unit}"
    raise ValueError(f"no spelling for {span}")


Duration = Annotated[
    timedelta, BeforeValidator(parse_duration), WithJsonSchema({"type": "string", "pattern": _PATTERN})
]
