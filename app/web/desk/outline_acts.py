"""Saving what was typed in the outline: only what was changed, and nobody's work over anybody else's."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from flask import abort, current_app, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.flow.edit import Edit, Place, apply_all
from app.flow.findings import Finding
from app.flow.outline.places import address, place_of
from app.flow.outline.saving import edits, typed
from app.flow.outline.things import Thing
from app.flow.outline.typed import NotOurForm
from app.flow.outline.words import text_edits, typed_texts
from app.flow.source import Unreadable
from app.runner import named
from app.runner.drafting.changing import UnfitFile, change
from app.runner.drafting.drafts import NoSuchFlow, draft_of, open_draft
from app.runner.drafting.saving import Clashed, others
from app.runner.staff.who import Staff
from app.web.desk import outline_panel
from app.web.desk.frame import LARGER_POSTS, NOTICES, act_of_staff, bp, note
from app.web.desk.numbers import number
from app.web.desk.outline_page import outline, unreadable
from app.web.desk.outline_scene import Form, Scene, scene_in, text_keys
from app.web.house import house

#: Bytes: a page with many long texts in Cyrillic as a form sends them, seen and typed.
LARGER_POSTS["desk.flow_outline_save"] = 2 * 1024**2
LARGER_POSTS["desk.flow_outline_add"] = 1024**2

NOTICES["outline_saved"] = lambda: gettext("Saved in the draft.")
NOTICES["outline_as_it_was"] = lambda: gettext("Nothing was changed, so nothing was saved.")

_TRIES = 5  # several people saving in the same moment


@bp.post("/flows/<flow>/outline")
@act_of_staff
def flow_outline_save(staff: Staff, flow: str) -> Response:
    """Save the form of the thing at `?at=`; with `look` only tell what it would change."""
    for _ in range(_TRIES):
        scene = drafted(staff, flow, request.args.get("at", ""))
        if not isinstance(scene, Scene):
            return scene
        if scene.thing is None:
            return outline(scene, 409, Form([], lost=_lost(set()), by=_by(scene)))
        form = _typed(scene, scene.thing)
        if form.wrong:
            return outline(scene, 409 if form.clashes or form.lost else 422, form)
        made = _edits(scene, scene.thing, form)
        if "look" in request.form:
            return outline(scene, 200, _looked(scene, form, made))
        answer = commit(scene, made, scene.place, form)
        if answer is not None:
            return answer
    assert isinstance(scene, Scene)
    return outline(scene, 409, form)


def drafted(staff: Staff, flow: str, at: str) -> Scene | Response:
    """The draft at a place; one is opened where the draft in view went live meanwhile."""
    try:
        open_draft(house(), staff, flow, Path(current_app.config["NARTHEX_WORKFLOWS"]))
    except NoSuchFlow:
        abort(404)
    scene = scene_in(staff, named.definition(house(), flow, named.DRAFT), place_of(at))
    if isinstance(scene, Finding):
        return unreadable(staff, named.definition(house(), flow, named.DRAFT), scene)
    return scene


def commit(scene: Scene, made: Sequence[Edit], to: Place, form: Form | None = None) -> Response | None:
    """Write the edits and lead to a place; None where somebody was quicker in this very moment."""
    if not made:
        note("outline_as_it_was")
        return redirect(url_for("desk.flow", flow=scene.of.name, at=address(to)), 303)
    try:
        done = change(house(), scene.staff, scene.of.name, made, scene.of.revision or 0)
    except UnfitFile:
        return outline(
            scene, 422, _with(form, gettext("The file would become larger than 1 MB. Shorten the text."))
        )
    if isinstance(done, Clashed):
        unfit = done.unfit
        if unfit is not None and unfit.code == "not_written_so":
            return outline(
                scene, 422, _with(form, gettext("This cannot be written in the file. Type it otherwise."))
            )
        return None
    note("outline_saved")
    saved = done.draft.revision
    return redirect(url_for("desk.flow", flow=scene.of.name, at=address(to), saved=saved), 303)


def _with(form: Form | None, problem: str) -> Form:
    return Form(form.boxes if form else [], form.texts if form else {}, form.name if form else "", problem)


def _typed(scene: Scene, thing: Thing) -> Form:
    posted = request.form.getlist
    try:
        boxes = typed(scene.flow, thing, house().catalogue, posted, doing())
    except NotOurForm:
        abort(400)
    wanted = text_keys(scene, thing)
    known = scene.there.every_key() if scene.there else []
    keys = list(dict.fromkeys([*wanted, *(each for each in posted("key") if each in known)]))
    texts = typed_texts(scene.there, keys, posted) if scene.there else {}
    form = Form(boxes, texts, lost=_lost({"/".join(box.control.path) for box in boxes}))
    if form.clashes or form.lost:
        return Form(boxes, texts, by=_by(scene), lost=form.lost)
    return form


def doing() -> tuple[str, str, int] | None:
    """A button of rows that was pressed: what it asks for, the box, the row."""
    act, _, rest = request.form.get("do", "").partition(":")
    name, _, row = rest.rpartition(":")
    return (act, name, number(row) or 0) if act in {"up", "down", "out"} else None


def _by(scene: Scene) -> tuple[str, ...]:
    """Who changed the draft since this form was made."""
    since = number(request.form.get("revision")) or 0
    return others(house(), scene.staff, draft_of(house(), scene.of.name), since)


def _lost(known: set[str]) -> list[tuple[str, str]]:
    """What was typed for keys that are not there any more, to be kept in view."""
    names = [name.removeprefix("w:") for name in request.form if name.startswith("w:")]
    gone = [name for name in names if name not in known]
    told = [(name, ", ".join(each for each in request.form.getlist(f"v:{name}") if each)) for name in gone]
    return [(name, words) for name, words in told if words and words not in request.form[f"w:{name}"]]


def _edits(scene: Scene, thing: Thing, form: Form) -> list[Edit]:
    made = edits(scene.flow, thing, form.boxes, house().catalogue)
    try:
        return [*made, *text_edits(scene.of.files, form.texts)]
    except Unreadable:
        return made


def _looked(scene: Scene, form: Form, made: Sequence[Edit]) -> Form:
    after = apply_all(scene.of.files, list(made))
    told: Any = outline_panel.changes(scene, scene.of.files, after)
    return Form(form.boxes, form.texts, change=told)
