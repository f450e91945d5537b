"""Opening a draft, reading it, letting go of it."""

import re
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import Connection

from app.flow.loader import digest
from app.flow.spec import NAME_PATTERN
from app.runner.house import House
from app.runner.staff.acts import note_within
from app.runner.staff.who import Staff
from app.store import drafts, releases, versions
from app.store.drafts import DraftThere, StaleDraft, StoredDraft
from app.store.ids import ulid

#: What a draft may hold. Scenarios and safety rules are edited with the definition and lie beside a version.
FILES = re.compile(
    r"flow\.yaml|theme\.yaml|translated\.yaml|texts\.[a-z]{2}\.yaml|scenarios\.yaml|safety\.yaml"
)

#: Those of them that lie beside the definition.
BESIDE = frozenset({"scenarios.yaml", "safety.yaml"})

Draft = StoredDraft


class NoDraft(Exception):
    """The flow has no open draft."""


class NoSuchFlow(Exception):
    """The flow was never published, and nobody drafts it."""


class UnfitName(Exception):
    """No flow can have this name."""


def draft_of(house: House, flow: str) -> Draft:
    """The open draft of a flow; raises NoDraft."""
    with house.database.read() as connection:
        found = drafts.open_of(connection, house.vault, flow)
    if found is None:
        raise NoDraft(flow)
    return found


def open_draft(house: House, staff: Staff, flow: str, workflows: Path | None = None) -> Draft:
    """The open draft of a flow; where there is none, one is made of the live version.

    Scenarios and rules come from the version's release, or from the flow's folder below `workflows`.
    Raises NoSuchFlow.
    """
    with house.database.read() as connection:
        found = drafts.open_of(connection, house.vault, flow)
        if found is not None:
            return found
        live = versions.live(connection, flow)
        content = versions.content(connection, live.digest) if live else None
        beside = releases.beside(connection, house.vault, flow, live.number) if live else None
    if live is None or content is None:
        raise NoSuchFlow(flow)
    if beside is None:
        beside = read_beside(workflows / flow) if workflows else {}
    return _put(house, staff, flow, {**content, **beside}, live.number)


def start_draft(house: House, staff: Staff, flow: str, files: Mapping[str, str]) -> Draft:
    """A draft of a flow that is not there yet. Raises UnfitName, DraftThere where there is one."""
    if not re.fullmatch(NAME_PATTERN, flow):
        raise UnfitName(flow)
    with house.database.read() as connection:
        if versions.live(connection, flow) is not None:
            raise DraftThere(flow)
    return _put(house, staff, flow, files, None)


def read_beside(folder: Path) -> dict[str, str]:
    """Scenarios and safety rules as they lie in a flow's folder; what cannot be read is left out."""
    found = {}
    for name in sorted(BESIDE):
        try:
            found[name] = (folder / name).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            continue
    return found


def _put(house: House, staff: Staff, flow: str, files: Mapping[str, str], base: int | None) -> Draft:
    now = house.clock()
    base_files = {} if base is None else files
    made = Draft(ulid(now), flow, base, base_files, files, digest(files), 0, staff.name, now, now)
    try:
        with house.database.write() as connection:
            drafts.put(connection, house.vault, made)
            note_within(connection, now, staff, "open draft", flow)
    except DraftThere:
        if base is None:
            raise
        return draft_of(house, flow)  # somebody else was quicker
    return made


def discard(house: House, staff: Staff, flow: str, revision: int) -> None:
    """Let go of the draft as it was seen; its edits are kept. Raises NoDraft, StaleDraft."""
    now = house.clock()
    with house.database.write() as connection:
        found = _held(connection, house, flow)
        if found.revision != revision:
            raise StaleDraft(flow)
        drafts.close(connection, found, "discarded", now, staff.name)
        note_within(connection, now, staff, "discard draft", flow)


def _held(connection: Connection, house: House, flow: str) -> Draft:
    found = drafts.open_of(connection, house.vault, flow)
    if found is None:
        raise NoDraft(flow)
    return found
