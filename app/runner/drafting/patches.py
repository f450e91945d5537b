"""What an edit did to the files, kept so small that it can be taken back from any later state."""

from collections.abc import Iterable, Mapping, Sequence

from app.store.drafts import Patch, StoredEdit


class Unpatchable(Exception):
    """A stored patch does not fit the files it is said to have made."""


def patches(before: Mapping[str, str], after: Mapping[str, str]) -> tuple[Patch, ...]:
    """What turns `before` into `after`: one stretch a file."""
    names = sorted({*before, *after})
    return tuple(
        _patch(name, before.get(name), after.get(name)) for name in names if _differs(name, before, after)
    )


def _differs(name: str, before: Mapping[str, str], after: Mapping[str, str]) -> bool:
    return before.get(name) != after.get(name)


def _patch(name: str, old: str | None, new: str | None) -> Patch:
    if old is None or new is None:
        return Patch(name, 0, old, new)
    start = 0
    shortest = min(len(old), len(new))
    while start < shortest and old[start] == new[start]:
        start += 1
    end = 0
    while end < shortest - start and old[-1 - end] == new[-1 - end]:
        end += 1
    return Patch(name, start, old[start : len(old) - end], new[start : len(new) - end])


def taken_back(files: Mapping[str, str], made: Sequence[Patch]) -> dict[str, str]:
    """The files as they were before the patches; raises Unpatchable."""
    found = dict(files)
    for patch in made:
        if patch.old is None or patch.new is None:
            if found.get(patch.file) != patch.new:
                raise Unpatchable(patch.file)
            found.pop(patch.file, None)
            if patch.old is not None:
                found[patch.file] = patch.old
            continue
        text = found.get(patch.file, "")
        if text[patch.at : patch.at + len(patch.new)] != patch.new:
            raise Unpatchable(patch.file)
        found[patch.file] = text[: patch.at] + patch.old + text[patch.at + len(patch.new) :]
    return found


def files_at(files: Mapping[str, str], newer: Iterable[StoredEdit], revision: int) -> dict[str, str]:
    """The files as they were at a revision; `newer` are the edits from the newest backwards."""
    found = dict(files)
    for edit in newer:
        if edit.revision <= revision:
            break
        found = taken_back(found, edit.patches)
    return found
