"""A page of a run drawn inside the desk, of the past or invented: the real one, and nothing in it works."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import g, make_response, render_template
from flask_babel import force_locale
from werkzeug.wrappers import Response

from app.step import Page
from app.step.then import NothingKnown, Then
from app.web.desk.stilled import stilled
from app.web.house import house
from app.web.pages import asset
from app.web.state_page import goes_back, state_page

#: The page stands in a frame of the desk and can do nothing there but be looked at.
_CSP = (
    "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'self'; sandbox allow-same-origin"
)
_TIMELESS = {"restart_url": None, "valid_until": None, "seconds_left": None, "continue_url": ""}


def view_of(page: Page, then: Then) -> dict[str, Any] | None:
    """What the page's kind tells of it; None for a kind that has no page, or whose page cannot be made."""
    kind = house().catalogue.kinds[page.flow.state(page.state).kind]
    options = page.flow.kind_options[page.state]
    try:
        view = kind.seen(page, options, then) if kind.seen else kind.view(page, options)
    except NothingKnown:
        return None
    return None if "leads_to" in view else dict(view)


def drawn(page: Page, view: dict[str, Any], theme_css: str, back: bool | None = None) -> str:
    """The page in its kind's own template, stilled, its colours from `theme_css`."""
    with speaking(page.lang):
        response = state_page(
            page,
            {**_TIMELESS, **view},
            action="",
            notice=None,
            back=goes_back(page) if back is None else back,
            hidden=[],
            login_url=None,
            theme_css=theme_css,
        )
    sheet = render_template("desk/parts/stilled.html", asset=asset)
    return stilled(response.get_data(as_text=True)).replace("</head>", f"{sheet}</head>", 1)


def framed(page: str) -> Response:
    """The answer that carries a page drawn so; only a frame of the desk may show it."""
    response = make_response(page)
    response.headers["Content-Security-Policy"] = _CSP
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response


@contextmanager
def speaking(lang: str) -> Iterator[None]:
    """The house's own words in the page's language, whatever the desk speaks."""
    before, zone = g.get("lang"), g.get("zone")
    g.lang = lang
    try:
        with force_locale(lang):
            yield
    finally:
        g.lang = before
        g.pop("zone", None)
        if zone is not None:
            g.zone = zone
