"""Replay reads alike from SQLite and from PostgreSQL, and writes to neither."""

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from app.runner.house import House
from app.runner.replaying import replay as replaying
from app.runner.replaying.replay import Asked
from app.store import runs
from app.store.replaying import Chosen, looking
from tests.walk import PERSON, Walk


@pytest.fixture
def recorded(walk: Walk, house: House) -> House:
    walk.get("/ecard/").post(**{**PERSON, "national_id": "1"}).post(trigger="back").post(**PERSON)
    return house


def test_every_run_is_replayed_from_either_database(recorded: House) -> None:
    for asked in (Asked(), Asked(chosen=Chosen("ecard", recorded.clock()))):
        report = replaying.strictly(recorded, asked)
        assert (report.exit_code, report.runs, report.records) == (0, 1, 4), report.sentences()
    assert replaying.held_against(recorded, Asked(), "live").classes["same"] == 1
    with recorded.database.write() as connection:
        connection.execute(text("delete from journal where seq = 2"))
    assert [each.where[-8:] for each in replaying.strictly(recorded, Asked()).troubles] == ["record 2"]


def test_the_connection_of_a_replay_writes_nowhere(recorded: House) -> None:
    with looking(recorded.database) as connection, pytest.raises(DBAPIError):
        connection.execute(text("delete from journal"))
    with recorded.database.write() as connection:  # and others still may
        runs.release(connection, "r-nobody")
