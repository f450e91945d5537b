"""Making a sandbox: a folder that nobody else reads, a secret, a database, one flow, its invented people."""

import os
import secrets
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app import config
from app.flow.definition import Flow
from app.flow.loader import read_folder
from app.flow.source import read as read_yaml
from app.runner.house import House
from app.runner.publish import publish, take_over
from app.sandbox import sheet as sheets
from app.sandbox.house import DATABASE, SECRET, SandboxHouse, open_house
from app.sandbox.invited import invite
from app.sandbox.sheet import Origin, Sheet
from app.scenarios.stage import load_register
from app.store import schema, versions
from app.store.database import Database

_MIGRATIONS = config.ROOT / "migrations"
DRAFT = "draft"
ID_SIGNS = 16  # hexadecimal: 64 bits, and only its owner gets in anyway


class NoSuchVersion(Exception):
    """The flow was never published under this number, or its content is gone."""


@dataclass(frozen=True)
class Wanted:
    """Which definition a sandbox shall have: the files of a published version, or a folder as it lies there.

    `people` is the flow's folder with `demo.yaml` and `registers/`, None where there is none. `scenarios`
    are those of a draft, None for anything else: they invite somebody where there is no folder.
    """

    flow: str
    version: int
    files: Mapping[str, str] | None = None
    folder: Path | None = None
    people: Path | None = None
    scenarios: str | None = None

    @property
    def source(self) -> str:
        """What the desk calls it."""
        if self.scenarios is not None:
            return DRAFT
        return f"version {self.version}" if self.folder is None else f"folder {self.folder.name}"


def published(house: House, workflows: Path, name: str, number: int | None = None) -> Wanted:
    """The definition of a published version, the live one without `number`; raises NoSuchVersion."""
    with house.database.read() as connection:
        live = versions.live(connection, name)
        wanted = live if number is None else versions.numbered(connection, name, number)
        files = versions.content(connection, wanted.digest) if wanted else None
    if wanted is None or files is None:
        raise NoSuchVersion(f"{name} {number or ''}".strip())
    return Wanted(name, wanted.number, files=files, people=people_of(workflows / name))


def on_disk(folder: Path) -> Wanted:
    """The definition as it lies in a folder; raises source.Unreadable for one without a definition."""
    read_folder(folder)
    return Wanted(folder.name, 0, folder=folder, people=people_of(folder))


def people_of(folder: Path) -> Path | None:
    """The folder with a flow's invented people, None where it is not there."""
    return folder if folder.is_dir() else None


def make(
    folder: Path, owner: str, wanted: Wanted, wall: Callable[[], datetime], origin: Origin | None = None
) -> Sheet:
    """A new sandbox in `folder`, which must not exist; half of one is taken away again.

    Raises publish.NotPublishable for a definition that does not load.
    """
    folder.mkdir(mode=0o700, parents=True)
    try:
        return _filled(folder, owner, wanted, wall(), wall, origin)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _filled(
    folder: Path,
    owner: str,
    wanted: Wanted,
    real: datetime,
    wall: Callable[[], datetime],
    origin: Origin | None,
) -> Sheet:
    _own_secret(folder / SECRET)
    draft = Sheet(
        id=folder.name,
        owner=owner,
        flow=wanted.flow,
        version=wanted.version,
        source=wanted.source,
        people=str(wanted.people) if wanted.people else None,
        made_at=real,
        at=real,
        since=real,
        origin=origin,
    )
    sheets.write(folder, draft)
    _empty_database(folder)
    house = open_house(folder, "http://localhost", wall)
    try:
        schema.upgrade(house.database, _MIGRATIONS)  # where the empty one is of an older program
        flow = _published(house, wanted)
        people = wanted.people or invite(flow, wanted.scenarios or "", folder / "people")
        if people:
            _let_in(house, flow, people)
    finally:
        house.database.close()
    registers, home = tuple(flow.spec.registers), str(people) if people else None
    return sheets.change(
        folder, lambda sheet: sheet.changed(flow=flow.name, registers=registers, people=home)
    )


def _empty_database(folder: Path) -> None:
    """A database with tables and nothing in them: made once beside the sandboxes, copied for each."""
    empty = folder.parent / "empty.db"
    if not empty.exists():
        draft = folder / "empty.db"
        database = Database(f"sqlite:///{draft.absolute()}")
        schema.upgrade(database, _MIGRATIONS)
        database.close()
        draft.replace(empty)
    shutil.copy(empty, folder / DATABASE)


def _own_secret(file: Path) -> None:
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as opened:
        opened.write(secrets.token_hex(32))


def _published(house: SandboxHouse, wanted: Wanted) -> Flow:
    version = publish(house, wanted.folder) if wanted.folder else take_over(house, wanted.files or {})
    return house.shelf.live(version.flow)


def _let_in(house: SandboxHouse, flow: Flow, people: Path) -> None:
    """The invented people of the folder; a register whose columns are another version's stays empty."""
    for name in flow.spec.registers:
        file = people / "registers" / f"{name}.csv"
        if file.is_file():
            load_register(house, flow, name, file, replace_all=True)


def to_type(people: str | None) -> dict[str, str]:
    """What `demo.yaml` beside a flow says to type, by field."""
    file = Path(people) / "demo.yaml" if people else None
    if file is None or not file.is_file():
        return {}
    data = read_yaml(file.read_text(encoding="utf-8"), str(file)).data
    return {str(field): str(value) for field, value in data.get("try", {}).items()}
