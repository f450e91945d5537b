"""Texts as a workbook for translators: a sheet for each language, a row for each text."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from app.flow.spec import FlowSpec
from app.flow.text_places import in_english
from app.flow.translated import Wording, source_hash
from app.flow.wording import Sort, findings, most_characters, placeholders
from app.gateways.tables.xlsx_sheets import Column, Sheet, write_sheets

#: Where each thing stands in a row, from 0; the hidden column is read back, never its heading.
KEY, WHERE, SOURCE, TRANSLATION, OPEN, MOST, HASH = range(7)

#: What the hidden column's heading begins with; the flow's name follows.
SIGN = "narthex texts 1"


@dataclass(frozen=True)
class Headings:
    """The words above the columns; `{source}` and `{language}` are the languages' own names."""

    key: str = "Key (do not edit)"
    where: str = "Where it is shown"
    source: str = "Source: {source}"
    translation: str = "Translation: {language}"
    placeholders: str = "Placeholders to keep"
    most: str = "Characters at most"


#: The languages by their own names.
NAMES = {"bg": "Български", "en": "English", "hu": "Magyar"}


def workbook(
    flow: str,
    there: Wording,
    languages: Sequence[str] = (),
    only: Collection[Sort] = (),
    *,
    spec: FlowSpec | None = None,
    headings: Headings = Headings(),
    where: Callable[[str], str] = in_english,
) -> bytes:
    """The file: the languages named, or all that are translated into; of `only` these findings, or all texts.

    Every cell is a text; the source's hash stands in a hidden column, so that a translation of words that
    changed meanwhile is told apart when the file comes back.
    """
    wanted = [each for each in there.translations if not languages or each in languages]
    return write_sheets([_sheet(flow, there, each, only, spec, headings, where) for each in wanted])


def _sheet(
    flow: str,
    there: Wording,
    language: str,
    only: Collection[Sort],
    spec: FlowSpec | None,
    headings: Headings,
    where: Callable[[str], str],
) -> Sheet:
    source, words = there.words(there.source), there.words(language)
    keys = [key for key in source if not only or _concerns(there, key, language, only, spec)]
    rows = [
        (
            key,
            where(key),
            source[key],
            words.get(key, ""),
            " ".join(f"{{{name}}}" for name in placeholders(source[key])),
            str(most_characters(key)),
            source_hash(source[key]),
        )
        for key in keys
    ]
    return Sheet(language, _columns(flow, there, language, headings), rows)


def _concerns(there: Wording, key: str, language: str, only: Collection[Sort], spec: FlowSpec | None) -> bool:
    return any(found.sort in only for found in findings(there, key, language, spec))


def _columns(flow: str, there: Wording, language: str, headings: Headings) -> list[Column]:
    return [
        Column(headings.key, 34),
        Column(headings.where, 30),
        Column(headings.source.format(source=NAMES[there.source]), 60),
        Column(headings.translation.format(language=NAMES[language]), 60, open=True),
        Column(headings.placeholders, 20),
        Column(headings.most, 12),
        Column(f"{SIGN} {flow}", 16, hidden=True),
    ]
