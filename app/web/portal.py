"""The portal's door and its hall: logging in and out, the home page, the switcher."""

from flask import abort, g, redirect, request, url_for
from werkzeug.wrappers import Response

from app.runner.portal import entry
from app.runner.portal.visitor import Visitor, arrival
from app.web.house import house
from app.web.logins import current_login, forget_login
from app.web.portal_pages import act_of_visitor, bp, for_visitors, portal_page, realm_page, this_realm
from app.web.security import csrf_holds

__all__ = ["bp"]


@bp.get("/login")
def login(realm: str) -> Response:
    """The login page; who is logged in already goes in."""
    here = this_realm(realm)
    if "remember_lang" in g:
        return redirect(request.path, 303)
    if current_login(realm):
        return redirect(url_for("portal.home", realm=realm), 303)
    start_url = url_for("wizard.start", flow=here.flow.name)
    return realm_page(here, "portal/login.html", failed=False, start_url=start_url)


@bp.post("/log_out")
def log_out(realm: str) -> Response:
    """Leave: the login ends here and on the server."""
    this_realm(realm)
    if not csrf_holds():
        abort(403)
    login = current_login(realm)
    if login:
        entry.log_out(house(), login)
    response = redirect(url_for("portal.login", realm=realm), 303)
    response.headers["Clear-Site-Data"] = '"cache"'
    return forget_login(response, realm)


@bp.get("/")
@for_visitors
def home(visitor: Visitor) -> Response:
    """Who is acted for, the ways in, what is new."""
    return portal_page(visitor, "portal/home.html", arrival=arrival(house(), visitor))


@bp.post("/switch")
@act_of_visitor()
def switch(visitor: Visitor) -> Response:
    """Act for another of one's customers."""
    if not entry.switch(house(), visitor, request.form.get("customer", "")):
        abort(404)
    return redirect(url_for("portal.home", realm=visitor.realm.name), 303)
