"""Pages for what goes wrong: same layout, the reader's language, what to do next, a reference to quote."""

import logging
import secrets
from collections.abc import Callable
from typing import Any

from flask import Flask, request, url_for
from flask_babel import gettext
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from app.flow.definition import Flow
from app.runner.house import FlowMissing
from app.runner.pausing import Paused
from app.runner.portal.realms import Realm, RealmMissing, realm
from app.web.browser import LANGUAGES, language
from app.web.desk import errors as desk_errors
from app.web.house import house
from app.web.limits import WINDOW
from app.web.pages import flow_page, house_page
from app.web.security import security_event

log = logging.getLogger(__name__)

Words = Callable[[], tuple[str, str]]

_WORDS: dict[int, Words] = {
    400: lambda: (
        gettext("We did not understand that"),
        gettext(
            "The page sent something it does not have. Nothing has changed. Please go back and try again."
        ),
    ),
    403: lambda: (
        gettext("The page could not be sent safely"),
        gettext("Nothing has changed. Please go back and send it again; this browser must accept cookies."),
    ),
    404: lambda: (
        gettext("There is no such page"),
        gettext("Check the address, or begin at the start page."),
    ),
    405: lambda: (
        gettext("There is no such page"),
        gettext("Check the address, or begin at the start page."),
    ),
    413: lambda: (
        gettext("That was too much at once"),
        gettext("What you sent is larger than we take. Nothing has changed. Please go back and send less."),
    ),
    429: lambda: (
        gettext("Too many requests"),
        gettext("Many requests came from your network. Please wait a minute and try again; nothing is lost."),
    ),
    500: lambda: (
        gettext("Something went wrong here"),
        gettext(
            "It is our fault, and nothing you entered before is lost. Please try again in a few minutes."
        ),
    ),
    503: lambda: (
        gettext("We cannot answer right now"),
        gettext("Nothing is lost. Please try again in a minute."),
    ),
}
_BUSY_SECONDS = 30
_PAUSED_SECONDS = 3600


def _paused_words(flow: Flow) -> dict[str, Any]:
    return {
        "code": 503,
        "title": gettext("This cannot be begun right now"),
        "lead": gettext("Please come back later, or call us. Whoever has begun already can go on."),
        "next_text": gettext("To the start page"),
        "next_url": url_for("wizard.start", flow=flow.name),
        "reference": None,
        "saved": False,
    }


def register_errors(app: Flask) -> None:
    """Answer every error with a page of ours."""

    @app.errorhandler(HTTPException)
    def known(error: HTTPException) -> Response:
        return _known(error)

    @app.errorhandler(OperationalError)
    @app.errorhandler(PoolTimeout)
    def busy(error: Exception) -> Response:
        reference = _log(error)
        response = _page(503, reference)
        response.headers["Retry-After"] = str(_BUSY_SECONDS)
        return response

    @app.errorhandler(Paused)
    def paused(_error: Paused) -> Response:
        flow = _flow()
        assert flow is not None, "only a published flow can be paused"
        language(list(flow.spec.languages))
        response = flow_page(flow, "error.html", 503, **_paused_words(flow))
        response.headers["Retry-After"] = str(_PAUSED_SECONDS)
        return response

    @app.errorhandler(Exception)
    def fault(error: Exception) -> Response:
        return _page(500, _log(error))


def _known(error: HTTPException) -> Response:
    code = error.code or 500
    response = _page(code, None)
    for name, value in error.get_headers():
        if name != "Content-Type":  # what belongs to the status: Allow, Content-Range
            response.headers[name] = value
    if code == 429:
        security_event("limit_hit", endpoint=request.endpoint or "")
        response.headers["Retry-After"] = str(WINDOW)
    return response


def _words(code: int) -> tuple[str, str]:
    return _WORDS.get(code, _WORDS[400 if code < 500 else 500])()


def _log(error: Exception) -> str:
    """Note a fault by its type and place; its text may quote what somebody entered."""
    reference = secrets.token_hex(4)
    where = error.__traceback__
    while where is not None and where.tb_next is not None:
        where = where.tb_next
    place = f"{where.tb_frame.f_code.co_filename}:{where.tb_lineno}" if where else "unknown"
    log.error(
        "a request failed",
        extra={
            "reference": reference,
            "fault": type(error).__name__,
            "place": place,
            "endpoint": request.endpoint,
        },
    )
    return reference


def _page(code: int, reference: str | None) -> Response:
    try:
        return _drawn(code, reference)
    except Exception as second:
        # The page itself is broken: the last word is plain, but it is said.
        log.error("an error page failed", extra={"fault": type(second).__name__})
        text = f"Error {code}. Please try again in a few minutes. {reference or ''}\n"
        return Response(text, code, mimetype="text/plain")


def _drawn(code: int, reference: str | None) -> Response:
    return desk_errors.error_page(code, *_words(code), reference) or _public(code, reference)


def _public(code: int, reference: str | None) -> Response:
    here = _realm()
    flow = here.flow if here else _flow()
    language(list(flow.spec.languages if flow else LANGUAGES))
    title, lead = _words(code)
    if here:
        next_text, next_url = gettext("To the customer portal"), url_for("portal.home", realm=here.name)
    elif flow is None or code == 404:
        next_text, next_url = gettext("To the start page"), url_for("home.index")
    else:
        next_text, next_url = gettext("Back to the request"), url_for("wizard.start", flow=flow.name)
    words = {
        "code": code,
        "title": title,
        "lead": lead,
        "next_text": next_text,
        "next_url": next_url,
        "reference": reference,
        "saved": here is None and flow is not None and code in {403, 413, 429, 500, 503},
    }
    if flow is None:
        return house_page("error.html", code, **words)
    return flow_page(flow, "error.html", code, **words)


def _realm() -> Realm | None:
    """The realm in whose portal the error happened, if it can be had."""
    name = (request.view_args or {}).get("realm")
    try:
        return realm(house(), name) if name else None
    except (RealmMissing, SQLAlchemyError):
        return None


def _flow() -> Flow | None:
    """The flow in whose pages the error happened, if it can be had."""
    name = (request.view_args or {}).get("flow")
    try:
        return house().shelf.live(name) if name else None
    except (FlowMissing, SQLAlchemyError):
        return None
