"""Publishing a folder: it must load, and lint must find no error."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path

from sqlalchemy import Connection

from app.flow.catalogue import Catalogue
from app.flow.definition import Flow
from app.flow.findings import Finding
from app.flow.lint import Profile, judged
from app.flow.loader import FLOW, load, read_folder
from app.flow.rules import finding
from app.flow.source import Source
from app.flow.surroundings import Surroundings
from app.forms.build import form_class
from app.runner.drafting.drafts import read_beside
from app.runner.house import House
from app.runner.staff.acts import AT_THE_CONSOLE
from app.store import releases, versions
from app.store.releases import Release
from app.store.versions import Version


class NotPublishable(Exception):
    """The folder has errors; `findings` names each with file, line and cure."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__(f"{len(findings)} errors")
        self.findings = findings


class FolderBehind(Exception):
    """The folder holds version `held`; version `live` was made from it at the desk and is what is live."""

    def __init__(self, flow: str, held: int, live: int) -> None:
        super().__init__(f"{flow}: the folder holds version {held}, live is version {live}")
        self.flow, self.held, self.live = flow, held, live


class FolderConflict(Exception):
    """The folder was changed, and so was the flow at the desk: it would undo what version `live` did."""

    def __init__(self, flow: str, live: int, by: str) -> None:
        super().__init__(f"{flow}: version {live} was made at the desk by {by}")
        self.flow, self.live, self.by = flow, live, by


def check_folder(folder: Path, catalogue: Catalogue, today: date, profile: Profile = "live") -> list[Finding]:
    """What lint finds in the folder and, where that holds no error, what its forms cannot be built of.

    Raises source.Unreadable for a folder that cannot be read.
    """
    return check_files(read_folder(folder), catalogue, str(folder), today, profile)


def check_files(
    files: Mapping[str, str],
    catalogue: Catalogue,
    root: str,
    today: date,
    profile: Profile = "live",
    around: Callable[[Flow], Surroundings] | None = None,
) -> list[Finding]:
    """The same for files, which findings name as `root`/name: one code for `flows lint` and the gate.

    Waivers that hold `today` are set. `around` looks what there is around a flow that loads.
    """
    loaded = load(files, catalogue, root=root)
    if loaded.flow is None:
        return loaded.findings
    surroundings = around(loaded.flow) if around else None
    found = judged(
        loaded.flow, catalogue, loaded.sources, today=today, profile=profile, surroundings=surroundings
    )
    if errors_of(found):
        return found
    return found + _unfit_forms(loaded.flow, loaded.sources[FLOW])


def errors_of(found: Iterable[Finding]) -> list[Finding]:
    """The errors that nobody bears: with one of them nothing is published."""
    return [finding for finding in found if finding.severity == "error" and not finding.waived]


def _unfit_forms(flow: Flow, source: Source) -> list[Finding]:
    unfit = []
    for state in flow.spec.states:
        try:
            form_class(flow, state)
        except ValueError as problem:
            unfit.append(finding("F013:form", source, ("states", state), state=state, problem=problem))
    return unfit


def publish(house: House, folder: Path, over: int | None = None) -> Version:
    """Make the folder's content the live version of its flow; unchanged content publishes nothing new.

    What was made at the desk is not undone by a folder that knows nothing of it, unless `over` names that
    very version. Raises FolderBehind, FolderConflict, NotPublishable, and source.Unreadable for a folder
    that cannot be read.
    """
    errors = errors_of(check_folder(folder, house.catalogue, house.clock().date()))
    if errors:
        raise NotPublishable(errors)
    files = read_folder(folder)
    loaded = load(files, house.catalogue, root=str(folder))
    if loaded.flow is None:
        raise NotPublishable(loaded.findings)
    name, beside = loaded.flow.name, read_beside(folder)
    with house.database.write() as connection:
        live = versions.live(connection, name)
        if live is not None and live.number != over:
            _check_desk(connection, live, loaded.flow.digest)
        made = versions.publish(connection, name, loaded.flow.digest, files, house.clock())
        if live is None or made.number != live.number:
            release = Release(
                name, made.number, "folder", AT_THE_CONSOLE, "", None, live.number if live else None
            )
            releases.put(connection, house.vault, release, beside)
        return made


def _check_desk(connection: Connection, live: Version, digest: str) -> None:
    """Raise FolderBehind or FolderConflict where the live version was not published from a folder."""
    known = releases.of_flow(connection, live.flow)
    release = known.get(live.number)
    if live.digest == digest or release is None or release.origin == "folder":
        return
    older = (versions.numbered(connection, live.flow, number) for number in range(live.number - 1, 0, -1))
    for version in older:
        if version is not None and version.digest == digest:
            raise FolderBehind(live.flow, version.number, live.number)
    raise FolderConflict(live.flow, live.number, release.by)


def take_over(house: House, files: Mapping[str, str]) -> Version:
    """Make files the live version as they are, published elsewhere and not linted again.

    Raises NotPublishable only where they do not load.
    """
    loaded = load(files, house.catalogue, root="workflows")
    if loaded.flow is None:
        raise NotPublishable(loaded.findings)
    with house.database.write() as connection:
        return versions.publish(connection, loaded.flow.name, loaded.flow.digest, files, house.clock())
