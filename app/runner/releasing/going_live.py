"""Making a draft the live version, rolling back to an older one.

Runs under way stay on the version they began on. A version never changes; rolling back makes a new one with
an older one's content (A9).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from app.flow.findings import Finding
from app.flow.loader import definition_files
from app.runner.drafting.drafts import BESIDE, Draft, draft_of
from app.runner.house import House
from app.runner.named import loaded_files
from app.runner.publish import NotPublishable
from app.runner.releasing.agreeing import standing
from app.runner.staff.acts import note_within
from app.runner.staff.who import Staff
from app.store import drafts, gate_reports, releases, run_search, versions
from app.store.releases import Release
from app.store.versions import Version


class NotAgreed(Exception):
    """No second person has agreed to the draft as it stands."""


class NotPassed(Exception):
    """The gate has not passed the draft as it stands, held against the version that is live now."""


class LiveMoved(Exception):
    """Another version went live since the draft was made: `number`."""

    def __init__(self, number: int) -> None:
        super().__init__(str(number))
        self.number = number


class SameContent(Exception):
    """What should go live is live already."""


class NoSuchVersion(Exception):
    """The flow has no version of this number, or its content is gone."""


def publish_draft(house: House, staff: Staff | str, flow: str, digest: str, reason: str) -> Version:
    """Make the draft as it was seen the live version and close it.

    Raises NoDraft, StaleDraft, NotAgreed, NotPassed, LiveMoved, SameContent, NotPublishable.
    """
    draft = draft_of(house, flow)
    if draft.digest != digest:
        raise drafts.StaleDraft(flow)
    agreed = standing(house, draft)
    if not agreed.agreed or agreed.asked is None:
        raise NotAgreed(flow)
    loaded = loaded_files(house, flow, draft.files)
    if loaded.flow is None:
        raise NotPublishable(loaded.findings)
    now, name = house.clock(), staff if isinstance(staff, str) else staff.name
    with house.database.write() as connection:
        live = versions.live(connection, flow)
        _ready(connection, house, draft, live)
        made = versions.publish(connection, flow, loaded.flow.digest, loaded.flow.files, now)
        if live is not None and made.number == live.number:
            raise SameContent(flow)
        release = Release(flow, made.number, "desk", name, reason, agreed.asked.decided_by, draft.base_number)
        releases.put(connection, house.vault, release, _beside(draft.files))
        drafts.close(connection, draft, "published", now, name, made.number)
        note_within(connection, now, staff, "publish version", f"{flow} {made.number}")
    return made


@dataclass(frozen=True)
class Ground:
    """What is live while a draft waits: its number, None where nothing is; `behind` if the draft is older."""

    live: int | None
    behind: int | None


def ground_of(house: House, draft: Draft) -> Ground:
    """What is live, and whether that went live since the draft was made."""
    with house.database.read() as connection:
        live = versions.live(connection, draft.flow)
    number = live.number if live else None
    return Ground(number, number if number != draft.base_number else None)


def _ready(connection: Connection, house: House, draft: Draft, live: Version | None) -> None:
    """Raise what stands against it: asked inside the commit, so that nothing slips in between."""
    if live is not None and live.number != draft.base_number:
        raise LiveMoved(live.number)
    report = gate_reports.newest(connection, house.vault, draft.id)
    against = live.digest if live else None
    if report is None or not report.passed or (report.digest, report.live_digest) != (draft.digest, against):
        raise NotPassed(draft.flow)


def _beside(files: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in files.items() if name in BESIDE}


def roll_back(house: House, staff: Staff | str, flow: str, to: int, reason: str) -> Version:
    """Make the content of version `to` live again, under a new number. Raises NoSuchVersion, SameContent.

    It was checked and agreed to when it went live; it must still load with this program (NotPublishable).
    """
    with house.database.read() as connection:
        wanted = versions.numbered(connection, flow, to)
        content = versions.content(connection, wanted.digest) if wanted else None
        beside = releases.beside(connection, house.vault, flow, to)
    if wanted is None or content is None:
        raise NoSuchVersion(f"{flow} {to}")
    errors = _errors(house, flow, content)
    if errors:
        raise NotPublishable(errors)
    now, name = house.clock(), staff if isinstance(staff, str) else staff.name
    with house.database.write() as connection:
        live = versions.live(connection, flow)
        made = versions.publish(connection, flow, wanted.digest, content, now)
        if live is not None and made.number == live.number:
            raise SameContent(flow)
        release = Release(flow, made.number, "rollback", name, reason, base_number=to)
        releases.put(connection, house.vault, release, beside)
        note_within(connection, now, staff, "roll back", f"{flow} {to} as {made.number}")
    return made


def _errors(house: House, flow: str, files: Mapping[str, str]) -> list[Finding]:
    loaded = loaded_files(house, flow, definition_files(files))
    return [] if loaded.flow else loaded.findings


@dataclass(frozen=True)
class StandingOn:
    """How many runs under way stand on a version, and when the last of them ends; None: not by itself."""

    runs: int
    last_ends: datetime | None


def standing_on(house: House, flow: str) -> dict[int, StandingOn]:
    """Who is still on what (A20), by version."""
    with house.database.read() as connection:
        return {
            number: StandingOn(many, last) for number, many, last in run_search.under_way(connection, flow)
        }
