"""Pictures of pages in invented situations, for frames of the desk and for what is told beside them."""

from dataclasses import dataclass
from typing import Any

from flask import url_for

from app.flow.definition import Flow
from app.flow.marked import marked, missing
from app.runner.posing import NotDrawable, Posed, posed
from app.runner.previewing import Situation
from app.runner.resting import valid_until
from app.step import Page
from app.web.desk.still_page import drawn, speaking, view_of
from app.web.house import house
from app.web.wallet import artwork, qr_svg

_NOBODYS_LINK = "https://narthex.example/w/nobody"


@dataclass(frozen=True)
class Picture:
    """One drawn page, and the keys of texts that it lacks; without `html`, `why` it could not be drawn.

    `why` is empty for a state whose kind has no page and leads elsewhere.
    """

    html: str | None
    lacking: tuple[str, ...] = ()
    why: str = ""


def picture(flow: Flow, situation: Situation, lang: str, theme_css: str) -> Picture:
    """The page of the situation as applicants would get it, with marks where texts are missing."""
    shown, now = marked(flow), house().clock()
    try:
        found = posed(shown, situation, lang, now, house().catalogue)
    except NotDrawable as problem:
        return Picture(None, why=str(problem))
    view = view_of(found.page, found.then)
    if view is None:
        return Picture(None)
    html = drawn(found.page, {**view, **_beside(found, view)}, theme_css, back=False if found.final else None)
    return Picture(html, missing(flow, lang, html))


def _beside(found: Posed, view: dict[str, Any]) -> dict[str, Any]:
    """What the pages of runs and links add to what their kind tells."""
    page = found.page
    told: dict[str, Any] = {
        "restart_url": url_for("wizard.choose", flow=page.flow.name) if found.final else None
    }
    if view.get("clock"):
        until = valid_until(page.flow, page.run, page.now)
        seconds = int((until - page.now).total_seconds()) if until else None
        told |= {"valid_until": until, "seconds_left": seconds}
    if "wallets" in view:
        told |= _of_the_link(page, view)
    return told


def _of_the_link(page: Page, view: dict[str, Any]) -> dict[str, Any]:
    card = view["card"] if not view["dead"] else None
    with speaking(page.lang):
        pictures = artwork()
    return {
        "artwork": pictures,
        "barcode_svg": qr_svg(card["number"]) if card else None,
        "link_qr_svg": qr_svg(_NOBODYS_LINK) if card and page.device == "other" else None,
    }
