"""One flow at the desk: the outline of its definition."""

from flask import abort
from werkzeug.wrappers import Response

from app.runner.house import FlowMissing
from app.runner.staff.who import Staff
from app.web.desk.flow_tabs import tabs_of
from app.web.desk.frame import bp, desk_page, for_staff
from app.web.house import house


@bp.get("/flows/<flow>")
@for_staff
def flow(staff: Staff, flow: str) -> Response:
    """The live definition; its states in the order written."""
    try:
        shown = house().shelf.live(flow)
    except FlowMissing:
        abort(404)
    return desk_page("desk/flow_outline.html", flow_name=flow, tabs=tabs_of(staff, flow), flow=shown)
