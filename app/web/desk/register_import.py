"""Importing a register at the desk after the file: its columns, a trial that changes nothing, the import.

Between the pages the file waits in the data folder (`importing.uploads`), its owner's alone. The import is
the command's: beside the rows in use, then one swap, in the request, which ends whether or not somebody waits
for its page. What is too large for that goes by the command.
"""

import csv
import io
from dataclasses import replace

from flask import make_response, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.importing import ImportReport, ImportUnderWay, import_register
from app.importing.mapping import Header, by_name, guessed, read_header
from app.importing.rows import plain
from app.importing.uploads import KEPT, Waiting
from app.runner.registers import Declared
from app.runner.staff.who import Staff
from app.web.desk import import_words
from app.web.desk.frame import act_of_staff, bp, desk_page, for_staff, note
from app.web.desk.register_upload import MOST_ROWS, importable, on_to, uploads, waiting_file, waits_no_more
from app.web.desk.registers import found
from app.web.house import house


@bp.get("/registers/<register>/import/<upload>")
@for_staff
def register_columns(staff: Staff, register: str, upload: str) -> Response:
    """Which of the file's columns is which of the register's: as told before, else as guessed."""
    waiting = waiting_file(staff, register, upload)
    if waiting is None:
        return waits_no_more(register)
    shown, header = importable(register), read_header(uploads().path(waiting), found(register).spec)
    return _columns_page(shown, waiting, header, _chosen(waiting, header, shown))


def _chosen(waiting: Waiting, header: Header, shown: Declared) -> dict[int, str]:
    if waiting.mapping is None:
        return guessed(header, shown.spec)
    return {place: waiting.mapping.get(plain(name), "") for place, name in enumerate(header.names)}


def _columns_page(
    shown: Declared, waiting: Waiting, header: Header, chosen: dict[int, str], problem: str | None = None
) -> Response:
    missing = [column for column in shown.spec.columns if column not in chosen.values()]
    return desk_page(
        "desk/register_columns.html",
        422 if problem else 200,
        register=shown,
        waiting=waiting,
        header=header,
        taken=import_words.taken(header.taken),
        chosen=chosen,
        missing=missing,
        problem=problem,
        kind=import_words.kind,
        kept=KEPT.seconds // 60,
    )


@bp.post("/registers/<register>/import/<upload>")
@act_of_staff
def register_columns_told(staff: Staff, register: str, upload: str) -> Response:
    """Take the columns as told, and try the import without changing anything."""
    waiting = waiting_file(staff, register, upload)
    if waiting is None:
        return waits_no_more(register)
    shown, header = importable(register), read_header(uploads().path(waiting), found(register).spec)
    chosen = {place: request.form.get(f"column-{place}", "") for place in range(len(header.names))}
    if problem := _unfit(shown, chosen):
        return _columns_page(shown, waiting, header, chosen, problem)
    meant = uploads().meant(waiting, by_name(header, chosen), request.form.get("how") == "replace")
    uploads().note(replace(meant, report=_run(shown, meant, staff, dry_run=True)))
    return on_to("desk.register_preview", waiting)


def _unfit(shown: Declared, chosen: dict[int, str]) -> str | None:
    """What is wrong with the choice of columns, the first of it."""
    told = [column for column in chosen.values() if column]
    if strange := [column for column in told if column not in shown.spec.columns]:
        return str(gettext("The register has no column %(name)s.", name=strange[0][:40]))
    if twice := [column for column in shown.spec.columns if told.count(column) > 1]:
        return str(gettext("%(name)s is chosen twice. Choose it for one column of the file.", name=twice[0]))
    if missing := [column for column in shown.spec.columns if column not in told]:
        return str(gettext("No column of the file is chosen for: %(names)s.", names=", ".join(missing)))
    return None


@bp.get("/registers/<register>/import/<upload>/preview")
@for_staff
def register_preview(staff: Staff, register: str, upload: str) -> Response:
    """What the import would do, its first rows masked, and everything that is wrong with the file."""
    waiting = waiting_file(staff, register, upload)
    if waiting is None:
        return waits_no_more(register)
    if waiting.report is None:
        return on_to("desk.register_columns", waiting)
    shown = importable(register)
    return desk_page(
        "desk/register_preview.html",
        register=shown,
        waiting=waiting,
        report=waiting.report,
        taken=import_words.taken(waiting.report.taken),
        standing=shown.imported.rows if shown.imported else 0,
        words=import_words,
    )


@bp.get("/registers/<register>/import/<upload>/report.csv")
@for_staff
def register_report(staff: Staff, register: str, upload: str) -> Response:
    """The problems of the trial as a CSV file, for whoever made the file. No value of it stands there."""
    waiting = waiting_file(staff, register, upload)
    if waiting is None or waiting.report is None:
        return waits_no_more(register)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([gettext("Line"), gettext("Column"), gettext("What is wrong"), gettext("How to mend it")])
    for each in waiting.report.errors:
        told = import_words.place(each.column), import_words.told(each.text), import_words.cure(each.cure)
        writer.writerow([each.line, *told])
    response = make_response("\ufeff" + out.getvalue())  # spreadsheets tell UTF-8 by the mark
    response.mimetype = "text/csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{register}-report.csv"'
    return response


@bp.post("/registers/<register>/import/<upload>/take")
@act_of_staff
def register_take(staff: Staff, register: str, upload: str) -> Response:
    """Import it as it was tried; should the file turn out wrong now, nothing changes."""
    waiting = waiting_file(staff, register, upload)
    if waiting is None:
        return waits_no_more(register)
    if waiting.report is None or not waiting.report.ok:
        return on_to("desk.register_preview", waiting)
    try:
        report = _run(importable(register), waiting, staff, dry_run=False)
    except ImportUnderWay:
        note("register_busy")
        return on_to("desk.register_preview", waiting)
    if not report.ok:
        uploads().note(replace(waiting, report=report))
        return on_to("desk.register_preview", waiting)
    uploads().remove(waiting)
    note("register_imported")
    return redirect(url_for("desk.registers"), 303)


def _run(shown: Declared, waiting: Waiting, staff: Staff, *, dry_run: bool) -> ImportReport:
    return import_register(
        house().database,
        house().vault,
        shown.name,
        shown.spec,
        uploads().path(waiting),
        replace=waiting.replace,
        dry_run=dry_run,
        now=house().clock(),
        progress=lambda _: None,
        mapping=waiting.mapping,
        by=staff.name,
        most_rows=MOST_ROWS,
    )
