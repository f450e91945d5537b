"""The same page twice: sent twice, sent after going back, open in two tabs."""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from http import HTTPStatus

from app.proof.spot import Spot

_OURS = {"csrf_token", "step", "trigger"}
_MOMENT = timedelta(minutes=1)  # so long a link's button pressed again counts as one press


def sent_again(spot: Spot) -> Iterator[str]:
    """The very post that led here once more, as by a double click or a retry."""
    sent, run = spot.visit.sent, spot.run
    if sent is None or run is None or sent.path.startswith("/portal/"):
        return
    if spot.on_link and spot.house.clock() > run.touched_at + _MOMENT:
        return
    answer = spot.visit.ask("POST", sent.path, sent.fields)
    if answer.status_code != HTTPStatus.SEE_OTHER or answer.location != sent.location:
        yield f"sent again it is answered {answer.status_code} {answer.location}, before {sent.location}"


def back_then_sent(spot: Spot) -> Iterator[str]:
    """Other answers on the page before this one, as after the browser's own way back."""
    sent, run = spot.visit.sent, spot.run
    if sent is None or run is None or not sent.path.startswith(f"/{spot.flow.name}/"):
        return
    answer = spot.visit.ask("POST", sent.path, _altered(sent.fields))
    if answer.status_code != HTTPStatus.SEE_OTHER:
        yield f"an older page sent anew is answered {answer.status_code}, expected 303"
        return
    page = spot.look()
    if page.token("step") == sent.fields.get("step"):
        yield "the page still carries the token of the older one"


def two_tabs(spot: Spot) -> Iterator[str]:
    """The page in two tabs, sent from one, then differently from the other: one of them counts."""
    first, second = spot.form(spot.look()), spot.form(spot.look())
    if first is None or second is None or spot.on_link:
        return
    before = spot.standing()
    for form, fields in ((first, first.posted()), (second, _altered(second.posted()))):
        pressed = {"trigger": form.buttons[0].value}
        answer = spot.visit.ask("POST", form.action, {**fields, **pressed})
        if answer.status_code != HTTPStatus.SEE_OTHER:
            yield f"a tab is answered {answer.status_code}, expected 303"
        if form is first:
            between = spot.standing()
    after = spot.standing()
    if after != between:
        yield f"the second tab moved the run from {between.state} to {after.state}"
    if before.run and between.seq > before.seq + 1:
        yield f"one post took {between.seq - before.seq} steps"


def _altered(fields: Mapping[str, str]) -> dict[str, str]:
    """The same form with nothing typed into it."""
    return {name: value if name in _OURS else "" for name, value in fields.items()}


STANDING = (
    ("again", "The same form sent twice takes one step and leads to the same page.", sent_again),
    ("back, then sent", "An older page is led on, its answers are not judged.", back_then_sent),
)
MOVING = (("two tabs", "Of two tabs the first one sent counts, the other is led on.", two_tabs),)
