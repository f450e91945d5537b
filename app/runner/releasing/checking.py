"""Asking the gate for a check of a draft, and what it has found; who carries it out stands in `app.gate`."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from app.runner.drafting.drafts import Draft, NoDraft, draft_of
from app.runner.house import House
from app.runner.staff.acts import note_within
from app.runner.staff.who import Staff
from app.store import drafts, gate_reports, versions
from app.store.gate_reports import DONE, GateReport
from app.store.ids import ulid

_LEASE = timedelta(minutes=10)  # a stage takes seconds; a million runs are replayed in a few more


def ask_check(house: House, staff: Staff, flow: str) -> GateReport:
    """Let the draft as it stands be checked; a check of it that is under way already is taken for it.

    Raises NoDraft.
    """
    draft, now = draft_of(house, flow), house.clock()
    with house.database.write() as connection:
        live = versions.live(connection, flow)
        wanted = GateReport(
            ulid(now), flow, draft.id, draft.digest, live.digest if live else None, staff.name, now
        )
        there = gate_reports.newest(connection, house.vault, draft.id)
        if there is not None and there.stage != DONE and _speaks_of(there, wanted):
            return there
        gate_reports.ask(connection, house.vault, wanted)
        note_within(connection, now, staff, "check draft", f"{flow} {draft.digest[:19]}")
    return wanted


def _speaks_of(one: GateReport, other: GateReport) -> bool:
    return (one.digest, one.live_digest) == (other.digest, other.live_digest)


def newest(house: House, draft: Draft) -> GateReport | None:
    """The newest check of a draft; of an older state of it where nobody has asked since."""
    with house.database.read() as connection:
        return gate_reports.newest(connection, house.vault, draft.id)


def holds(house: House, draft: Draft, report: GateReport) -> bool:
    """Whether a report speaks of the draft as it stands, and of what is live."""
    with house.database.read() as connection:
        live = versions.live(connection, draft.flow)
    return (report.digest, report.live_digest) == (draft.digest, live.digest if live else None)


def turned(house: House, flow: str) -> dict[str, int] | None:
    """How many recorded runs would first go another way on the draft, by the way they took: `state.id`.

    What the last check found; None where it does not speak of the draft as it stands.
    """
    try:
        draft = draft_of(house, flow)
    except NoDraft:
        return None
    report = newest(house, draft)
    if report is None or report.stage != DONE or not holds(house, draft, report):
        return None
    told = (report.report.get("replay") or {}).get("report")
    counts: Counter[str] = Counter()
    for each in told["differences"] if told else ():
        counts[f"{each['state']}.{each['took']}"] += each["runs"]
    return dict(counts) if told else None


@dataclass(frozen=True)
class Taken:
    """A check that is ours to carry out: the report to fill, and the draft as it stood when asked for."""

    report: GateReport
    draft: Draft


def take(house: House) -> Taken | None:
    """The oldest check that waits, or whose worker is gone; None where there is none.

    One whose draft was edited since is closed: nobody needs its answer.
    """
    while True:
        now = house.clock()
        with house.database.write() as connection:
            taken = gate_reports.take(connection, house.vault, now, now + _LEASE)
            draft = drafts.by_id(connection, house.vault, taken.draft) if taken else None
        if taken is None:
            return None
        if draft is not None and draft.digest == taken.digest:
            return Taken(taken, draft)
        tell(house, taken, DONE, {}, passed=False)


def tell(
    house: House, taken: GateReport, stage: str, found: Mapping[str, Any], passed: bool | None = None
) -> bool:
    """Keep what was found so far; with `passed` the check is over. Whether anybody still waits for it."""
    now = house.clock()
    until, at = (now + _LEASE, None) if passed is None else (None, now)
    with house.database.write() as connection:
        return gate_reports.tell(connection, house.vault, taken.id, stage, found, until, passed, at)
