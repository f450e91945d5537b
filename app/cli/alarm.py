"""The alarms over refusals: somebody tries answers by the hundred (S16), or one answer from everywhere."""

import logging
from datetime import timedelta

from app.flow.spec import BudgetSpec
from app.runner.house import FlowMissing, House
from app.store import budgets

log = logging.getLogger(__name__)

_WITHIN = timedelta(minutes=5)
_MANY = 300
_BESIEGED = 4  # times as many refusals as one network may cause


def watch_refusals(house: House) -> None:
    """Log an error for every budget charged more than 300 times in the last five minutes, and for every
    budget counted by network in which one answer was refused far more often than a single network may (C6).
    """
    with house.database.read() as connection:
        counted = budgets.counted(connection, since=house.clock() - _WITHIN)
    for budget, refusals in counted.items():
        if refusals > _MANY:
            log.error("many refusals", extra={"budget": budget, "refusals": refusals})
    for name, spec in _by_network(house).items():
        most = max(
            (number for subject, number in spec.per.items() if subject not in budgets.PLACES), default=0
        )
        with house.database.read() as connection:
            answers = budgets.besieged(connection, name, house.clock() - spec.within, most * _BESIEGED)
        if answers:
            log.error("answers guessed at from several networks", extra={"budget": name, "answers": answers})


def _by_network(house: House) -> dict[str, BudgetSpec]:
    found: dict[str, BudgetSpec] = {}
    for flow in house.shelf.names():
        try:
            spec = house.shelf.live(flow).spec
        except FlowMissing:  # noted at the start
            continue
        found |= {name: budget for name, budget in spec.budgets.items() if budget.same_network}
    return found
