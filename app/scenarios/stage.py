"""Where a scenario takes place: a database of its own, time that it moves, a world that it describes.

Nothing here touches the network, or the database of the settings.
"""

import secrets
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from pathlib import Path

from app import config, wiring
from app.config import Settings
from app.delivery.post import Post
from app.flow.definition import Flow
from app.importing import ImportReport, import_register
from app.runner.house import House
from app.runner.publish import publish
from app.scenarios.memory import Surroundings
from app.step import Unavailable, World
from app.store import registers, schema

_DATABASE = "narthex.db"


@dataclass(frozen=True)
class StagedHouse(House):
    """A house whose registers are the scenario's, live ones too, and fall silent when it says so."""

    surroundings: Surroundings = field(default_factory=Surroundings)

    def world(self, flow: Flow) -> World:
        """What guards and effects may ask, nothing of it outside the house."""

        def find(register: str, lookup: Mapping[str, str]) -> Sequence[Mapping[str, str]]:
            if self.surroundings.silent:
                raise Unavailable("silent")
            with self.database.read() as connection:
                return registers.find(connection, self.vault, register, lookup)

        return replace(super().world(flow), find=find)


@dataclass(frozen=True)
class Scene:
    """One scenario's house and post office; `folder` keeps its database when it is over."""

    house: StagedHouse
    post: Post
    folder: Path


class UnfitRegister(Exception):
    """A demo register's file cannot be taken; the text names file, line and cure."""


class Stage:
    """A flow published as it lies on disk, its demo registers imported; every scenario begins on a copy."""

    def __init__(self, folder: Path, home: Path, scratch: Path) -> None:
        """Raises NotPublishable, source.Unreadable, UnfitRegister. `scratch` is an empty folder to use up."""
        self._scratch, self._number = scratch, 0
        self._secret = secrets.token_hex(32)
        self._home = home
        surroundings = Surroundings()
        house = wiring.open_house(self.settings(scratch), surroundings.clock)
        try:
            schema.upgrade(house.database, config.ROOT / "migrations")
            version = publish(house, folder)
            self.flow = house.shelf.live(version.flow)
            for name in self.flow.spec.registers:
                file = folder / "registers" / f"{name}.csv"
                if file.exists():
                    report = load_register(house, self.flow, name, file, replace_all=True)
                    if report.errors:
                        first = report.errors[0]
                        words = f"{file}:{first.line}: {first.column}: {first.text}; {first.cure}"
                        raise UnfitRegister(words)
        finally:
            house.database.close()

    def settings(self, var: Path) -> Settings:
        """What a scenario's house is built from: a data folder, a secret, no way to the network."""
        given = {
            "NARTHEX_VAR": str(var),
            "NARTHEX_HOME": str(self._home),
            "NARTHEX_SECRET_KEYS": self._secret,
            "NARTHEX_DNS": "off",
            "NARTHEX_BASE_URL": "http://localhost",
        }
        return config.load(given)

    @contextmanager
    def scene(self, surroundings: Surroundings, after: Path | None = None) -> Iterator[Scene]:
        """A scene of one's own: as the stage was prepared, or as the scene in the folder `after` ended."""
        self._number += 1
        folder = self._scratch / str(self._number)
        folder.mkdir()
        shutil.copy((after or self._scratch) / _DATABASE, folder / _DATABASE)
        settings = self.settings(folder)
        plain = wiring.open_house(settings, surroundings.clock)
        kept = {each.name: getattr(plain, each.name) for each in fields(House)}
        house = StagedHouse(**{**kept, "mail_domain": surroundings.mail_domain}, surroundings=surroundings)
        try:
            yield Scene(house, wiring.open_post(settings, house), folder)
        finally:
            house.database.close()  # which leaves all of it in the one file


def load_register(house: House, flow: Flow, name: str, file: Path, *, replace_all: bool) -> ImportReport:
    """Import a file into a register of the flow, whatever its source is in earnest."""
    return import_register(
        house.database,
        house.vault,
        name,
        flow.spec.registers[name],
        file,
        replace=replace_all,
        dry_run=False,
        now=house.clock(),
        progress=lambda _: None,
    )
