"""Publishing a folder: it must load, and lint must find no error."""

from collections.abc import Mapping
from pathlib import Path

from app.flow.catalogue import Catalogue
from app.flow.definition import Flow
from app.flow.findings import Finding
from app.flow.lint import lint_folder
from app.flow.loader import load, read_folder
from app.forms.build import form_class
from app.runner.house import House
from app.store import versions
from app.store.versions import Version


class NotPublishable(Exception):
    """The folder has errors; `findings` names each with file, line and cure."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__(f"{len(findings)} errors")
        self.findings = findings


def check_folder(folder: Path, catalogue: Catalogue) -> list[Finding]:
    """What lint finds in the folder and, where that holds no error, what its forms cannot be built of.

    Raises source.Unreadable for a folder that cannot be read.
    """
    found = lint_folder(folder, catalogue)
    if any(finding.severity == "error" for finding in found):
        return found
    flow = load(read_folder(folder), catalogue, root=str(folder)).flow
    return found + (_unfit_forms(flow, folder) if flow else [])


def _unfit_forms(flow: Flow, folder: Path) -> list[Finding]:
    unfit = []
    for state in flow.spec.states:
        try:
            form_class(flow, state)
        except ValueError as problem:
            text = f"The form of '{state}' cannot be built: {problem}."
            unfit.append(Finding(str(folder / "flow.yaml"), 1, 1, "F013", "error", text))
    return unfit


def publish(house: House, folder: Path) -> Version:
    """Make the folder's content the live version of its flow; unchanged content publishes nothing new.

    Raises NotPublishable, and source.Unreadable for a folder that cannot be read.
    """
    errors = [f for f in check_folder(folder, house.catalogue) if f.severity == "error"]
    if errors:
        raise NotPublishable(errors)
    files = read_folder(folder)
    loaded = load(files, house.catalogue, root=str(folder))
    if loaded.flow is None:
        raise NotPublishable(loaded.findings)
    with house.database.write() as connection:
        return versions.publish(connection, loaded.flow.name, loaded.flow.digest, files, house.clock())


def take_over(house: House, files: Mapping[str, str]) -> Version:
    """Make files the live version as they are, published elsewhere and not linted again.

    Raises NotPublishable only where they do not load.
    """
    loaded = load(files, house.catalogue, root="workflows")
    if loaded.flow is None:
        raise NotPublishable(loaded.findings)
    with house.database.write() as connection:
        return versions.publish(connection, loaded.flow.name, loaded.flow.digest, files, house.clock())
