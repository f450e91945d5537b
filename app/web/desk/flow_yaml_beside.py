"""Besides saving: a text checked while somebody types, files added to a draft and taken out of it."""

from collections.abc import Callable, Mapping

from flask import abort, get_template_attribute, jsonify, redirect, request
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from app.flow.edit import Edit
from app.flow.findings import Finding
from app.flow.loader import FLOW
from app.flow.source import LARGEST
from app.runner.drafting.changing import UnfitFile, change, check_file
from app.runner.drafting.drafts import NoDraft, draft_of
from app.runner.drafting.file_edits import removable, with_file, without_file
from app.runner.drafting.saving import Saved
from app.runner.named import DRAFT, NotThere, definition
from app.runner.staff.who import Staff
from app.web.desk.draft_findings import findings_in
from app.web.desk.flow_yaml import addable, address, found_in, marks
from app.web.desk.frame import LARGER_POSTS, NOTICES, act_of_staff, bp, note
from app.web.desk.typed_text import as_in_file
from app.web.house import house

LARGER_POSTS["desk.flow_yaml_look"] = 4 * LARGEST

NOTICES.update(
    {
        "file_added": lambda: gettext("The file is in the draft."),
        "file_removed": lambda: gettext("The file is out of the draft. Undo brings it back."),
        "files_moved": lambda: gettext("Somebody was quicker. Look at the files as they are now."),
    }
)


@bp.post("/flows/<flow>/files/look")
@act_of_staff
def flow_yaml_look(staff: Staff, flow: str) -> Response:  # noqa: ARG001
    """What lint would say of a text in the place of a file; nothing is written, the answer is JSON."""
    file, typed = request.form.get("file", ""), request.form.get("text", "")
    try:
        of = definition(house(), flow, DRAFT)
        text = as_in_file(typed, of.files.get(file, ""))
        check_file(file, text)
    except (NotThere, UnfitFile):
        abort(404)
    found = findings_in(flow, {**of.files, file: text})
    here = found_in(found, file, of)
    return jsonify(
        found=[{"line": line, "severity": severity} for line, severity in marks(found, file)],
        list=str(get_template_attribute("macros/findings.html", "listed")(here)) if here else "",
        words=in_numbers(found, file),
    )


def in_numbers(found: tuple[Finding, ...], file: str) -> str:
    """How much is found in a file, in words."""
    grave = [severity for _, severity in marks(found, file)]
    errors, warnings = grave.count("error"), grave.count("warning")
    told = [
        ngettext("%(num)s error", "%(num)s errors", errors) if errors else "",
        ngettext("%(num)s warning", "%(num)s warnings", warnings) if warnings else "",
    ]
    return ", ".join(each for each in told if each) or str(gettext("no findings"))


@bp.post("/flows/<flow>/files/add")
@act_of_staff
def flow_yaml_add(staff: Staff, flow: str) -> Response:
    """Put an empty file into the draft; with texts the flow is declared to be in that language."""
    file = request.form.get("file", "")
    done = _changed(staff, flow, file, addable, with_file)
    note("file_added" if done else "files_moved")
    return redirect(address(flow, DRAFT, file if done else FLOW), 303)


@bp.post("/flows/<flow>/files/remove")
@act_of_staff
def flow_yaml_remove(staff: Staff, flow: str) -> Response:
    """Take a file out of the draft, and with texts their language."""
    done = _changed(staff, flow, request.form.get("file", ""), removable, without_file)
    note("file_removed" if done else "files_moved")
    return redirect(address(flow, DRAFT, FLOW), 303)


def _changed(
    staff: Staff,
    flow: str,
    file: str,
    allowed: Callable[[Mapping[str, str]], list[str]],
    edits: Callable[[Mapping[str, str], str], list[Edit]],
) -> bool:
    """Make the edits that the draft as it stands needs for it; whether that is done."""
    try:
        draft = draft_of(house(), flow)
        if file not in allowed(draft.files):
            return False
        made = change(house(), staff, flow, edits(draft.files, file), draft.revision)
    except NoDraft:
        return False
    return isinstance(made, Saved)
