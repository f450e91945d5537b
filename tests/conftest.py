"""What tests share: a clock they own, a database of each sort, a house with the shipped flows."""

import itertools
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from app import config, wiring
from app.cli.demo import fill_demo
from app.config import ROOT, Settings
from app.runner.house import House
from app.store import schema
from app.store.database import Database
from tests.postgres import postgres_server

SECRET = "a secret of the tests that is long enough to be one"
MIGRATIONS = ROOT / "migrations"


class Clock:
    """Time that passes only when told to; callable, as the house wants it."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **span: float) -> None:
        self.now += timedelta(**span)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    with postgres_server() as url:
        yield url


_numbers = itertools.count(1)


def fresh_postgres(url: str) -> str:
    """The URL of a new, empty database on the server."""
    name = f"t{next(_numbers)}"
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"create database {name}"))
    engine.dispose()
    return make_url(url).set(database=name).render_as_string(hide_password=False)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.xdist_group("postgres"))])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """SQLite and PostgreSQL in turn."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'narthex.db'}"
    return fresh_postgres(request.getfixturevalue("postgres"))


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    opened = Database(database_url)
    schema.upgrade(opened, MIGRATIONS)
    yield opened
    opened.close()


def settings_for(folder: Path, **more: str) -> Settings:
    """The demo's settings with a data folder and a secret of the test's own."""
    given = {
        "NARTHEX_VAR": str(folder),
        "NARTHEX_SECRET_KEYS": SECRET,
        "NARTHEX_DNS": "off",
        "NARTHEX_BASE_URL": "http://localhost",
        "NARTHEX_POSTS_PER_MINUTE": "100000",
        "NARTHEX_GETS_PER_MINUTE": "100000",
        "PORT": "8000",
        **more,
    }
    return config.load(given)


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    return settings_for(tmp_path / "var", NARTHEX_DATABASE_URL=database_url)


@pytest.fixture
def house(settings: Settings, clock: Clock) -> Iterator[House]:
    """A house with the shipped flows published and the demo's registers imported."""
    opened = wiring.open_house(settings, clock)
    schema.upgrade(opened.database, MIGRATIONS)
    fill_demo(opened, ROOT / "workflows")
    yield opened
    opened.database.close()


pytest_plugins = ["tests.apps"]
