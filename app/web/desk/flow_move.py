"""Moving runs under way to another version: where each state leads, what would come of it, doing it.

Runs are moved within the request, so many at a time: whoever decides sees at once what came of it, and as
each run is moved in a commit of its own, a break does no harm.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import abort, redirect, request, url_for
from flask_babel import gettext
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from app.flow.moving import Course, WrongMapping
from app.runner.house import FlowMissing
from app.runner.moving.carrying import MOST_AT_ONCE, carry_out
from app.runner.moving.planning import Plan, SameVersion, course_of, moves_of, plan
from app.runner.releases import history
from app.runner.releasing.going_live import standing_on
from app.runner.staff.who import Staff
from app.web import access
from app.web.desk import move_words
from app.web.desk.flow_tabs import tabs_of
from app.web.desk.frame import NOTICES, act_of_staff, bp, desk_page, for_staff, note
from app.web.desk.numbers import number
from app.web.house import house

#: What stands before the name of an old state in the address.
_MAP = "m."
_LONGEST_REASON = 500

NOTICES.update(
    {
        "runs_moved": lambda: gettext("Moved. Who stays where they are, and why, stands below."),
        "runs_left": lambda: gettext("Moved as many as fit in one go. Press again to go on."),
        "none_moved": lambda: gettext("Nobody was moved."),
    }
)


@dataclass(frozen=True)
class _Choice:
    """A state of the old version in which runs stand: how many, where they go, where they might."""

    state: str
    kind: str
    runs: int
    goes: str
    may: tuple[str, ...]
    offered: bool


@bp.get("/flows/<flow>/move")
@for_staff
def flow_move(staff: Staff, flow: str) -> Response:
    """`from` and `to` of the address are versions; `m.old=new` says where a state leads, `m.old=` nowhere."""
    every = history(house(), flow)
    if not every:
        abort(404)
    standing = {at: on.runs for at, on in standing_on(house(), flow).items()}
    live = next(each.version.number for each in every if each.live)
    old = number(request.args.get("from")) or next((at for at in sorted(standing) if at != live), None)
    new = number(request.args.get("to")) or live
    found = _planned(flow, old, new, _mapping(request.args)) if old and old != new else None
    return desk_page(
        "desk/flow_move.html",
        422 if old and old == new else 200,
        flow_name=flow,
        tabs=tabs_of(staff, flow),
        numbers=[each.version.number for each in every],
        standing=standing,
        old=old,
        new=new,
        found=found,
        choices=_choices(found) if found else [],
        words=move_words,
        map=_MAP,
        most=MOST_AT_ONCE,
        moved=moves_of(house(), flow),
        decides=bool(staff.roles & access.DESK["desk.flow_move_carry_out"]),
    )


def _mapping(given: MultiDict[str, str]) -> dict[str, str]:
    return {name.removeprefix(_MAP): goes for name, goes in given.items() if name.startswith(_MAP)}


def _course(flow: str, old: int, new: int, mapping: Mapping[str, str]) -> Course:
    try:
        return course_of(house(), flow, old, mapping, new)
    except (FlowMissing, SameVersion):
        abort(404)


def _planned(flow: str, old: int, new: int, mapping: Mapping[str, str]) -> Plan:
    try:
        return plan(house(), _course(flow, old, new, mapping))
    except WrongMapping:
        abort(404)


def _choices(found: Plan) -> list[_Choice]:
    """What may be chosen: a state of the same kind, or that they stay."""
    course = found.course
    states = course.new.spec.states
    return [
        _Choice(
            state,
            kind := course.old.state(state).kind,
            runs,
            goes if (goes := course.leads(state)) in states else "",
            tuple(name for name, spec in states.items() if spec.kind == kind),
            state in found.offered and found.offered[state] == course.leads(state),
        )
        for state, runs in found.standing.items()
    ]


@bp.post("/flows/<flow>/move/carry_out")
@act_of_staff
def flow_move_carry_out(staff: Staff, flow: str) -> Response:
    """Move as many as fit in one go, and say what came of it."""
    old, new = number(request.form.get("from")), number(request.form.get("to"))
    if not old or not new:
        abort(400)
    mapping, reason = _mapping(request.form), request.form.get("reason", "").strip()[:_LONGEST_REASON]
    if not reason:
        note("reason_missing")
        return _back(flow, old, new, mapping)
    try:
        done = carry_out(house(), staff, _course(flow, old, new, mapping), reason, MOST_AT_ONCE)
    except WrongMapping:
        abort(404)
    note("runs_left" if done.left else "runs_moved" if done.runs else "none_moved")
    return _back(flow, old, new, mapping)


def _back(flow: str, old: int, new: int, mapping: Mapping[str, str]) -> Response:
    told: dict[str, Any] = {f"{_MAP}{was}": goes for was, goes in mapping.items()}
    return redirect(url_for("desk.flow_move", flow=flow, **{**told, "from": old, "to": new}), 303)
