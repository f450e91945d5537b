"""Requests in the portal: the list with the form for a new one, a request with its messages, its files."""

import secrets
from collections.abc import Mapping
from typing import Any

from flask import abort, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.runner.portal import requests
from app.runner.portal.requests import Draft, NotWritten, Thread, Written
from app.runner.portal.uploads import Upload
from app.runner.portal.visitor import Visitor
from app.web.downloads import download
from app.web.house import house
from app.web.portal_pages import NOTICES, act_of_visitor, bp, for_visitors, note, portal_page
from app.web.request_words import error_words
from app.web.security import security_event

_MOST_BYTES = 16 * 1024 * 1024  # a file that is too large is read all the same, to keep what was written
_LONGEST_MARK = 64

NOTICES.update(
    request_written=lambda: gettext("We have received your request. We answer here and tell you by email."),
    answer_written=lambda: gettext("Your message has been added."),
    request_closed=lambda: gettext("The request is closed."),
)


@bp.get("/requests", endpoint="requests")
@for_visitors
def all_requests(visitor: Visitor) -> Response:
    """One's requests and the form for a new one."""
    return _list_page(visitor)


@bp.post("/requests")
@act_of_visitor(_MOST_BYTES)
def request_write(visitor: Visitor) -> Response:
    """Make a request of what was written."""
    draft = _draft()
    return _result(visitor, requests.write(house(), visitor, draft), draft, None)


@bp.get("/requests/<reference>")
@for_visitors
def request_page(visitor: Visitor, reference: str) -> Response:
    """A request with its messages and the form for one more."""
    return _thread_page(visitor, _found(visitor, reference))


@bp.post("/requests/<reference>")
@act_of_visitor(_MOST_BYTES)
def request_answer(visitor: Visitor, reference: str) -> Response:
    """Add a message to one's request."""
    thread, draft = _found(visitor, reference), _draft()
    result = requests.answer(house(), visitor, reference, draft)
    if result is None:
        abort(404)
    return _result(visitor, result, draft, thread)


@bp.post("/requests/<reference>/close")
@act_of_visitor()
def request_close(visitor: Visitor, reference: str) -> Response:
    """Close one's request for good."""
    _found(visitor, reference)
    requests.close(house(), visitor, reference)
    note("request_closed")
    return _to(visitor, reference)


@bp.get("/requests/<reference>/files/<file>")
@for_visitors
def request_file(visitor: Visitor, reference: str, file: str) -> Response:
    """The file that came with a message of one's own request."""
    found = requests.find_file(house(), visitor, reference, file)
    if found is None:
        security_event("portal_not_found", endpoint="portal.request_file")
        abort(404)
    return download(found)


def counts(visitor: Visitor) -> dict[str, int]:
    """How many requests of the customer acted for are open, and how many answered."""
    standing = requests.standing(house(), visitor) if visitor.customer else {}
    here = visitor.customer.id if visitor.customer else ""
    return {"open": standing.get((here, "open"), 0), "answered": standing.get((here, "answered"), 0)}


def _found(visitor: Visitor, reference: str) -> Thread:
    thread = requests.find(house(), visitor, reference)
    if thread is None:
        security_event("portal_not_found", endpoint=request.endpoint or "")
        abort(404)
    return thread


def _draft() -> Draft:
    mark, file = request.form.get("mark", ""), request.files.get("file")
    if not 0 < len(mark) <= _LONGEST_MARK:
        abort(400)
    upload = Upload(file.filename, file.stream) if file and file.filename else None
    return Draft(mark, request.form.get("text", ""), request.form.get("subject", ""), upload)


def _result(visitor: Visitor, result: Written | NotWritten, draft: Draft, thread: Thread | None) -> Response:
    if isinstance(result, Written):
        note("answer_written" if thread else "request_written")
        return _to(visitor, result.reference)
    # Nothing was stored, so the answer to the post is the page again, with what was typed.
    errors = error_words(result.problems)
    typed = {"subject": draft.subject, "text": draft.text, "file": draft.upload.name if draft.upload else ""}
    if thread and any(problem.code == "closed" for problem in result.problems):
        return _list_page(visitor, errors, {**typed, "subject": thread.request.subject}, 422)
    if thread:
        return _thread_page(visitor, thread, errors, typed, 422)
    return _list_page(visitor, errors, typed, 422)


def _to(visitor: Visitor, reference: str) -> Response:
    return redirect(url_for("portal.request_page", realm=visitor.realm.name, reference=reference), 303)


def _list_page(
    visitor: Visitor,
    errors: Mapping[str | None, str] | None = None,
    typed: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    standing = requests.standing(house(), visitor)
    elsewhere = [
        each.name
        for each in visitor.customers
        if each != visitor.customer and standing.get((each.id, "answered"))
    ]
    return portal_page(
        visitor,
        "portal/requests.html",
        status,
        requests=requests.of_visitor(house(), visitor),
        elsewhere=elsewhere,
        **_form(errors, typed),
    )


def _thread_page(
    visitor: Visitor,
    thread: Thread,
    errors: Mapping[str | None, str] | None = None,
    typed: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    return portal_page(
        visitor,
        "portal/request.html",
        status,
        asked=thread.request,
        messages=thread.messages,
        **_form(errors, typed),
    )


def _form(errors: Mapping[str | None, str] | None, typed: Mapping[str, str] | None) -> dict[str, Any]:
    errors = errors or {}
    return {
        "mark": secrets.token_urlsafe(16),
        "typed": typed or {"subject": "", "text": "", "file": ""},
        "errors": errors,
        "problems": [
            {"text": text, "href": f"#{field}" if field else None} for field, text in errors.items()
        ],
    }
