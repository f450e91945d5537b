"""Publications at a time to come, and pauses of new starts."""

from datetime import datetime, timedelta

from app.runner.drafting.drafts import draft_of
from app.runner.house import House
from app.runner.releasing.agreeing import standing
from app.runner.releasing.going_live import NotAgreed
from app.runner.staff.acts import note_within
from app.runner.staff.who import Staff
from app.store import schedules
from app.store.drafts import StaleDraft
from app.store.ids import ulid
from app.store.schedules import Pause, Schedule

FURTHEST = timedelta(days=90)


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


def pause(house: House, staff: Staff, flow: str, reason: str) -> None:
    """Let nobody begin a run of the flow until `resume`; runs under way go on."""
    now = house.clock()
    with house.database.write() as connection:
        schedules.pause(connection, Pause(flow, now, staff.name, reason))
        note_within(connection, now, staff, "pause flow", flow)


def resume(house: House, staff: Staff, flow: str) -> None:
    """Let people begin again."""
    now = house.clock()
    with house.database.write() as connection:
        if schedules.resume(connection, flow):
            note_within(connection, now, staff, "resume flow", flow)
