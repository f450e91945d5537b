"""The messages of a definition as its people would get them, with an invented code, link and address.

Worded by the very functions that word real ones; nothing is sent, nothing is written.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from app.effects import codes, notices, send
from app.flow.definition import Flow
from app.flow.marked import marked, missing
from app.flow.spec import CodeSpec
from app.forms.invented import people
from app.gateways.sms.length import BASIC, EXTENSION, SmsEncoding, plan

#: What vendors bill as one message: septets of GSM 7-bit, or UTF-16 units.
ALONE = {"gsm7": 160, "ucs2": 70}
JOINED = {"gsm7": 153, "ucs2": 67}

#: From so many parts on a message is said to be dear.
MOST_PARTS = 2

Sort = Literal["code", "link", "notice"]
Cost = Literal["one", "two", "more"]
Warning = Literal["many_parts", "some_signs", "not_drawable"]  # noqa: A001 - what the desk calls it too

_BASE_URL = "https://narthex.example"
_NOBODYS_LINK = "Zm9yLW5vYm9keS1hdC1hbA.aSgP7Q.k3rYb1xV0nWqT5uLc8dJ2hEfGmA"  # as long as real ones
_DIGITS, _LETTERS = "73052", "K7P4M2"


@dataclass(frozen=True)
class Length:
    """How long a text message is: `units` of `alone` if it is one part, of `joined` in each of several.

    `signs` are those outside of GSM 7-bit that make all of a text in Latin letters UCS-2, each once: ő and ű,
    say. Empty for Cyrillic, where nothing can be done about it.
    """

    encoding: SmsEncoding
    units: int
    parts: int
    alone: int
    joined: int
    cost: Cost
    signs: str


@dataclass(frozen=True)
class Told:
    """One message in one language: `length` of an SMS, `subject` of a mail.

    `key` is where its words stand in the texts; `lacking` are the keys that this language does not have and
    that stand as ⟦key⟧ in the words; `hindered` says why the message cannot be worded at all.
    """

    name: str
    sort: Sort
    channel: Literal["sms", "mail"]
    lang: str
    key: str
    to: str
    subject: str
    body: str
    length: Length | None
    warnings: tuple[Warning, ...]
    lacking: tuple[str, ...] = ()
    hindered: str = ""


def messages(flow: Flow, lang: str, base_url: str = _BASE_URL) -> tuple[Told, ...]:
    """Every message the flow can send, in this language, in the order of the definition.

    `base_url` is where our site is, as its length counts. KeyError for a language the flow does not have.
    """
    shown, host = marked(flow), urlsplit(base_url).hostname or ""
    return (
        *(_told(flow, lang, "code", name, _code(shown, lang, name, host)) for name in flow.spec.codes),
        *(_told(flow, lang, "link", name, _link(shown, lang, name, base_url)) for name in flow.spec.links),
        *(_told(flow, lang, "notice", name, _notice(shown, lang, name)) for name in flow.spec.notices),
    )


def length(text: str) -> Length:
    """How a text message of these words is billed."""
    planned = plan(text)
    other_letters = any("\u0370" <= sign <= "\u058f" for sign in text if sign not in BASIC)
    outside = dict.fromkeys(sign for sign in text if sign not in BASIC and sign not in EXTENSION)
    return Length(
        encoding=planned.encoding,
        units=planned.units,
        parts=planned.parts,
        alone=ALONE[planned.encoding],
        joined=JOINED[planned.encoding],
        cost="one" if planned.parts == 1 else "two" if planned.parts == MOST_PARTS else "more",
        signs="" if other_letters else "".join(outside),
    )


def _code(flow: Flow, lang: str, name: str, host: str) -> Callable[[], tuple[str, str]]:
    return lambda: codes.worded(flow, lang, name, invented_code(flow.spec.codes[name]), host)


def _link(flow: Flow, lang: str, name: str, base_url: str) -> Callable[[], tuple[str, str]]:
    return lambda: send.worded(flow, lang, name, f"{base_url}/w/{_NOBODYS_LINK}")


def _notice(flow: Flow, lang: str, name: str) -> Callable[[], tuple[str, str]]:
    return lambda: notices.worded(flow, lang, name)


def invented_code(spec: CodeSpec) -> str:
    """A code nobody was sent, of the length and the signs that real ones have."""
    signs = _DIGITS if spec.alphabet == "digits" else _LETTERS
    return (signs * spec.length)[: spec.length]


def _told(flow: Flow, lang: str, sort: Sort, name: str, words: Callable[[], tuple[str, str]]) -> Told:
    spec = flow.spec
    channel = (spec.codes.get(name) or spec.links.get(name) or spec.notices[name]).channel
    hindered = ""
    if sort == "code" and spec.codes[name].valid is None:
        hindered, subject, body = "F023", "", ""  # nobody can say how long it is good for
    else:
        subject, body = words()
    sized = length(body) if channel == "sms" and not hindered else None
    return Told(
        name=name,
        sort=sort,
        channel=channel,
        lang=lang,
        key=f"messages.{name}.{channel}",
        to=_address(flow, channel),
        subject=subject,
        body=body,
        length=sized,
        warnings=tuple(_warnings(sized)),
        lacking=missing(flow, lang, f"{subject}\n{body}"),
        hindered=hindered,
    )


def _warnings(sized: Length | None) -> list[Warning]:
    if sized is None:
        return []
    found: list[Warning] = ["many_parts"] if sized.parts > MOST_PARTS else []
    return [*found, "some_signs"] if sized.signs else found


def _address(flow: Flow, channel: str) -> str:
    """Whom it would go to: somebody with an invented address."""
    if channel == "mail":
        return people.address(0, "email")
    asked = (spec for spec in flow.spec.fields.values() if spec.type == "mobile")
    regions = (spec.options.get("region", "BG") for spec in asked)
    return people.mobile(0, next(regions, "BG"))
