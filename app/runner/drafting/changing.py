"""Changing a draft: by edits, as a whole text, by files brought in, by what went live meanwhile.

Two people at once: edits say what their author saw, so those of different places both stay. A whole text is
merged by id with what others did since its author read it. What cannot be merged is named, and nothing is
lost: the draft stays as it was, and the author keeps what was typed.
"""

from collections.abc import Mapping, Sequence
from typing import Literal

from app.flow.edit import DoesNotFit, Edit, apply, merge, to_data
from app.flow.source import LARGEST
from app.runner.drafting.drafts import BESIDE, FILES, Draft, NoDraft, draft_of
from app.runner.drafting.saving import Changed, Clashed, Following, at, commit, only, others
from app.runner.house import House
from app.runner.staff.who import Staff
from app.store import releases, versions


class UnfitFile(Exception):
    """A file that no draft can hold, by its name or its size; `args` name it."""


def change(house: House, staff: Staff, flow: str, edits: Sequence[Edit], revision: int = 0) -> Changed:
    """Make these edits, all or none; `revision` is what their author saw. Raises NoDraft."""

    def made(draft: Draft) -> Following | Clashed:
        files: Mapping[str, str] = draft.files
        for edit in edits:
            try:
                files = apply(files, edit)
            except DoesNotFit as unfit:
                return Clashed(draft, unfit=unfit, by=others(house, staff, draft, revision))
        for name, text in files.items():
            check_file(name, text)
        return Following(files, "edit", {"edits": [to_data(edit) for edit in edits]})

    return commit(house, staff, flow, made)


def save_file(house: House, staff: Staff, flow: str, revision: int, file: str, text: str) -> Changed:
    """Put `text`, written by somebody who saw `revision`, in the place of a file, merged with others' edits.

    A text that is no YAML is kept as it is; the draft cannot be published then. Raises NoDraft, UnfitFile.
    """
    check_file(file, text)

    def made(draft: Draft) -> Following | Clashed:
        seen = at(house, draft, revision)
        if revision >= draft.revision or seen.get(file) == draft.files.get(file):
            return Following({**draft.files, file: text}, "text", {"file": file})
        merged = merge(only(seen, file), {file: text}, only(draft.files, file))
        if merged.conflicts:
            return Clashed(draft, clashes=merged.conflicts, by=others(house, staff, draft, revision))
        return Following({**draft.files, **merged.files}, "text", {"file": file}, merged=True)

    return commit(house, staff, flow, made)


#: Whose side holds where a draft and what went live meanwhile changed the same place.
Side = Literal["draft", "live"]


def catch_up(house: House, staff: Staff, flow: str, holds: Side | None = None) -> Changed:
    """Bring the draft onto the version that is live now, both sides' changes kept.

    Where they collide, `holds` says whose side does; without it that is Clashed. Raises NoDraft.
    """
    with house.database.read() as connection:
        live = versions.live(connection, flow)
        content = versions.content(connection, live.digest) if live else None
        beside = releases.beside(connection, house.vault, flow, live.number) if live else None
    if live is None or content is None:
        raise NoDraft(flow)

    def theirs(draft: Draft) -> dict[str, str]:
        return {**content, **(only(draft.base_files, *BESIDE) if beside is None else beside)}

    def made(draft: Draft) -> Following | Clashed:
        merged = merge(draft.base_files, draft.files, theirs(draft))
        if merged.conflicts and holds is None:
            return Clashed(draft, clashes=merged.conflicts)
        if merged.conflicts and holds == "draft":  # the merged files have what the second side says
            merged = merge(draft.base_files, theirs(draft), draft.files)
        return Following(merged.files, "merge", {"number": live.number}, merged=True)

    return commit(house, staff, flow, made, onto=(live.number, theirs(draft_of(house, flow))))


def check_file(file: str, text: str) -> None:
    """Raise UnfitFile for what no draft can hold."""
    if not FILES.fullmatch(file) or len(text.encode("utf-8", "surrogatepass")) > LARGEST or "\0" in text:
        raise UnfitFile(file)
