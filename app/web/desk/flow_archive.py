"""A flow's definition as a file: taken away, and brought into the draft."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from flask import abort, current_app, g, redirect, request, session, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.flow import archive_words
from app.flow.archive import LARGEST_ARCHIVE, BadArchive, read_archive
from app.runner.bringing import Brought, DraftMoved, NoName, OtherFlow, bring_in
from app.runner.drafting.changing import UnfitFile
from app.runner.exporting import archive_name, archive_of
from app.runner.named import DRAFT, LIVE, NotThere, definition
from app.runner.staff.acts import note_act
from app.runner.staff.who import Staff
from app.web.desk.frame import act_of_staff, bp, for_staff
from app.web.desk.large import takes_file
from app.web.desk.numbers import number
from app.web.house import house

_TOLD = "desk_archive"
_MOST_NAMED, _LONGEST = 10, 80  # the session is a cookie

#: Why an archive that reads is not taken, and what to say of it: what the exception names is filled in.
_REFUSED: Mapping[str, Callable[[str], str]] = {
    "NoFile": lambda _: gettext("Choose the file of a definition first."),
    "NoName": lambda _: gettext(
        "The flow.yaml in the archive does not say which flow it is. Mend its line “flow:” and pack it again."
    ),
    "OtherFlow": lambda name: gettext(
        "The archive holds the flow “%(name)s”. Bring it in on the page of that flow, or by the command "
        "narthex flows import.",
        name=name,
    ),
    "DraftMoved": lambda name: gettext(
        "The draft was changed meanwhile by %(name)s, and nothing was brought in. Look at it, then choose "
        "the file again.",
        name=name,
    ),
    "UnfitFile": lambda name: gettext("No draft can hold “%(name)s”. Mend it and pack it again.", name=name),
}


class NoFile(Exception):
    """The form came without a file."""


@bp.get("/flows/<flow>/export")
@for_staff
def flow_export(staff: Staff, flow: str) -> Response:
    """The definition that `of` names as a ZIP; the same content gives the same bytes but for the moment."""
    try:
        found = definition(house(), flow, request.args.get("of", LIVE))
    except NotThere:
        abort(404)
    note_act(house(), staff, "export flow", f"{flow} {found.number or found.which}")
    response = Response(archive_of(house(), found), mimetype="application/zip")
    response.headers.set("Content-Disposition", "attachment", filename=archive_name(found))
    return response


@bp.post("/flows/<flow>/import")
@takes_file(LARGEST_ARCHIVE)
@act_of_staff
def flow_import(staff: Staff, flow: str) -> Response:
    """Put the archive into the draft, unless somebody edited it after the page was shown; then compare."""
    try:
        archive = read_archive(_sent())
        brought = bring_in(house(), staff, archive, _workflows(), into=flow, seen=_seen())
    except BadArchive as bad:
        return _back(flow, bad=bad.code, name=bad.name)
    except (NoFile, NoName, OtherFlow, DraftMoved, UnfitFile) as refused:
        return _back(flow, refused=type(refused).__name__, name=str(refused)[:_LONGEST])
    session[_TOLD] = _told(brought)
    return redirect(f"{url_for('desk.flow_compare', flow=flow)}?of={DRAFT}&with={LIVE}", 303)


def _sent() -> bytes:
    sent = request.files.get("file")
    if sent is None or not sent.filename:
        raise NoFile
    return sent.stream.read(LARGEST_ARCHIVE + 1)


def _workflows() -> Path:
    return Path(current_app.config["NARTHEX_WORKFLOWS"])


def _seen() -> int:
    return number(request.form.get("revision")) or 0


def _back(flow: str, **told: str) -> Response:
    session[_TOLD] = told
    return redirect(url_for("desk.flow_compare", flow=flow, _anchor="file"), 303)


def _told(brought: Brought) -> dict[str, Any]:
    left = [name[:_LONGEST] for name in brought.left_out[:_MOST_NAMED]]
    return {"older": brought.older, "left": left, "more": len(brought.left_out) - len(left)}


def told_of_import() -> dict[str, Any] | None:
    """What the page after an import says, once: `refused` in words, or `left` out, `more` of it, `older`."""
    told = session.pop(_TOLD, None)
    if told is None or "left" in told:
        return told
    name = told.get("name", "")
    if "bad" in told:
        bad = BadArchive(told["bad"], name)
        return {"refused": archive_words.sentence(bad, g.lang)}
    return {"refused": _REFUSED[told["refused"]](name)}
