"""Taking a run away as a test: a recorded one from its page at the desk, a walk in a sandbox from there."""

from collections.abc import Callable

from flask import abort, make_response, redirect, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.flow.source import Unreadable
from app.proof.telling import NotTellable, as_pytest, as_scenario
from app.runner.drafting.changing import change
from app.runner.drafting.drafts import NoDraft, draft_of
from app.runner.drafting.saving import Saved
from app.runner.house import House
from app.runner.staff.acts import note_act
from app.runner.staff.who import Staff
from app.sandbox.desk import bp, owned
from app.sandbox.drafted import kept_as
from app.sandbox.inside import tab
from app.sandbox.presets import page_in_view
from app.web.desk.frame import NOTICES, act_of_staff, desk_page, for_staff, note
from app.web.desk.run_export import EXPORTS, Export, NotExportable
from app.web.house import house

_YAML = "application/yaml"

NOTICES.update(
    {
        "sandbox_kept": lambda: gettext(
            "The walk is a scenario of the draft now, under a name that tells its way; the check tries it."
        ),
        "sandbox_no_draft": lambda: gettext(
            "There is no draft to keep it in. Open one, or save it as a file."
        ),
        "sandbox_not_kept": lambda: gettext(
            "The draft's scenarios cannot be read, or somebody changes them. Mend them in the files first."
        ),
    }
)


def _told(tell: Callable[[House, str], str]) -> Callable[[House, str], list[str]]:
    def lines(of: House, run: str) -> list[str]:
        try:
            return tell(of, run).splitlines()
        except NotTellable as problem:
            raise NotExportable(str(problem)) from None

    return lines


EXPORTS["scenario"] = Export(
    lambda: gettext("Scenario, with invented people"), "scenario.yaml", _YAML, _told(as_scenario)
)
EXPORTS["pytest"] = Export(
    lambda: gettext("pytest, with invented people"), "test.py", "text/x-python", _told(as_pytest)
)


@bp.get("/<sandbox>/scenario")
@for_staff
def scenario(staff: Staff, sandbox: str) -> Response:
    """The walk in view as a scenario; 404 where nothing has begun, 409 where it cannot be told anew."""
    opened = owned(staff, sandbox)
    _, run = page_in_view(opened, tab(opened).session)
    if run is None:
        abort(404)
    try:
        text = as_scenario(opened.house, run.id)
    except NotTellable as problem:
        return desk_page("desk/sandbox_not_told.html", 409, sandbox=sandbox, why=str(problem))
    note_act(house(), staff, "export sandbox", sandbox)
    response = make_response(text)
    response.mimetype = _YAML
    response.headers["Content-Disposition"] = f'attachment; filename="{opened.flow.name}.scenario.yaml"'
    return response


@bp.post("/<sandbox>/keep")
@act_of_staff
def keep(staff: Staff, sandbox: str) -> Response:
    """Put the walk in view among the scenarios of the flow's draft; 404 and 409 as above."""
    opened = owned(staff, sandbox)
    _, run = page_in_view(opened, tab(opened).session)
    if run is None:
        abort(404)
    try:
        text = as_scenario(opened.house, run.id)
        note(_kept(staff, opened.flow.name, text))
    except NotTellable as problem:
        return desk_page("desk/sandbox_not_told.html", 409, sandbox=sandbox, why=str(problem))
    return redirect(url_for("sandbox.control", sandbox=sandbox), 303)


def _kept(staff: Staff, flow: str, text: str) -> str:
    """Keep the scenario; the code of what the page says of it."""
    try:
        _, edits = kept_as(draft_of(house(), flow).files, text)
        done = change(house(), staff, flow, edits)
    except NoDraft:
        return "sandbox_no_draft"
    except Unreadable:
        return "sandbox_not_kept"
    return "sandbox_kept" if isinstance(done, Saved) else "sandbox_not_kept"
