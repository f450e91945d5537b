"""Making an edit in the text of a file, and never another one: what was written is read again."""

from collections.abc import Iterator, Mapping
from typing import Any

from app.flow.edit.differing import differences
from app.flow.edit.edits import (
    ABSENT,
    AddFile,
    DoesNotFit,
    Edit,
    Insert,
    Inside,
    Move,
    Place,
    Remove,
    RemoveFile,
    Rename,
    ReplaceText,
    SetValue,
)
from app.flow.edit.model import (
    MOST_WRITING,
    edited,
    find,
    naming_key,
    place_among,
    refuse_unsayable,
    same,
    weight,
)
from app.flow.edit.sheet import Sheet, sheet_of
from app.flow.edit.splice import with_entry, with_key, with_order, without_entry
from app.flow.edit.values import with_value
from app.flow.edit.write import inline
from app.flow.source import Unreadable, read

_BOM = "\ufeff"


class Miswritten(Exception):
    """No text was found that says what the edit asks for: a fault of this package; nothing was changed."""


def apply(files: Mapping[str, str], edit: Edit) -> dict[str, str]:
    """The files after `edit`; those it does not name are the same texts. Raises DoesNotFit."""
    after = dict(files)
    if isinstance(edit, AddFile):
        if edit.file in files:
            raise DoesNotFit(edit, "there_already", theirs=files[edit.file])
        after[edit.file] = edit.text
    elif edit.file not in files:
        raise DoesNotFit(edit, "gone")
    elif isinstance(edit, RemoveFile):
        del after[edit.file]
    else:
        after[edit.file] = edit.text if isinstance(edit, ReplaceText) else edited_text(files[edit.file], edit)
    return after


def apply_all(files: Mapping[str, str], edits: list[Edit]) -> dict[str, str]:
    """The files after one edit and then the next. Raises DoesNotFit."""
    after = dict(files)
    for edit in edits:
        after = apply(after, edit)
    return after


def edited_text(text: str, edit: Inside) -> str:
    """The text of one file after `edit`. Raises DoesNotFit."""
    mark = _BOM if text.startswith(_BOM) else ""
    sheet = sheet_of(text.removeprefix(_BOM), edit.file)
    try:
        before = sheet.data
    except Unreadable as unreadable:
        raise DoesNotFit(edit, "unreadable", finding=unreadable.finding) from None
    if isinstance(edit, SetValue | Insert):
        refuse_unsayable(edit, edit.value, edit.at)
    wanted = edited(before, edit)
    if same(wanted, before):
        return text
    why = ""
    for written in _ways(sheet, edit):
        try:
            if same(sheet_of(written, edit.file).data, wanted):
                return mark + written
        except Unreadable as unreadable:
            why = why or unreadable.finding.text
    if _unsayable(wanted):
        raise DoesNotFit(edit, "not_written_so", edit.at, why=why)
    raise Miswritten(f"{edit.sort} in {edit.file} at {list(edit.at)}")


def _ways(sheet: Sheet, edit: Inside) -> Iterator[str]:
    """Texts that may be the right one, the best first."""
    before, place = sheet.data, sheet.numbered(edit.at)
    if isinstance(edit, SetValue):
        yield from _set(sheet, before, edit, place)
    elif isinstance(edit, Insert):
        yield from _insert(sheet, before, edit)
    elif isinstance(edit, Remove):
        yield from without_entry(sheet, place)
    elif isinstance(edit, Move):
        yield from with_order(sheet, place, place_among(find(before, edit.at[:-1]), edit))
    else:
        yield from _rename(sheet, before, edit, place)


def _set(sheet: Sheet, before: Any, edit: SetValue, place: Place) -> Iterator[str]:
    there = find(before, edit.at)
    if there is ABSENT:
        yield from _insert(sheet, before, Insert(edit.file, edit.at, edit.value))
        return
    if type(there) is type(edit.value) and isinstance(there, dict | list) and there and edit.value:
        inner = list(differences(edit.file, there, edit.value, place, by_name=False))
        if len(inner) * weight(before) <= MOST_WRITING:
            text = sheet.text
            for each in inner:
                text = edited_text(text, each)
            yield text
    yield from with_value(sheet, place, edit.value)


def _insert(sheet: Sheet, before: Any, edit: Insert) -> Iterator[str]:
    parent = find(before, edit.at[:-1])
    number = place_among(parent, edit) if parent else 0
    yield from with_entry(sheet, sheet.numbered(edit.at[:-1]), edit.at[-1], edit.value, number)


def _rename(sheet: Sheet, before: Any, edit: Rename, place: Place) -> Iterator[str]:
    if isinstance(place[-1], str):
        yield from with_key(sheet, place, edit.name)
        return
    key = naming_key(find(before, edit.at), root=len(place) == 1)
    assert key is not None, "what has no name was refused"
    yield from with_value(sheet, (*place, key), edit.name)


def _unsayable(wanted: Any) -> bool:
    """Whether our reader knows no text for it: its signs, its size or its depth."""
    try:
        return not same(read(inline(wanted, flow=True, style='"'), "").data, wanted)
    except Unreadable:
        return True
