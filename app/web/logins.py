"""The portal's login in the browser: one cookie for each realm, opaque, never for scripts (S46)."""

from flask import g, request
from werkzeug.wrappers import Response

from app.runner import logins
from app.runner.logins import Login
from app.web.house import house
from app.web.security import cookie_secure


def _name(realm: str) -> str:
    return f"{'__Host-' if cookie_secure() else ''}narthex_{realm}"


def open_login(response: Response, realm: str, token: str) -> Response:
    """Let this answer carry the login's secret; kept until the browser is closed."""
    response.set_cookie(_name(realm), token, path="/", httponly=True, samesite="Lax", secure=cookie_secure())
    return response


def forget_login(response: Response, realm: str) -> Response:
    """Take the cookie away again."""
    response.delete_cookie(_name(realm), path="/", httponly=True, samesite="Lax", secure=cookie_secure())
    return response


def login_token(realm: str) -> str:
    """The secret this browser brought for the realm; empty when it brought none."""
    return request.cookies.get(_name(realm), "")


def current_login(realm: str) -> Login | None:
    """Who is logged in to the realm's portal in this browser; None when nobody is, or no longer."""
    asked: dict[str, Login | None] = g.setdefault("logins", {})
    if realm not in asked:
        token = login_token(realm)
        asked[realm] = logins.who(house(), realm, token) if token else None
    return asked[realm]
