"""Headers of every answer, the session's cookie, forged forms, and what is noted of all that."""

import logging
from datetime import timedelta
from typing import Any, Literal
from urllib.parse import quote, urlsplit

from flask import Flask, Response, abort, current_app, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from flask_wtf.csrf import validate_csrf
from werkzeug.routing import RequestRedirect
from wtforms import ValidationError

from app.config import Settings
from app.store.crypto import derive
from app.web.access import STATELESS

log = logging.getLogger(__name__)

_CSP = "; ".join(
    (
        "default-src 'self'",
        "img-src 'self' data:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self' https://pay.google.com",
        "frame-ancestors 'none'",
    )
)
_HEADERS = {
    "Content-Security-Policy": _CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
_TWO_YEARS = 63_072_000
_KEPT_BY_BROWSERS = frozenset({"static", "home.theme_css"})

SecurityEvent = Literal[
    "csrf_refused",
    "limit_hit",
    "unknown_trigger",
    "wrong_order_post",
    "dead_link",
    "receipt_forged",
    "login_refused",
    "password_spraying",
    "portal_not_found",
    "desk_refused",
    "identity_refused",
    "identity_away",
]


def security_event(name: SecurityEvent, **fields: str | int) -> None:
    """Note what an alert may be raised on (S61); `fields` say where, never what somebody sent."""
    log.warning("security event", extra={"event": name, **fields})


class Sessions(SecureCookieSessionInterface):
    """The signed session cookie, sent only where it is of use and to whom it belongs.

    Files and probes never carry it: a cache in front may keep them. A form sent from another site comes
    without the cookie (SameSite), and a new one in the answer would put the visitor's run out of reach.
    """

    def save_session(self, app: Flask, session: SessionMixin, response: Any) -> None:
        """Set the cookie, unless this request is one of those."""
        if request.endpoint not in STATELESS and not self._may_be_foreign(app):
            super().save_session(app, session, response)

    def _may_be_foreign(self, app: Flask) -> bool:
        if request.method != "POST" or self.get_cookie_name(app) in request.cookies:
            return False
        return request.headers.get("Sec-Fetch-Site") != "same-origin"  # no script can forge this one


def configure(app: Flask, settings: Settings) -> None:
    """Session keys and cookie attributes; `__Host-` in production, where https is certain."""
    app.session_interface = Sessions()
    keys = [derive(secret, "session").hex() for secret in settings.secrets()]
    app.config.update(
        SECRET_KEY=keys[0],
        SECRET_KEY_FALLBACKS=keys[1:],
        SESSION_COOKIE_NAME="narthex" if settings.demo else "__Host-narthex",
        SESSION_COOKIE_SECURE=not settings.demo,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_PATH="/",
        PERMANENT_SESSION_LIFETIME=timedelta(days=2),
        MAX_CONTENT_LENGTH=64 * 1024,
        MAX_FORM_MEMORY_SIZE=64 * 1024,
        MAX_FORM_PARTS=100,
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session: nobody loses a page by reading it slowly
        WTF_CSRF_SSL_STRICT=False,  # it would need the Referer, which we never send
        WTF_CSRF_CHECK_DEFAULT=False,  # the views ask, so that a refusal can keep the answers
    )


def refuse_unstorable(app: Flask) -> None:
    """An address with a NUL, plain or in its query, leads nowhere: PostgreSQL cannot be asked about one."""

    @app.before_request
    def known_signs() -> None:
        if "\0" in request.path or any("\0" in value for _, value in request.args.items(multi=True)):
            abort(404)


def add_headers(app: Flask, settings: Settings) -> None:
    """Send the security headers with every answer, files and errors included."""

    @app.after_request
    def headers(response: Response) -> Response:
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        if not settings.demo:
            response.headers["Strict-Transport-Security"] = f"max-age={_TWO_YEARS}; includeSubDomains"
        if request.endpoint not in _KEPT_BY_BROWSERS or response.status_code >= 400:
            response.headers["Cache-Control"] = "no-store"
        if isinstance(request.routing_exception, RequestRedirect):
            response.headers["Location"] = _on_this_host(request.routing_exception.new_url)
            response.set_data(b"")  # its link names that host as well
        return response


def _on_this_host(url: str) -> str:
    """Path and query alone: the router's redirects name the host by what the request calls us."""
    parts = urlsplit(url)
    path = "/" + quote(parts.path.lstrip("/"), safe="/%")  # two slashes would begin another host
    return f"{path}?{parts.query}" if parts.query else path


def cookie_secure() -> bool:
    """Whether cookies are for https alone: by the profile, so that no proxy's header can undo it."""
    return bool(current_app.config["SESSION_COOKIE_SECURE"])


def csrf_holds() -> bool:
    """Whether the form carries the token of this session, signed with any key that is still read."""
    token = request.form.get("csrf_token")
    for key in (current_app.secret_key, *current_app.config["SECRET_KEY_FALLBACKS"]):
        try:
            validate_csrf(token, secret_key=key)
        except ValidationError:
            continue
        return True
    security_event("csrf_refused", endpoint=request.endpoint or "")
    return False
