"""Publications at a time to come, and pauses of new starts."""

import logging
from datetime import datetime, timedelta

from app.runner.drafting.drafts import NoDraft, draft_of
from app.runner.house import House
from app.runner.publish import NotPublishable
from app.runner.releasing.agreeing import standing
from app.runner.releasing.going_live import LiveMoved, NotAgreed, NotPassed, SameContent, publish_draft
from app.runner.staff.acts import note_within
from app.runner.staff.who import Role, Staff
from app.store import schedules
from app.store import staff as staff_rows
from app.store.drafts import StaleDraft
from app.store.ids import ulid
from app.store.schedules import Pause, Schedule
from app.store.versions import SomebodyQuicker

log = logging.getLogger(__name__)

FURTHEST = timedelta(days=90)


#: Who may publish what was agreed to.
PUBLISHES: frozenset[Role] = frozenset({"analyst", "approver"})


class PlannerGone(Exception):
    """Whoever planned it does not work at the desk any more, or may not publish."""


class UnfitMoment(Exception):
    """The moment at which something should happen is past, or further away than FURTHEST."""


def schedule(house: House, staff: Staff, flow: str, digest: str, at: datetime, reason: str) -> Schedule:
    """Let the draft as it was seen go live at a time to come; an earlier plan is called off.

    All that publishing asks for is asked then as well. Raises NoDraft, StaleDraft, NotAgreed, UnfitMoment.
    """
    draft, now = draft_of(house, flow), house.clock()
    if draft.digest != digest:
        raise StaleDraft(flow)
    if not standing(house, draft).agreed:
        raise NotAgreed(flow)
    if not now < at <= now + FURTHEST:
        raise UnfitMoment(flow)
    wanted = Schedule(ulid(now), flow, draft.id, digest, at, staff.name, reason, now)
    with house.database.write() as connection:
        before = schedules.waiting(connection, flow)
        if before:
            schedules.end(connection, before.id, "called_off", now)
        schedules.put(connection, wanted)
        note_within(connection, now, staff, "plan publication", f"{flow} {digest[:19]}")
    return wanted


def call_off(house: House, staff: Staff, flow: str) -> bool:
    """Call off what was planned; whether there was anything."""
    now = house.clock()
    with house.database.write() as connection:
        planned = schedules.waiting(connection, flow)
        if planned is None or not schedules.end(connection, planned.id, "called_off", now):
            return False
        note_within(connection, now, staff, "call off publication", flow)
    return True


def pause(house: House, staff: Staff | str, flow: str, reason: str) -> None:
    """Let nobody begin a run of the flow until `resume`; runs under way go on."""
    now, name = house.clock(), staff if isinstance(staff, str) else staff.name
    with house.database.write() as connection:
        schedules.pause(connection, Pause(flow, now, name, reason))
        note_within(connection, now, staff, "pause flow", flow)


def resume(house: House, staff: Staff | str, flow: str) -> bool:
    """Let people begin again; whether there was a pause."""
    now = house.clock()
    with house.database.write() as connection:
        if not schedules.resume(connection, flow):
            return False
        note_within(connection, now, staff, "resume flow", flow)
    return True


def plans(house: House, flow: str) -> list[Schedule]:
    """The newest plans of a flow, done ones too, the newest first."""
    with house.database.read() as connection:
        return schedules.of_flow(connection, flow)


def pause_of(house: House, flow: str) -> Pause | None:
    """Whether nobody may begin the flow at present, since when and why."""
    with house.database.read() as connection:
        return schedules.paused(connection, flow)


#: Why a plan could not be carried out, by what publishing raised; words are the page's.
REFUSALS: dict[type[Exception], str] = {
    PlannerGone: "planner_gone",
    NoDraft: "draft_gone",
    StaleDraft: "draft_edited",
    NotAgreed: "not_agreed",
    NotPassed: "not_passed",
    LiveMoved: "live_moved",
    SomebodyQuicker: "live_moved",
    SameContent: "same_content",
    NotPublishable: "not_publishable",
}


def publish_due(house: House) -> int:
    """Publish every draft whose time has come; how many went live. The others are noted with a reason."""
    now = house.clock()
    with house.database.read() as connection:
        due = schedules.due(connection, now)
    return sum(_whatever_happens(house, each) for each in due)


def _whatever_happens(house: House, planned: Schedule) -> bool:
    """One plan after the other: what fails is told, tried again, and keeps no other from its time."""
    try:
        return _publish(house, planned)
    except Exception as fault:
        # Its text may quote what stands in a definition.
        told = {"flow": planned.flow, "fault": type(fault).__name__}
        log.error("a planned publication failed", extra=told)
        return False


def _may_publish(house: House, name: str) -> bool:
    """Whether whoever planned it still works here and may still publish."""
    with house.database.read() as connection:
        member = staff_rows.by_name(connection, name)
    return member is not None and member.left_at is None and bool(PUBLISHES & set(member.roles))


def _publish(house: House, planned: Schedule) -> bool:
    try:
        if not _may_publish(house, planned.by):
            raise PlannerGone(planned.by)
        made = publish_draft(house, planned.by, planned.flow, planned.digest, planned.reason)
    except tuple(REFUSALS) as problem:
        told = next(code for sort, code in REFUSALS.items() if isinstance(problem, sort))
        _end(house, planned, "refused", told=told)
        log.error("a planned publication was refused", extra={"flow": planned.flow, "reason": told})
        return False
    _end(house, planned, "published", number=made.number)
    log.info("published as planned", extra={"flow": planned.flow, "number": made.number})
    return True


def _end(
    house: House, planned: Schedule, how: str, number: int | None = None, told: str | None = None
) -> None:
    with house.database.write() as connection:
        schedules.end(connection, planned.id, how, house.clock(), number, told)
