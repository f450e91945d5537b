"""QA's sandboxes at the desk: the list of one's own, making one, forking a run, taking one away."""

from pathlib import Path
from typing import Any

from flask import Blueprint, abort, current_app, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.flow.source import Unreadable
from app.runner.house import FlowMissing
from app.runner.publish import NotPublishable
from app.runner.replaying.replay import NoSuchRun
from app.runner.staff.acts import note_act
from app.runner.staff.who import Staff
from app.sandbox.border import Border
from app.sandbox.drafted import wanted_draft
from app.sandbox.fork import NoSuchStep, Wish, fork
from app.sandbox.making import DRAFT, NoSuchVersion, Wanted, on_disk, published
from app.sandbox.sandboxes import KEPT, MOST_EACH, Sandbox, Sandboxes, TooMany
from app.sandbox.sheet import NoSuchSandbox
from app.store import drafts, run_search
from app.web.desk.flow_tabs import tabs_of
from app.web.desk.frame import NOTICES, act_of_staff, desk_page, for_staff, note
from app.web.desk.numbers import number
from app.web.house import house
from app.web.security import cookie_secure

_LONGEST_REASON = 200

bp = Blueprint("sandbox", __name__, url_prefix="/desk/sandbox")

NOTICES.update(
    {
        "sandbox_removed": lambda: gettext("The sandbox is gone, with all that happened in it."),
        "sandbox_too_many": lambda: gettext(
            "You have as many sandboxes as one may have. Take one away first."
        ),
        "sandbox_stopped": lambda: gettext(
            "Not all steps of the run could be brought about again; below it says which, and why."
        ),
        "sandbox_not_loadable": lambda: gettext(
            "This definition cannot be opened: `narthex flows lint` says what is wrong with it."
        ),
    }
)


def sandboxes() -> Sandboxes:
    """The application's sandboxes."""
    kept: Sandboxes = current_app.extensions["narthex_sandboxes"]
    return kept


def owned(staff: Staff, name: str) -> Sandbox:
    """A sandbox of this member of staff, open; 404 for anybody else's, as for none."""
    try:
        if sandboxes().sheet(name).owner != staff.name:
            abort(404)
        return sandboxes().open(name)
    except NoSuchSandbox:
        abort(404)


def mount(name: str) -> str:
    """The address below which a sandbox's pages stand, without a slash at its end."""
    return url_for("sandbox.inside", sandbox=name, inner="").rstrip("/")


@bp.get("/")
@for_staff
def index(staff: Staff) -> Response:
    """One's sandboxes, and what a new one can be made of."""
    real = sandboxes().wall()
    rows = [
        {"sheet": each, "now": each.now(real), "gone_at": each.made_at + KEPT}
        for each in sandboxes().of(staff.name)
        if each.made_at + KEPT > real
    ]
    offers, flow = _offers(), request.args.get("flow")
    frame: dict[str, Any] = {"flow_name": flow, "tabs": tabs_of(staff, flow)} if flow and offers else {}
    return desk_page("desk/sandboxes.html", rows=rows, offers=offers, most=MOST_EACH, **frame)


@bp.post("/")
@act_of_staff
def make(staff: Staff) -> Response:
    """A new sandbox, and the way into it."""
    wanted = _wanted(request.form.get("definition", ""))
    try:
        sheet = sandboxes().make(staff.name, wanted)
    except TooMany:
        note("sandbox_too_many")
        return redirect(url_for("sandbox.index"), 303)
    except (NotPublishable, Unreadable):
        note("sandbox_not_loadable")
        return redirect(url_for("sandbox.index"), 303)
    note_act(house(), staff, "make sandbox", f"{sheet.flow} {sheet.source}")
    return redirect(url_for("sandbox.control", sandbox=sheet.id), 303)


@bp.post("/fork")
@act_of_staff
def fork_run(staff: Staff) -> Response:
    """A sandbox in which a recorded run stands where it stood before one of its steps."""
    wish = _wish()
    try:
        forked = fork(house(), sandboxes(), staff.name, wish)
    except (NoSuchRun, NoSuchStep):
        abort(404)
    except TooMany:
        note("sandbox_too_many")
        return redirect(url_for("sandbox.index"), 303)
    except NotPublishable:
        note("sandbox_not_loadable")
        return redirect(url_for("sandbox.index"), 303)
    note_act(house(), staff, "fork run", f"{wish.run} {wish.step}")
    if forked.stopped:
        note("sandbox_stopped")
    name = forked.sheet.id
    response = redirect(url_for("sandbox.control", sandbox=name), 303)
    border_of(name).hand_over(response, forked.cookies)
    return response


def _wish() -> Wish:
    asked = request.form
    step, (guard, _, code) = asked.get("step", ""), asked.get("say", "").partition("=")
    at = number(step)
    if at is None:
        abort(404)
    reason = asked.get("reason", "").strip()[:_LONGEST_REASON]
    return Wish(asked.get("run", ""), at, reason, {guard: code} if guard else {})


def border_of(name: str) -> Border:
    """The border of this sandbox."""
    below = url_for("sandbox.control", sandbox=name)
    return Border(name, below, mount(name), secure=cookie_secure())


@bp.post("/<sandbox>/remove")
@act_of_staff
def remove(staff: Staff, sandbox: str) -> Response:
    """Take one away."""
    owned(staff, sandbox)
    sandboxes().remove(sandbox)
    note_act(house(), staff, "remove sandbox", sandbox)
    note("sandbox_removed")
    return redirect(url_for("sandbox.index"), 303)


def _offers() -> list[dict[str, object]]:
    """What can be tried, by flow: each version, the newest first, and the folder as it lies on the disk."""
    with house().database.read() as connection:
        versions = run_search.published(connection)
        drafted = drafts.open_flows(connection)
    names = sorted({each.flow for each in versions} | set(_folders()) | set(drafted))
    only = request.args.get("flow")
    return [
        {
            "flow": name,
            "versions": [each for each in versions if each.flow == name],
            "folder": name if name in _folders() else None,
            "draft": name in drafted,
        }
        for name in names
        if only in {None, name}
    ]


def _folders() -> dict[str, Path]:
    """The folders beside the published flows, by name; no other folder can be asked for."""
    workflows = Path(current_app.config["NARTHEX_WORKFLOWS"])
    return {file.parent.name: file.parent for file in sorted(workflows.glob("*/flow.yaml"))}


def _wanted(chosen: str) -> Wanted:
    """The definition chosen: `ecard:3`, `ecard:draft` or `ecard:folder`; 404 for what is not offered."""
    name, _, which = chosen.partition(":")
    workflows = Path(current_app.config["NARTHEX_WORKFLOWS"])
    try:
        if which == DRAFT:
            return wanted_draft(house(), workflows, name)
        if which == "folder":
            return on_disk(_folders()[name])
        if which and number(which) is None:
            abort(404)
        return published(house(), workflows, name, number(which))
    except (KeyError, NoSuchVersion, FlowMissing):
        abort(404)
