"""What asking the database costs: statements built once, built for each call, and plain SQL."""

from collections.abc import Callable
from itertools import cycle

from sqlalchemy import Connection, Executable, bindparam, select, text

from app.runner.house import House
from app.step.recording import new_run
from app.store import runs
from app.store.ids import new_run_id
from app.store.models import runs as table
from tests.bench.measure import Case, Group, compare
from tests.bench.stage import Stage

_RUNS = 2000
_TEXT = text("select * from runs where id = :id")
_ONCE = select(*table.c).where(table.c.id == bindparam("id"))


def reading(stage: Stage) -> Group:
    """One run by its id, and by its browser as every page asks for it."""
    house = stage.house
    ids, browsers = _fill(house)
    by_id, by_browser = cycle(ids), cycle(browsers)

    def alone() -> object:
        with house.database.read() as own:
            return runs.by_id(own, next(by_id))

    with house.database.read() as connection:
        driver = _driver(connection)
        lines = compare(
            Case("the driver alone, nothing converted, the limit", lambda: driver(next(by_id))),
            Case("plain SQL as text, nothing converted", lambda: _run_of(connection, _TEXT, next(by_id))),
            Case("a statement built once", lambda: _run_of(connection, _ONCE, next(by_id))),
            Case("the same statement built for each call", lambda: _built(connection, next(by_id))),
            Case("as a Run, by the id", lambda: runs.by_id(connection, next(by_id))),
            Case("as a Run, by the browser", lambda: runs.held_by(connection, [next(by_browser)], "ecard")),
            Case("as a Run, by the id, a connection lent for it", alone),
            seconds=0.5,
        )
    return Group(f"One run out of {_RUNS:,}, SQLite", lines)


def _fill(house: House) -> tuple[list[str], list[str]]:
    flow, now = house.shelf.live("ecard"), house.clock()
    ids = [new_run_id() for _ in range(_RUNS)]
    browsers = [house.vault.index(run, "browser") for run in ids]
    with house.database.write() as connection:
        for run, browser in zip(ids, browsers, strict=True):
            runs.create(connection, new_run(flow, run, "bg", browser, now, house.vault))
    return ids, browsers


def _driver(connection: Connection) -> Callable[[str], object]:
    cursor = connection.connection.cursor()

    def ask(run: str) -> object:
        cursor.execute("select * from runs where id = ?", (run,))
        return cursor.fetchone()

    return ask


def _run_of(connection: Connection, statement: Executable, run: str) -> object:
    return connection.execute(statement, {"id": run}).first()


def _built(connection: Connection, run: str) -> object:
    return connection.execute(select(*table.c).where(table.c.id == run)).first()
