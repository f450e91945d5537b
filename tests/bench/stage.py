"""The demo in a folder of its own, with enough people for every step to be somebody else's."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask

from app import wiring
from app.application import build
from app.importing import import_register
from app.runner.house import House
from app.store import schema
from app.store.crypto import Vault
from app.store.database import Database
from tests.bench.people import REGISTER, write_csv
from tests.conftest import BEGINNING, MIGRATIONS, SECRET, Clock, filled, settings_for

PEOPLE = 3000
VAULT = Vault((SECRET.encode(),))


@dataclass(frozen=True)
class Stage:
    """The application and its house; the clock stands still."""

    app: Flask
    house: House


@contextmanager
def demo(var: Path) -> Iterator[Stage]:
    """A filled demo on SQLite under `var`; asks nobody outside."""
    settings = settings_for(var)
    filled(settings)
    house = wiring.open_house(settings, Clock())
    spec = house.shelf.live("ecard").spec.registers[REGISTER]
    file = write_csv(var / "insured.csv", PEOPLE)
    import_register(
        house.database,
        house.vault,
        REGISTER,
        spec,
        file,
        replace=True,
        dry_run=False,
        now=BEGINNING,
        progress=lambda _: None,
    )
    yield Stage(build(settings, house), house)
    house.database.close()


@contextmanager
def empty_database(file: Path) -> Iterator[Database]:
    """A new SQLite database at the newest schema."""
    opened = Database(f"sqlite:///{file}")
    schema.upgrade(opened, MIGRATIONS)
    yield opened
    opened.close()
