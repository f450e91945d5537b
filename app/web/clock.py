"""How long a page can still be sent at once, as its clock is told by the server (U15)."""

from typing import Any

from flask import url_for

from app.runner.outcome import Shown
from app.runner.resting import valid_until
from app.web.house import house


def of(shown: Shown) -> dict[str, Any]:
    """`seconds_left` and the moment `valid_until`, None where no clock runs; where one asks for more time."""
    now = house().clock()
    until = None if shown.final else valid_until(shown.flow, shown.run, now)
    return {
        "valid_until": until,
        "seconds_left": max(0, int((until - now).total_seconds())) if until else None,
        "continue_url": url_for("wizard.choose", flow=shown.flow.name),
    }
