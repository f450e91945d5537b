"""F043 and F055: no secrets in titles and subjects, and addresses that can be opened."""

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from app.flow.definition import PLACEHOLDER
from app.flow.findings import Finding
from app.flow.lint.scene import Scene
from app.flow.loader import THEME
from app.flow.phrases import Phrase
from app.flow.texts import file_of, flatten

#: Where words are read by others than the person: the browser's history, a locked phone's screen.
_SEEN_BY_OTHERS = re.compile(r"(states\.[^.]+|flow)\.title|messages\.[^.]+\.mail_subject")

#: What messages fill in that opens something.
_OPENS = {"code", "link"}

_HARMLESS = {"none", "coarse"}

_LINK = re.compile(r"(?:https?://|mailto:|tel:|www\.)[^\s<>«»„“”\"]*", re.IGNORECASE)
_MAIL = re.compile(r"[\w.+-]+@[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z]{2,}", re.IGNORECASE)
_PHONE = re.compile(r"\+?[0-9][0-9 ()/-]{4,20}")

_HTTP = Phrase("Write it whole, e.g. https://example.org/help.")
_MAILTO, _TEL = Phrase("Write name@example.org."), Phrase("Write a phone number, e.g. +35929876543.")


def check(scene: Scene) -> Iterator[Finding]:
    """The texts of every language, and the theme's addresses."""
    private = _OPENS | {n for n, field in scene.spec.fields.items() if field.data_class not in _HARMLESS}
    for lang in dict.fromkeys(scene.spec.languages):
        source = scene.sources.get(file_of(lang))
        texts = flatten(source)[0] if source else None
        for key, words in texts.words.items() if texts else ():
            place = texts.places[key] if texts else ()
            if _SEEN_BY_OTHERS.fullmatch(key):
                for name in sorted(private & set(PLACEHOLDER.findall(words))):
                    yield scene.found_in(file_of(lang), "F043", place, {"name": name, "key": key})
            for link in _LINK.findall(words):
                if hint := broken(link.rstrip(".,;:!?)")):
                    yield scene.found_in(
                        file_of(lang), "F055", place, {"link": link, "key": key, "hint": hint}
                    )
    yield from _of_the_theme(scene)


def _of_the_theme(scene: Scene) -> Iterator[Finding]:
    theme = scene.flow.theme
    if not _MAIL.fullmatch(theme.support_mail):
        words = {"link": theme.support_mail, "key": "support_mail", "hint": _MAILTO}
        yield scene.found_in(THEME, "F055", ("support_mail",), words)
    for number, phone in enumerate(theme.booking_phones):
        if not _PHONE.fullmatch(phone):
            words = {"link": phone, "key": "booking_phones", "hint": _TEL}
            yield scene.found_in(THEME, "F055", ("booking_phones", number), words)
    for key, url in theme.model_dump().items():
        if key.endswith("_url") and url and _broken_http(url):
            yield scene.found_in(THEME, "F055", (key,), {"link": url, "key": key, "hint": _HTTP})


def broken(link: str) -> str:
    """What would mend a link in a text; empty for one that can be opened, and for one a message fills in."""
    scheme, _, rest = link.partition(":")
    if scheme.lower() == "mailto":
        return "" if _MAIL.fullmatch(rest.partition("?")[0]) else _MAILTO
    if scheme.lower() == "tel":
        return "" if _PHONE.fullmatch(rest) else _TEL
    return _HTTP if _broken_http(link) else ""


def _broken_http(link: str) -> bool:
    try:
        parts = urlsplit(link)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return True
    named = re.fullmatch(r"[\w-]+(\.[\w-]+)+", host) is not None and ".." not in host
    return parts.scheme.lower() not in {"http", "https"} or not named
