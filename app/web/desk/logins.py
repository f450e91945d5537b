"""The desk's login in the browser: one cookie, opaque, never for scripts (S46).

It is Lax, not Strict: a page of the desk is sent to a colleague as a link, and every act is a POST anyway.
"""

from flask import g, request
from werkzeug.wrappers import Response

from app.runner.staff.who import StaffLogin, who
from app.web.house import house
from app.web.security import cookie_secure

_HALF, _HALF_LIFE = "_half", 300  # seconds; the server counts them too


def _name(more: str = "") -> str:
    return f"{'__Host-' if cookie_secure() else ''}narthex_desk{more}"


def open_login(response: Response, token: str) -> Response:
    """Let this answer carry the login's secret, kept until the browser is closed; a half login is over."""
    response.set_cookie(_name(), token, path="/", httponly=True, samesite="Lax", secure=cookie_secure())
    if half_token():
        forget_half(response)
    return response


def open_half(response: Response, token: str) -> Response:
    """Let this answer carry the secret of half a login, for as long as it is good."""
    response.set_cookie(
        _name(_HALF),
        token,
        path="/",
        httponly=True,
        samesite="Lax",
        secure=cookie_secure(),
        max_age=_HALF_LIFE,
    )
    return response


def half_token() -> str:
    """The secret of half a login this browser brought; empty when it brought none."""
    return request.cookies.get(_name(_HALF), "")


def forget_half(response: Response) -> Response:
    """Take the cookie of half a login away again."""
    response.delete_cookie(_name(_HALF), path="/", httponly=True, samesite="Lax", secure=cookie_secure())
    return response


def forget_login(response: Response) -> Response:
    """Take the cookie away again."""
    response.delete_cookie(_name(), path="/", httponly=True, samesite="Lax", secure=cookie_secure())
    return response


def current_login() -> StaffLogin | None:
    """Who is logged in to the desk in this browser; None when nobody is, or no longer."""
    if "staff_login" not in g:
        token = request.cookies.get(_name(), "")
        g.staff_login = who(house(), token) if token else None
    found: StaffLogin | None = g.staff_login
    return found
