"""A desk with sandboxes for a whole module of tests, and who sits at it."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import inspect, text

from app import wiring
from app.config import Settings
from app.runner.house import House
from app.sandbox import outbox
from app.sandbox.sandboxes import Sandbox, Sandboxes
from app.store import journal, run_search
from tests.apps import ready_app
from tests.conftest import Clock, settings_for
from tests.desk import cheap, log_in, staffed
from tests.walk import PERSON, Walk


@pytest.fixture(scope="module")
def clock() -> Clock:
    """The real time of the house, for all tests here: it only ever goes on."""
    return Clock()


@pytest.fixture(scope="module")
def settings(demo_var: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """One demo for all tests here, wallet keys copied instead of made."""
    var = tmp_path_factory.mktemp("sandboxes") / "var"
    shutil.copytree(demo_var, var)
    shutil.copytree(var / "wallet", var / "sandboxes" / "wallet")
    return settings_for(var)


@pytest.fixture(scope="module")
def house(settings: Settings, clock: Clock) -> Iterator[House]:
    opened = cheap(wiring.open_house(settings, clock))
    yield opened
    opened.database.close()


@pytest.fixture(scope="module")
def app(settings: Settings, house: House) -> Flask:
    built = ready_app(settings, house)
    for name in ("vera", "milena"):
        staffed(house, name)
    staffed(house, "stoyan", "operator")
    return built


class Bench:
    """A member of staff at the page of a sandbox, made of a definition or forked from a run."""

    def __init__(
        self, walk: Walk, definition: str = "ecard:1", name: str = "vera", fork: dict[str, str] | None = None
    ) -> None:
        self.walk = log_in(walk, name)
        if fork:
            self.act("/desk/sandbox/fork", **fork)
        else:
            self.act("/desk/sandbox/", definition=definition)
        assert self.walk.status == 200
        self.at = self.walk.at
        self.name = self.at.rpartition("/")[2]

    @property
    def sandbox(self) -> Sandbox:
        kept: Sandboxes = self.walk.app.extensions["narthex_sandboxes"]
        return kept.open(self.name)

    def act(self, path: str, **fields: str) -> "Bench":
        self.walk.get("/desk/sandbox/")
        self.walk.post(path, csrf_token=self.walk.header_token(), **fields)
        return self

    def new_browser(self) -> "Bench":
        """Whoever tries the pages inside has another browser from now on."""
        for each in list(self.walk.client._cookies.values()):
            if each.key.startswith("sandbox_"):
                self.walk.client.delete_cookie(each.key, path=each.path)
        return self

    def clock(self, **fields: str) -> "Bench":
        return self.act(f"{self.at}/clock", **fields)

    def check(self, answer: str, when: str = "once") -> "Bench":
        return self.act(f"{self.at}/check", answer=answer, when=when)

    def preset(self, name: str) -> "Bench":
        return self.act(f"{self.at}/preset", preset=name)

    def inside(self, path: str) -> Walk:
        return self.walk.get(f"{self.at}/app{path}")

    def request(self, **changes: str) -> Walk:
        """Ask for the card as somebody of the register."""
        return self.inside("/ecard/form").post(**{**PERSON, **changes})

    @property
    def standing(self) -> str:
        return self.walk.at.rpartition("/")[2]

    def sent(self) -> list[outbox.Sent]:
        return outbox.sent(self.sandbox.folder, self.sandbox.house.vault)

    def records(self) -> list[Any]:
        """The journal of the only run."""
        house = self.sandbox.house
        with house.database.read() as connection:
            (run,) = run_search.newest(connection, {}, None, 2)
            return list(journal.records(connection, run.id))


def counts(house: House) -> dict[str, int]:
    """How many rows each table of the house has, those apart that say what staff does."""
    with house.database.read() as connection:
        names = [name for name in inspect(connection).get_table_names() if not name.startswith("staff")]
        return {
            name: connection.execute(text(f'select count(*) from "{name}"')).scalar_one() for name in names
        }


@pytest.fixture
def bench(walk: Walk) -> Bench:
    return Bench(walk)
