"""What a wallet pass carries: the card, its labels in each language and the brand it wears.

The national id is no field here and never becomes one: it opens the request, it is not on the card.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, tzinfo

LABELS = ("title", "holder", "number", "insurer", "valid_until", "phones", "support")
"""The texts a flow supplies in every language: the card's title and a label for each thing on it."""

_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")
_SERIAL = re.compile(r"[A-Za-z0-9_-]+")
_SHORTEST_TOKEN = 16


class PassIncomplete(Exception):
    """A pass cannot be made because the things named in ``missing`` are absent; names only, never values."""

    def __init__(self, missing: tuple[str, ...]) -> None:
        super().__init__("the pass lacks " + ", ".join(missing))
        self.missing = missing


@dataclass(frozen=True)
class Card:
    """One issued card. ``serial`` and ``authentication_token`` are chance, given once and kept on updates.

    ``authentication_token`` is 32 random bytes in URL-safe base64; ``valid_until`` is the last day of cover
    and None for open-ended; ``phones`` take bookings and are the organisation's own, in reading form.
    Raises ValueError for an ``updated_at`` without a time zone or a serial that does not fit a URL.
    """

    serial: str
    authentication_token: str = field(repr=False)
    holder: str = field(repr=False)
    number: str = field(repr=False)
    insurer: str
    valid_until: date | None
    phones: tuple[str, ...]
    support_mail: str
    voided: bool
    updated_at: datetime

    def __post_init__(self) -> None:
        if self.updated_at.tzinfo is None:
            raise ValueError("updated_at needs a time zone")
        if not _SERIAL.fullmatch(self.serial):
            raise ValueError("a serial is made of letters, digits, - and _")

    def ends_at(self, zone: tzinfo) -> datetime | None:
        """The last second of the last day of cover in ``zone``; None for open-ended cover.

        Not the next day's midnight: registers write 9999-12-31 for "for ever", and no day follows it.
        """
        if self.valid_until is None:
            return None
        return datetime.combine(self.valid_until, time(23, 59, 59), zone)


@dataclass(frozen=True)
class PassTexts:
    """The labels of a pass: ``by_language[language][key]`` for each key of ``LABELS``.

    ``default`` is the language shown where the phone's own is not among them. ``names[language]`` says how
    a name written on the pass (the brand, the insurer) reads in that language. Raises ValueError when the
    default is not in ``by_language``.
    """

    default: str
    by_language: Mapping[str, Mapping[str, str]]
    names: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if self.default not in self.by_language:
            raise ValueError(f"no texts in the default language {self.default!r}")

    @property
    def languages(self) -> tuple[str, ...]:
        """Every language, the default first."""
        return (self.default, *(each for each in self.by_language if each != self.default))

    def text(self, language: str, key: str) -> str:
        """The label ``key`` in ``language``; KeyError for one that ``missing`` would have named."""
        return self.by_language[language][key]

    def missing(self) -> Iterator[str]:
        """The names of labels that are absent or empty, as ``texts.bg.holder``."""
        for language in self.languages:
            for key in LABELS:
                if not self.by_language[language].get(key, "").strip():
                    yield f"texts.{language}.{key}"


@dataclass(frozen=True)
class Brand:
    """How the organisation looks on a pass: name, ``#rrggbb`` colours, the words beside the logo.

    ``zone`` is the time zone whose midnight ends a day of cover. Raises ValueError for another colour form.
    """

    name: str
    background: str
    foreground: str
    label: str
    logo_text: str
    zone: tzinfo = UTC

    def __post_init__(self) -> None:
        for colour in (self.background, self.foreground, self.label):
            if not _COLOUR.fullmatch(colour):
                raise ValueError(f"{colour!r} is not a colour of the form #rrggbb")


def missing_from(card: Card, brand: Brand, texts: PassTexts) -> tuple[str, ...]:
    """What neither wallet shows a card without, as field names; empty when nothing is missing."""
    needed = {
        "card.holder": card.holder,
        "card.number": card.number,
        "card.insurer": card.insurer,
        "brand.name": brand.name,
    }
    absent = [name for name, value in needed.items() if not value.strip()]
    if len(card.authentication_token) < _SHORTEST_TOKEN:
        absent.append("card.authentication_token")
    return (*absent, *texts.missing())
