"""What goes wrong at the desk is said in its own frame."""

from flask import g, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response

from app.web.browser import LANGUAGES, language
from app.web.desk.frame import desk_page
from app.web.desk.logins import current_login


def error_page(status: int, title: str, lead: str, reference: str | None) -> Response | None:
    """The page of an error below /desk/; None elsewhere. With the database away it is a stranger's page."""
    if not request.path.startswith("/desk/"):
        return None
    language(list(LANGUAGES))
    try:
        current_login()
    except SQLAlchemyError:
        g.staff_login = None
    return desk_page("desk/error.html", status, title=title, lead=lead, reference=reference)
