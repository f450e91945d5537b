"""The frame of the desk's pages: who may see what, the layout, notices. The views' modules build on it.

A view that only looks is written `@bp.get(...)` over `@for_staff`, one that acts `@bp.post(...)` over
`@act_of_staff`; both are handed the Staff first, then the parts of the address. Who may ask for an endpoint
stands in `access.DESK`; one that is missing there is for nobody. A new part of the desk gets a line in
`ways.WAYS`. Other packages may use the same decorators in blueprints of their own below `/desk/`.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, abort, g, make_response, redirect, render_template, request, session, url_for
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from app.runner.staff.acts import note_act
from app.runner.staff.who import Staff
from app.web import access
from app.web.browser import LANGUAGES, language
from app.web.desk.logins import current_login
from app.web.desk.ways import ways_of
from app.web.house import house
from app.web.pages import asset
from app.web.security import csrf_holds, security_event

bp = Blueprint("desk", __name__, url_prefix="/desk")

#: Handed the Staff, then the parts of the address by name; for the router the parts alone.
View = Callable[..., Response]

#: What a page says once of the act before it; its code travels in the session, never its words.
NOTICES: dict[str, Callable[[], str]] = {}

#: By endpoint, how many bytes its form may have where the house's limit is too small.
LARGER_POSTS: dict[str, int] = {}

_MOST_PARTS = 200
_NOTICE, _WANTED = "desk_notice", "desk_wanted"
_LONGEST_WANTED = 1000  # the session is a cookie


def for_staff(view: View) -> View:
    """Show the page to staff who may see it; lead others to the login page, or say that it is not theirs."""

    @wraps(view)
    def routed(**parts: Any) -> Response:
        found = _admitted()
        if not isinstance(found, Staff):
            return found
        if "remember_lang" in g:
            return plain_address()
        return view(found, **parts)

    return routed


def act_of_staff(view: View) -> View:
    """Let staff who may act do so by a form of ours (S50); the view notes the act and answers with 303."""

    @wraps(view)
    def routed(**parts: Any) -> Response:
        found = _admitted()
        if not isinstance(found, Staff):
            return found
        if most := LARGER_POSTS.get(request.endpoint or ""):
            request.max_content_length = request.max_form_memory_size = most
            request.max_form_parts = _MOST_PARTS
        if not csrf_holds():
            abort(403)
        if any("\0" in value for value in request.form.values()):
            abort(400)  # PostgreSQL cannot be asked about one
        return view(found, **parts)

    return routed


def _admitted() -> Staff | Response:
    language(list(LANGUAGES))
    login = current_login()
    if login is None:
        return to_login()
    if login.staff.roles & access.DESK.get(request.endpoint or "", frozenset()):
        return login.staff
    return _refused(login.staff)


def to_login() -> Response:
    """The way to the login page; a page that was wanted is shown after it."""
    wanted = request.script_root + request.full_path.removesuffix("?")
    # Not what a page fetches by itself: nobody wants to land on a picture.
    by_hand = request.headers.get("Sec-Fetch-Dest", "document") == "document"
    if request.method == "GET" and by_hand and len(wanted) <= _LONGEST_WANTED:
        session[_WANTED] = wanted
    return redirect(url_for("desk.login"), 303)


def wanted_address() -> str:
    """Where this browser was led to the login page from, once; else the desk's home page.

    It comes from the session, which nobody else can write: no link to our login page leads elsewhere.
    """
    wanted = str(session.pop(_WANTED, ""))
    return wanted if wanted.startswith(f"{request.script_root}/desk/") else url_for("desk.home")


def _refused(staff: Staff) -> Response:
    endpoint = request.endpoint or ""
    upon = " ".join(str(part) for part in (request.view_args or {}).values())
    subject = f"{endpoint} {upon}".strip() if upon.isascii() and upon.isprintable() else endpoint
    note_act(house(), staff, "open page" if request.method in {"GET", "HEAD"} else "act", subject, "refused")
    security_event("desk_refused", endpoint=endpoint, staff=staff.name)
    return desk_page("desk/refused.html", 403)


def plain_address() -> Response:
    """The way to the same page without `lang` in its query: a link to it is in its reader's language."""
    query = urlencode([(name, value) for name, value in request.args.items(multi=True) if name != "lang"])
    here = url_for(request.endpoint or "", **(request.view_args or {}))
    return redirect(f"{here}?{query}" if query else here, 303)


def desk_page(template: str, status: int = 200, **context: Any) -> Response:
    """A page of the desk, in any language of the house; its template extends `desk/layout.html`.

    Gives the template `staff` (None at the door), `ways`, `hidden` for forms, `noted`, `lang`, `languages`,
    `asset`, besides `context`.
    """
    login = current_login()
    staff = login.staff if login else None
    code = session.pop(_NOTICE, None)
    body = render_template(
        template,
        **{
            "lang": g.lang,
            "languages": _languages(),
            "asset": asset,
            "staff": staff,
            "ways": ways_of(staff) if staff else [],
            "hidden": [("csrf_token", generate_csrf())],
            "noted": NOTICES[code]() if code in NOTICES else None,
            **context,
        },
    )
    response = make_response(body, status)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


def note(code: str) -> None:
    """Let the next page say the words of NOTICES for this code."""
    session[_NOTICE] = code


def _languages() -> list[dict[str, Any]]:
    """The language switch: own names, and this very view in each language."""
    kept = [(name, value) for name, value in request.args.items(multi=True) if name != "lang"]
    return [
        {
            "code": code,
            "name": name,
            "url": f"{request.script_root}{request.path}?{urlencode([*kept, ('lang', code)])}",
            "current": code == g.lang,
        }
        for code, name in LANGUAGES.items()
    ]
