"""How a change of a draft is written: one commit, by compare-and-set, anew when somebody was quicker."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from app.flow.edit import Conflict as Clash
from app.flow.edit import DoesNotFit
from app.flow.loader import digest
from app.runner.drafting.drafts import Draft, draft_of
from app.runner.drafting.patches import files_at, patches
from app.runner.house import House
from app.runner.staff.acts import note_within
from app.runner.staff.who import Staff
from app.store import draft_history, drafts
from app.store.drafts import StaleDraft, StoredEdit

_TRIES = 20  # several people saving in the same moment

#: The kinds of edits that are somebody's own work, and can be taken back.
FRESH = frozenset({"edit", "text", "import", "merge", "restore"})

#: A version's number and files: what a draft is brought onto.
Onto = tuple[int, Mapping[str, str]]


@dataclass(frozen=True)
class Saved:
    """The draft as it stands now; `merged` says that others had changed it meanwhile.

    Where nothing differed nothing was written.
    """

    draft: Draft
    merged: bool = False


@dataclass(frozen=True)
class Clashed:
    """Nothing was written: what was to change is not any more what its author saw.

    `unfit` is an edit that does not fit, `clashes` places two people changed; `by` who changed the draft
    since, newest first.
    """

    draft: Draft
    unfit: DoesNotFit | None = None
    clashes: tuple[Clash, ...] = ()
    by: tuple[str, ...] = ()


Changed = Saved | Clashed


@dataclass(frozen=True)
class Following:
    """What a change makes of the draft: the files, and how the edit is noted.

    `mark` are the edits it takes back (True) or lets stand again (False).
    """

    files: Mapping[str, str]
    kind: str
    what: Mapping[str, Any] = field(default_factory=dict)
    merged: bool = False
    undoes: int | None = None
    mark: tuple[tuple[int, bool], ...] = ()


Made = Callable[[Draft], Following | Clashed]


def commit(house: House, staff: Staff, flow: str, made: Made, onto: Onto | None = None) -> Changed:
    """Write what `made` makes of the draft as it stands, asked anew when it moved. Raises NoDraft."""
    for _ in range(_TRIES):
        draft = draft_of(house, flow)
        following = made(draft)
        if isinstance(following, Clashed):
            return following
        # What is taken back may have been undone by others already: it is noted as taken back all the same.
        if following.files == draft.files and onto is None and not following.mark:
            return Saved(draft)
        try:
            return Saved(_written(house, staff, draft, following, onto), following.merged)
        except StaleDraft:
            continue
    raise StaleDraft(flow)


def _written(house: House, staff: Staff, draft: Draft, following: Following, onto: Onto | None) -> Draft:
    now, revision = house.clock(), draft.revision + 1
    made = patches(draft.files, following.files)
    edit = StoredEdit(revision, now, staff.name, following.kind, following.what, made, following.undoes)
    with house.database.write() as connection:
        drafts.advance(connection, house.vault, draft, following.files, digest(following.files), edit)
        for which, undone in following.mark:
            drafts.mark_undone(connection, draft.id, which, revision if undone else None)
        if onto is not None:
            drafts.rebase(connection, house.vault, draft.id, *onto)
        note_within(connection, now, staff, f"{following.kind} draft", f"{draft.flow} {revision}")
        found = drafts.open_of(connection, house.vault, draft.flow)
    assert found is not None
    return found


def at(house: House, draft: Draft, revision: int) -> dict[str, str]:
    """The draft's files as they were at a revision."""
    with house.database.read() as connection:
        newer = drafts.edits(connection, house.vault, draft.id, draft.revision)
        return files_at(draft.files, newer, revision)


def own(house: House, staff: Staff, draft: Draft) -> list[StoredEdit]:
    """One's own edits of the draft, the newest first."""
    with house.database.read() as connection:
        every = drafts.edits(connection, house.vault, draft.id, draft.revision)
        return [edit for edit in every if edit.staff == staff.name]


def others(house: House, staff: Staff, draft: Draft, since: int) -> tuple[str, ...]:
    """Who else changed the draft after a revision, the newest first, each once."""
    with house.database.read() as connection:
        newer = [each.staff for each in draft_history.touches(connection, draft.id) if each.revision > since]
    return tuple(dict.fromkeys(name for name in newer if name != staff.name))


def only(files: Mapping[str, str], *names: str) -> dict[str, str]:
    """Those of the files that are named."""
    return {name: files[name] for name in names if name in files}
