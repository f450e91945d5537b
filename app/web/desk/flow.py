"""One flow at the desk: the outline of its definition."""

from werkzeug.wrappers import Response

from app.runner.staff.who import Staff
from app.web.desk.definitions import meant
from app.web.desk.flow_tabs import tabs_of
from app.web.desk.frame import bp, desk_page, for_staff


@bp.get("/flows/<flow>")
@for_staff
def flow(staff: Staff, flow: str) -> Response:
    """The definition that the address names; its states in the order written."""
    return desk_page("desk/flow_outline.html", flow_name=flow, tabs=tabs_of(staff, flow), of=meant(flow))
