"""Pages drawn from what the views hand over: no database, no run, no walk to get there."""

import hashlib
import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from types import SimpleNamespace as Box
from typing import Any

import yaml
from flask import Flask, g, render_template, request, url_for
from flask_babel import Babel
from jinja2 import StrictUndefined
from werkzeug.wrappers import Response

from app.config import ROOT
from app.flow.theme import Theme
from app.web.formats import add_filters
from app.web.security import _HEADERS
from app.web.wallet import qr_svg

FOLDER = ROOT / "workflows" / "ecard"
STATIC = ROOT / "app" / "static"
LANGUAGES = {"bg": "Български", "hu": "Magyar", "en": "English"}
TYPED = {"email": "maria@gmail.bg", "mobile": "0888123456", "national_id": "9912310123", "device": "ios"}
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


def texts(lang: str) -> dict[str, str]:
    """The flow's texts by flat key."""
    return dict(_flat(yaml.safe_load((FOLDER / f"texts.{lang}.yaml").read_text(encoding="utf-8"))))


def _flat(branch: Mapping[str, Any], above: str = "") -> Any:
    for key, value in branch.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{above}{key}.")
        else:
            yield f"{above}{key}", value


def theme() -> Theme:
    """The shipped realm's look."""
    return Theme.model_validate(yaml.safe_load((FOLDER / "theme.yaml").read_text(encoding="utf-8")))


def card(lang: str, **more: Any) -> dict[str, Any]:
    """What the view of the link's page hands over."""
    words = texts(lang)
    shown = Box(
        holder="Александрина Мария-Магдалена Константинополска-Дългоименова",
        number="0009900108",
        insurer=theme().legal_name[lang],
        valid_until=date(2031, 12, 31),
        phones=theme().booking_phones,
    )
    given = {
        "card": shown,
        "wallets": [{"wallet": each, "text": words[f"wallet.{each}"]} for each in ("google", "apple")],
        "google_app_url": "https://play.google.com/store/apps/details?id=wallet",
        "added": False,
        "dead": None,
        "artwork": {},
        "demo": True,
        "barcode_svg": qr_svg("0009900108"),
        "link_qr_svg": None,
    }
    return given | more


def wizard_page(kind: str, state: str, **more: Any) -> str:
    """A page of `ecard`; `more` overrides what every page is given."""
    words = texts(g.lang)
    body = [words[key] for n in range(1, 7) if (key := f"states.{state}.body.{n}") in words]
    given = {
        "state": state,
        "action": "/post",
        "form": None,
        "form_fields": [],
        "problems": [],
        "notice": None,
        "said": None,
        "said_more": [],
        "told": None,
        "buttons": [],
        "back": False,
        "username": None,
        "view": {},
    }
    given |= more
    standing = {"clock": False} if kind == "form" else {"paragraphs": body}
    timeless = {"valid_until": None, "seconds_left": None, "continue_url": "/post"}
    given["view"] = {"restart_url": None, **timeless, **standing, **given["view"]}
    return realm_page(f"kinds/{kind}.html", **given)


def realm_page(template: str, **more: Any) -> str:
    """A page in the realm's brand."""
    words = texts(g.lang)

    def t(key: str, **params: Any) -> str:
        return re.sub(r"\{([a-z_]+)\}", lambda m: str(params.get(m[1], m[0])), words[key])

    return render_template(
        template,
        lang=g.lang,
        languages=switch(["bg", "en"]),
        brand=theme(),
        theme=theme(),
        flow_name="ecard",
        theme_css="/theme.css",
        t=t,
        has_t=lambda key: key in words,
        asset=asset,
        hidden=[("csrf_token", "a.b-c"), ("step", "7")],
        **more,
    )


def house_page(template: str, **more: Any) -> str:
    """A page of the house."""
    return render_template(
        template, lang=g.lang, languages=switch(list(LANGUAGES)), brand=None, asset=asset, **more
    )


def switch(codes: list[str]) -> list[dict[str, Any]]:
    """The languages of the page."""
    return [
        {"code": c, "name": LANGUAGES[c], "url": f"{request.path}?lang={c}", "current": c == g.lang}
        for c in codes
    ]


def asset(path: str) -> str:
    """The address of a static file that is there."""
    return url_for("static", filename=path, v=hashlib.sha256((STATIC / path).read_bytes()).hexdigest()[:8])


def application(pages: Mapping[str, Callable[[], str]]) -> Flask:
    """Serves `pages` by name with the headers of the real one; a post is answered with an empty 204."""
    app = Flask("drawn", template_folder=str(ROOT / "templates"), static_folder=str(STATIC))
    app.jinja_env.undefined = StrictUndefined
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    Babel(
        app,
        default_translation_directories=str(ROOT / "app" / "translations"),
        locale_selector=lambda: getattr(g, "lang", "en"),
    )
    add_filters(app)
    posts: list[dict[str, str]] = []
    app.extensions["posts"] = posts

    @app.get("/page/<name>")
    def page(name: str) -> str:
        g.lang = request.args.get("lang", "bg")
        return pages[name]()

    @app.get("/theme.css")
    def theme_css() -> Response:
        return app.response_class(render_template("theme.css", theme=theme()), mimetype="text/css")

    @app.post("/post")
    def post() -> tuple[str, int]:
        posts.append(request.form.to_dict())
        return "", 204

    @app.after_request
    def headers(response: Response) -> Response:
        response.headers.extend(_HEADERS)
        return response

    return app
