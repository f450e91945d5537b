"""What would come of moving the runs of one version to another: every run looked at, none sampled.

Runs finish on the version they began on unless staff moves them. A run that rests is under way: it is moved,
and rests there. One whose time is over already is left to the clock.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection

from app.flow.definition import Flow
from app.flow.moving import Course, Hindrance, suggested
from app.runner.coverage import version
from app.runner.house import House
from app.runner.moving.fitting import unfit_field
from app.runner.moving.renames import renamed_states
from app.store import moves, runs
from app.store.moves import Move, UnderWay

_AT_ONCE = 500


class SameVersion(Exception):
    """The runs stand on the version already to which they were to be moved."""


@dataclass(frozen=True)
class Blocked:
    """Runs that are not moved, all for one reason and in one state; `example` is one of them."""

    state: str
    hindrance: Hindrance
    runs: int
    example: UnderWay


@dataclass(frozen=True)
class Leg:
    """Runs that go from one state to another."""

    state: str
    to: str
    runs: int
    example: UnderWay


@dataclass(frozen=True)
class Plan:
    """What would come of it. `standing` counts the runs by their state, `goes` says where each state leads,
    `offered` where one that is gone probably does; `moving` are the runs that can be moved, by id.
    """

    course: Course
    standing: Mapping[str, int]
    goes: Mapping[str, str]
    offered: Mapping[str, str]
    legs: tuple[Leg, ...]
    blocked: tuple[Blocked, ...]
    moving: tuple[UnderWay, ...] = field(repr=False)

    @property
    def stay(self) -> int:
        """How many runs stay where they are."""
        return sum(each.runs for each in self.blocked)


def course_of(
    house: House, flow: str, from_number: int, mapping: Mapping[str, str], to_number: int | None = None
) -> Course:
    """From one version to another, the live one without a number. Raises FlowMissing, SameVersion."""
    old, new = version(house, flow, from_number), version(house, flow, to_number)
    if old.number == new.number:
        raise SameVersion(f"{flow} {old.number}")
    return Course(old, new, dict(mapping), house.catalogue)


def plan(house: House, course: Course, *, guess: bool = True) -> Plan:
    """What would come of it; with `guess` a state that is gone leads where it was probably renamed to.

    Raises moving.WrongMapping.
    """
    course.check()
    with house.database.read() as connection:
        standing = Counter(each.state for each in _all(connection, course.old))
    offered = suggested(course, renamed_states(house, course.old, course.new))
    if guess:
        course = Course(course.old, course.new, {**offered, **course.mapping}, course.catalogue)
    legs: dict[tuple[str, str], list[UnderWay]] = {}
    stays: dict[tuple[str, Hindrance], list[UnderWay]] = {}
    for run, hindrance in judged(house, course):
        if hindrance is None:
            legs.setdefault((run.state, course.leads(run.state)), []).append(run)
        else:
            stays.setdefault((run.state, hindrance), []).append(run)
    return Plan(
        course=course,
        standing=dict(sorted(standing.items())),
        goes={state: course.leads(state) for state in standing},
        offered=offered,
        legs=tuple(Leg(*way, len(gone), gone[0]) for way, gone in sorted(legs.items())),
        blocked=tuple(
            Blocked(*why, len(left), left[0])
            for why, left in sorted(stays.items(), key=lambda each: -len(each[1]))
        ),
        moving=tuple(run for gone in legs.values() for run in gone),
    )


def judged(house: House, course: Course) -> Iterator[tuple[UnderWay, Hindrance | None]]:
    """Every run under way on the old version, and what hinders it."""
    after = ""
    while True:
        with house.database.read() as connection:
            batch = moves.under_way(connection, course.old.name, course.old.number, after, _AT_ONCE)
            found = hindrances(connection, house, course, batch)
        yield from zip(batch, found, strict=True)
        if len(batch) < _AT_ONCE:
            return
        after = batch[-1].id


def hindrances(
    connection: Connection, house: House, course: Course, batch: Sequence[UnderWay]
) -> list[Hindrance | None]:
    """What hinders each of these runs; answers are read only where fields differ, and judged by forms."""
    now, ids = house.clock(), [each.id for each in batch]
    codes, links = moves.live_codes(connection, ids, now), moves.live_links(connection, ids, now)
    found = []
    for run in batch:
        sent = [("codes", name) for name in codes.get(run.id, ())]
        sent += [("links", name) for name in links.get(run.id, ())]
        own = "erased" if run.erased else "over" if run.expires_at and run.expires_at <= now else None
        found.append(
            Hindrance(own)  # type: ignore[arg-type]  # one of two words
            if own
            else course.hindered(run.state)
            or _sent_otherwise(course, sent)
            or _unanswered(connection, house, course, run)
        )
    return found


def _sent_otherwise(course: Course, sent: Sequence[tuple[str, str]]) -> Hindrance | None:
    for section, name in sorted(sent):
        if course.unlike(section, name):
            return Hindrance("code_differs" if section == "codes" else "link_differs", name)
    return None


def _unanswered(connection: Connection, house: House, course: Course, run: UnderWay) -> Hindrance | None:
    if not (course.newly_known(run.state) or course.unlike_fields):
        return None
    stored = runs.by_id(connection, run.id)
    answers = runs.read_answers(connection, stored, house.vault) if stored else {}
    return unfit_field(course, run.state, answers, house.clock().date())


def _all(connection: Connection, flow: Flow) -> Iterator[UnderWay]:
    after = ""
    while batch := moves.under_way(connection, flow.name, flow.number, after, _AT_ONCE):
        yield from batch
        after = batch[-1].id


def moves_of(house: House, flow: str) -> list[Move]:
    """What was carried out on the runs of a flow so far, the newest first."""
    with house.database.read() as connection:
        return moves.of_flow(connection, flow)
