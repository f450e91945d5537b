"""The web application, put together: reads like a table of contents."""

import logging
from datetime import UTC, datetime

from flask import Flask, g
from flask_babel import Babel
from flask_wtf.csrf import CSRFProtect
from jinja2 import StrictUndefined
from werkzeug.middleware.proxy_fix import ProxyFix

from app import config, plugged, wiring
from app.config import Settings
from app.importing.uploads import Uploads
from app.runner.house import House
from app.runner.wallet import Wallets
from app.sandbox import pages as sandbox
from app.sandbox.sandboxes import Sandboxes
from app.web import desk, errors, home, inbox, limits, portal, receipts, security, wallet, wizard
from app.web.browser import remember_language
from app.web.formats import add_filters
from app.web.pages import keep_assets

log = logging.getLogger(__name__)


def build(
    settings: Settings | None = None, house: House | None = None, wallets: Wallets | None = None
) -> Flask:
    """The web application. Starts nothing in the background and writes nothing but what is missing.

    What is not given is opened as the settings say.
    """
    settings = config.with_demo_secrets(settings or config.load())
    house = house or wiring.ready_house(settings, lambda: datetime.now(UTC))
    wiring.check_sources(house)
    app = _frame(settings, house, wallets or wiring.open_wallets(settings, house.clock()))
    app.extensions["narthex_receipts"] = wiring.open_receipts(settings)
    app.extensions["narthex_identities"] = wiring.open_identity(settings)
    app.extensions["narthex_outside"] = lambda: plugged.outside(
        settings, house, app.extensions["narthex_breakers"]
    )
    app.extensions["narthex_breakers"] = lambda _channel: None
    app.extensions["narthex_uploads"] = Uploads(settings.var / "imports")
    app.register_blueprint(receipts.bp)
    if settings.demo:
        app.register_blueprint(inbox.bp)
    app.register_blueprint(desk.bp)
    _with_sandboxes(app, settings, house)
    _applicants_pages(app)
    limits.limit_requests(app, settings)
    security.add_headers(app, settings)
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=1, x_host=0)  # type: ignore[method-assign]
    return app


def build_pages(settings: Settings, house: House, wallets: Wallets) -> Flask:
    """The applicants' pages alone, on a house that is given: what a sandbox shows. Nobody limits them."""
    app = _frame(settings, house, wallets)
    _applicants_pages(app)
    security.add_headers(app, settings)
    return app


def _frame(settings: Settings, house: House, wallets: Wallets) -> Flask:
    app = Flask(
        __name__,
        root_path=str(settings.home / "app"),
        template_folder=str(settings.home / "templates"),
        static_folder=str(settings.home / "app" / "static"),
    )
    app.extensions["narthex"] = house
    app.extensions["narthex_wallets"] = wallets
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
    app.after_request(remember_language)
    app.after_request(keep_assets)
    return app


def _applicants_pages(app: Flask) -> None:
    app.register_blueprint(home.bp)
    app.register_blueprint(wallet.bp)
    app.register_blueprint(portal.bp)
    app.register_blueprint(wizard.bp)
    errors.register_errors(app)


def _with_sandboxes(app: Flask, settings: Settings, house: House) -> None:
    origin = settings.base_url or f"http://127.0.0.1:{settings.port}"
    app.extensions["narthex_sandboxes"] = Sandboxes(
        settings.var / "sandboxes",
        settings.home,
        house.clock,
        lambda name: f"{origin}/desk/sandbox/{name}/app",
        build_pages,
        house.passwords,
    )
    app.register_blueprint(sandbox.bp)
