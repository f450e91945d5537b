"""The web application, put together: reads like a table of contents."""

import logging
from datetime import UTC, datetime

from flask import Flask, g
from flask_babel import Babel
from flask_wtf.csrf import CSRFProtect
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from app import config, wiring
from app.config import Settings
from app.runner.house import House
from app.web import errors, home, inbox, limits, portal, receipts, security, wallet, wizard
from app.web.browser import remember_language
from app.web.formats import add_filters
from app.web.pages import keep_assets

log = logging.getLogger(__name__)


def build(settings: Settings | None = None, house: House | None = None) -> Flask:
    """The web application. Starts nothing in the background and writes nothing but what is missing."""
    settings = config.with_demo_secrets(settings or config.load())
    house = house or wiring.ready_house(settings, lambda: datetime.now(UTC))
    wiring.check_sources(house)
    app = Flask(
        __name__,
        root_path=str(settings.home / "app"),
        template_folder=str(settings.home / "templates"),
        static_folder=str(settings.home / "app" / "static"),
    )
    app.extensions["narthex"] = house
    app.extensions["narthex_wallets"] = wiring.open_wallets(settings, house.clock())
    app.extensions["narthex_receipts"] = wiring.open_receipts(settings)
    app.config["NARTHEX_WORKFLOWS"] = str(settings.home / "workflows")
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    security.configure(app, settings)
    security.refuse_unstorable(app)
    CSRFProtect(app)
    Babel(
        app,
        default_translation_directories=str(settings.home / "app" / "translations"),
        locale_selector=lambda: getattr(g, "lang", "en"),
    )
    add_filters(app)
    app.register_blueprint(home.bp)
    app.register_blueprint(wallet.bp)
    app.register_blueprint(receipts.bp)
    if settings.demo:
        app.register_blueprint(inbox.bp)
    app.register_blueprint(portal.bp)
    app.register_blueprint(wizard.bp)
    errors.register_errors(app)
    limits.limit_requests(app, settings)
    security.add_headers(app, settings)
    app.after_request(remember_language)
    app.after_request(keep_assets)
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=1, x_host=0)  # type: ignore[method-assign]
    return app
