"""One flow at the desk: the outline of its definition, where a draft is edited by forms."""

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from app.flow.findings import Finding
from app.flow.outline.places import place_of
from app.runner.staff.who import Staff
from app.web.desk.definitions import meant
from app.web.desk.frame import bp, for_staff
from app.web.desk.outline_page import going, outline, unreadable
from app.web.desk.outline_scene import scene_in


@bp.get("/flows/<flow>")
@for_staff
def flow(staff: Staff, flow: str) -> Response:
    """The definition that `?of=` names, at `?at=`: `states/form` say; `?go=` leads to the thing of a name."""
    of = meant(flow)
    state = request.args.get("state", "")
    at = request.args.get("at") or (f"states/{state}" if state else "states")
    scene = scene_in(staff, of, place_of(at))
    if isinstance(scene, Finding):
        return unreadable(staff, of, scene)
    if wanted := request.args.get("go"):
        there = going(scene, wanted)
        if there:
            which = None if of.is_draft else of.which
            return redirect(url_for("desk.flow", flow=flow, of=which, at=there), 303)
    return outline(scene, missed=wanted if wanted else "")
