"""A run as a file: as it is stored, as CloudEvents, and whatever else is registered here."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flask import abort, make_response
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.flow.trace import BadRecord
from app.runner.house import House
from app.runner.journal.export import Selection, cloud_events, json_lines
from app.runner.staff.acts import note_act
from app.runner.staff.who import Staff
from app.runner.story import story
from app.web.desk.frame import bp, desk_page, for_staff
from app.web.house import house


class NotExportable(Exception):
    """The run cannot be taken away in this form; the text says why and what to do."""


@dataclass(frozen=True)
class Export:
    """A form a run can be taken away in: its words, the end of the file's name, its type, its lines."""

    words: Callable[[], str]
    suffix: str
    mimetype: str
    lines: Callable[[House, str], Iterable[str]]


#: By the name that stands in the address; parts of the house above this one add theirs.
EXPORTS: dict[str, Export] = {
    "jsonl": Export(
        lambda: gettext("JSON Lines, as stored"),
        "jsonl",
        "application/x-ndjson",
        lambda house, run: json_lines(house, Selection((run,))),
    ),
    "cloudevents": Export(
        lambda: gettext("CloudEvents"),
        "cloudevents.jsonl",
        "application/x-ndjson",
        lambda house, run: cloud_events(house, Selection((run,))),
    ),
}


def offered() -> dict[str, str]:
    """The forms there are, each with its words."""
    return {name: export.words() for name, export in EXPORTS.items()}


@bp.get("/runs/<run>/export/<form>")
@for_staff
def run_export(staff: Staff, run: str, form: str) -> Response:
    """The run as a file; 404 for a run or a form there is not, else a page (409) that says why not."""
    if form not in EXPORTS or story(house(), run) is None:
        abort(404)
    export = EXPORTS[form]
    try:
        text = "".join(f"{line}\n" for line in export.lines(house(), run))
    except (BadRecord, NotExportable) as problem:
        return not_exported(run, str(problem))
    note_act(house(), staff, f"export run {form}", run)
    response = make_response(text)
    response.mimetype = export.mimetype
    response.headers["Content-Disposition"] = f'attachment; filename="{run}.{export.suffix}"'
    return response


def not_exported(run: str, why: str) -> Response:
    """The page that says why there is no such file of the run; the sentence is an English one."""
    return desk_page("desk/not_exported.html", 409, run=run, why=why)
