"""Two people's changes to one definition put together by what they mean, not by lines."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from app.flow.edit.applying import edited_text
from app.flow.edit.differing import differences
from app.flow.edit.edits import (
    ABSENT,
    FIRST,
    DoesNotFit,
    Insert,
    Inside,
    Move,
    Place,
    Remove,
    Rename,
    SetValue,
)
from app.flow.edit.lines import merged_lines
from app.flow.edit.model import MOST_WRITING, edited, find, parts, same, weight
from app.flow.edit.sheet import sheet_of
from app.flow.source import Unreadable, read

#: How many values may be looked at in all to find what both said, as `MOST_WRITING` to write it: two people
#: who each rewrite a file of thousands of lines would have it read for every one of them, for hours. Beyond
#: that the file is one thing that both changed.
MOST_READING = 6_000_000

Kind = Literal["value", "order", "comments", "file", "unreadable"]


@dataclass(frozen=True)
class Conflict:
    """Something both sides changed, each otherwise; the merged files have it as `theirs`.

    `kind` is `value` (what stands at `place` is `base`, `mine`, `theirs`, ABSENT for nothing), `order` (the
    three are the names of all that stands at `place`, in order), `comments` (comments and layout of mine that
    found no room; the three are whole texts), `file` (one side took it away, both added it, or both
    changed too much of it) or
    `unreadable` (a file that cannot be read on a side); these two are whole texts, too.
    """

    file: str
    place: Place
    base: Any
    mine: Any
    theirs: Any
    kind: Kind = "value"


@dataclass(frozen=True)
class Merged:
    """What became of two sides' changes; without conflicts nothing of either is lost."""

    files: dict[str, str]
    conflicts: tuple[Conflict, ...]


def merge(base: Mapping[str, str], mine: Mapping[str, str], theirs: Mapping[str, str]) -> Merged:
    """Theirs with my changes since `base`."""
    files: dict[str, str] = {}
    conflicts: list[Conflict] = []
    for file in sorted({*base, *mine, *theirs}):
        text, found = _file(file, base.get(file), mine.get(file), theirs.get(file))
        if text is not None:
            files[file] = text
        conflicts += found
    return Merged(files, tuple(conflicts))


def _file(
    file: str, base: str | None, mine: str | None, theirs: str | None
) -> tuple[str | None, list[Conflict]]:
    if mine in (base, theirs):
        return theirs, []
    if theirs == base:
        return mine, []
    told = _whole(file, base, mine, theirs)
    if mine is None or theirs is None:
        return theirs, [told("file")]
    try:
        said = [read(text or "", file).data for text in (base, mine, theirs)]
    except Unreadable:
        return theirs, [told("unreadable")]
    if base is None and not same(said[1], said[2]) and not all(isinstance(each, dict) for each in said[1:]):
        return theirs, [told("file")]
    merged = _Side(file, base or "", mine, theirs, said).merged()
    return merged or (theirs, [told("file")])


def _whole(file: str, base: str | None, mine: str | None, theirs: str | None) -> Callable[[Kind], Conflict]:
    texts = [ABSENT if each is None else each for each in (base, mine, theirs)]
    return lambda kind: Conflict(file, (), texts[0], texts[1], texts[2], kind)


