"""The desk's hall: its home page, and what is not there."""

from flask import abort
from werkzeug.wrappers import Response

from app.runner.staff.who import Staff
from app.web.desk.frame import act_of_staff, bp, desk_page, for_staff
from app.web.desk.logins import current_login
from app.web.desk.role_words import role_words


@bp.get("/")
@for_staff
def home(staff: Staff) -> Response:
    """What this desk opens for whoever is logged in."""
    return desk_page("desk/home.html", login=current_login(), roles=role_words(staff.roles))


@bp.get("/<path:_address>")
@for_staff
def nowhere(_staff: Staff, _address: str) -> Response:
    """Any other address of the desk: a stranger does not learn which of them exist."""
    abort(404)


@bp.post("/")
@bp.post("/<path:_address>")
@act_of_staff
def no_act(_staff: Staff, _address: str = "") -> Response:
    """The same for what is sent to them."""
    abort(404)
