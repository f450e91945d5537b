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


Duration = Annotated[
    timedelta, BeforeValidator(parse_duration), WithJsonSchema({"type": "string", "pattern": _PATTERN})
]
