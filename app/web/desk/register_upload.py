"""The first page of an import at the desk: the file, kept until its columns are told; putting it aside."""

from typing import cast

from flask import abort, current_app, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.importing import TableUnreadable
from app.importing.mapping import read_header
from app.importing.uploads import LARGEST, NoFile, TooLarge, Uploads, Waiting
from app.runner.registers import Declared
from app.runner.staff.who import Staff
from app.web.desk import import_words
from app.web.desk.frame import NOTICES, act_of_staff, bp, desk_page, for_staff, note
from app.web.desk.large import takes_file
from app.web.desk.registers import found
from app.web.house import house

#: Rows of one import at the desk: they are in within the time that a browser and a proxy wait.
MOST_ROWS = 50_000
_MEGABYTE = 1024 * 1024
_LONGEST_NAME = 120

NOTICES.update(
    register_imported=lambda: gettext("The register has its new rows; they are matched against from now on."),
    register_put_aside=lambda: gettext("The file was removed. Nothing was changed."),
    register_busy=lambda: gettext(
        "Another import of this register is running, so nothing was done. "
        "Wait until it has ended and import again."
    ),
    register_gone=lambda: gettext(
        "The file does not wait here any more: it was imported, put aside, or left for an hour. "
        "Choose it again."
    ),
)


@bp.get("/registers/<register>/import")
@for_staff
def register_import(_staff: Staff, register: str) -> Response:
    """The form for the file."""
    return _upload_page(importable(register))


@bp.post("/registers/<register>/import")
@takes_file(LARGEST)
@act_of_staff
def register_upload(staff: Staff, register: str) -> Response:
    """Keep the file, and go on to its columns."""
    shown, file = importable(register), request.files.get("file")
    name = (file.filename or "") if file else ""
    try:
        if file is None or not name:
            raise NoFile
        waiting = uploads().keep(file.stream, name[-_LONGEST_NAME:], staff.id, register, house().clock())
    except NoFile:
        return _upload_page(shown, gettext("Choose the file; it must not be empty."), 422)
    except TooLarge:
        return _upload_page(shown, _too_large(), 422)
    try:
        read_header(uploads().path(waiting), shown.spec)
    except (TableUnreadable, OSError) as problem:
        uploads().remove(waiting)
        return _upload_page(shown, _unreadable(problem), 422)
    return on_to("desk.register_columns", waiting)


def _too_large() -> str:
    words = gettext("The file is larger than %(most)s MB. Import it by the command narthex registers import.")
    return str(words % {"most": LARGEST // _MEGABYTE})


def _unreadable(problem: TableUnreadable | OSError) -> str:
    if not isinstance(problem, TableUnreadable):
        return str(gettext("The file cannot be read. Choose it again."))
    what, cure = import_words.told(problem.text), import_words.cure(problem.cure)
    words = gettext("The file cannot be taken. Line %(line)s: the file %(what)s; %(cure)s.")
    return str(words % {"line": problem.line, "what": what, "cure": cure})


def _upload_page(shown: Declared, problem: str | None = None, status: int = 200) -> Response:
    return desk_page(
        "desk/register_import.html",
        status,
        register=shown,
        problem=problem,
        largest=LARGEST // _MEGABYTE,
        most_rows=MOST_ROWS,
        kind=import_words.kind,
    )


@bp.post("/registers/<register>/import/<upload>/aside")
@act_of_staff
def register_put_aside(staff: Staff, register: str, upload: str) -> Response:
    """Remove the file and leave the register as it is."""
    if waiting := waiting_file(staff, register, upload):
        uploads().remove(waiting)
    note("register_put_aside")
    return redirect(url_for("desk.registers"), 303)


def importable(register: str) -> Declared:
    """The register of this name that is imported, else 404."""
    shown = found(register)
    if shown.source != "imported":
        abort(404)
    return shown


def waiting_file(staff: Staff, register: str, upload: str) -> Waiting | None:
    """The file of this id, if it is this member's and still waits."""
    importable(register)
    return uploads().find(upload, staff.id, register, house().clock())


def waits_no_more(register: str) -> Response:
    """Back to the first page, which says that the file is gone."""
    note("register_gone")
    return redirect(url_for("desk.register_import", register=register), 303)


def on_to(endpoint: str, waiting: Waiting) -> Response:
    """The way to another page of this import."""
    return redirect(url_for(endpoint, register=waiting.register, upload=waiting.id), 303)


def uploads() -> Uploads:
    """Where the files wait."""
    return cast("Uploads", current_app.extensions["narthex_uploads"])
