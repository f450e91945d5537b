"""A second before a time is over, and when it is."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from http import HTTPStatus

from app.proof.page import Form
from app.proof.spot import Spot, recorded
from app.runner.resting import rests_at
from app.store.runs import Run

_SECOND = timedelta(seconds=1)


def resting(spot: Spot) -> Iterator[str]:
    """A second before it is idle, when it is, a form sent too late, and going on."""
    at = _rests_at(spot)
    if at is None:
        return
    _at(spot, at - _SECOND)
    page = spot.look()
    if page.offers_to_continue:
        yield "it rests a second too early"
    _at(spot, at)
    if not spot.look().offers_to_continue:
        yield "it does not rest when its idle time is over"
    if form := spot.form(page):
        yield from _sent_too_late(spot, form)
    yield from _continued(spot)


def _rests_at(spot: Spot) -> datetime | None:
    """When the page rests, where it has a form and is not over before."""
    run = spot.run
    if run is None or spot.on_link or spot.form(spot.look()) is None:
        return None
    at = rests_at(spot.flow, run)
    return None if at is None or (run.expires_at and at >= run.expires_at) else at


def _sent_too_late(spot: Spot, form: Form) -> Iterator[str]:
    before, pressed = spot.standing(), {form.buttons[0].name: form.buttons[0].value}
    answer = spot.visit.ask("POST", form.action, {**form.posted(), **pressed})
    if answer.status_code != HTTPStatus.SEE_OTHER or spot.standing() != before:
        yield f"a form sent too late is answered {answer.status_code} and moves the run"


def _continued(spot: Spot) -> Iterator[str]:
    before, offer = spot.standing(), spot.walk.show(f"/{spot.flow.name}/")
    way = offer.form("continue")
    if way is None:
        yield "nothing offers to continue"
        return
    spot.visit.send(way, {}, "trigger", "continue")
    if spot.standing() != before or spot.look().offers_to_continue:
        yield "continued, it does not stand where it stood"


def expiring(spot: Spot) -> Iterator[str]:
    """A second before its time is over, and when it is, by the page that is still open."""
    run = spot.run
    if run is None or run.expires_at is None or spot.on_link or not spot.flow.ways(run.state, "expire"):
        return
    before = spot.standing()
    _at(spot, run.expires_at - _SECOND)
    page = spot.look()
    if spot.standing() != before:
        yield "it is over a second too early"
    carried = dict(spot.carried(page))
    _at(spot, run.expires_at)
    spot.look()
    if spot.standing() != before:
        yield "looking at it moved it when its time was over"
    trigger = spot.flow.triggers(run.state)[0]
    answer = spot.visit.ask("POST", spot.path, {**carried, "trigger": trigger})
    yield from _expired(spot, run, answer.status_code)


def _expired(spot: Spot, run: Run, status: int) -> Iterator[str]:
    last = recorded(spot.house, run.id)[-1]
    if status != HTTPStatus.SEE_OTHER or (last.trigger, last.actor) != ("expire", "timer"):
        yield (
            f"a form sent when its time is over is answered {status}; "
            f"the last record is {last.state} {last.trigger} by {last.actor}"
        )


def _at(spot: Spot, moment: datetime) -> None:
    spot.house.surroundings.now = moment


_RESTS = "When its idle time is over it offers to continue, not a second before; nothing is lost."
_EXPIRES = "When its time is over the clock ends it, not a second before, and not by looking."
RESTING = (("rest", _RESTS, resting),)
EXPIRING = (("expiry", _EXPIRES, expiring),)
