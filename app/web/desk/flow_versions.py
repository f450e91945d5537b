"""All versions of a flow: whence each came, who is still on it, and the way back to an older one."""

from flask import abort, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.runner import releases
from app.runner.house import FlowMissing
from app.runner.moving.planning import moves_of
from app.runner.publish import NotPublishable
from app.runner.releasing import going_live, planning
from app.runner.releasing.going_live import NoSuchVersion, SameContent
from app.runner.staff.who import Staff
from app.store.versions import SomebodyQuicker
from app.web import access
from app.web.desk.flow_tabs import tabs_of
from app.web.desk.frame import NOTICES, act_of_staff, bp, desk_page, for_staff, note
from app.web.desk.numbers import number
from app.web.house import house

_LONGEST_REASON = 500

NOTICES.update(
    {
        "rolled_back": lambda: gettext(
            "Rolled back. New runs begin on the older content; runs under way finish on theirs."
        ),
        "version_quicker": lambda: gettext(
            "Somebody else published in the same moment. Look at the versions as they are now."
        ),
        "version_broken": lambda: gettext("This version does not load with today's program."),
        "paused": lambda: gettext("Nobody can begin now. Runs under way go on."),
        "resumed": lambda: gettext("People can begin again."),
    }
)


@bp.get("/flows/<flow>/versions")
@for_staff
def flow_versions(staff: Staff, flow: str) -> Response:
    """The history, the newest first."""
    every = releases.history(house(), flow)
    if not every:
        abort(404)
    pause = planning.pause_of(house(), flow)
    return desk_page(
        "desk/flow_versions.html",
        flow_name=flow,
        tabs=tabs_of(staff, flow),
        rows=every,
        pause=pause,
        decides="approver" in staff.roles,
        moved=moves_of(house(), flow),
        moves=bool(staff.roles & access.DESK["desk.flow_move"]),
        pauses=bool(staff.roles & {"approver", "operator"}),
    )


def _back(flow: str) -> Response:
    return redirect(url_for("desk.flow_versions", flow=flow), 303)


def _reason() -> str:
    return request.form.get("reason", "").strip()[:_LONGEST_REASON]


@bp.post("/flows/<flow>/versions/roll_back")
@act_of_staff
def flow_versions_roll_back(staff: Staff, flow: str) -> Response:
    """Make an older version's content live again."""
    to, reason = number(request.form.get("to")), _reason()
    if not reason:
        note("reason_missing")
        return _back(flow)
    try:
        going_live.roll_back(house(), staff, flow, to or 0, reason)
    except NoSuchVersion:
        abort(404)
    except SameContent:
        note("same_content")
    except SomebodyQuicker:
        note("version_quicker")
    except NotPublishable:
        note("version_broken")
    else:
        note("rolled_back")
    return _back(flow)


@bp.post("/flows/<flow>/versions/pause")
@act_of_staff
def flow_versions_pause(staff: Staff, flow: str) -> Response:
    """Let nobody begin for now, or let them begin again."""
    try:
        house().shelf.live(flow)
    except FlowMissing:
        abort(404)
    if request.form.get("go_on"):
        planning.resume(house(), staff, flow)
        note("resumed")
    elif reason := _reason():
        planning.pause(house(), staff, flow, reason)
        note("paused")
    else:
        note("reason_missing")
    return _back(flow)
