"""`narthex runs replay`: what was recorded, decided again. Reads; never writes, sends or asks the network."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from sqlalchemy import Connection

from app.flow.definition import Flow
from app.runner.house import House
from app.runner.replaying import definitions
from app.runner.replaying.against import Against
from app.runner.replaying.definitions import Definitions
from app.runner.replaying.lessons import Lessons
from app.runner.replaying.passages import Passage, passage, passages
from app.runner.replaying.reguard import Reguard
from app.runner.replaying.report import Report
from app.runner.replaying.strict import Strict
from app.store import replaying as store
from app.store.replaying import Chosen

Finding = TypeVar("Finding")


class NoSuchRun(Exception):
    """No run, or more than one, is meant by this id or reference; the text says which."""


@dataclass(frozen=True)
class Asked:
    """What is to be replayed: the runs named, or else all that are chosen."""

    runs: tuple[str, ...] = ()
    chosen: Chosen = field(default_factory=Chosen)


def strictly(house: House, asked: Asked) -> Report:
    """Every run on its own definition. Raises NoSuchRun and definitions.NoSuchDefinition."""
    definitions.check_flow(house, asked.chosen.flow)
    report = Report("strict")
    mode = Strict(Definitions.of(house), report)
    with store.looking(house.database) as connection:
        lessons = Lessons(mode.learn, report.troubles)
        mode.count_all(_gone_through(connection, asked, lessons, report))
    return _finished(report, lessons.learnt, lessons.moves)


def judged_anew(house: House, asked: Asked) -> Report:
    """Every run on its own definition, pure guards judged anew on stand-ins. Raises as `strictly` does."""
    definitions.check_flow(house, asked.chosen.flow)
    report = Report("reguard")
    with store.looking(house.database) as connection:
        mode = Reguard(Definitions.of(house), report, connection)
        lessons = Lessons(mode.learn, report.troubles)
        mode.count_all(_gone_through(connection, asked, lessons, report))
    return _finished(report, lessons.learnt, lessons.moves)


def held_against(house: House, asked: Asked, named: str) -> Report:
    """Every run on the definition `named`: `live`, a version's number, a folder.

    Raises NoSuchRun and definitions.NoSuchDefinition.
    """
    return held_against_flows(house, asked, definitions.against(house, named, asked.chosen.flow), named)


def held_against_flows(house: House, asked: Asked, other: Mapping[str, Flow], named: str) -> Report:
    """The same with the definitions themselves at hand, by flow. Raises NoSuchRun."""
    report = Report(f"against {named}")
    if len(other) == 1:
        asked = replace(asked, chosen=replace(asked.chosen, flow=next(iter(other))))
    mode = Against(Definitions.of(house), other, report)
    with store.looking(house.database) as connection:
        lessons = Lessons(mode.learn, report.troubles)
        mode.count_all(_gone_through(connection, asked, lessons, report))
    return _finished(report, lessons.learnt, lessons.moves)


def _gone_through(
    connection: Connection, asked: Asked, lessons: Lessons[Finding], report: Report
) -> Iterator[Passage[Finding]]:
    if not asked.runs:
        yield from passages(connection, asked.chosen, lessons, report.troubles)
        return
    for name in asked.runs:
        run = run_named(connection, name)
        gone = passage(connection, run, store.standing(connection, run), lessons, report.troubles)
        if gone is not None:
            yield gone


def run_named(connection: Connection, name: str) -> str:
    """The id of the run with this id or reference, or whose id alone begins so. Raises NoSuchRun."""
    found = store.named(connection, name, most=2)
    if not found:
        raise NoSuchRun(
            f"There is no run '{name}'. Name it by its id, the beginning of that, or its reference."
        )
    if len(found) > 1 and found[0] != name:
        raise NoSuchRun(f"More than one run is meant by '{name}', for example {' and '.join(found)}.")
    return found[0]


def _finished(report: Report, folds: int, moves: Sequence[str]) -> Report:
    report.folds, report.moves = folds, moves
    return report
