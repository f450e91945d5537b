"""Headers of every answer, cookies, and the door's limits."""

from datetime import timedelta

from flask import Flask, Response, request
from flask_limiter import Limiter

from app.config import Settings
from app.store.crypto import derive
from app.web.browser import network

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


def configure(app: Flask, settings: Settings) -> None:
    """Session keys and cookie attributes; `__Host-` in production, where https is certain."""
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


def add_headers(app: Flask, settings: Settings) -> None:
    """Send the security headers with every answer, files and errors included."""

    @app.after_request
    def headers(response: Response) -> Response:
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)
        if not settings.demo:
            response.headers["Strict-Transport-Security"] = f"max-age={_TWO_YEARS}; includeSubDomains"
        if request.endpoint not in {"static", "home.theme_css"}:
            response.headers["Cache-Control"] = "no-store"
        return response


def limit_requests(app: Flask, settings: Settings) -> Limiter:
    """Limits at the door only, by network; what guards codes and matches is counted in the database.

    With Redis gone the limits go on in each process's memory.
    """
    limiter = Limiter(
        network,
        storage_uri=settings.redis_url.get_secret_value() or "memory://",
        in_memory_fallback_enabled=bool(settings.redis_url.get_secret_value()),
        strategy="sliding-window-counter",
        headers_enabled=False,
    )
    limiter.init_app(app)
    posts = limiter.shared_limit(f"{settings.posts_per_minute} per minute", "posts", methods=["POST"])
    gets = limiter.shared_limit(f"{settings.gets_per_minute} per minute", "gets", methods=["GET", "HEAD"])
    for name in app.blueprints:
        posts(app.blueprints[name])  # type: ignore[call-overload]  # Flask's own Blueprint is one
        gets(app.blueprints[name])  # type: ignore[call-overload]
    return limiter
