"""Undo and redo: everybody takes back their own edits, others' later ones kept; older states restored."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from app.flow.edit import merge
from app.runner.drafting.drafts import Draft
from app.runner.drafting.saving import FRESH, Changed, Clashed, Following, at, commit, only, others, own
from app.runner.house import House
from app.runner.staff.who import Staff
from app.store import draft_history
from app.store.draft_history import Touch
from app.store.drafts import StaleDraft, StoredEdit

_E = TypeVar("_E", StoredEdit, Touch)


class NothingToTakeBack(Exception):
    """This member of staff has nothing to undo, or to redo."""


@dataclass(frozen=True)
class Reversible:
    """Whether there is something of one's own to take back, or to put back."""

    undo: bool
    redo: bool


def undo(house: House, staff: Staff, flow: str) -> Changed:
    """Take back one's own newest edit that stands.

    Clashed where a later edit of somebody else builds on it. Raises NoDraft, NothingToTakeBack.
    """

    def made(draft: Draft) -> Following | Clashed:
        edit = _to_undo(own(house, staff, draft))
        if edit is None:
            raise NothingToTakeBack(flow)
        return _without(house, staff, draft, edit, "undo", ((edit.revision, True),))

    return commit(house, staff, flow, made)


def redo(house: House, staff: Staff, flow: str) -> Changed:
    """Put back what one's own newest undo took away. Raises NoDraft, NothingToTakeBack."""

    def made(draft: Draft) -> Following | Clashed:
        edit = _to_redo(own(house, staff, draft))
        if edit is None or edit.undoes is None:
            raise NothingToTakeBack(flow)
        return _without(house, staff, draft, edit, "redo", ((edit.revision, True), (edit.undoes, False)))

    return commit(house, staff, flow, made)


def restore(house: House, staff: Staff, draft: Draft, revision: int) -> Changed:
    """Bring the draft, as it was seen, back to how it stood at a revision: one edit, which can be undone.

    Raises NoDraft, and StaleDraft where somebody has edited it since.
    """

    def made(now: Draft) -> Following:
        if (now.id, now.revision) != (draft.id, draft.revision):
            raise StaleDraft(draft.flow)
        return Following(at(house, now, revision), "restore", {"of": revision})

    return commit(house, staff, draft.flow, made)


def reversible(house: House, staff: Staff, draft: Draft) -> Reversible:
    """What the buttons for undo and redo may do now."""
    with house.database.read() as connection:
        every = draft_history.touches(connection, draft.id)
        edits = [each for each in every if each.staff == staff.name]
    return Reversible(_to_undo(edits) is not None, _to_redo(edits) is not None)


def _to_undo(edits: Sequence[_E]) -> _E | None:
    return next((edit for edit in edits if edit.kind in FRESH and edit.undone_by is None), None)


def _to_redo(edits: Sequence[_E]) -> _E | None:
    """The newest undo that was not put back, unless something new was done since."""
    for edit in edits:
        if edit.kind in FRESH:
            return None
        if edit.kind == "undo" and edit.undone_by is None:
            return edit
    return None


def _without(
    house: House,
    staff: Staff,
    draft: Draft,
    edit: StoredEdit,
    kind: str,
    mark: tuple[tuple[int, bool], ...],
) -> Following | Clashed:
    after, before = at(house, draft, edit.revision), at(house, draft, edit.revision - 1)
    what = {"of": edit.revision, "was": edit.kind, "edit": dict(edit.what)}
    if after == draft.files:
        return Following(before, kind, what, undoes=edit.revision, mark=mark)
    touched = {patch.file for patch in edit.patches}
    merged = merge(*(only(each, *touched) for each in (after, before, draft.files)))
    if merged.conflicts:
        by = others(house, staff, draft, edit.revision)
        return Clashed(draft, clashes=merged.conflicts, by=by)
    kept = {name: text for name, text in draft.files.items() if name not in touched}
    return Following({**kept, **merged.files}, kind, what, True, edit.revision, mark)
