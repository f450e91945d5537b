"""The bar above every page about a flow: where its draft stands, undo and redo.

The frame of those pages (`desk/flow.html`) asks for it, so that no view has to.
"""

from dataclasses import dataclass
from typing import Any

from flask import current_app, redirect, request, session, url_for
from flask_babel import gettext
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.wrappers import Response

from app.runner.drafting.drafts import NoDraft
from app.runner.drafting.saving import Changed, Clashed
from app.runner.drafting.telling import taken_back_by, told_of
from app.runner.drafting.undoing import NothingToTakeBack, redo, undo
from app.runner.glance import Glance, glance
from app.runner.staff.who import Staff
from app.web import access
from app.web.desk.draft_findings import findings_in
from app.web.desk.edit_words import sentences
from app.web.desk.frame import NOTICES, act_of_staff, bp, note
from app.web.desk.spans import span
from app.web.house import house

NOTICES["nothing_to_undo"] = lambda: gettext("You have no edit of your own to take back.")
NOTICES["nothing_to_redo"] = lambda: gettext("There is nothing to put back.")

_TOLD = "desk_undone"
_MOST_NAMES, _MOST_SENTENCES = 5, 3


@dataclass(frozen=True)
class Bar:
    """What the bar says.

    `told` are words about an undo or redo just made, `back` is the page its buttons lead back to.
    """

    glance: Glance | None
    errors: int
    warnings: int
    edits: bool
    back: str
    told: list[str]
    at_it: list[str]


def draft_bar(flow: str, staff: Staff) -> Bar:
    """The bar of a flow, for the page in view."""
    here = glance(house(), staff, flow)
    found = [each for each in findings_in(flow, here.draft.files) if not each.waived] if here else []
    return Bar(
        here,
        sum(each.severity == "error" for each in found),
        sum(each.severity == "warning" for each in found),
        "analyst" in staff.roles,
        _here(flow),
        _told(flow, here),
        [_at_it(each.staff, each.at) for each in here.at_it] if here else [],
    )


def _at_it(name: str, at: Any) -> str:
    return str(gettext("%(name)s edited %(span)s ago", name=name, span=span(house().clock() - at)))


def _here(flow: str) -> str:
    """The page in view if it can be asked for, else the flow's first one."""
    return request.full_path.removesuffix("?") if request.method == "GET" else url_for("desk.flow", flow=flow)


def _told(flow: str, here: Glance | None) -> list[str]:
    """What was just taken back or put back, once."""
    told = session.get(_TOLD)
    if not isinstance(told, dict) or told.get("flow") != flow:
        return []
    del session[_TOLD]
    if "by" in told:
        return [_hindered(told["by"])]
    if here is None or not 0 < told["edit"] <= here.draft.revision:
        return []
    if told["act"] == "undo":
        lead, found = gettext("Taken back:"), taken_back_by(house(), here.draft, told["edit"])
    else:
        lead, found = gettext("Put back:"), told_of(house(), here.draft, told["edit"])
    return [lead, *sentences(found, _MOST_SENTENCES)]


def _hindered(by: list[str]) -> str:
    if not by:
        return str(gettext("It cannot be taken back by itself: later edits build on it."))
    return str(
        gettext(
            "It cannot be taken back by itself: a later edit by %(names)s builds on it. "
            "Under History the draft can be restored as it was.",
            names=", ".join(by),
        )
    )


@bp.app_context_processor
def _for_templates() -> dict[str, Any]:
    return {"draft_bar": draft_bar}


@bp.post("/flows/<flow>/undo")
@act_of_staff
def flow_undo(staff: Staff, flow: str) -> Response:
    """Take back one's own newest edit."""
    try:
        _keep(flow, "undo", undo(house(), staff, flow))
    except NoDraft:
        note("no_draft")
    except NothingToTakeBack:
        note("nothing_to_undo")
    return redirect(way_back(flow), 303)


@bp.post("/flows/<flow>/redo")
@act_of_staff
def flow_redo(staff: Staff, flow: str) -> Response:
    """Put back what one's own newest undo took away."""
    try:
        _keep(flow, "redo", redo(house(), staff, flow))
    except NoDraft:
        note("no_draft")
    except NothingToTakeBack:
        note("nothing_to_redo")
    return redirect(way_back(flow), 303)


def _keep(flow: str, act: str, done: Changed) -> None:
    """Note for the next page what was done; the session is a cookie, so it is told by numbers and names."""
    if isinstance(done, Clashed):
        session[_TOLD] = {"flow": flow, "by": list(done.by[:_MOST_NAMES])}
        return
    revision = done.draft.revision
    session[_TOLD] = {"flow": flow, "act": act, "edit": revision}


def way_back(flow: str) -> str:
    """The page about this flow from which a form came, as the form says; no other address is believed."""
    first = url_for("desk.flow", flow=flow)
    wanted = request.form.get("back", "")
    path = wanted.partition("?")[0].removeprefix(request.script_root)
    adapter = current_app.create_url_adapter(request)
    try:
        endpoint, parts = adapter.match(path, method="GET") if adapter else ("", {})
    except (HTTPException, RequestRedirect):
        return first
    known = endpoint in access.DESK and parts.get("flow") == flow
    return (
        wanted
        if known and wanted.isprintable() and wanted.startswith(f"{request.script_root}/desk/")
        else first
    )
