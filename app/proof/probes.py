"""What is tried on every page that a path reaches, beside going on: each a name, a sentence, a function.

A probe answers with what is wrong, a sentence each. Those that `move` take steps of their own and come last.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from http import HTTPStatus

from app.flow.definition import SYSTEM_TRIGGERS
from app.proof import races, times
from app.proof.forged import FORGED
from app.proof.spot import Spot
from app.scenarios.failed import Failed
from app.scenarios.faults import faults

Go = Callable[[Spot], Iterable[str]]


@dataclass(frozen=True)
class Probe:
    """`sentence` says what must be so; `go` tries it and answers with what was not.

    What does not depend on how a page looks is tried `once` for each state.
    """

    name: str
    sentence: str
    go: Go
    moves: bool = False
    once: bool = False


def refreshed(spot: Spot) -> Iterator[str]:
    """Reload twice, and ask for the head alone."""
    before = spot.look()
    for _ in range(2):
        again = spot.look()
        if (again.headings, again.triggers()) != (before.headings, before.triggers()):
            yield f"after a reload the page is '{again.title}', before it was '{before.title}'"
    head = spot.visit.ask("HEAD", spot.path)
    if head.status_code >= HTTPStatus.BAD_REQUEST or head.data:
        yield f"HEAD is answered {head.status_code} with {len(head.data)} bytes"


def elsewhere(spot: Spot) -> Iterator[str]:
    """Ask for the pages of all other states, as from a bookmark."""
    if spot.on_link:
        return  # whoever has the link need not be who holds the run
    for state in spot.flow.spec.states:
        address = f"/{spot.flow.name}/{state}"
        if state != spot.state:
            answer = spot.visit.ask("GET", address)
            here = f"/{spot.flow.name}/{spot.state}"
            if answer.status_code != HTTPStatus.SEE_OTHER or answer.location != here:
                yield f"{address} is answered {answer.status_code} {answer.location or ''}, not led to {here}"


def illegal(spot: Spot) -> Iterator[str]:
    """Post every trigger that the page does not have."""
    known = {way.trigger for ways in spot.flow.transitions.values() for way in ways}
    taken = {"add"} if spot.on_link else set(spot.flow.triggers(spot.state)) - SYSTEM_TRIGGERS
    carried = spot.carried(spot.look())
    for trigger in sorted((known | SYSTEM_TRIGGERS | {"continue", "restart", "nonsense"}) - taken):
        wallet = {"wallet": "apple"} if spot.on_link else {}
        answer = spot.visit.ask("POST", spot.path, {**carried, **wallet, "trigger": trigger})
        if answer.status_code != HTTPStatus.BAD_REQUEST:
            yield f"'{trigger}' is answered {answer.status_code}, expected 400"


def unknown_field(spot: Spot) -> Iterator[str]:
    """Post a field that the page does not ask."""
    fields = {**spot.posted(spot.look()), "not_asked": "1"}
    answer = spot.visit.ask("POST", spot.path, fields)
    if answer.status_code != HTTPStatus.BAD_REQUEST:
        yield f"a field that is not asked is answered {answer.status_code}, expected 400"


PROBES: tuple[Probe, ...] = (
    Probe("refresh", "Looking at the page again moves nothing and shows the same.", refreshed),
    Probe("elsewhere", "The pages of other states lead here.", elsewhere, once=True),
    Probe("illegal", "What the page has no button for is refused.", illegal, once=True),
    Probe("unknown field", "What the page does not ask is refused.", unknown_field, once=True),
    *(Probe(*each) for each in FORGED),
    *(Probe(*each) for each in races.STANDING),
    *(Probe(*each, moves=True) for each in (*times.RESTING, *races.MOVING, *times.EXPIRING)),
)


def probed(spot: Spot, probes: Iterable[Probe] = PROBES) -> Iterator[tuple[Probe, str]]:
    """Try all of them where the run stands, one after the other; what was wrong."""
    for probe in probes:
        for what in _tried(spot.now(), probe):
            yield probe, what


def _tried(spot: Spot, probe: Probe) -> Iterator[str]:
    before = spot.standing()
    with faults() as heard:
        try:
            yield from probe.go(spot)
        except Failed as failed:
            yield failed.text
    if heard:
        yield f"the program reports a fault of its own: {heard[0]}"
    after = spot.standing()
    if not probe.moves and after != before:
        yield f"it moved from {before.state} ({before.records}) to {after.state} ({after.records} records)"
