"""The pages inside a sandbox, for its owner alone: the real application, asked across the border."""

from flask import abort, redirect, request, url_for
from werkzeug.wrappers import Response

from app.flow.definition import Flow
from app.runner.staff.who import Staff
from app.sandbox.desk import border_of, bp, mount, owned
from app.sandbox.sandboxes import Sandbox
from app.sandbox.tabs import Tab
from app.web import access
from app.web.browser import LANGUAGES, language, network
from app.web.desk.frame import desk_page, for_staff
from app.web.desk.logins import current_login


@bp.route("/<sandbox>/app/", defaults={"inner": ""}, methods=["GET", "POST"])
@bp.route("/<sandbox>/app/<path:inner>", methods=["GET", "POST"])
def inside(sandbox: str, inner: str) -> Response:
    """What the pages inside answer. Forms are checked there: their sessions are the sandbox's."""
    login = current_login()
    if login is None or not login.staff.roles & access.DESK[str(request.endpoint)]:
        return _refused()
    opened, here = owned(login.staff, sandbox), border_of(sandbox)
    if request.method == "GET" and request.headers.get("Sec-Fetch-Dest") == "document":
        # Alone in a tab it would look like the real thing: there it is framed, and says what it is.
        return redirect(url_for("sandbox.alone", sandbox=sandbox, at=f"/{inner}"), 303)
    answer = here.ask(opened.app, request.environ)
    if request.method == "POST":
        opened.settle()
    if host := here.leads_out(answer):
        return _outside(host, mount(sandbox))
    return answer


@for_staff
def _refused(_staff: Staff, **_parts: str) -> Response:
    abort(404)


def _outside(host: str, home: str) -> Response:
    """Where a page would have led out of the house: its reader stays."""
    language(list(LANGUAGES))
    answer = desk_page("desk/sandbox_outside.html", host=host, back=f"{home}/w/card")
    answer.headers["Content-Security-Policy"] = "default-src 'self'; img-src 'self' data:; " + (
        "object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'self'"
    )
    return answer


def tab(opened: Sandbox) -> Tab:
    """The browser that asks the desk now, as the pages inside know it."""
    cookies = border_of(opened.folder.name).cookies(request.environ)
    return Tab(opened.app, cookies, network(), preferred(opened.flow))


def preferred(flow: Flow) -> str:
    """The flow's language that this browser would be shown."""
    known = list(flow.spec.languages)
    return request.accept_languages.best_match(known) or known[0]
