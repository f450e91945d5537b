"""Where the draft of a flow stands, at a glance: who edits it, and how far it is on its way to people."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from app.runner.drafting.drafts import Draft, NoDraft, draft_of
from app.runner.drafting.undoing import Reversible, reversible
from app.runner.house import House
from app.runner.releasing import agreeing, checking
from app.runner.staff.who import Staff
from app.store import draft_history, versions
from app.store.draft_history import Touch

#: How long after an edit somebody is taken to be at it still.
AT_IT = timedelta(minutes=10)

Checked = Literal["passed", "failed", "going", "not_checked"]
Agreement = Literal["agreed", "declined", "waits", "void", "not_asked"]


@dataclass(frozen=True)
class Glance:
    """One draft: `last` is its newest edit, `at_it` the newest one of everybody else who edits it now.

    `behind` is the number of the version that went live since the draft was made, if one did.
    """

    draft: Draft
    last: Touch | None
    at_it: tuple[Touch, ...]
    behind: int | None
    checked: Checked
    agreement: Agreement
    reversible: Reversible


def glance(house: House, staff: Staff, flow: str) -> Glance | None:
    """The draft of a flow as `staff` should see it; None where nobody drafts it."""
    try:
        draft = draft_of(house, flow)
    except NoDraft:
        return None
    with house.database.read() as connection:
        touches = list(draft_history.touches(connection, draft.id))
        live = versions.live(connection, flow)
    return Glance(
        draft,
        touches[0] if touches else None,
        _at_it(touches, staff, house.clock()),
        live.number if live is not None and live.number != draft.base_number else None,
        _checked(house, draft),
        _agreement(house, draft),
        reversible(house, staff, draft),
    )


def _at_it(touches: list[Touch], staff: Staff, now: datetime) -> tuple[Touch, ...]:
    newest: dict[str, Touch] = {}
    for touch in touches:
        if touch.staff != staff.name and now - touch.at <= AT_IT:
            newest.setdefault(touch.staff, touch)
    return tuple(newest.values())


def _checked(house: House, draft: Draft) -> Checked:
    report = checking.newest(house, draft)
    if report is None or not checking.holds(house, draft, report):
        return "not_checked"
    if report.passed is None:
        return "going"
    return "passed" if report.passed else "failed"


def _agreement(house: House, draft: Draft) -> Agreement:
    standing = agreeing.standing(house, draft)
    if standing.asked is None:
        return "not_asked"
    if standing.void:
        return "void"
    if standing.waits:
        return "waits"
    return "agreed" if standing.agreed else "declined"
