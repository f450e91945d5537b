"""From the draft to people: caught up, checked, agreed to by a second person, published now or at a time."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, cast
from zoneinfo import ZoneInfo

from flask import g, redirect, request, session, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.flow.difference.wording import sentence
from app.flow.edit import ABSENT, Conflict
from app.runner.comparing import compared
from app.runner.drafting import drafts
from app.runner.drafting.changing import Side, catch_up
from app.runner.drafting.drafts import BESIDE, Draft, NoDraft
from app.runner.drafting.saving import Clashed
from app.runner.named import LIVE, NotThere, definition
from app.runner.publish import NotPublishable
from app.runner.releasing import agreeing, checking, going_live, planning
from app.runner.releasing.agreeing import NothingAsked, OwnWork
from app.runner.releasing.going_live import LiveMoved, NotAgreed, NotPassed, SameContent
from app.runner.releasing.planning import UnfitMoment
from app.runner.staff.who import Staff
from app.store.approvals import Decided
from app.store.drafts import StaleDraft
from app.store.versions import SomebodyQuicker
from app.web.desk.flow_check import draft_there
from app.web.desk.flow_tabs import tabs_of
from app.web.desk.frame import NOTICES, act_of_staff, bp, desk_page, for_staff, note
from app.web.desk.numbers import number
from app.web.formats import ZONE
from app.web.house import house

_MOST_SENTENCES = 60
_LONGEST_REASON = 500
_LONGEST_SHOWN = 2000

NOTICES.update(
    {
        "draft_moved": lambda: gettext(
            "The draft was changed meanwhile. Look at it as it is now, then decide again."
        ),
        "own_work": lambda: gettext(
            "Whoever made an edit of the draft, or asked, cannot be the second person."
        ),
        "nothing_asked": lambda: gettext("Nobody asks for agreement to the draft as it stands."),
        "not_agreed": lambda: gettext("A second person has to agree to the draft as it stands first."),
        "not_passed": lambda: gettext("The draft as it stands has to pass the check first."),
        "live_moved": lambda: gettext(
            "Another version went live meanwhile. Bring the draft onto it, then check it again."
        ),
        "same_content": lambda: gettext("This is live already; nothing was published."),
        "not_publishable": lambda: gettext("The definition cannot be read; the check says why."),
        "unfit_moment": lambda: gettext("Choose a time to come, within 90 days."),
        "approval_asked": lambda: gettext("Agreement is asked for. A second person sees it on this page."),
        "approval_given": lambda: gettext("Your agreement is noted. It holds for the draft as it stands."),
        "approval_declined": lambda: gettext("Your refusal is noted with its reason."),
        "published": lambda: gettext("Published. New runs begin on it; runs under way finish on theirs."),
        "planned": lambda: gettext("Planned. It is checked once more when its time has come."),
        "called_off": lambda: gettext("The plan is called off."),
        "discarded": lambda: gettext("The draft is let go of. Its edits are kept, and can be read."),
        "caught_up": lambda: gettext("The draft stands on the live version now. Check it again."),
        "reason_missing": lambda: gettext("Say why, in a few words: it stands in the history."),
    }
)

_WRITTEN = "desk_release_written"
_LONGEST_MOMENT = 40

#: What the page says of what stood against it, by what was raised.
_SAID: dict[type[Exception], str] = {
    NoDraft: "no_draft",
    StaleDraft: "draft_moved",
    Decided: "draft_moved",
    OwnWork: "own_work",
    NothingAsked: "nothing_asked",
    NotAgreed: "not_agreed",
    NotPassed: "not_passed",
    LiveMoved: "live_moved",
    SomebodyQuicker: "live_moved",
    SameContent: "same_content",
    NotPublishable: "not_publishable",
    UnfitMoment: "unfit_moment",
}


@bp.get("/flows/<flow>/release")
@for_staff
def flow_release(staff: Staff, flow: str) -> Response:
    """Each step on the way, what stands there, and what this member of staff can do."""
    draft = draft_there(flow)
    known = _standing(staff, draft) if draft else {}
    planned = planning.plans(house(), flow)
    return desk_page(
        "desk/flow_release.html",
        flow_name=flow,
        tabs=tabs_of(staff, flow),
        draft=draft,
        planned=planned,
        edits="analyst" in staff.roles,
        decides="approver" in staff.roles,
        written=_written_before(flow),
        **known,
    )


def _written_before(flow: str) -> dict[str, str]:
    """What was just sent by the form that publishes, once: a refusal costs nobody their words."""
    whose, reason, at = session.pop(_WRITTEN, None) or ("", "", "")
    return {"reason": reason, "at": at} if whose == flow else {"reason": "", "at": ""}


def _standing(staff: Staff, draft: Draft) -> dict[str, Any]:
    report = checking.newest(house(), draft)
    ground = going_live.ground_of(house(), draft)
    agreed = agreeing.standing(house(), draft)
    return {
        "live": ground.live,
        "behind": ground.behind,
        "report": report,
        "fresh": report is not None and checking.holds(house(), draft, report),
        "standing": agreed,
        "own": staff.name in agreed.own,
        "sentences": _sentences(draft),
        "most": _MOST_SENTENCES,
        "proofs": _proofs(draft),
    }


def _proofs(draft: Draft) -> list[str]:
    """What became of the files by which the check judges: a draft that lacks them passes all too easily."""
    old, new = draft.base_files, draft.files
    told = []
    for file in sorted(BESIDE):
        if file in old and file not in new:
            told.append(
                gettext("%(file)s was taken away: the check tries nothing of it any more.", file=file)
            )
        elif file in new and file not in old:
            told.append(gettext("%(file)s is new.", file=file))
        elif old.get(file) != new.get(file):
            told.append(gettext("%(file)s was changed.", file=file))
    return told


def _sentences(draft: Draft) -> list[str] | None:
    """What the draft changes for people; None where one side cannot be read, or nothing is live."""
    try:
        old = definition(house(), draft.flow, LIVE)
        new = definition(house(), draft.flow, "draft")
    except NotThere:
        return None
    found = compared(house().catalogue, old, new)
    return None if found.changes is None else [sentence(each, g.lang) for each in found.changes]


def _back(flow: str) -> Response:
    return redirect(url_for("desk.flow_release", flow=flow), 303)


def _carried_out(flow: str, act: Callable[[], object], done: str) -> Response:
    """Do it, or let the page say what stands against it."""
    try:
        act()
    except tuple(_SAID) as problem:
        note(next(code for sort, code in _SAID.items() if isinstance(problem, sort)))
    else:
        note(done)
    return _back(flow)


def _digest() -> str:
    return request.form.get("digest", "")


def _reason() -> str:
    return request.form.get("reason", "").strip()[:_LONGEST_REASON]


@bp.post("/flows/<flow>/release/ask")
@act_of_staff
def flow_release_ask(staff: Staff, flow: str) -> Response:
    """Ask a second person to agree to the draft as it was seen."""
    words = request.form.get("words", "")
    return _carried_out(flow, lambda: agreeing.ask(house(), staff, flow, _digest(), words), "approval_asked")


@bp.post("/flows/<flow>/release/decide")
@act_of_staff
def flow_release_decide(staff: Staff, flow: str) -> Response:
    """Agree to the draft as it was seen, or decline with a reason."""
    agrees, remark = request.form.get("decision") == "agree", request.form.get("remark", "").strip()
    if not agrees and not remark:
        note("reason_missing")
        return _back(flow)
    done = "approval_given" if agrees else "approval_declined"
    return _carried_out(flow, lambda: agreeing.decide(house(), staff, flow, _digest(), agrees, remark), done)


@bp.post("/flows/<flow>/release/publish")
@act_of_staff
def flow_release_publish(staff: Staff, flow: str) -> Response:
    """Publish the draft as it was seen, now or at the time given."""
    reason, at = _reason(), request.form.get("at", "").strip()
    session[_WRITTEN] = [flow, reason, at[:_LONGEST_MOMENT]]  # for the page, should it have to ask again
    if not reason:
        note("reason_missing")
        return _back(flow)
    if not at:
        publish = going_live.publish_draft
        return _carried_out(flow, lambda: publish(house(), staff, flow, _digest(), reason), "published")
    moment = _moment(at)
    if moment is None:
        note("unfit_moment")
        return _back(flow)
    plan = planning.schedule
    return _carried_out(flow, lambda: plan(house(), staff, flow, _digest(), moment, reason), "planned")


def _moment(written: str) -> datetime | None:
    """The moment a box for day and time sends, in the house's zone; None for what is none."""
    try:
        return datetime.fromisoformat(written).replace(tzinfo=ZoneInfo(ZONE)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


@bp.post("/flows/<flow>/release/call_off")
@act_of_staff
def flow_release_call_off(staff: Staff, flow: str) -> Response:
    """Call off what was planned."""
    return _carried_out(flow, lambda: planning.call_off(house(), staff, flow), "called_off")


@bp.post("/flows/<flow>/release/catch_up")
@act_of_staff
def flow_release_catch_up(staff: Staff, flow: str) -> Response:
    """Bring the draft onto what is live now; where both changed the same, ask whose side holds (409)."""
    holds = {"draft": "draft", "live": "live"}.get(request.form.get("holds", ""))
    try:
        done = catch_up(house(), staff, flow, cast(Side | None, holds))
    except NoDraft:
        note("no_draft")
        return _back(flow)
    if isinstance(done, Clashed):
        return desk_page(
            "desk/flow_catch_up.html",
            409,
            flow_name=flow,
            tabs=tabs_of(staff, flow),
            clashes=[_clash(each) for each in done.clashes],
        )
    note("caught_up")
    return _back(flow)


def _clash(clash: Conflict) -> dict[str, str]:
    """A place that both sides changed, with what each has there, as it is written."""
    place = " › ".join(str(part).removeprefix("#") for part in clash.place) or clash.file
    told = {"was": clash.base, "draft": clash.mine, "live": clash.theirs}
    return {"file": clash.file, "place": place, **{side: _written(value) for side, value in told.items()}}


def _written(value: object) -> str:
    if value is ABSENT:
        return str(gettext("(nothing)"))
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, indent=1)
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}…"


@bp.post("/flows/<flow>/release/discard")
@act_of_staff
def flow_release_discard(staff: Staff, flow: str) -> Response:
    """Let go of the draft as it was seen."""
    seen = number(request.form.get("revision"))
    return _carried_out(
        flow, lambda: drafts.discard(house(), staff, flow, -1 if seen is None else seen), "discarded"
    )
