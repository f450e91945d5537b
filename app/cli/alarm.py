"""The alarm over refusals: somebody is trying answers by the hundred (S16)."""

import logging
from datetime import timedelta

from app.runner.house import House
from app.store import budgets

log = logging.getLogger(__name__)

_WITHIN = timedelta(minutes=5)
_MANY = 300


def watch_refusals(house: House) -> None:
    """Log an error for every budget that was charged more than 300 times in the last five minutes."""
    with house.database.read() as connection:
        counted = budgets.counted(connection, since=house.clock() - _WITHIN)
    for budget, refusals in counted.items():
        if refusals > _MANY:
            log.error("many refusals", extra={"budget": budget, "refusals": refusals})
