"""Putting a page together: what every template is given."""

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any

from flask import current_app, g, make_response, render_template, request, url_for
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from app.flow.definition import Flow
from app.web.browser import LANGUAGES, language

_A_YEAR = 31_536_000


@lru_cache(maxsize=256)
def _version(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()[:12]


def asset(path: str) -> str:
    """The address of one of our static files, new whenever its content is."""
    return url_for("static", filename=path, v=_version(_file(path)))


def _file(path: str) -> Path:
    return Path(current_app.static_folder or "") / path


def asset_text(path: str) -> str:
    """What stands in one of our static files."""
    return _file(path).read_text(encoding="utf-8")


def keep_assets(response: Response) -> Response:
    """Let browsers keep a static file asked for by the version it has; any other is asked for anew."""
    sent = request.endpoint == "static" and response.status_code in (200, 304)
    if sent and request.args.get("v") == _version(_file((request.view_args or {})["filename"])):
        response.headers["Cache-Control"] = f"public, max-age={_A_YEAR}, immutable"
    return response


def languages(codes: list[str], lang: str) -> list[dict[str, Any]]:
    """The language switch: own names, and this page's address in each language."""
    return [
        {
            "code": code,
            "name": LANGUAGES[code],
            "url": f"{request.script_root}{request.path}?lang={code}",
            "current": code == lang,
        }
        for code in codes
    ]


def spoken(flow: Flow) -> str:
    """The page's language; an older version may not speak the one that the newest was asked in."""
    if g.lang not in flow.spec.languages:
        language(list(flow.spec.languages))
    return str(g.lang)


def house_page(template: str, status: int = 200, **context: Any) -> Response:
    """A page of Narthex itself, in any language it speaks."""
    codes = list(LANGUAGES)
    lang = getattr(g, "lang", "en")
    body = render_template(
        template, lang=lang, languages=languages(codes, lang), brand=None, asset=asset, **context
    )
    return make_response(body, status)


def flow_page(flow: Flow, template: str, status: int = 200, **context: Any) -> Response:
    """A page in the flow's brand and one of its languages."""
    lang = spoken(flow)
    g.zone = flow.theme.time_zone

    def t(key: str, **params: Any) -> str:
        return flow.text(lang, key, **params)

    given = {
        "lang": lang,
        "languages": languages(list(flow.spec.languages), lang),
        "brand": flow.theme,
        "theme": flow.theme,
        "flow_name": flow.name,
        "theme_css": url_for("home.theme_css", flow=flow.name, v=flow.digest[7:19]),
        "t": t,
        "has_t": lambda key: flow.has_text(lang, key),
        "asset": asset,
    }
    return make_response(render_template(template, **{**given, **context}), status)


def hidden(token: str) -> list[tuple[str, str]]:
    """What every form of a wizard's page carries."""
    return [("csrf_token", generate_csrf()), ("step", token)]
