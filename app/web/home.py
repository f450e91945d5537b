"""The house's own pages: what can be tried here, a realm's colours, and probes for operators."""

import logging
from pathlib import Path

from flask import Blueprint, Response, abort, current_app, make_response, render_template, url_for
from flask_babel import gettext
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response as AnyResponse

from app.flow.definition import Flow
from app.flow.source import read
from app.runner.house import FlowMissing
from app.web.browser import LANGUAGES, language
from app.web.house import house
from app.web.pages import house_page

log = logging.getLogger(__name__)

bp = Blueprint("home", __name__)

_A_YEAR = 31_536_000


@bp.get("/")
def index() -> AnyResponse:
    """The flows that can be tried, with what to type, and the way to the messages."""
    lang = language(list(LANGUAGES))
    flows = [shown for name in house().shelf.names() if (shown := _flow(name, lang))]
    inbox = url_for("inbox.index") if "inbox" in current_app.blueprints else None
    return house_page("home.html", flows=flows, inbox_url=inbox)


def _flow(name: str, lang: str) -> dict[str, object] | None:
    try:
        flow = house().shelf.live(name)
    except FlowMissing:
        log.error("a live version does not load", extra={"flow": name})
        return None
    spoken = lang if lang in flow.spec.languages else flow.spec.languages[0]
    return {
        "url": url_for("wizard.start", flow=name),
        "title": flow.text(spoken, "flow.title"),
        "lead": flow.text(spoken, "flow.lead"),
        "brand": flow.theme.name[spoken],
        "theme": flow.theme,
        "lang": spoken,
        **_door(flow, spoken),
        "try_data": [_tried(flow, spoken, name, value) for name, value in _demo_data(name).items()],
    }


def _door(flow: Flow, lang: str) -> dict[str, str]:
    """The way to the portal of a flow that makes logins: address and words."""
    if not flow.spec.accounts:
        return {}
    key = "portal.log_in"
    words = flow.text(lang, key) if flow.has_text(lang, key) else gettext("Log in")
    return {"login_url": url_for("portal.login", realm=flow.spec.realm), "login_words": words}


def _tried(flow: Flow, lang: str, field: str, value: str) -> dict[str, str]:
    worded = f"fields.{field}.options.{value}"
    shown = flow.text(lang, worded) if flow.has_text(lang, worded) else value
    return {"label": flow.text(lang, f"fields.{field}.label"), "value": shown}


def _demo_data(name: str) -> dict[str, str]:
    """What `demo.yaml` beside the flow says to type, by field; read from the folder, never stored."""
    file = Path(current_app.config["NARTHEX_WORKFLOWS"]) / name / "demo.yaml"
    if "inbox" not in current_app.blueprints or not file.is_file():
        return {}
    data = read(file.read_text(encoding="utf-8"), str(file)).data
    return {str(field): str(value) for field, value in data["try"].items()}


@bp.get("/theme/<flow>.css")
def theme_css(flow: str) -> AnyResponse:
    """The realm's colours as custom properties."""
    try:
        theme = house().shelf.live(flow).theme
    except FlowMissing:
        abort(404)
    response = make_response(render_template("theme.css", theme=theme))
    response.mimetype = "text/css"
    response.cache_control.max_age = _A_YEAR
    response.cache_control.public = True
    return response


@bp.get("/health/live")
def live() -> Response:
    """The process answers."""
    return Response("ok\n", mimetype="text/plain")


@bp.get("/health/ready")
def ready() -> Response:
    """The database answers too."""
    try:
        with house().database.read() as connection:
            connection.execute(text("select 1"))
    except SQLAlchemyError:
        return Response("database does not answer\n", 503, mimetype="text/plain")
    return Response("ok\n", mimetype="text/plain")
