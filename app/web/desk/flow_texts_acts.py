"""Saving texts in the draft, and taking them from a workbook that came back."""

from collections.abc import Iterator
from pathlib import Path

from flask import abort, current_app, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.flow.source import Unreadable
from app.flow.translated import wording
from app.flow.wording import Mark
from app.runner.drafting.drafts import NoSuchFlow, draft_of, open_draft
from app.runner.staff.who import Staff
from app.runner.texts.export import NAMES
from app.runner.texts.grid import AT_A_TIME
from app.runner.texts.intake import Intake, NotTexts, intake
from app.runner.texts.saving import Outcome, Typed, Unsaved, remove, save, write
from app.web.desk import text_words
from app.web.desk.flow_tabs import tabs_of
from app.web.desk.flow_texts import Kept, View, grid_page, view_of
from app.web.desk.frame import LARGER_POSTS, NOTICES, act_of_staff, bp, desk_page, note
from app.web.house import house

#: Bytes: a page of long Cyrillic texts as a form sends them; a workbook.
LARGER_POSTS["desk.flow_texts_save"] = 1024**2
LARGER_POSTS["desk.flow_texts_upload"] = 6 * 1024**2

NOTICES["texts_saved"] = lambda: gettext("Saved in the draft.")
NOTICES["texts_as_they_were"] = lambda: gettext("Nothing was changed, so nothing was saved.")
NOTICES["texts_taken"] = lambda: gettext("Every row of the file was taken into the draft.")


@bp.post("/flows/<flow>/texts")
@act_of_staff
def flow_texts_save(staff: Staff, flow: str) -> Response:
    """Save what was typed on a page of the grid; what cannot be saved is shown again as it was typed."""
    _opened(staff, flow)
    view = view_of(flow)
    marks = [mark] if (mark := _mark()) else []
    try:
        outcome = save(house(), staff, flow, list(_typed()), marks)
        removed = "remove" in request.form and remove(house(), staff, flow, request.form["remove"])
    except Unreadable:
        return grid_page(staff, flow, view)
    if outcome.unsaved:
        return grid_page(staff, flow, view, _kept(outcome))
    note("texts_saved" if outcome.saved or marks or removed else "texts_as_they_were")
    return _back(flow, view)


def _opened(staff: Staff, flow: str) -> None:
    """See that there is a draft: the one in view may have been published while somebody wrote."""
    try:
        open_draft(house(), staff, flow, Path(current_app.config["NARTHEX_WORKFLOWS"]))
    except NoSuchFlow:
        abort(404)


def _back(flow: str, view: View) -> Response:
    return redirect(url_for("desk.flow_texts", flow=flow, **view.address()), 303)


def _keys() -> list[str]:
    return request.form.getlist("key")[:AT_A_TIME]


def _typed() -> Iterator[Typed]:
    """What was typed; the words seen stand behind each key, in the order of the languages sent."""
    for number, key in enumerate(_keys()):
        for language in NAMES:
            words = request.form.get(f"{language}-{number}")
            if words is not None:
                yield Typed(language, key, words, request.form.get(f"{language}-{number}-seen", ""))


def _mark() -> Mark | None:
    language, _, key = request.form.get("right", "").partition(" ")
    return (language, key) if key else None


def _kept(outcome: Outcome) -> Kept:
    every: tuple[Unsaved, ...] = outcome.unsaved
    conflict = any(each.reason in {"changed", "busy"} for each in every)
    return Kept(
        {(each.typed.language, each.typed.key): each.typed.words for each in every},
        {(each.typed.language, each.typed.key): text_words.unsaved(each) for each in every},
        tuple(dict.fromkeys([each.typed.key for each in every] + _keys())),
        409 if conflict else 422,
    )


@bp.post("/flows/<flow>/texts/file")
@act_of_staff
def flow_texts_upload(staff: Staff, flow: str) -> Response:
    """Take translations from a workbook into the draft, or only tell what would be taken."""
    file, only_check = request.files.get("file"), bool(request.form.get("check"))
    _opened(staff, flow)
    if not file or not file.filename:
        return _report(staff, flow, 422, wrong=text_words.not_texts("no_file"))
    try:
        found = intake(file.stream, flow, wording(draft_of(house(), flow).files, f"workflows/{flow}"))
        left = [] if only_check else write(house(), staff, flow, found.changes)
    except NotTexts as problem:
        return _report(staff, flow, 422, wrong=text_words.not_texts(problem.code))
    except Unreadable:
        return _back(flow, view_of(flow))  # the page says which file of the draft is broken
    if found.refused or left or only_check:
        return _report(staff, flow, 422 if found.refused or left else 200, found, left, check=only_check)
    note("texts_taken" if found.changes else "texts_as_they_were")
    return _back(flow, view_of(flow))


def _report(
    staff: Staff,
    flow: str,
    status: int,
    found: Intake | None = None,
    left: list[Unsaved] | None = None,
    *,
    check: bool = False,
    wrong: str = "",
) -> Response:
    return desk_page(
        "desk/flow_texts_report.html",
        status,
        flow_name=flow,
        tabs=tabs_of(staff, flow),
        found=found,
        taken=len(found.changes) - len(left or []) if found else 0,
        left=left or [],
        check=check,
        wrong=wrong,
        names=NAMES,
        words=text_words,
    )
