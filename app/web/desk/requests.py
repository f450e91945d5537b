"""What customers ask in the portals, at the desk: a list of all realms, one request, its answer and files."""

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import get_args
from urllib.parse import urlencode

from flask import abort, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.flow.normal.shape import ShapeProblem
from app.flow.verdict import Problem
from app.runner.portal import staff as desk
from app.runner.portal.realms import RealmMissing, realms
from app.runner.portal.requests import LONGEST_TEXT, Thread
from app.runner.portal.staff import PAGE, RequestClosed, RequestMissing
from app.runner.staff.who import Staff
from app.store.requests import Page, State
from app.web.desk.cursors import cursor, written
from app.web.desk.frame import NOTICES, act_of_staff, bp, desk_page, for_staff, note
from app.web.desk.read_once import noted
from app.web.desk.spans import span
from app.web.downloads import download
from app.web.house import house
from app.web.request_words import error_words

BOXES = ("realm", "state", "waiting")
STATES: tuple[State, ...] = get_args(State)
#: `waiting=`: since so many days nobody has touched it.
DAYS = (1, 3, 7, 14, 30)
_LONGEST_MARK = 64

NOTICES.update(
    desk_answered=lambda: gettext(
        "Your answer stands in the portal; a mail tells the customer that it does."
    ),
    desk_request_closed=lambda: gettext("The request is closed."),
    desk_request_was_closed=lambda: gettext(
        "The request was closed in the meantime, so nothing was added. The customer can write a new one."
    ),
)


@bp.get("/requests", endpoint="requests")
@for_staff
def all_requests(staff: Staff) -> Response:
    """The requests that wait, the one that waits longest first; `?state=` for others, `all` for every one."""
    asked = {box: request.args.get(box, "").strip() for box in BOXES}
    found = desk.page(house(), _page(asked, request.args.get("after", "")))
    if found:
        noted(staff, "list requests", f"{asked['realm'] or 'all realms'} {asked['state'] or 'open'}"[:100])
    shown, now = found[:PAGE], house().clock()
    further = (shown[-1].updated_at, shown[-1].id) if len(found) > PAGE else None
    return desk_page(
        "desk/requests.html",
        asked=asked,
        searched=any(asked.values()),
        rows=[(each, span(now - each.updated_at)) for each in shown],
        waiting=desk.waiting_by_realm(house()),
        further=_address(asked, written(further)) if further else None,
        first=_address(asked, "") if request.args.get("after") else None,
        realm_options=[(each.name, each.name) for each in realms(house())],
        state_options=[*list(standing_words().items())[1:], ("all", gettext("in any way"))],
        standing=standing_words(),
        days={str(days): span(timedelta(days=days)) if days > 1 else gettext("1 day") for days in DAYS},
    )


def _page(asked: Mapping[str, str], after: str) -> Page:
    state, waiting = asked["state"], asked["waiting"]
    states: tuple[State, ...] = tuple(each for each in STATES if each == state) or ("open",)
    days = int(waiting) if waiting in {str(each) for each in DAYS} else 0
    return Page(
        asked["realm"] or None,
        STATES if state == "all" else states,
        house().clock() - timedelta(days=days) if days else None,
        cursor(after),
    )


def _address(asked: Mapping[str, str], after: str) -> str:
    kept = {box: value for box, value in asked.items() if value} | ({"after": after} if after else {})
    here = url_for("desk.requests")
    return f"{here}?{urlencode(kept)}" if kept else here


def standing_words() -> dict[State, str]:
    """How a request stands, as the staff says it."""
    return {
        "open": gettext("waits for our answer"),
        "answered": gettext("waits for the customer"),
        "closed": gettext("closed"),
    }


@bp.get("/requests/<reference>", endpoint="request")
@for_staff
def one_request(staff: Staff, reference: str) -> Response:
    """A request with its messages and the form for an answer."""
    thread = _thread(reference)
    noted(staff, "read request", thread.request.reference)
    return _thread_page(thread)


@bp.post("/requests/<reference>/answer")
@act_of_staff
def request_answer(staff: Staff, reference: str) -> Response:
    """Answer it, and close it where that is chosen."""
    thread, mark = _thread(reference), request.form.get("mark", "")
    if not 0 < len(mark) <= _LONGEST_MARK:
        abort(400)
    typed, close = request.form.get("text", ""), request.form.get("close") == "y"
    try:
        desk.answer(house(), reference, typed, close=close, by=staff, mark=mark)
    except ShapeProblem as problem:
        errors = error_words([Problem(problem.code, "text", {"most": LONGEST_TEXT})])
        return _thread_page(thread, errors, typed, 422)
    except RealmMissing:
        missing = gettext("No live flow has the realm %(realm)s any more: publish it, then answer.")
        return _thread_page(thread, {"text": missing % {"realm": thread.request.realm}}, typed, 422)
    except RequestClosed:
        note("desk_request_was_closed")
    else:
        note("desk_answered")
    return redirect(url_for("desk.request", reference=reference), 303)


@bp.post("/requests/<reference>/close")
@act_of_staff
def request_close(staff: Staff, reference: str) -> Response:
    """Close it for good, without a message."""
    _thread(reference)
    desk.close(house(), reference, staff)
    note("desk_request_closed")
    return redirect(url_for("desk.request", reference=reference), 303)


@bp.get("/requests/<reference>/files/<file>")
@for_staff
def request_file(staff: Staff, reference: str, file: str) -> Response:
    """The file that came with a message of the request."""
    theirs = [message.file for message in _thread(reference).messages if message.file]
    found = next((each for each in theirs if each.id == file), None)
    if found is None:
        abort(404)
    noted(staff, "save request file", file)
    return download(found)


def _thread(reference: str) -> Thread:
    try:
        return desk.thread(house(), reference)
    except RequestMissing:
        abort(404)


def _thread_page(
    thread: Thread, errors: Mapping[str | None, str] | None = None, typed: str = "", status: int = 200
) -> Response:
    return desk_page(
        "desk/request.html",
        status,
        asked=thread.request,
        messages=thread.messages,
        since=span(house().clock() - thread.request.updated_at),
        stands=standing_words()[thread.request.state],
        errors=errors or {},
        problems=[{"text": words, "href": f"#{field}"} for field, words in (errors or {}).items()],
        typed=typed,
        mark=secrets.token_urlsafe(16),
        longest=LONGEST_TEXT,
    )
