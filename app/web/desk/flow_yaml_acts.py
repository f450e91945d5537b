"""Writing the files of a draft: saved, and settled where others changed the same places meanwhile."""

from dataclasses import replace

from flask import abort, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.flow.edit import DoesNotFit
from app.flow.source import LARGEST, Unreadable, read
from app.runner.drafting.changing import UnfitFile, save_file
from app.runner.drafting.drafts import FILES, Draft, NoDraft, draft_of
from app.runner.drafting.saving import Clashed, at, others
from app.runner.drafting.settling import clash_of, settled
from app.runner.named import DRAFT, definition
from app.runner.staff.who import Staff
from app.store.drafts import StaleDraft
from app.web.desk.flow_yaml import address, yaml_page
from app.web.desk.flow_yaml_clash import Typed, clash_page, closed_page
from app.web.desk.frame import LARGER_POSTS, NOTICES, act_of_staff, bp, note
from app.web.desk.numbers import number
from app.web.desk.typed_text import as_in_file
from app.web.house import house

#: A text as forms send it: every line may have become longer, and beyond ASCII each byte is three signs.
LARGER_POSTS["desk.flow_yaml_save"] = 4 * LARGEST

NOTICES.update(
    {
        "file_saved": lambda: gettext("Saved in the draft."),
        "file_unreadable": lambda: gettext(
            "Saved as it is, though it cannot be read: the finding says where. It cannot be published so."
        ),
        "file_as_it_was": lambda: gettext("Nothing was changed, so nothing was saved."),
        "file_merged": lambda: gettext(
            "Saved. Others had changed the file meanwhile; their changes and yours both stand in it."
        ),
        "theirs_kept": lambda: gettext("The file stays as the others have it."),
    }
)


@bp.post("/flows/<flow>/files")
@act_of_staff
def flow_yaml_save(staff: Staff, flow: str) -> Response:
    """Save the text of a file; where others changed the same places, show both and save nothing."""
    file = request.form.get("file", "")
    if not FILES.fullmatch(file):
        abort(404)
    typed = Typed(file, request.form.get("text", ""), number(request.form.get("revision")) or 0)
    try:
        draft = draft_of(house(), flow)
    except NoDraft:
        return closed_page(staff, flow, typed)
    if request.form.get("draft") != draft.id:
        return closed_page(staff, flow, typed)
    if typed.seen > draft.revision:
        abort(400)
    before = at(house(), draft, typed.seen).get(file, "")
    try:
        return _settled(staff, draft, replace(typed, text=as_in_file(typed.text, before)))
    except NoDraft:
        return closed_page(staff, flow, typed)
    except (UnfitFile, StaleDraft) as problem:
        return _not_saved(staff, flow, typed, problem)


def _settled(staff: Staff, draft: Draft, typed: Typed) -> Response:
    """Save the text as it is, or as was chosen on the page that showed a clash."""
    how = request.form.get("settle", "")
    if how == "theirs":
        note("theirs_kept")
        return redirect(address(draft.flow, DRAFT, typed.file), 303)
    if not how:
        return _saved(staff, draft, typed)
    shown = min(number(request.form.get("now")) or 0, draft.revision)
    if how == "places":
        try:
            text = _with_choices(draft, typed, shown)
        except DoesNotFit:
            return _unfit_choice(staff, draft, typed)
        typed = replace(typed, text=text)
    return _saved(staff, draft, replace(typed, seen=shown))


def _with_choices(draft: Draft, typed: Typed, shown: int) -> str:
    merged = clash_of(house(), draft, typed.file, typed.text, typed.seen, shown)
    mine = {n for n, _ in enumerate(merged.conflicts) if request.form.get(f"clash-{n}") == "mine"}
    return settled(merged, typed.file, mine)


def _unfit_choice(staff: Staff, draft: Draft, typed: Typed) -> Response:
    merged = clash_of(house(), draft, typed.file, typed.text, typed.seen, draft.revision)
    clashed = Clashed(draft, clashes=merged.conflicts, by=others(house(), staff, draft, typed.seen))
    wrong = gettext(
        "What you chose has no room in what the others made. Choose otherwise, or one of the two texts."
    )
    return clash_page(staff, typed, clashed, wrong)


def _saved(staff: Staff, draft: Draft, typed: Typed) -> Response:
    done = save_file(house(), staff, draft.flow, typed.seen, typed.file, typed.text)
    if isinstance(done, Clashed):
        return clash_page(staff, typed, done)
    note("file_merged" if done.merged else "file_saved")
    if done.draft.revision == draft.revision:
        note("file_as_it_was")
    elif not _is_yaml(done.draft.files[typed.file], typed.file):
        note("file_unreadable")
    line = number(request.form.get("line"))
    where = url_for("desk.flow_yaml", flow=draft.flow, of=DRAFT, file=typed.file, line=line)
    return redirect(where, 303)


def _is_yaml(text: str, file: str) -> bool:
    try:
        read(text, file)
    except Unreadable:
        return False
    return True


def _not_saved(staff: Staff, flow: str, typed: Typed, problem: Exception) -> Response:
    """The page with what was typed, which no draft can hold, or nobody could save just now."""
    busy = isinstance(problem, StaleDraft)
    wrong = (
        gettext("Others are saving at the same time. Save once more.")
        if busy
        else gettext("The text is larger than 1 MiB. Nothing was saved; shorten it.")
    )
    of = definition(house(), flow, DRAFT)
    more = {"text": typed.text, "revision": typed.seen, "wrong": wrong}
    return yaml_page(staff, of, typed.file, 409 if busy else 422, **more)
