"""The desk's door: logging in, in one step or two, and out."""

from collections.abc import Iterable
from typing import Any

from flask import abort, current_app, g, redirect, request, session, url_for
from werkzeug.wrappers import Response

from app.runner.door import Refused
from app.runner.staff import entry, second_factor
from app.runner.staff.entry import Entered, Half
from app.runner.staff.identity import Identities, NotIn, ask, come_in
from app.runner.staff.second_step import Expected, TooLate, expected, give
from app.web.browser import LANGUAGES, language, network
from app.web.desk.frame import bp, desk_page, plain_address, wanted_address
from app.web.desk.logins import (
    current_login,
    forget_half,
    forget_login,
    half_token,
    open_half,
    open_login,
)
from app.web.house import house
from app.web.security import csrf_holds, security_event
from app.web.wallet import qr_svg

_FAILED, _ASKED = "desk_failed", "desk_asked"


@bp.get("/login")
def login() -> Response:
    """The login page; who is logged in already goes in."""
    language(list(LANGUAGES))
    if "remember_lang" in g:
        return plain_address()
    if current_login():
        return redirect(url_for("desk.home"), 303)
    return desk_page(
        "desk/login.html",
        failed=session.pop(_FAILED, None),
        passwords=house().staff_passwords,
        provider=identities() is not None,
    )


@bp.post("/login")
def log_in() -> Response:
    """Let in, ask for a code, or send back to the same page with the one thing that is ever said."""
    if not csrf_holds():
        abort(403)
    given = request.form.get("name", ""), request.form.get("password", "")
    result = entry.log_in(house(), network(), *given, former=current_login())
    if isinstance(result, Refused):
        refused(result.alerts)
        return to_door("wrong")
    session.pop("csrf_token", None)  # whoever planted this session knows it
    if isinstance(result, Half):
        return open_half(redirect(url_for("desk.second_step"), 303), result.token)
    return let_in(result)


def refused(alerts: Iterable[str]) -> None:
    """Note that somebody was not let in, and what else is told to those who watch."""
    security_event("login_refused", realm="desk")
    if "password_spraying" in alerts:
        security_event("password_spraying", realm="desk")


def to_door(said: str) -> Response:
    """Back to the login page, which says once what this code means."""
    session[_FAILED] = said
    return redirect(url_for("desk.login"), 303)


def let_in(entered: Entered) -> Response:
    """Into the desk with a new login, past its recovery codes if there are some to be kept."""
    session.pop("csrf_token", None)
    onward = url_for("desk.codes") if entered.shows_codes else wanted_address()
    return open_login(redirect(onward, 303), entered.token)


@bp.get("/login/code")
def second_step() -> Response:
    """The page that asks for a code, and shows how to set an app up where there is none yet."""
    language(list(LANGUAGES))
    if "remember_lang" in g:
        return plain_address()
    awaited = step_awaited()
    if awaited is None:
        return redirect(url_for("desk.login"), 303)
    return desk_page("desk/second_step.html", failed=session.pop(_FAILED, None), **app_shown(awaited))


def step_awaited() -> Expected | None:
    """What is still missing of the login this browser has begun."""
    token = half_token()
    return expected(house(), token) if token else None


def app_shown(awaited: Expected) -> dict[str, Any]:
    """What a page shows of an app that is to be set up: a picture to scan, a key to type."""
    if awaited.secret is None:
        return {"picture": None, "key": None}
    address = second_factor.app_address(awaited.secret, awaited.name)
    return {"picture": qr_svg(address), "key": second_factor.in_groups(awaited.secret)}


@bp.post("/login/code")
def give_code() -> Response:
    """Let in who gives the right code; else the same page, which says one thing whatever was wrong."""
    if not csrf_holds():
        abort(403)
    code = request.form.get("code", "")
    result = give(house(), network(), half_token(), code, former=current_login())
    if isinstance(result, TooLate):
        return forget_half(to_door("late"))
    if isinstance(result, Refused):
        refused(result.alerts)
        session[_FAILED] = "wrong"
        return redirect(url_for("desk.second_step"), 303)
    return let_in(result)


def identities() -> Identities | None:
    """The organisation's identity provider, where one is set."""
    found: Identities | None = current_app.extensions["narthex_identities"]
    return found


@bp.get("/login/provider")
def ask_provider() -> Response:
    """To the organisation's identity provider. What its answer must fit waits in the session, sealed."""
    asked = identities()
    if asked is None:
        return redirect(url_for("desk.login"), 303)
    question = ask(house(), asked)
    if isinstance(question, NotIn):
        return _not_in(question)
    session[_ASKED] = question.kept
    return redirect(question.url, 303)


@bp.get("/login/answer")
def provider_answered() -> Response:
    """Back from the provider: let in whom it vouches for. Its protocol wants a GET, good for once."""
    asked, kept = identities(), session.pop(_ASKED, "")
    if asked is None:
        return redirect(url_for("desk.login"), 303)
    result = come_in(house(), asked, network(), kept, request.args, former=current_login())
    return _not_in(result) if isinstance(result, NotIn) else let_in(result)


def _not_in(result: NotIn) -> Response:
    if result.reason == "away":
        security_event("identity_away", reason=result.detail)
    elif result.reason != "declined":
        security_event("identity_refused", reason=result.detail or result.reason)
    return to_door(result.reason)


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
