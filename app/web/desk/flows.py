"""The flows at the desk: which there are, what is live, which drafts are open; a new one."""

from pathlib import Path

from flask import current_app, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.flow.starters import NAMES, UnfitFlow, renamed, started
from app.runner import named, releases
from app.runner.drafting.drafts import BESIDE, NoSuchFlow, UnfitName, open_draft, start_draft
from app.runner.staff.who import Staff
from app.store.drafts import DraftThere
from app.web.browser import LANGUAGES
from app.web.desk.frame import NOTICES, act_of_staff, bp, desk_page, for_staff, note
from app.web.house import house

NOTICES.update(
    {
        "draft_opened": lambda: gettext("The draft is open. What is live stays as it is until you publish."),
        "flow_started": lambda: gettext(
            "The flow is drafted and runs as it is. Change it, try it, publish it."
        ),
        "flow_duplicated": lambda: gettext("The flow is doubled as a draft. Registers are shared."),
        "unfit_duplicate": lambda: gettext("This flow cannot be doubled while its file cannot be read."),
        "flow_there": lambda: gettext("There is a flow of this name already. Choose another name."),
        "no_such_flow": lambda: gettext("There is no such flow."),
        "unfit_name": lambda: gettext(
            "A name has 1 to 30 small Latin letters, digits and _, with a letter first."
        ),
        "unfit_reserved": lambda: gettext("That address is the house's own. Choose another name."),
        "unfit_languages": lambda: gettext("Choose at least one language."),
    }
)

_UNFIT = {"name": "unfit_name", "long": "unfit_name", "reserved": "unfit_reserved"}


@bp.get("/flows")
@for_staff
def flows(staff: Staff) -> Response:
    """Every flow with its live version and its draft."""
    return desk_page(
        "desk/flows.html",
        rows=releases.overview(house()),
        edits="analyst" in staff.roles,
        starters=_starters(),
        spoken=LANGUAGES,
    )


def _starters() -> list[tuple[str, str]]:
    words = {
        "form": gettext("A form, and done"),
        "code": gettext("A form and a code by email"),
        "register": gettext("A match against a register, and a code by email"),
    }
    return [(name, words[name]) for name in NAMES]


@bp.post("/flows")
@act_of_staff
def flow_new(staff: Staff) -> Response:
    """A draft of a flow that is not there yet, from a starter."""
    name = request.form.get("name", "").strip()
    first = request.form.get("first", "")
    languages = [first, *(each for each in request.form.getlist("languages") if each != first)]
    try:
        made = started(request.form.get("starter", ""), name, languages, house().clock().date())
        beside = {file: text for file, text in made.beside.items() if file in BESIDE}
        start_draft(house(), staff, name, {**made.files, **beside})
    except UnfitFlow as unfit:
        note(_UNFIT.get(unfit.code, "unfit_languages"))
        return redirect(url_for("desk.flows"), 303)
    except (DraftThere, UnfitName):
        note("flow_there")
        return redirect(url_for("desk.flows"), 303)
    note("flow_started")
    return redirect(url_for("desk.flow", flow=name), 303)


@bp.post("/flows/<flow>/duplicate")
@act_of_staff
def flow_duplicate(staff: Staff, flow: str) -> Response:
    """A draft of a new flow that says what this one does: its draft, or else what is live."""
    name = request.form.get("name", "").strip()
    try:
        of = named.definition(house(), flow, named.usual(house(), flow))
    except named.NotThere:
        note("no_such_flow")
        return redirect(url_for("desk.flows"), 303)
    try:
        start_draft(house(), staff, name, renamed(of.files, name, request.form.get("realm", "").strip()))
    except UnfitFlow as unfit:
        note(_UNFIT.get(unfit.code, "unfit_duplicate"))
    except (DraftThere, UnfitName):
        note("flow_there")
    else:
        note("flow_duplicated")
        return redirect(url_for("desk.flow", flow=name), 303)
    return redirect(url_for("desk.flow", flow=flow, of=of.which, at="flow"), 303)


@bp.post("/flows/<flow>/draft")
@act_of_staff
def flow_draft(staff: Staff, flow: str) -> Response:
    """Open the draft of a flow, or go to the one that is open."""
    try:
        open_draft(house(), staff, flow, Path(current_app.config["NARTHEX_WORKFLOWS"]))
    except NoSuchFlow:
        note("no_such_flow")
        return redirect(url_for("desk.flows"), 303)
    note("draft_opened")
    return redirect(url_for("desk.flow", flow=flow), 303)
