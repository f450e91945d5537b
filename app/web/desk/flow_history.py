"""What was done to the drafts of a flow: edit by edit in words and lines, whole stretches of work folded."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import abort, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.runner.drafting.drafts import Draft, NoDraft, draft_of
from app.runner.drafting.saving import FRESH
from app.runner.drafting.telling import Told
from app.runner.drafting.undoing import restore
from app.runner.staff.who import Staff
from app.store import draft_history, drafts
from app.store.draft_history import ClosedDraft, Touch
from app.store.drafts import StaleDraft
from app.web.desk.edit_words import sentences
from app.web.desk.edits_told import edits_told
from app.web.desk.flow_tabs import tabs_of
from app.web.desk.frame import NOTICES, act_of_staff, bp, desk_page, for_staff, note
from app.web.desk.numbers import number
from app.web.house import house

NOTICES["restored"] = lambda: gettext("Restored. Undo brings back what stood here before.")

#: A longer pause begins a new stretch of work.
_PAUSE = timedelta(hours=1)
_MOST_EDITS, _MOST_STRETCHES, _MOST_SENTENCES = 20, 50, 12


@dataclass(frozen=True)
class Entry:
    """One edit as the page tells it."""

    touch: Touch
    kind: str
    words: list[str]
    told: Told

    @property
    def undone(self) -> bool:
        """Whether it was taken back, and does not count."""
        return self.touch.undone_by is not None and self.touch.kind in FRESH


@dataclass(frozen=True)
class Stretch:
    """Edits of one person without a long pause, the newest first; `entries` are told where it is unfolded."""

    touches: tuple[Touch, ...]
    entries: tuple[Entry, ...] = ()

    @property
    def newest(self) -> Touch:
        """The last of them."""
        return self.touches[0]

    @property
    def oldest(self) -> Touch:
        """The first of them."""
        return self.touches[-1]


@bp.get("/flows/<flow>/history")
@for_staff
def flow_history(staff: Staff, flow: str) -> Response:
    """The open draft, or the closed one that `draft` names; `open` is an edit whose stretch is unfolded."""
    with house().database.read() as connection:
        closed = draft_history.closed(connection, flow)
    draft, fate = _asked(flow, closed)
    before = number(request.args.get("before"))
    stretches: list[Stretch] = []
    older = None
    if draft is not None:
        with house().database.read() as connection:
            every = list(draft_history.touches(connection, draft.id))
        stretches = _stretches(each for each in every if before is None or each.revision < before)
        if len(stretches) > _MOST_STRETCHES:
            stretches = stretches[:_MOST_STRETCHES]
            older = stretches[-1].oldest.revision
        stretches = _unfolded(draft, stretches)
    elif not closed and flow not in house().shelf.names():
        abort(404)
    return desk_page(
        "desk/flow_history.html",
        flow_name=flow,
        tabs=tabs_of(staff, flow),
        draft=draft,
        fate=fate,
        closed=closed,
        stretches=stretches,
        older=older,
        restores=draft is not None and fate is None and "analyst" in staff.roles,
    )


def _asked(flow: str, closed: list[ClosedDraft]) -> tuple[Draft | None, ClosedDraft | None]:
    """The draft to tell of, and how it was closed."""
    wanted = request.args.get("draft")
    if not wanted:
        try:
            return draft_of(house(), flow), None
        except NoDraft:
            return None, None
    fate = next((each for each in closed if each.id == wanted), None)
    if fate is None:
        abort(404)
    with house().database.read() as connection:
        return drafts.by_id(connection, house().vault, fate.id), fate


def _stretches(touches: Iterable[Touch]) -> list[Stretch]:
    """The edits, the newest first, in stretches of work."""
    gathered: list[list[Touch]] = []
    for touch in touches:
        last = gathered[-1][-1] if gathered else None
        if last is not None and _belongs(touch, last) and len(gathered[-1]) < _MOST_EDITS:
            gathered[-1].append(touch)
        else:
            gathered.append([touch])
    return [Stretch(tuple(each)) for each in gathered]


def _belongs(touch: Touch, later: Touch) -> bool:
    same_day = touch.at.date() == later.at.date()
    return touch.staff == later.staff and same_day and later.at - touch.at <= _PAUSE


def _unfolded(draft: Draft, stretches: list[Stretch]) -> list[Stretch]:
    """Those that are one edit alone, and the one that was asked for, with their edits told."""
    wanted = number(request.args.get("open"))
    shown = {
        each.newest.revision
        for each in stretches
        if len(each.touches) == 1 or wanted in {touch.revision for touch in each.touches}
    }
    revisions = [
        touch.revision for each in stretches if each.newest.revision in shown for touch in each.touches
    ]
    told = edits_told(draft, revisions)
    return [
        Stretch(each.touches, tuple(_entry(touch, told[touch.revision]) for touch in each.touches))
        if each.newest.revision in shown
        else each
        for each in stretches
    ]


def _entry(touch: Touch, told: Told) -> Entry:
    return Entry(touch, _kind(touch), sentences(told, _MOST_SENTENCES), told)


def _kind(touch: Touch) -> str:
    words: dict[str, Any] = {
        "edit": lambda: gettext("edited"),
        "text": lambda: gettext("wrote in a file"),
        "import": lambda: gettext("brought files in"),
        "merge": lambda: gettext("brought it onto the live version"),
        "restore": lambda: gettext("restored an older state"),
        "undo": lambda: gettext("took back edit %(number)s", number=touch.undoes),
        "redo": lambda: gettext("put back what edit %(number)s took", number=touch.undoes),
    }
    return str(words[touch.kind]())


@bp.post("/flows/<flow>/restore")
@act_of_staff
def flow_restore(staff: Staff, flow: str) -> Response:
    """Bring the draft back to how it stood after an edit, or before the first one."""
    wanted, seen = number(request.form.get("revision")), number(request.form.get("seen"))
    try:
        draft = draft_of(house(), flow)
        if wanted is None or wanted > draft.revision:
            abort(400)
        if (request.form.get("draft"), seen) != (draft.id, draft.revision):
            raise StaleDraft(flow)
        restore(house(), staff, draft, wanted)
        note("restored")
    except NoDraft:
        note("no_draft")
    except StaleDraft:
        note("draft_moved")
    return redirect(url_for("desk.flow_history", flow=flow), 303)
