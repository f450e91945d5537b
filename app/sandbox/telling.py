"""Taking a run away as a test: a recorded one from its page at the desk, a walk in a sandbox from there."""

from collections.abc import Callable

from flask import abort, make_response
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.proof.telling import NotTellable, as_pytest, as_scenario
from app.runner.house import House
from app.runner.staff.acts import note_act
from app.runner.staff.who import Staff
from app.sandbox.desk import bp, owned
from app.sandbox.inside import tab
from app.sandbox.presets import page_in_view
from app.web.desk.frame import desk_page, for_staff
from app.web.desk.run_export import EXPORTS, Export, NotExportable
from app.web.house import house

_YAML = "application/yaml"


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
