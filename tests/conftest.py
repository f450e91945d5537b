"""What tests share: a clock they own, a database of each sort, a house with the shipped flows.

What is slow to make (keys, a filled database, a PostgreSQL server) is made once for each process of the
tests and copied for each test.
"""

import gc
import itertools
import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from app import config, wiring
from app.cli.demo import fill_demo
from app.config import ROOT, Settings
from app.gateways.wallet.demo_keys import make_demo_keys
from app.runner.house import House
from app.store import schema
from app.store.database import Database
from tests.lodge import CHEAP
from tests.postgres import postgres_server

pytest_plugins = ["tests.apps", "tests.screens"]

SECRET = "a secret of the tests that is long enough to be one"
MIGRATIONS = ROOT / "migrations"
BEGINNING = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def pytest_collection() -> None:
    """What is imported and collected stays for good: the collector need not look through it at all."""
    gc.disable()


def pytest_collection_finish() -> None:
    """From here on there is something to collect, though not at every seven hundredth object."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 20)
    gc.enable()


class Clock:
    """Time that passes only when told to; callable, as the house wants it."""

    def __init__(self) -> None:
        self.now = BEGINNING

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


def fresh_postgres(url: str, template: str = "template1") -> str:
    """The URL of a new database on the server, a copy of `template`."""
    name = f"t{next(_numbers)}"
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f"create database {name} template {template}"))
    engine.dispose()
    return make_url(url).set(database=name).render_as_string(hide_password=False)


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


def filled(settings: Settings) -> None:
    """Bring the database of these settings to the beginning of a demo."""
    house = wiring.open_house(settings, Clock())
    schema.upgrade(house.database, MIGRATIONS)
    fill_demo(house, ROOT / "workflows")
    house.database.close()


@pytest.fixture(scope="session")
def demo_var(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder as a demo has it: wallet keys, and a filled SQLite database."""
    var = tmp_path_factory.mktemp("demo")
    make_demo_keys(var / "wallet", BEGINNING)
    filled(settings_for(var))
    return var


@pytest.fixture(scope="session")
def demo_template(postgres: str, demo_var: Path) -> str:
    """The name of a filled PostgreSQL database that others are copied from."""
    url = fresh_postgres(postgres)
    filled(settings_for(demo_var, NARTHEX_DATABASE_URL=url))
    return str(make_url(url).database)


@pytest.fixture(params=["sqlite", "postgresql"])
def dialect(request: pytest.FixtureRequest) -> str:
    """SQLite and PostgreSQL in turn; a module where it makes no difference overrides this."""
    return str(request.param)


def upgraded(url: str) -> None:
    """Bring an empty database to the newest schema."""
    opened = Database(url)
    schema.upgrade(opened, MIGRATIONS)
    opened.close()


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite database at the newest schema, with nothing in it."""
    file = tmp_path_factory.mktemp("empty") / "narthex.db"
    upgraded(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def empty_template(postgres: str) -> str:
    """The name of a PostgreSQL database at the newest schema, with nothing in it."""
    url = fresh_postgres(postgres)
    upgraded(url)
    return str(make_url(url).database)


@pytest.fixture
def database(dialect: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """An empty database at the newest schema."""
    if dialect == "sqlite":
        copied = shutil.copy(request.getfixturevalue("empty_file"), tmp_path / "narthex.db")
        opened = Database(f"sqlite:///{copied}")
    else:
        template = request.getfixturevalue("empty_template")
        opened = Database(fresh_postgres(request.getfixturevalue("postgres"), template))
    yield opened
    opened.close()


@pytest.fixture
def settings(dialect: str, demo_var: Path, request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    """A demo of the test's own, filled: flows published, registers imported, wallet keys made."""
    var = tmp_path / "var"
    shutil.copytree(demo_var, var)
    if dialect == "sqlite":
        return settings_for(var)
    url = fresh_postgres(request.getfixturevalue("postgres"), request.getfixturevalue("demo_template"))
    return settings_for(var, NARTHEX_DATABASE_URL=url)


@pytest.fixture
def house(settings: Settings, clock: Clock) -> Iterator[House]:
    """The demo's house, at the beginning, with quick passwords."""
    opened = replace(wiring.open_house(settings, clock), passwords=CHEAP)
    yield opened
    opened.database.close()
