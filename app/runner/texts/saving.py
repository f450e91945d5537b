"""Saving texts in the draft: what one person typed, key by key, beside what others typed meanwhile."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from app.flow.source import has_unseen
from app.flow.text_edits import edits_for, removals
from app.flow.translated import Wording, wording
from app.flow.wording import LONGEST, Mark, TextChange, asked_for
from app.runner.drafting.changing import UnfitFile, change
from app.runner.drafting.drafts import draft_of
from app.runner.drafting.saving import Clashed
from app.runner.house import House
from app.runner.named import loaded_files
from app.runner.staff.who import Staff
from app.runner.texts.grid import plain, seen

_TRIES = 5  # several people saving in the same moment


@dataclass(frozen=True)
class Typed:
    """What somebody typed into a cell, and what stands for the words they saw there."""

    language: str
    key: str
    words: str = field(repr=False)
    seen: str


@dataclass(frozen=True)
class Unsaved:
    """A cell that was not taken over, and why.

    `changed`: somebody else wrote `theirs` meanwhile (None: took it away). `empty`: a text cannot be taken
    away by emptying it. `unseen`: it holds a character that cannot be seen. `long`: over LONGEST characters.
    `no_such`: there is no such language or key. `file_full`: the file would be too large. `busy`: others
    kept writing the draft.
    """

    typed: Typed
    reason: str
    theirs: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Outcome:
    """How many cells were written, and which were not; the good ones are written whatever the others are."""

    saved: int
    unsaved: tuple[Unsaved, ...]


def save(
    house: House, staff: Staff, flow: str, typed: Sequence[Typed], marks: Collection[Mark] = ()
) -> Outcome:
    """Write what was typed into the draft. Raises NoDraft, and Unreadable where a file of it is broken.

    A changed translation counts as made from the source as it is now, and so do `marks`.
    """
    draft = draft_of(house, flow)
    there = wording(draft.files, f"workflows/{flow}")
    changes: list[TextChange] = []
    unsaved: list[Unsaved] = []
    for each in typed:
        judged = _judged(there, each)
        if isinstance(judged, Unsaved):
            unsaved.append(judged)
        elif judged is not None:
            changes.append(judged)
    left = write(house, staff, flow, changes, [mark for mark in marks if _can_mark(there, mark)])
    lost = {(each.typed.language, each.typed.key) for each in left}
    return Outcome(sum((c.language, c.key) not in lost for c in changes), (*unsaved, *left))


def write(
    house: House, staff: Staff, flow: str, changes: Sequence[TextChange], marks: Collection[Mark] = ()
) -> list[Unsaved]:
    """Make the changes in the draft; those that somebody else was quicker with are given back.

    Raises NoDraft, Unreadable.
    """
    left: list[Unsaved] = []
    for _ in range(_TRIES):
        if not changes and not marks:
            return left
        draft = draft_of(house, flow)
        try:
            done = change(house, staff, flow, edits_for(draft.files, changes, marks), draft.revision)
        except UnfitFile:
            return [*left, *(_lost(each, "file_full") for each in changes)]
        if not isinstance(done, Clashed):
            return left
        # Between the look and the commit somebody wrote one of these very texts.
        now = wording(done.draft.files, f"workflows/{flow}")
        lost = [each for each in changes if now.words(each.language).get(each.key) != each.was]
        left += [_lost(each, "changed", now.words(each.language).get(each.key)) for each in lost]
        changes = [each for each in changes if each not in lost]
    return [*left, *(_lost(each, "busy") for each in changes)]


def remove(house: House, staff: Staff, flow: str, key: str) -> bool:
    """Take a text that no page asks for out of every language; False where a page does, or somebody wrote it.

    Raises NoDraft, Unreadable.
    """
    draft = draft_of(house, flow)
    loaded = loaded_files(house, flow, draft.files).flow
    if loaded is None or asked_for(key, loaded.spec):
        return False
    edits = removals(draft.files, key)
    return bool(edits) and not isinstance(change(house, staff, flow, edits, draft.revision), Clashed)


def _lost(change: TextChange, reason: str, theirs: str | None = None) -> Unsaved:
    return Unsaved(Typed(change.language, change.key, change.words, seen(change.was)), reason, theirs)


def _judged(there: Wording, typed: Typed) -> TextChange | Unsaved | None:
    before = there.words(typed.language).get(typed.key)
    words = plain(typed.words)
    if typed.language not in there.languages or typed.key not in there.every_key():
        return Unsaved(typed, "no_such")
    if words == plain(before or "") or seen(words) == typed.seen:
        return None  # nothing was typed, or the same as somebody else did
    if seen(before) != typed.seen:
        return Unsaved(typed, "changed", before)
    if reason := _unfit(words):
        return Unsaved(typed, reason)
    return TextChange(typed.language, typed.key, words, before)


def _unfit(words: str) -> str:
    if not words:
        return "empty"
    if has_unseen(words):
        return "unseen"
    return "long" if len(words) > LONGEST else ""


def _can_mark(there: Wording, mark: Mark) -> bool:
    language, key = mark
    return language in there.translations and key in there.words(language)
