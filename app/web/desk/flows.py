"""The flows at the desk: which there are, what is live, which drafts are open."""

from werkzeug.wrappers import Response

from app.runner import releases
from app.runner.staff.who import Staff
from app.web.desk.frame import bp, desk_page, for_staff
from app.web.house import house


@bp.get("/flows")
@for_staff
def flows(staff: Staff) -> Response:
    """Every flow with its live version and its draft."""
    return desk_page("desk/flows.html", rows=releases.overview(house()), edits="analyst" in staff.roles)
