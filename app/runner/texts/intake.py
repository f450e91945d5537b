"""Translations that come back in a workbook: good rows are taken, the others told with what to do."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, Literal

from app.flow.source import has_unseen
from app.flow.translated import Wording, source_hash
from app.flow.wording import TextChange, has_loose_brace, most_characters, placeholders
from app.gateways.tables.table import Cell, TableUnreadable, Unreadable
from app.gateways.tables.xlsx_sheets import SheetRead, read_sheets
from app.runner.texts.export import HASH, KEY, SIGN, SOURCE, TRANSLATION

Reason = Literal[
    "unknown_key",
    "duplicate",
    "empty",
    "not_text",
    "unseen",
    "brace",
    "placeholders",
    "too_long",
    "source_changed",
    "no_such_language",
]


class NotTexts(Exception):
    """The file is not one of texts of this flow; `code` says which way.

    `unreadable`, `foreign` (no file of ours, or its columns were moved), `other_flow`, `no_language` (no
    sheet is in a language of the flow). `words` is an English sentence that says what to do.
    """

    def __init__(self, code: str, words: str) -> None:
        super().__init__(words)
        self.code = code


@dataclass(frozen=True)
class Refused:
    """A row that was not taken: where it stands, why, and what belongs to the reason.

    `lacking` and `extra` are placeholders; `was` and `now` the source as exported and as it reads today;
    `first` the row that came before a duplicate; `most` characters.
    """

    sheet: str
    row: int
    key: str
    reason: Reason
    lacking: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    was: str = field(default="", repr=False)
    now: str = field(default="", repr=False)
    first: int = 0
    most: int = 0
    length: int = 0


@dataclass(frozen=True)
class Intake:
    """What a file holds: changes to take over, rows that read as before, rows refused."""

    changes: tuple[TextChange, ...]
    unchanged: int
    refused: tuple[Refused, ...]


def intake(file: IO[bytes], flow: str, there: Wording) -> Intake:
    """Judge every row of a workbook against the words as they are now. Raises NotTexts."""
    try:
        sheets = read_sheets(file)
    except TableUnreadable as problem:
        raise NotTexts("unreadable", f"The file {problem.text}; {problem.cure}.") from None
    for sheet in sheets:
        _known(sheet, flow)
    if not any(sheet.title in there.translations for sheet in sheets):
        spoken = ", ".join(there.translations)
        raise NotTexts(
            "no_language", f"No sheet is named after a language translated into here ({spoken}); name it so."
        )
    changes: list[TextChange] = []
    refused: list[Refused] = []
    unchanged = 0
    for sheet in sheets:
        for judged in _judged(sheet, there):
            if isinstance(judged, Refused):
                refused.append(judged)
            elif judged is None:
                unchanged += 1
            else:
                changes.append(judged)
    return Intake(tuple(changes), unchanged, tuple(refused))


def _known(sheet: SheetRead, flow: str) -> None:
    head = sheet.rows[0][1] if sheet.rows and sheet.rows[0][0] == 1 else ()
    sign = head[HASH] if len(head) > HASH else ""
    if not isinstance(sign, str) or not sign.startswith(f"{SIGN} "):
        words = (
            f"The columns of sheet '{sheet.title[:31]}' are not those of an export; export the texts anew."
        )
        raise NotTexts("foreign", words)
    if sign != f"{SIGN} {flow}":
        words = f"The file holds texts of another flow than '{flow}'; take the file exported from this one."
        raise NotTexts("other_flow", words)


def _judged(sheet: SheetRead, there: Wording) -> Iterator[TextChange | Refused | None]:
    seen: dict[str, int] = {}
    if sheet.title not in there.translations:
        yield Refused(sheet.title[:31], 1, "", "no_such_language")
        return
    for row, cells in sheet.rows[1:]:
        key = cells[KEY]
        if not isinstance(key, str) or key not in there.words(there.source):
            yield Refused(sheet.title, row, key[:80] if isinstance(key, str) else "", "unknown_key")
        elif (first := seen.setdefault(key, row)) != row:
            yield Refused(sheet.title, row, key, "duplicate", first=first)
        else:
            yield _row(sheet.title, row, key, cells, there)


def _row(
    language: str, row: int, key: str, cells: Sequence[Cell], there: Wording
) -> TextChange | Refused | None:
    source, before = there.words(there.source)[key], there.words(language).get(key)
    given = cells[TRANSLATION]
    if isinstance(given, str) and before is not None and _lines(given) == _lines(before):
        return None
    problem: Mapping[str, object] = _problem(key, given, source) or _changed_since(cells, source)
    if problem:
        return Refused(language, row, key, **problem)  # type: ignore[arg-type]
    assert isinstance(given, str)
    return TextChange(language, key, _lines(given), before)


def _problem(key: str, given: Cell, source: str) -> dict[str, object]:
    if isinstance(given, Unreadable):
        return {"reason": "not_text"}
    if reason := _unfit(given):
        return {"reason": reason}
    here, wanted = set(placeholders(given)), set(placeholders(source))
    if here != wanted:
        lacking, extra = tuple(sorted(wanted - here)), tuple(sorted(here - wanted))
        return {"reason": "placeholders", "lacking": lacking, "extra": extra}
    if len(given) > (most := most_characters(key)):
        return {"reason": "too_long", "most": most, "length": len(given)}
    return {}


def _unfit(given: str) -> Reason | None:
    if not given.strip():
        return "empty"
    if has_unseen(given):
        return "unseen"
    return "brace" if has_loose_brace(given) else None


def _changed_since(cells: Sequence[Cell], source: str) -> dict[str, object]:
    if cells[HASH] == source_hash(source):
        return {}
    was = cells[SOURCE]
    return {"reason": "source_changed", "was": was if isinstance(was, str) else "", "now": source}


def _lines(words: str) -> str:
    """The text with line breaks as every file of ours has them; a workbook keeps no others apart."""
    return words.replace("\r\n", "\n").replace("\r", "\n")
