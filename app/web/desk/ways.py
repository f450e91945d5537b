"""The ways of the desk: what stands in its navigation and on its home page, in this order."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import current_app, request, url_for
from flask_babel import gettext

from app.runner.staff.who import Staff
from app.web import access


@dataclass(frozen=True)
class Way:
    """A page without parameters that begins a part of the desk: its name, and what one does there."""

    endpoint: str
    words: Callable[[], str]
    lead: Callable[[], str]


WAYS: tuple[Way, ...] = (
    Way(
        "desk.home",
        lambda: gettext("Overview"),
        lambda: gettext("What this desk opens for you."),
    ),
    Way(
        "desk.flows",
        lambda: gettext("Flows"),
        lambda: gettext("Edit a flow, check it, try it, publish it, roll it back."),
    ),
    Way(
        "desk.runs",
        lambda: gettext("Runs"),
        lambda: gettext("Find a run, see what its applicant saw and why it went where it went."),
    ),
    Way(
        "desk.coverage",
        lambda: gettext("Coverage"),
        lambda: gettext("Which steps of a flow were walked, by generated paths and by people."),
    ),
    Way(
        "desk.requests",
        lambda: gettext("Requests"),
        lambda: gettext("Read and answer what customers ask in the portals."),
    ),
    Way(
        "desk.documents",
        lambda: gettext("Documents"),
        lambda: gettext("Find a customer by a number; file, list and withdraw documents."),
    ),
    Way(
        "desk.registers",
        lambda: gettext("Registers"),
        lambda: gettext("What applicants are matched against: import it, see how matching goes."),
    ),
    Way(
        "desk.outbox",
        lambda: gettext("Outbox"),
        lambda: gettext("What waits to leave the house, what failed and why; try it again."),
    ),
    Way(
        "desk.gateways",
        lambda: gettext("Gateways"),
        lambda: gettext("How gateways and live registers do, and which certificates run out."),
    ),
    Way(
        "sandbox.index",
        lambda: gettext("Sandbox"),
        lambda: gettext("Try a flow with a clock and an outside world of your own."),
    ),
    Way(
        "desk.acts",
        lambda: gettext("Acts"),
        lambda: gettext("Who did what at this desk, and what was refused."),
    ),
    Way(
        "desk.people",
        lambda: gettext("Staff"),
        lambda: gettext("Who works at this desk, with which roles, and who was here last."),
    ),
)


def ways_of(staff: Staff) -> list[dict[str, Any]]:
    """The ways this member of staff may go, with where the page in view stands among them."""
    path = request.script_root + request.path
    there = [way for way in WAYS if way.endpoint in current_app.view_functions]
    open_to = [way for way in there if access.DESK.get(way.endpoint, frozenset()) & staff.roles]
    return [
        {
            "text": way.words(),
            "lead": way.lead(),
            "url": (url := url_for(way.endpoint)),
            "key": str(number) if number < 10 else None,  # the keyboard has no more
            "current": request.endpoint == way.endpoint,
            "within": way.endpoint != "desk.home" and path.startswith(url),
        }
        for number, way in enumerate(open_to, 1)
    ]
