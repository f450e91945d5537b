"""The desk's door: logging in and out."""

from flask import abort, g, redirect, request, session, url_for
from werkzeug.wrappers import Response

from app.runner.door import Refused
from app.runner.staff import entry
from app.web.browser import LANGUAGES, language, network
from app.web.desk.frame import bp, desk_page, plain_address, wanted_address
from app.web.desk.logins import current_login, forget_login, open_login
from app.web.house import house
from app.web.security import csrf_holds, security_event

_FAILED = "desk_failed"


@bp.get("/login")
def login() -> Response:
    """The login page; who is logged in already goes in."""
    language(list(LANGUAGES))
    if "remember_lang" in g:
        return plain_address()
    if current_login():
        return redirect(url_for("desk.home"), 303)
    return desk_page("desk/login.html", failed=session.pop(_FAILED, False))


@bp.post("/login")
def log_in() -> Response:
    """Let in, or send back to the same page with the one thing that is ever said."""
    if not csrf_holds():
        abort(403)
    given = request.form.get("name", ""), request.form.get("password", "")
    result = entry.log_in(house(), network(), *given, former=current_login())
    if isinstance(result, Refused):
        for alert in dict.fromkeys(("login_refused", *result.alerts)):
            security_event(alert, realm="desk")
        session[_FAILED] = True
        return redirect(url_for("desk.login"), 303)
    session.pop("csrf_token", None)  # whoever planted this session knows it
    return open_login(redirect(wanted_address(), 303), result.token)


@bp.post("/log_out")
def log_out() -> Response:
    """Leave: the login ends here and on the server."""
    if not csrf_holds():
        abort(403)
    login = current_login()
    if login:
        entry.log_out(house(), login)
    response = redirect(url_for("desk.login"), 303)
    response.headers["Clear-Site-Data"] = '"cache"'
    return forget_login(response)
