"""What time will do next in a sandbox, by what is stored and by the definition: named moments."""

from calendar import isleap
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from app.flow.definition import Flow
from app.runner.house import House
from app.runner.resting import rests_at
from app.step.sending import purpose_of, tries
from app.store import codes, links, runs, sends
from app.store.runs import Run

#: `resend`: the pause is over; `code`, `link`: it goes out of date; `rest`: the page must be continued first;
#: `end`: the run, or its stay in this state, is over.
Sort = Literal["resend", "code", "link", "rest", "end"]


_A_YEAR_OF_HOURS = 366 * 24


@dataclass(frozen=True)
class Deadline:
    """Something that happens at `at`; `of` is the code's or link's name, the state where it ends."""

    sort: Sort
    of: str
    at: datetime


def deadlines(house: House, flow: Flow, run: Run) -> list[Deadline]:
    """Those of a run that are still to come, the soonest first."""
    now = house.clock()
    with house.database.read() as connection:
        found = [
            *_ends(flow, run),
            *_resends(connection, flow, run, now),
            *_codes(connection, house, flow, run, now),
            *_links(connection, flow, run, now),
        ]
    return sorted((each for each in found if each.at > now), key=lambda each: each.at)


def landmarks(zone: str, now: datetime) -> dict[str, datetime]:
    """Moments at which calendars go wrong: an hour before clocks change in `zone`, a 29 February's begin."""
    local = ZoneInfo(zone)
    hours = (now + timedelta(hours=number) for number in range(2, _A_YEAR_OF_HOURS))
    changes = (each for each in hours if each.astimezone(local).utcoffset() != _before(each, local))
    year = next(year for year in range(now.year, now.year + 9) if isleap(year) and _leap(year, local) > now)
    found = {"leap_day": _leap(year, local)}
    if change := next(changes, None):
        found["clocks"] = change.replace(minute=0, second=0, microsecond=0) - timedelta(hours=1)
    return found


def _before(moment: datetime, zone: ZoneInfo) -> timedelta | None:
    return (moment - timedelta(hours=1)).astimezone(zone).utcoffset()


def _leap(year: int, zone: ZoneInfo) -> datetime:
    return datetime(year, 2, 29, tzinfo=zone)


def _ends(flow: Flow, run: Run) -> Iterator[Deadline]:
    rest = rests_at(flow, run)
    if rest is not None:
        yield Deadline("rest", run.state, rest)
    if run.expires_at is not None and run.ended_at is None:
        yield Deadline("end", run.state, run.expires_at)


def _resends(connection: Connection, flow: Flow, run: Run, now: datetime) -> Iterator[Deadline]:
    for name, policy in (*flow.spec.codes.items(), *flow.spec.links.items()):
        pause = sends.wait(connection, run.id, name, policy.resend_after, now)
        if pause:
            yield Deadline("resend", name, now + pause)


def _codes(connection: Connection, house: House, flow: Flow, run: Run, now: datetime) -> Iterator[Deadline]:
    answers = runs.read_answers(connection, run, house.vault) if run.seq else {}
    for name, spec in flow.spec.codes.items():
        purpose = purpose_of(flow, name, run.id, answers)
        newest = codes.standing(connection, house.vault, purpose, now).newest
        if newest is not None and newest.fate(now, tries(spec)) == "live":
            yield Deadline("code", name, newest.expires_at)


def _links(connection: Connection, flow: Flow, run: Run, now: datetime) -> Iterator[Deadline]:
    for name, spec in flow.spec.links.items():
        newest = links.newest_of(connection, run.id, name)
        if newest is not None and newest.fate(now, spec.opens) == "live":
            yield Deadline("link", name, newest.expires_at)
