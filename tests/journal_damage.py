"""A filled journal for tests, ways to damage it, and what looks at it.

A module that damages journals imports `walked_var`, `settings` and `faults`: what was walked once is copied
for each test.
"""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from app import wiring
from app.cli import main
from app.config import Settings
from app.flow.record import canonical, chain
from app.runner.house import House
from app.runner.journal.verify import Checked, verify_chains
from app.runner.journal.verify_statements import accepted_keys, verify_stored
from tests.apps import ready_app
from tests.conftest import Clock, settings_for
from tests.walk import PERSON, Walk

WRONG = {**PERSON, "email": "wrong@sineva-demo.bg"}


#: Runs a command of ours on a test's own data folder.
Narthex = Callable[..., Result]


def command(settings: Settings) -> Callable[..., Result]:
    """Runs `narthex runs …` on the house of these settings."""

    def run(*words: str, secrets: str | None = None) -> Result:
        environment = {
            "NARTHEX_VAR": str(settings.var),
            "NARTHEX_SECRET_KEYS": secrets or settings.secret_keys.get_secret_value(),
            "NARTHEX_DATABASE_URL": settings.database_url.get_secret_value(),
        }
        return CliRunner().invoke(main, ["runs", *words], env=environment)

    return run


@pytest.fixture
def dialect() -> str:
    return "sqlite"


@pytest.fixture
def narthex(settings: Settings) -> Narthex:
    return command(settings)


@pytest.fixture(scope="session")
def walked_var(demo_var: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder in which one run was walked."""
    var = tmp_path_factory.mktemp("walked") / "var"
    shutil.copytree(demo_var, var)
    settings = settings_for(var)
    house = wiring.open_house(settings, Clock())
    walked(Walk(ready_app(settings, house)))
    house.database.close()
    return var


@pytest.fixture
def settings(walked_var: Path, tmp_path: Path) -> Settings:
    """A demo of the test's own in which one run was walked."""
    shutil.copytree(walked_var, tmp_path / "var")
    return settings_for(tmp_path / "var")


@pytest.fixture
def run(house: House) -> str:
    """The run that was walked."""
    return run_of(house)


def faults(house: House, *named: str) -> list[str]:
    """What is wrong with the journal, in words."""
    checked = Checked()
    found = [*verify_chains(house, named, checked)]
    found += verify_stored(house, named, accepted_keys(house), checked)
    return [str(fault) for fault in found]


def walked(walk: Walk) -> None:
    """A run of five records and one aside."""
    walk.get("/ecard/")
    form = {**walk.hidden(), **WRONG}
    walk.post(**WRONG)
    walk._ask("POST", "/ecard/form", data=form)
    walk.post(trigger="back").post(**WRONG).post(trigger="back")


def run_of(house: House) -> str:
    """The newest run."""
    with house.database.read() as connection:
        return str(
            connection.execute(text("select id from runs order by started_at desc, id")).scalars().first()
        )


def sql(house: House, statement: str, **values: object) -> list[object]:
    """Whatever somebody with the database's password may do to it."""
    with house.database.write() as connection:
        done = connection.execute(text(statement), values)
        return [tuple(row) for row in done] if done.returns_rows else []


def rewritten(house: House, run: str, since: int) -> None:
    """Every record from `since` on gets another trigger's name and new hashes, the run's row too."""
    rows = sql(house, "select record from journal where run = :run order by seq", run=run)
    previous = ""
    for (stored,) in rows:  # type: ignore[misc]
        record = json.loads(stored)
        if record["seq"] >= since:
            record |= {"event": "forged", "prev": previous}
            record["hash"] = chain(record, previous)
            sql(
                house,
                "update journal set record = :record, fold = null where run = :run and seq = :seq",
                record=canonical(record),
                run=run,
                seq=record["seq"],
            )
        previous = record["hash"]
    sql(house, "update runs set head = :head where id = :run", head=previous, run=run)


def cut(house: House, run: str, last: int) -> None:
    """The records behind `last` are gone, and the run's row does not know of them any more."""
    sql(house, "delete from journal where run = :run and seq > :last", run=run, last=last)
    ((stored,),) = sql(
        house, "select record from journal where run = :run and seq = :last", run=run, last=last
    )  # type: ignore[misc]
    head = json.loads(stored)["hash"]
    sql(house, "update runs set head = :head, seq = :last where id = :run", head=head, last=last, run=run)


def deleted(house: House, run: str) -> None:
    """The run is gone without a trace."""
    for table, column in (("journal", "run"), ("asides", "run"), ("runs", "id")):
        sql(house, f"delete from {table} where {column} = :run", run=run)
