"""How matches against a register went: counts by cause and day out of the journal, and answer times.

The journal has one cause for each refusal, whatever page followed; these are sums of them over days, so they
say how good a register is and nothing of anybody.
"""

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from pydantic import BaseModel

from app.flow import trace
from app.flow.definition import Flow
from app.flow.trace import BadRecord, Judged, Recorded
from app.guards.match import MatchOptions
from app.runner.house import FlowMissing, House
from app.step.noting import register_check
from app.store import match_counts

SPANS = (7, 30)  # days
#: So many of the newest records are read for how long the register took.
_READ = 5_000

#: How a match may end, in the order in which it is told: a yes, silence, and the causes of a no.
ENDS = (
    "yes",
    "unavailable",
    "unknown",
    "contact_differs",
    "not_in_force",
    "over_budget",
    "match_over_budget",
)


@dataclass(frozen=True)
class Times:
    """How long the register's newest answers took, in milliseconds; None where none is on record."""

    asked: int
    unavailable: int
    p50: int | None
    p95: int | None
    longest: int | None


@dataclass(frozen=True)
class MatchesOfGuard:
    """One match guard of a flow: how often each end, altogether and by day, the newest day first."""

    flow: str
    guard: str
    ends: Counter[str]
    days: tuple[tuple[date, Counter[str]], ...]

    @property
    def asked(self) -> int:
        """How often it was asked."""
        return self.ends.total()


@dataclass(frozen=True)
class Matching:
    """What the journal holds of a register; `unreadable` records are not counted."""

    register: str
    guards: tuple[MatchesOfGuard, ...]
    times: Times
    unreadable: int


def matching(house: House, register: str, span: timedelta, zone: str) -> Matching:
    """The matches of the last `span` in which the register was asked; days are those of `zone`."""
    since, place = house.clock() - span, ZoneInfo(zone)
    found: dict[tuple[str, str], dict[date, Counter[str]]] = {}
    unreadable = 0
    with house.database.read() as connection:
        for alike in match_counts.counted(connection, since):
            try:
                record = trace.read_text(alike.run, alike.seq, alike.record)
            except BadRecord:
                unreadable += sum(count for _, count in alike.hours)
                continue
            for judged in _matches(house, record, register):
                by_day = found.setdefault((record.flow, judged.guard), {})
                for hour, count in alike.hours:
                    by_day.setdefault(_day(hour, place), Counter())[_end(judged)] += count
        times = _times(match_counts.newest(connection, since, _READ), register)
    guards = tuple(_guard(flow, guard, by_day) for (flow, guard), by_day in sorted(found.items()))
    return Matching(register, guards, times, unreadable)


def _day(hour: datetime, place: ZoneInfo) -> date:
    return hour.astimezone(place).date()


def _guard(flow: str, guard: str, by_day: dict[date, Counter[str]]) -> MatchesOfGuard:
    days = tuple(sorted(by_day.items(), reverse=True))
    return MatchesOfGuard(flow, guard, sum((ends for _, ends in days), Counter()), days)


def _end(judged: Judged) -> str:
    return judged.reason if judged.answer == "no" and judged.reason else judged.answer


def _matches(house: House, record: Recorded, register: str) -> Iterator[Judged]:
    if not record.judged:
        return
    try:
        flow = house.shelf.version(record.flow, record.number, record.digest)
    except FlowMissing:
        return
    for judged in record.judged:
        options = _options(flow, judged.guard)
        if isinstance(options, MatchOptions) and register in registers_of(options):
            yield judged


def _options(flow: Flow, guard: str) -> BaseModel | None:
    use = flow.guards.get(guard)
    return use.options if use else None


def registers_of(options: MatchOptions) -> set[str]:
    """The registers that a match asks."""
    return {rule.register_name for rule in (*options.contact, options.in_force)}


def _times(records: Iterator[tuple[str, int, str]], register: str) -> Times:
    name, took, unavailable = register_check(register), [], 0
    for run, seq, text in records:
        if name not in text:
            continue
        try:
            record = trace.read_text(run, seq, text)
        except BadRecord:
            continue
        for check, _, answer, milliseconds in record.checks:
            if check == name:
                took.append(milliseconds)
                unavailable += answer == "unavailable"
    took.sort()
    return Times(len(took), unavailable, _rank(took, 0.5), _rank(took, 0.95), _rank(took, 1))


def _rank(took: Sequence[int], share: float) -> int | None:
    """By nearest rank, of times in their order."""
    return took[max(math.ceil(share * len(took)), 1) - 1] if took else None
