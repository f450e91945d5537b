"""A definition brought in from elsewhere, into the draft of its flow: never live by itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app.flow.archive import ABOUT, Archive
from app.flow.loader import FLOW, read_folder, text_of
from app.flow.source import Unreadable, read
from app.runner.drafting.changing import check_file
from app.runner.drafting.drafts import (
    BESIDE,
    FILES,
    Draft,
    NoDraft,
    NoSuchFlow,
    draft_of,
    open_draft,
    read_beside,
    start_draft,
)
from app.runner.drafting.saving import Following, Saved, commit, others
from app.runner.house import House
from app.runner.staff.who import Staff
from app.store import versions


class NoName(Exception):
    """The flow.yaml that came does not say in a readable way which flow it is."""


class OtherFlow(Exception):
    """What came is a definition of the flow `name`, which is not the one it was to go into."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class DraftMoved(Exception):
    """The draft holds edits that whoever brings this in has not seen; `by` are who made them."""

    def __init__(self, by: tuple[str, ...]) -> None:
        super().__init__(", ".join(by))
        self.by = by


@dataclass(frozen=True)
class Brought:
    """The draft with what came; `older` is the version it was taken from where another is live now."""

    draft: Draft
    older: int | None
    left_out: tuple[str, ...]


def of_folder(folder: Path) -> Archive:
    """A folder as an archive would hold it; raises source.Unreadable."""
    files = {**read_folder(folder), **read_beside(folder)}
    further = [each for each in sorted(folder.iterdir()) if each.name not in files and each.is_file()]
    files |= {each.name: text_of(each) for each in further if FILES.fullmatch(each.name)}
    left = tuple(each.name for each in further if each.name not in files and each.name != ABOUT)
    return Archive(files, {}, left)


def name_of(archive: Archive) -> str:
    """The flow that its flow.yaml names; raises NoName."""
    try:
        data = read(archive.files[FLOW], FLOW).data
    except Unreadable:
        raise NoName from None
    named = data.get("flow") if isinstance(data, dict) else None
    if not isinstance(named, str):
        raise NoName
    return named


def bring_in(
    house: House,
    staff: Staff,
    archive: Archive,
    workflows: Path,
    *,
    into: str | None = None,
    seen: int | None = None,
) -> Brought:
    """Put what came into the draft of its flow, as one edit that can be taken back; one is opened if need be.

    `seen` is the draft's revision as its bringer saw it (0: nobody edited it), None to ask no one. Raises
    NoName, OtherFlow unless it is of the flow `into`, DraftMoved, UnfitFile, UnfitName.
    """
    name = name_of(archive)
    if into not in {None, name}:
        raise OtherFlow(name)
    for file, text in archive.files.items():
        check_file(file, text)
    try:
        open_draft(house, staff, name, workflows)
    except NoSuchFlow:
        return Brought(start_draft(house, staff, name, archive.files), None, archive.left_out)

    def made(draft: Draft) -> Following:
        if seen not in {None, draft.revision}:
            raise DraftMoved(others(house, staff, draft, seen or 0) or (staff.name,))
        return _following(draft, archive.files)

    done = commit(house, staff, name, made)
    assert isinstance(done, Saved), "what comes whole collides with nothing"
    return Brought(done.draft, _older(house, name, archive), archive.left_out)


def _following(draft: Draft, files: Mapping[str, str]) -> Following:
    """What came in the place of all there is; what lies beside the definition stays if none came."""
    kept = {name: text for name, text in draft.files.items() if name in BESIDE}
    return Following({**kept, **files}, "import", {"source": "archive", "files": sorted(files)})


def _older(house: House, name: str, archive: Archive) -> int | None:
    number = archive.about.get("number")
    with house.database.read() as connection:
        live = versions.live(connection, name)
    is_older = live is not None and isinstance(number, int) and 0 < number < live.number
    return number if is_older and live is not None and number is not None else None


def revision_of(house: House, flow: str) -> int:
    """The revision of a flow's open draft, to be `seen`; 0 where there is none."""
    try:
        return draft_of(house, flow).revision
    except NoDraft:
        return 0
