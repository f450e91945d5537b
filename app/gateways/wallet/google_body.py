"""The card as Google writes it down: a generic private pass for the link, a generic object for REST.

Field names are those of Google's GenericPrivatePass, GenericObject and GenericClass resources.
"""

from collections.abc import Iterator, Sequence
from datetime import date

from babel import Locale, UnknownLocaleError
from babel.dates import format_date

from app.gateways.wallet.card import Brand, Card, PassTexts

Json = dict[str, object]
_DATE_FORMS = {"bg": ("bg", "medium"), "en": ("en_GB", "long")}


def object_name(issuer_id: str, suffix: str) -> str:
    """Google's name of a class or an object: the issuer's number, a dot, and our own part."""
    return f"{issuer_id}.{suffix}"


def private_pass(
    card: Card,
    brand: Brand,
    texts: PassTexts,
    issuer_id: str,
    languages: Sequence[str],
    phones: Sequence[str],
) -> Json:
    """The whole card for the link, in ``languages`` (the first is the default) and with these ``phones``.

    A private pass has no validity field: the day stands on it as text, and a voided card is not issued. Every
    character counts (``google.LONGEST_JWT``), so what Google does not ask for is left out: names of rows, and
    the number once more below the barcode.
    """
    words = _Words(texts, languages)
    return {
        "id": object_name(issuer_id, card.serial),
        "type": "GENERIC_PRIVATE_PASS_TYPE_UNSPECIFIED",
        "hexBackgroundColor": brand.background,
        "header": words.label("title"),
        "titleLabel": words.label("holder"),
        "title": words.same(card.holder),
        "barcode": {"type": "QR_CODE", "value": card.number},
        "textModulesData": [row for _, row in _rows(card, words, phones)],
    }


def generic_object(card: Card, brand: Brand, texts: PassTexts, *, issuer_id: str, class_suffix: str) -> Json:
    """The card as an object for REST, complete in itself.

    What the card does not have is written as null: an update leaves absent fields as they were, and a card
    whose end was lifted would keep the old one. A voided card is INACTIVE at once.
    """
    words = _Words(texts, texts.languages)
    ends = card.ends_at(brand.zone)
    return {
        "id": object_name(issuer_id, card.serial),
        "classId": object_name(issuer_id, class_suffix),
        "state": "INACTIVE" if card.voided else "ACTIVE",
        "hexBackgroundColor": brand.background,
        "cardTitle": words.label("title"),
        "subheader": words.label("holder"),
        "header": words.same(card.holder),
        "barcode": {"type": "QR_CODE", "value": card.number, "alternateText": card.number},
        "validTimeInterval": ends and {"end": {"date": ends.isoformat(timespec="seconds")}},
        "textModulesData": [{"id": key, **row} for key, row in _rows(card, words, card.phones)],
        "linksModuleData": _links(card),
    }


def generic_class(*, issuer_id: str, class_suffix: str) -> Json:
    """The class all cards of an organisation belong to: no more than its name, every card says the rest."""
    return {"id": object_name(issuer_id, class_suffix)}


class _Words:
    """Labels as Google's localised strings, as short as the number of languages allows."""

    def __init__(self, texts: PassTexts, languages: Sequence[str]) -> None:
        self._texts = texts
        self.languages = languages

    def label(self, key: str) -> Json:
        return self.localised([self._texts.text(language, key) for language in self.languages])

    def same(self, value: str) -> Json:
        return {"defaultValue": {"language": self.languages[0], "value": value}}

    def localised(self, values: Sequence[str]) -> Json:
        default, *others = (
            {"language": language, "value": value}
            for language, value in zip(self.languages, values, strict=True)
        )
        return {"defaultValue": default, "translatedValues": others} if others else {"defaultValue": default}

    def row(self, key: str, bodies: Sequence[str]) -> tuple[str, Json]:
        """A row under the card. One language needs no localised form, and one body no translation."""
        if len(self.languages) == 1:
            return key, {"header": self._texts.text(self.languages[0], key), "body": bodies[0]}
        if len(set(bodies)) == 1:
            return key, {"localizedHeader": self.label(key), "body": bodies[0]}
        return key, {"localizedHeader": self.label(key), "localizedBody": self.localised(bodies)}


def _rows(card: Card, words: _Words, phones: Sequence[str]) -> Iterator[tuple[str, Json]]:
    yield words.row("number", [card.number])
    yield words.row("insurer", [card.insurer])
    if card.valid_until:
        yield words.row("valid_until", [_local_day(card.valid_until, each) for each in words.languages])
    if phones:
        yield words.row("phones", [", ".join(phones)])


def _links(card: Card) -> Json | None:
    """Phones to tap and the address to write to; a link of a private pass has no room for these."""
    uris = [{"uri": f"tel:{_dialled(phone)}", "description": phone} for phone in card.phones]
    if card.support_mail:
        uris.append({"uri": f"mailto:{card.support_mail}", "description": card.support_mail})
    return {"uris": uris} if uris else None


def _dialled(phone: str) -> str:
    return "".join(each for each in phone if each.isdecimal() or each == "+")


def _local_day(day: date, language: str) -> str:
    """``day`` as people write it: 22.11.2026 г., 22 November 2026, 2026. november 22.; ISO 8601 elsewhere."""
    locale, form = _DATE_FORMS.get(language, (language, "long"))
    try:
        written = format_date(day, form, Locale.parse(locale))
    except (UnknownLocaleError, ValueError):
        return day.isoformat()
    return written.replace("\N{NARROW NO-BREAK SPACE}", "\N{NO-BREAK SPACE}")  # few fonts have the narrow one
