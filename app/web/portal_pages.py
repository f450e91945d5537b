"""The frame of the portal's pages: realm, who is logged in, layout. The views' modules build on it.

A view that only looks is written `@bp.get(...)` over `@for_visitors`, one that acts `@bp.post(...)` over
`@act_of_visitor()`; both are handed the Visitor instead of the realm's name.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Blueprint, abort, g, redirect, request, session, url_for
from flask_babel import gettext
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from app.runner.portal import visitor as visitors
from app.runner.portal.confirmation import confirmation
from app.runner.portal.realms import Realm, RealmMissing, realm
from app.runner.portal.visitor import Visitor
from app.web.browser import language
from app.web.house import house
from app.web.logins import current_login
from app.web.pages import flow_page
from app.web.security import csrf_holds

bp = Blueprint("portal", __name__, url_prefix="/portal/<realm>")

#: Handed a Visitor, or for the router the realm's name, and the other parts of the address.
View = Callable[..., Response]

_NOTICE = "portal_notice"

#: What a page says once of the act before it; its code travels in the session, never its words.
Notices = dict[str, Callable[[], str]]
NOTICES: Notices = {}


def this_realm(name: str) -> Realm:
    """The realm of the address, its language chosen; a page with 404 when it has no portal."""
    try:
        found = realm(house(), name)
    except RealmMissing:
        abort(404)
    language(list(found.flow.spec.languages))
    return found


def plain_address() -> Response:
    """The way to the same page without a query."""
    return redirect(url_for(request.endpoint or "", **(request.view_args or {})), 303)


def for_visitors(view: View) -> View:
    """Show the page to who is logged in and confirmed; lead others to the login, or to confirm."""

    @wraps(view)
    def routed(realm: str, **parts: str) -> Response:
        here = this_realm(realm)
        if "remember_lang" in g:
            return plain_address()  # after `?lang=` the same page under its plain address
        found = _visitor(here)
        return view(found, **parts) if isinstance(found, Visitor) else found

    return routed


def act_of_visitor(most_bytes: int | None = None) -> Callable[[View], View]:
    """Let who is logged in and confirmed act, by a form of ours of at most `most_bytes` (S50)."""

    def decorate(view: View) -> View:
        @wraps(view)
        def routed(realm: str, **parts: str) -> Response:
            found = _visitor(this_realm(realm))
            if not isinstance(found, Visitor):
                return found
            if most_bytes is not None:
                request.max_content_length = most_bytes
            if not csrf_holds():
                abort(403)
            return view(found, **parts)

        return routed

    return decorate


def _visitor(here: Realm) -> Visitor | Response:
    login = current_login(here.name)
    found = visitors.visitor(house(), here, login) if login else None
    if found is None:
        return redirect(url_for("portal.login", realm=here.name), 303)
    return found if found.account.confirmed_at else _to_confirm(found)


def _to_confirm(visitor: Visitor) -> Response:
    """Until its address is confirmed, every page leads an account to the run that asks for the code."""
    holder = house().vault.indexes(session.get("browser", ""), "browser")
    where = confirmation(house(), visitor.account, holder)
    if isinstance(where, str):
        return portal_page(visitor, "portal/unconfirmed.html", where=where)
    return redirect(url_for("wizard.page", flow=where.flow, state=where.state), 303)


def portal_page(visitor: Visitor, template: str, status: int = 200, **context: Any) -> Response:
    """A page of the portal for who is logged in."""
    return realm_page(visitor.realm, template, status, visitor=visitor, **context)


def realm_page(here: Realm, template: str, status: int = 200, **context: Any) -> Response:
    """A page of the portal, for anybody: without `visitor` it has neither ways nor a way out."""
    code = session.pop(_NOTICE, None)
    return flow_page(
        here.flow,
        template,
        status,
        realm=here.name,
        ways=_ways(here) if _may_go(context.get("visitor")) else [],
        hidden=[("csrf_token", generate_csrf())],
        failed=code == "login_failed",
        noted=NOTICES[code]() if code in NOTICES else None,
        worded=lambda key, otherwise: _worded(here, key, otherwise),
        **{"visitor": None, **context},
    )


def note(code: str) -> None:
    """Let the next page say the words of NOTICES for this code."""
    session[_NOTICE] = code


def _may_go(visitor: Visitor | None) -> bool:
    return visitor is not None and visitor.account.confirmed_at is not None


def _worded(here: Realm, key: str, otherwise: str) -> str:
    """The realm's own words, `portal.<key>` of its flow, where it has some."""
    flow, lang = here.flow, str(g.lang)
    return flow.text(lang, f"portal.{key}") if flow.has_text(lang, f"portal.{key}") else otherwise


def _ways(here: Realm) -> list[dict[str, Any]]:
    words = {
        "home": gettext("Home"),
        "documents": gettext("Documents"),
        "requests": gettext("Requests"),
        "profile": gettext("Profile"),
    }
    now, path = (request.endpoint or "").removeprefix("portal."), request.script_root + request.path
    return [
        {
            "name": name,
            "text": text,
            "url": (url := url_for(f"portal.{name}", realm=here.name)),
            "current": now == name,
            "within": path.startswith(f"{url}/"),
        }
        for name, text in words.items()
    ]
