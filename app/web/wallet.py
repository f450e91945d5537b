"""The link from the message: it leaves the URL at once; looking moves nothing, the buttons do."""

import io
from pathlib import Path
from typing import Any

import qrcode
import qrcode.image.svg
from flask import Blueprint, Response, abort, current_app, g, redirect, request, session, url_for
from flask_babel import gettext
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from app.runner import links
from app.runner.links import OpenedLink
from app.runner.outcome import NotUnderstood, Shown
from app.runner.wallet import Wallets, card_of
from app.store import runs
from app.web.browser import LANGUAGES, browser, device
from app.web.house import house
from app.web.pages import asset, flow_page, house_page
from app.web.security import cookie_secure, csrf_holds, security_event
from app.web.state_page import wizard_page

bp = Blueprint("wallet", __name__, url_prefix="/w")

COOKIE = "narthex_link"
_A_DAY = 86_400
_GRANTED = "pass"
_FETCHED_WITHIN = 300  # seconds: a phone fetches the file again when its first try was cut off
_MIME = "application/vnd.apple.pkpass"


def wallets() -> Wallets:
    """The application's signers."""
    kept: Wallets = current_app.extensions["narthex_wallets"]
    return kept


@bp.get("/<token>")
def arrive(token: str) -> AnyResponse:
    """Take the token out of the URL into a cookie (S34); nothing else happens, scanners open links too."""
    if links.link_secret(house(), token) is None:
        return unknown_link()
    response = redirect(url_for("wallet.card"), 303)
    response.set_cookie(
        COOKIE, token, max_age=_A_DAY, path="/w", httponly=True, samesite="Lax", secure=cookie_secure()
    )
    return response


@bp.get("/card")
def card() -> AnyResponse:
    """The page of the link: the card, and a button for each wallet."""
    opened = _opened()
    return unknown_link() if opened is None else _page(opened)


@bp.post("/card")
def press() -> AnyResponse:
    """Hand the card over: to Google's page, or as Apple's file."""
    opened = _opened()
    if opened is None:
        return unknown_link()
    if not csrf_holds():
        return _page(opened, "kept", 403)
    wallet = request.form.get("wallet", "")
    trigger = request.form.get("trigger") or "add"
    if wallet not in {"apple", "google"} or trigger != "add" or set(request.form) - _NAMES:
        abort(400)
    asking = browser(list(opened.flow.spec.languages))
    pressed = links.press(house(), _secret(), asking, trigger, request.form.get("step", ""), wallet)
    if isinstance(pressed, NotUnderstood):
        abort(400)
    found = card_of(house(), pressed.opened) if pressed and pressed.granted else None
    if pressed is None or found is None:
        security_event("dead_link", fate=pressed.opened.fate if pressed else "unknown")
        return redirect(url_for("wallet.card"), 303)
    if wallet == "google":
        return redirect(wallets().google_url(house(), pressed.opened.flow, found[1], asking.lang), 303)
    session[_GRANTED] = f"{pressed.opened.link.id} {int(house().clock().timestamp())}"
    return redirect(url_for("wallet.apple_pass"), 303)


_NAMES = {"csrf_token", "step", "trigger", "wallet"}


@bp.get("/card.pkpass")
def apple_pass() -> AnyResponse:
    """The signed pass, for a few minutes after its button has been pressed and counted in this browser."""
    opened = _opened()
    found = card_of(house(), opened) if opened and _is_granted(opened) else None
    if opened is None or found is None:
        return redirect(url_for("wallet.card"), 303)
    lang = browser(list(opened.flow.spec.languages)).lang
    body = wallets().apple_pass(opened.flow, found[1], lang)
    headers = {"Content-Disposition": 'attachment; filename="card.pkpass"'}
    return Response(body, mimetype=_MIME, headers=headers)


def _is_granted(opened: OpenedLink) -> bool:
    link, _, at = session.get(_GRANTED, "").partition(" ")
    fresh = at.isdecimal() and int(at) + _FETCHED_WITHIN >= house().clock().timestamp()
    return fresh and link == opened.link.id and opened.fate in {"live", "used_up"}


def _secret() -> str:
    return links.link_secret(house(), request.cookies.get(COOKIE, "")) or ""


def _opened() -> OpenedLink | None:
    secret = _secret()
    return links.look(house(), secret) if secret else None


def unknown_link() -> AnyResponse:
    """No link of ours, or one whose run is gone."""
    flow = links.only_linking_flow(house())
    if flow is None:
        browser(list(LANGUAGES))
        return house_page("error.html", 404, **link_unknown_words(url_for("home.index")))
    browser(list(flow.spec.languages))
    return flow_page(flow, "error.html", 404, **link_unknown_words(url_for("wizard.start", flow=flow.name)))


def link_unknown_words(next_url: str) -> dict[str, Any]:
    """What the page says of a link we do not know."""
    return {
        "code": 404,
        "title": gettext("This link does not work"),
        "lead": gettext("Open it exactly as it stands in the message, or ask for a new one."),
        "next_text": gettext("New request"),
        "next_url": next_url,
        "reference": None,
        "saved": False,
    }


def _page(opened: OpenedLink, notice: str | None = None, status: int = 200) -> AnyResponse:
    flow = opened.flow
    browser(list(flow.spec.languages))
    with house().database.read() as connection:
        answers = runs.read_answers(connection, opened.run, house().vault)
    dead = None if opened.fate == "live" else opened.fate
    found = card_of(house(), opened)
    if found is None and dead is None:
        dead = "expired"
    number = found[1].facts["number"] if found else ""
    token = request.cookies.get(COOKIE, "")
    extra: dict[str, Any] = {
        "dead": dead,
        "artwork": artwork(),
        "demo": wallets().demo,
        "barcode_svg": qr_svg(number) if number and not dead else None,
        "link_qr_svg": qr_svg(f"{house().base_url}/w/{token}") if device() == "other" and not dead else None,
    }
    shown = Shown(flow, opened.state, opened.token, opened.run, answers)
    return wizard_page(
        shown,
        notice,
        status=status,
        action=url_for("wallet.press"),
        link_id=opened.link.id,
        extra=extra,
    )


def artwork() -> dict[str, str]:
    """The vendors' own button pictures in the page's language, as far as a deployer has put them there.

    They may not be shipped: `app/static/wallet/README.md` says which files go where.
    """
    folder = Path(current_app.static_folder or "") / "wallet"
    found: dict[str, str] = {}
    for wallet in ("apple", "google"):
        for name in (f"{wallet}-{g.lang}.svg", f"{wallet}-en.svg"):
            if (folder / name).is_file():
                found.setdefault(wallet, asset(f"wallet/{name}"))
    return found


def qr_svg(content: str) -> Markup:
    """A QR code as an SVG element without inline style, scaled by its viewBox."""
    made = qrcode.make(content, image_factory=qrcode.image.svg.SvgPathImage, border=2)
    out = io.BytesIO()
    made.save(out)
    # The library writes an XML declaration and an id, of which a page may hold one only.
    svg = out.getvalue().decode().rpartition("?>")[2].strip().replace(' id="qr-path"', "")
    return Markup(svg)  # noqa: S704 - our own drawing
