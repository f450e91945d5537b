"""The portal's door and its hall: logging in and out, the home page, the switcher."""

from flask import abort, g, redirect, request, session, url_for
from werkzeug.wrappers import Response

from app.runner.door import Refused
from app.runner.portal import entry
from app.runner.portal.visitor import Visitor, arrival
from app.web import portal_documents, portal_profile, portal_requests
from app.web.browser import browser
from app.web.house import house
from app.web.logins import current_login, forget_login, open_login
from app.web.portal_pages import (
    act_of_visitor,
    bp,
    for_visitors,
    note,
    plain_address,
    portal_page,
    realm_page,
    this_realm,
)
from app.web.security import csrf_holds, security_event

__all__ = ["bp", "portal_profile"]


@bp.get("/login")
def login(realm: str) -> Response:
    """The login page; who is logged in already goes in."""
    here = this_realm(realm)
    if "remember_lang" in g:
        return plain_address()
    if current_login(realm):
        return redirect(url_for("portal.home", realm=realm), 303)
    start_url = url_for("wizard.start", flow=here.flow.name)
    return realm_page(here, "portal/login.html", start_url=start_url)


@bp.post("/login")
def log_in(realm: str) -> Response:
    """Let in, or send back to the same page with the one thing that is ever said."""
    here = this_realm(realm)
    if not csrf_holds():
        abort(403)
    asking, names = browser(list(here.flow.spec.languages)), request.form
    given = names.get("username", ""), names.get("password", "")
    result = entry.log_in(house(), realm, asking, *given, former=current_login(realm))
    if isinstance(result, Refused):
        for alert in result.alerts:
            security_event(alert, realm=realm)
        note("login_failed")
        return redirect(url_for("portal.login", realm=realm), 303)
    session["browser"] = result.browser
    session.pop("csrf_token", None)  # whoever planted this session knows it
    return open_login(redirect(url_for("portal.home", realm=realm), 303), realm, result.token)


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
    return portal_page(
        visitor,
        "portal/home.html",
        arrival=arrival(house(), visitor),
        newest=portal_documents.newest(visitor),
        counts=portal_requests.counts(visitor),
    )


@bp.post("/switch")
@act_of_visitor()
def switch(visitor: Visitor) -> Response:
    """Act for another of one's customers."""
    if not entry.switch(house(), visitor, request.form.get("customer", "")):
        abort(404)
    return redirect(url_for("portal.home", realm=visitor.realm.name), 303)
