"""A second person agrees to a draft as it stands: to its digest, so any later edit makes that void (A26)."""

from dataclasses import dataclass

from app.runner.drafting.drafts import Draft, draft_of
from app.runner.house import House
from app.runner.staff.acts import note_within
from app.runner.staff.who import Staff
from app.store import approvals, draft_history
from app.store.approvals import Approval
from app.store.drafts import StaleDraft
from app.store.ids import ulid

LONGEST = 2000


class OwnWork(Exception):
    """Whoever asked, or made any edit of the draft, cannot be its second person (S63)."""


class NothingAsked(Exception):
    """Nobody asks for agreement to the draft as it stands."""


@dataclass(frozen=True)
class Standing:
    """Where agreement to a draft stands.

    `asked` is the newest question about it as it is now, or as it was; `void` says that the draft was edited
    since. `own` names who cannot be the second person.
    """

    asked: Approval | None
    void: bool
    own: frozenset[str]

    @property
    def agreed(self) -> bool:
        """Whether the draft as it stands may go live."""
        return self.asked is not None and not self.void and self.asked.decision == "approved"

    @property
    def waits(self) -> bool:
        """Whether somebody has still to decide."""
        return self.asked is not None and not self.void and self.asked.decision is None


def standing(house: House, draft: Draft) -> Standing:
    """Where agreement to the draft stands."""
    with house.database.read() as connection:
        asked = approvals.of_draft(connection, draft.id)
        authors = {touch.staff for touch in draft_history.touches(connection, draft.id)}
    told = [each for each in asked if each.decision != "withdrawn"]
    newest = next((each for each in told if each.decision is None), told[0] if told else None)
    own = authors | {draft.opened_by} | ({newest.asked_by} if newest else set())
    return Standing(newest, newest is not None and newest.digest != draft.digest, frozenset(own))


def ask(house: House, staff: Staff, flow: str, digest: str, words: str) -> Approval:
    """Ask for agreement to the draft as it was seen; an earlier question is withdrawn.

    Raises NoDraft, StaleDraft where the draft is another one by now.
    """
    draft, now = draft_of(house, flow), house.clock()
    if draft.digest != digest:
        raise StaleDraft(flow)
    asked = Approval(ulid(now), draft.id, flow, digest, staff.name, now, words.strip()[:LONGEST])
    with house.database.write() as connection:
        for before in approvals.of_draft(connection, draft.id):
            if before.decision is None:
                approvals.decide(connection, before.id, "withdrawn", staff.name, now)
        approvals.ask(connection, asked)
        note_within(connection, now, staff, "ask approval", f"{flow} {digest[:19]}")
    return asked


def decide(house: House, staff: Staff, flow: str, digest: str, agrees: bool, remark: str) -> Approval:
    """Agree to the draft as it was seen, or decline.

    Raises NoDraft, StaleDraft, NothingAsked, OwnWork, and approvals.Decided when somebody was quicker.
    """
    draft, now = draft_of(house, flow), house.clock()
    if draft.digest != digest:
        raise StaleDraft(flow)
    here = standing(house, draft)
    if not here.waits or here.asked is None:
        raise NothingAsked(flow)
    if staff.name in here.own:
        with house.database.write() as connection:
            note_within(connection, now, staff, "approve own work", f"{flow} {digest[:19]}", "refused")
        raise OwnWork(flow)
    how = "approved" if agrees else "declined"
    with house.database.write() as connection:
        approvals.decide(connection, here.asked.id, how, staff.name, now, remark.strip()[:LONGEST])
        note_within(connection, now, staff, f"{how} draft", f"{flow} {digest[:19]}")
        return approvals.of_draft(connection, draft.id)[0]
