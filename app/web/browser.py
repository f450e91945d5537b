"""Who is asking, as far as we want to know: a random id in the session, a network, a language, a device."""

import ipaddress
import secrets

from flask import Response, g, request, session

from app.runner.outcome import Browser
from app.web.security import cookie_secure

LANGUAGES = {"bg": "Български", "hu": "Magyar", "en": "English"}
LANGUAGE_COOKIE = "lang"
_YEAR = 365 * 86_400


def browser(languages: list[str]) -> Browser:
    """The browser of this request; its id is made at the first look and kept in the session."""
    if "browser" not in session:
        session["browser"] = secrets.token_urlsafe(16)
        session.permanent = True
    return Browser(session["browser"], network(), language(languages), device(), device_name=device_name())


def network() -> str:
    """The network the request came from: an IPv4 address or an IPv6 /64; never logged, never stored plain."""
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped  # a socket for both families writes IPv4 like this
    if isinstance(address, ipaddress.IPv4Address):
        return str(address)
    return str(ipaddress.ip_network((address, 64), strict=False).network_address)


def language(languages: list[str]) -> str:
    """The page's language: by `?lang=`, as remembered, as the browser prefers, else the first."""
    asked, remembered = request.args.get("lang"), request.cookies.get(LANGUAGE_COOKIE)
    if asked in languages:
        return choose_language(str(asked))
    g.lang = (
        str(remembered)
        if remembered in languages
        else request.accept_languages.best_match(languages) or languages[0]
    )
    return str(g.lang)


def choose_language(lang: str) -> str:
    """Speak `lang` from here on: this page, and by a cookie the next ones."""
    g.lang = g.remember_lang = lang
    return lang


def remember_language(response: Response) -> Response:
    """Set the cookie when a language was chosen in this request."""
    if "remember_lang" in g:
        response.set_cookie(
            LANGUAGE_COOKIE,
            g.remember_lang,
            max_age=_YEAR,
            samesite="Lax",
            httponly=True,
            secure=cookie_secure(),
        )
    return response


_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


def device_name() -> str:
    """What its owner knows this browser by, coarse on purpose: `Firefox, Windows`, or nothing."""
    agent = request.user_agent.string or ""
    found = [next((name for sign, name in names if sign in agent), "") for names in (_BROWSERS, _SYSTEMS)]
    return ", ".join(name for name in found if name)


def device() -> str:
    """`ios`, `android` or `other`, by the browser's own name for itself."""
    agent = (request.user_agent.string or "").lower()
    if "iphone" in agent or "ipad" in agent:
        return "ios"
    return "android" if "android" in agent else "other"
