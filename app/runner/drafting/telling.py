"""What an edit of a draft does, in words and line by line: the files before it beside those after it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from app.flow.difference.change import Change
from app.flow.difference.differences import differences
from app.flow.difference.patch import FilePatch, patches
from app.runner.drafting.drafts import Draft
from app.runner.drafting.patches import taken_back
from app.runner.drafting.saving import at
from app.runner.house import House
from app.runner.named import loaded_files
from app.store import drafts


@dataclass(frozen=True)
class Told:
    """In what two states of a draft differ; `changes` are None where one of them cannot be read as a flow."""

    changes: tuple[Change, ...] | None
    patches: tuple[FilePatch, ...]


def told(house: House, flow: str, before: Mapping[str, str], after: Mapping[str, str]) -> Told:
    """What was done between two states of the files."""
    old, new = (loaded_files(house, flow, files).flow for files in (before, after))
    changes = None if old is None or new is None else tuple(differences(old, new))
    return Told(changes, tuple(patches(before, after)))


def told_of(house: House, draft: Draft, revision: int) -> Told:
    """What the edit of this revision did."""
    return told(house, draft.flow, at(house, draft, revision - 1), at(house, draft, revision))


def told_each(house: House, draft: Draft, wanted: Collection[int]) -> dict[int, Told]:
    """What the edits of these revisions did, found in one walk back from the newest."""
    needed = {revision - back for revision in wanted for back in (0, 1)}
    states: dict[int, dict[str, str]] = {}
    files = dict(draft.files)
    with house.database.read() as connection:
        for edit in drafts.edits(connection, house.vault, draft.id, draft.revision):
            if edit.revision in needed:
                states[edit.revision] = files
            files = taken_back(files, edit.patches)
            if edit.revision - 1 in needed:
                states[edit.revision - 1] = files
            if edit.revision <= min(needed, default=0):
                break
    return {
        revision: told(house, draft.flow, states[revision - 1], states[revision])
        for revision in wanted
        if {revision, revision - 1} <= states.keys()
    }


def taken_back_by(house: House, draft: Draft, revision: int) -> Told:
    """What the edit of this revision, an undo, took away."""
    return told(house, draft.flow, at(house, draft, revision), at(house, draft, revision - 1))