class _Side:
    """My changes to one file on their way into theirs."""

    def __init__(self, file: str, base: str, mine: str, theirs: str, said: list[Any]) -> None:
        self.file = file
        self.texts = (base, mine, theirs)
        self.base, self.mine, self.theirs = said
        if self.base is None and isinstance(self.mine, dict) and isinstance(self.theirs, dict):
            self.base = {}
        self.text, self.now = theirs, self.theirs
        self.conflicts: list[Conflict] = []
        self.writes = False

    def merged(self) -> tuple[str, list[Conflict]] | None:
        """The text, and what found no room in it; None where finding it would take too long."""
        edits = list(differences(self.file, self.base, self.mine))
        whole = sum(map(weight, (self.base, self.mine, self.theirs)))
        if len(edits) * whole > MOST_READING:
            return None
        # What both said, put together, often stands in their lines put together: nothing is to be written.
        self._make_all(edits)
        if not self.conflicts and (text := self._read_alike(merged_lines(*self.texts))) is not None:
            return text, []
        if len(edits) * whole > MOST_WRITING:
            return None
        self.now, self.conflicts, self.writes = self.theirs, [], True
        self._make_all(edits)
        return self._with_comments(edits), self.conflicts

    def _make_all(self, edits: list[Inside]) -> None:
        for edit in edits:
            self._take(edit)

    def _take(self, edit: Inside) -> None:
        place = edit.at
        if isinstance(edit, Move):
            self._order(edit)
        elif isinstance(edit, Rename):
            self._rename(edit)
        elif isinstance(edit, Insert):
            self._insert(edit)
        else:
            there = find(self.now, place)
            wanted = edit.value if isinstance(edit, SetValue) else ABSENT
            self._replace(place, edit.was, wanted, there)

    def _replace(self, place: Place, was: Any, wanted: Any, there: Any) -> None:
        """Put `wanted` in the place of `was`, wherever theirs still has that."""
        if _alike(there, wanted):
            return
        if not _alike(there, was):
            self._conflict(place, was, wanted, there)
        elif wanted is ABSENT:
            self._make(Remove(self.file, place, there))
        else:
            self._make(SetValue(self.file, place, wanted, there))

    def _insert(self, edit: Insert) -> None:
        there = find(self.now, edit.at) if isinstance(edit.at[-1], str) else ABSENT
        if there is not ABSENT and isinstance(there, dict) and isinstance(edit.value, dict):
            for inner in differences(self.file, {}, edit.value, edit.at):
                self._take(inner)
        elif there is not ABSENT:
            self._replace(edit.at, ABSENT, edit.value, there)
        else:
            after = self._nearest(edit.at[:-1], edit.after)
            self._make(Insert(self.file, edit.at, edit.value, after))

    def _nearest(self, parent: Place, after: str | int | None) -> str | int | None:
        """The sibling behind which mine has something, or the nearest before that which theirs still has."""
        there = parts(find(self.now, parent), root=not parent)
        mine = parts(find(self.mine, parent), root=not parent)
        before = mine[: mine.index(after) + 1] if after in mine else []
        return next((each for each in reversed(before) if each in there), FIRST)

    def _rename(self, edit: Rename) -> None:
        new = (*edit.at[:-1], edit.name)
        base, mine, theirs = find(self.base, edit.at), find(self.mine, new), find(self.now, new)
        if theirs is ABSENT and find(self.now, edit.at) is not ABSENT:
            self._make(edit)
        elif not _alike(theirs, mine) or find(self.now, edit.at) is not ABSENT:
            self._conflict(new, base, mine, theirs)

    def _order(self, edit: Move) -> None:
        """Mine counts where theirs has what both know in the order of the base."""
        parent = edit.at[:-1]
        base, mine, now, theirs = (
            parts(find(each, parent), root=not parent)
            for each in (self.base, self.mine, self.now, self.theirs)
        )
        known = [each for each in base if each in mine and each in theirs]
        ours, others = ([each for each in order if each in known] for order in (mine, theirs))
        if ours == others or edit.at[-1] not in now:
            return
        if others != known:
            found = Conflict(self.file, parent, base, mine, theirs, kind="order")
            self.conflicts += [] if found in self.conflicts else [found]
            return
        self._make(Move(self.file, edit.at, self._nearest(parent, edit.after)))

    def _make(self, edit: Inside) -> None:
        try:
            if self.writes:
                self.text = edited_text(self.text, edit)
            self.now = edited(self.now, edit)
        except DoesNotFit:
            self._conflict(edit.at, *(find(each, edit.at) for each in (self.base, self.mine, self.theirs)))

    def _conflict(self, place: Place, base: Any, mine: Any, theirs: Any) -> None:
        self.conflicts.append(Conflict(self.file, place, base, mine, theirs))

    def _with_comments(self, edits: list[Inside]) -> str:
        """The merged text with the comments and the layout that I changed besides, if they find room."""
        base, mine, theirs = self.texts
        bare = base
        try:
            for edit in edits:
                bare = edited_text(bare, edit)
        except DoesNotFit:
            bare = base
        if bare == mine:
            return self.text
        text = self._read_alike(merged_lines(bare, mine, self.text))
        if text is None:
            self.conflicts.append(Conflict(self.file, (), base, mine, theirs, kind="comments"))
            return self.text
        return text

    def _read_alike(self, text: str | None) -> str | None:
        """The text if it says what the merged one does."""
        if text is None:
            return None
        try:
            return text if same(sheet_of(text, self.file).data, self.now) else None
        except Unreadable:
            return None


def _alike(one: Any, other: Any) -> bool:
    if one is ABSENT or other is ABSENT:
        return one is other
    return same(one, other)
