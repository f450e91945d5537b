"""The door's limits, by network."""

from http.client import FORBIDDEN
from typing import Any

from flask import Flask
from flask_limiter import Limiter
from limits.errors import ConfigurationError
from redis.backoff import NoBackoff
from redis.retry import Retry

from app.config import SettingProblem, Settings
from app.web.browser import network

_REDIS_WITHIN = 0.1  # seconds to connect, and for an answer: a hung Redis must not be felt
WINDOW = 60  # seconds


def limit_requests(app: Flask, settings: Settings) -> Limiter:
    """Limits at the door only, by network; what guards codes and matches is counted in the database.

    With Redis gone or hung the limits go on in each process's memory. Raises SettingProblem for an address
    of Redis that cannot be read.
    """
    redis = settings.redis_url.get_secret_value()
    limiter = Limiter(
        network,
        storage_uri=redis or "memory://",
        storage_options=_hasty() if redis else {},
        in_memory_fallback_enabled=bool(redis),
        strategy="sliding-window-counter",
        headers_enabled=False,
    )
    try:
        limiter.init_app(app)
    except (ConfigurationError, ValueError):
        # Their text quotes the address with its password.
        raise SettingProblem(
            "NARTHEX_REDIS_URL: cannot be read; write redis://host:6379/0 or rediss://..."
        ) from None
    posts = limiter.shared_limit(f"{settings.posts_per_minute} per minute", "posts", methods=["POST"])
    gets = limiter.shared_limit(f"{settings.gets_per_minute} per minute", "gets", methods=["GET", "HEAD"])
    # A vendor tells of many messages a minute from one network; only what it cannot prove counts.
    forged = limiter.shared_limit(
        f"{settings.posts_per_minute} per minute",
        "forged",
        methods=["POST"],
        deduct_when=lambda response: response.status_code == FORBIDDEN,
    )
    for name in app.blueprints:
        counted = forged if name == "receipts" else posts
        counted(app.blueprints[name])  # type: ignore[call-overload]  # Flask's own Blueprint is one
        gets(app.blueprints[name])  # type: ignore[call-overload]
    return limiter


def _hasty() -> dict[str, Any]:
    return {
        "socket_timeout": _REDIS_WITHIN,
        "socket_connect_timeout": _REDIS_WITHIN,
        "retry": Retry(NoBackoff(), 0),
    }
