"""Forms as nobody should send them: without the session's token, with another run's."""

from collections.abc import Iterator
from http import HTTPStatus

from app.proof.page import Form, read_page
from app.proof.spot import Spot
from app.proof.visit import Visit

_TYPED = "kept 123"
_STRANGER = "198.51.100.99"


def without_csrf(spot: Spot) -> Iterator[str]:
    """Send the page without its session's token; what was typed must still be there."""
    page = spot.look()
    form, carried = spot.form(page), spot.posted(page)
    typed = {name: _TYPED for name in _kept_boxes(spot, form)}
    del carried["csrf_token"]
    answer = spot.visit.ask("POST", spot.path, {**carried, **typed})
    if answer.status_code != HTTPStatus.FORBIDDEN and not _leads_on(form, answer.status_code):
        yield f"a form without the session's token is answered {answer.status_code}, expected 403"
        return
    shown = read_page(answer.get_data(as_text=True)).form(None)
    boxes = shown.boxes if shown else {}
    lost = [name for name in typed if name not in boxes or boxes[name].value != _TYPED]
    if lost:
        yield f"what was typed into {', '.join(lost)} is lost"


def _leads_on(form: Form | None, status: int) -> bool:
    """A state without a page of its own, the portal say, shows another one instead."""
    return form is None and status == HTTPStatus.SEE_OTHER


def _kept_boxes(spot: Spot, form: Form | None) -> list[str]:
    """The boxes for free text of fields that are no secret."""
    fields = spot.flow.spec.fields
    return [
        name
        for name, box in (form.boxes.items() if form else ())
        if box.sort in {"text", "tel", "email"}
        and not any(name.startswith(field) and fields[field].data_class == "secret" for field in fields)
    ]


def foreign_token(spot: Spot) -> Iterator[str]:
    """Send the page with a token nobody signed, and with one signed for a stranger's page."""
    if spot.on_link:
        return  # the link itself is the secret; its button counts whatever page it was pressed on
    fields = spot.posted(spot.look())
    tokens = ["nonsense", fields["step"][:-1] + "~"]
    if spot.run is not None:
        tokens.append(_strangers_token(spot))
    for token in tokens:
        answer = spot.visit.ask("POST", spot.path, {**fields, "step": token})
        if answer.status_code not in {HTTPStatus.SEE_OTHER, HTTPStatus.BAD_REQUEST}:
            yield f"a token of another page is answered {answer.status_code}, expected 303"


def _strangers_token(spot: Spot) -> str:
    stranger = Visit(spot.visit.app, spot.visit.lang, _STRANGER)
    return stranger.get(f"/{spot.flow.name}/{spot.flow.spec.initial}").page.token("step")


FORGED = (
    ("no csrf", "A form without its session's token is refused, what was typed is kept.", without_csrf),
    ("foreign token", "A token of another page is led on and judges nothing.", foreign_token),
)
