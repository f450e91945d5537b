"""Adding things to a draft, moving, renaming, doubling and removing them; a second flow like this one."""

import re
from collections.abc import Sequence
from dataclasses import replace

from flask import abort, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.flow.edit import (
    ABSENT,
    DoesNotFit,
    Edit,
    Place,
    Remove,
    find,
    remove_everywhere,
    rename_everywhere,
)
from app.flow.loader import FLOW
from app.flow.outline.boxes import Box
from app.flow.outline.making import doubled, inserted, is_listed, moved, renamed, value_of
from app.flow.outline.places import address, name_of, section_of
from app.flow.outline.saving import typed
from app.flow.outline.things import CHOSEN_BY, Thing
from app.flow.outline.typed import NotOurForm
from app.flow.outline.words import TextBox, text_edits, typed_texts
from app.flow.source import Unreadable
from app.flow.spec import NAME_PATTERN
from app.runner.staff.who import Staff
from app.web.desk.frame import NOTICES, act_of_staff, bp, note
from app.web.desk.outline_acts import commit, doing, drafted
from app.web.desk.outline_page import outline
from app.web.desk.outline_panel import told
from app.web.desk.outline_scene import UNNAMED, Form, Scene, text_keys
from app.web.house import house

NOTICES["outline_moved_on"] = lambda: gettext(
    "Somebody else changed this meanwhile. Look at it as it is now."
)

_TRIES = 5  # several people saving in the same moment


@bp.post("/flows/<flow>/outline/add")
@act_of_staff
def flow_outline_add(staff: Staff, flow: str) -> Response:
    """Add a thing to the section at `?at=`, of the sort of the catalogue that `?add=` names."""
    name = request.form.get("name", "").strip()
    for _ in range(_TRIES):
        scene = drafted(staff, flow, request.args.get("at", ""))
        if not isinstance(scene, Scene):
            return scene
        unnamed = scene.new(UNNAMED, request.args.get("add", ""))
        if unnamed is None:
            return _moved_on(scene)
        form = _new(scene, unnamed, name)
        if form.wrong or doing():
            return outline(scene, 422 if form.wrong else 200, form)
        place = _place(scene, unnamed, name)
        answer = commit(scene, _added(scene, unnamed, place, form), place, form)
        if answer is not None:
            return answer
    assert isinstance(scene, Scene)
    return _moved_on(scene)


def _place(scene: Scene, unnamed: Thing, name: str) -> Place:
    if unnamed.sort == "waivers":
        there = find(scene.flow, scene.place)
        return (*scene.place, len(there) if isinstance(there, list) else 0)
    return (*scene.place, f"#{name}" if is_listed(unnamed.sort) else name)


def _new(scene: Scene, unnamed: Thing, name: str) -> Form:
    posted = request.form.getlist
    try:
        boxes = typed(scene.flow, unnamed, house().catalogue, posted, doing())
    except NotOurForm:
        abort(400)
    boxes = [_needed(box, unnamed) for box in boxes]
    keys = text_keys(scene, unnamed)
    texts = typed_texts(scene.there, keys, posted) if scene.there else {}
    return Form(boxes, _titled(unnamed, texts), name, _unfit_name(scene, unnamed, name))


def _needed(box: Box, unnamed: Thing) -> Box:
    chosen = box.control.path == (CHOSEN_BY.get(unnamed.sort),)
    lacks = box.control.needed and box.value is ABSENT and not chosen and not doing()
    return replace(box, problem="needed") if lacks and not box.problem else box


def _titled(unnamed: Thing, texts: dict[str, list[TextBox]]) -> dict[str, list[TextBox]]:
    """A page needs its texts, a field its label, in the language that the others are translated from."""
    entry = house().catalogue.kinds.get(unnamed.chosen or "") if unnamed.sort == "states" else None
    needed = set(entry.texts) if entry else {"label"} if unnamed.sort == "fields" else set()
    for key, boxes in texts.items():
        asked = key.rpartition(".")[2] in needed or any(box.typed for box in boxes)
        if asked and not boxes[0].typed and not doing():
            texts[key] = [replace(boxes[0], problem="needed"), *boxes[1:]]
    return texts


def _unfit_name(scene: Scene, unnamed: Thing, name: str) -> str:
    if unnamed.sort == "waivers" or doing():
        return ""
    return unfit_name(name) or (
        taken(name) if find(scene.flow, _place(scene, unnamed, name)) is not ABSENT else ""
    )


def unfit_name(name: str) -> str:
    """Why nothing can have this name; empty if it can."""
    if re.fullmatch(NAME_PATTERN, name):
        return ""
    return str(
        gettext("A name has small Latin letters, digits and _, a letter first, 40 characters at most.")
    )


def taken(name: str) -> str:
    """That a name is in use."""
    return str(gettext("There is one called %(name)s already. Choose another name.", name=name))


def _added(scene: Scene, unnamed: Thing, place: Place, form: Form) -> list[Edit]:
    thing = replace(unnamed, place=place)
    made: list[Edit] = [inserted(scene.flow, place, value_of(thing, form.boxes))]
    try:
        return [*made, *text_edits(scene.of.files, renamed(form.texts, UNNAMED, name_of(place)))]
    except Unreadable:
        return made


@bp.post("/flows/<flow>/outline/move")
@act_of_staff
def flow_outline_move(staff: Staff, flow: str) -> Response:
    """Move the thing at `?at=` before or behind its neighbour."""
    scene = drafted(staff, flow, request.args.get("at", ""))
    if not isinstance(scene, Scene):
        return scene
    try:
        edit = moved(scene.flow, scene.place, up=request.form.get("way") == "up")
    except DoesNotFit:
        return _moved_on(scene)
    return commit(scene, [edit] if edit else [], _parent(scene.place)) or _moved_on(scene)


@bp.post("/flows/<flow>/outline/remove")
@act_of_staff
def flow_outline_remove(staff: Staff, flow: str) -> Response:
    """Take the thing at `?at=` away, its texts with it; refused while something else names it."""
    scene = drafted(staff, flow, request.args.get("at", ""))
    if not isinstance(scene, Scene):
        return scene
    try:
        made = _removal(scene)
    except DoesNotFit as unfit:
        if unfit.code == "used":
            return outline(
                scene, 422, touched=[told(scene, use) for use in unfit.params["uses"]], asked="remove"
            )
        return _moved_on(scene)
    return commit(scene, made, _parent(scene.place)) or _moved_on(scene)


def _removal(scene: Scene) -> Sequence[Edit]:
    value = find(scene.flow, scene.place)
    if scene.thing is None or not scene.place:
        raise DoesNotFit(Remove(FLOW, scene.place or (FLOW,), None), "gone", scene.place)
    if isinstance(scene.place[-1], int):
        return [Remove(FLOW, scene.place, value)]
    section, name = section_of(scene.place), name_of(scene.place)
    return remove_everywhere(scene.of.files, section, name, house().catalogue)


@bp.post("/flows/<flow>/outline/rename")
@act_of_staff
def flow_outline_rename(staff: Staff, flow: str) -> Response:
    """Call the thing at `?at=` otherwise, everywhere where it is named."""
    scene = drafted(staff, flow, request.args.get("at", ""))
    name = request.form.get("name", "").strip()
    if not isinstance(scene, Scene):
        return scene
    if scene.thing is None or not scene.place or isinstance(scene.place[-1], int):
        return _moved_on(scene)
    if problem := unfit_name(name):
        return outline(scene, 422, asked="rename", wanted=name, unfit=problem)
    section = section_of(scene.place)
    try:
        made = rename_everywhere(scene.of.files, section, name_of(scene.place), name, house().catalogue)
    except DoesNotFit as refused:
        return outline(scene, 422, asked="rename", wanted=name, unfit=_why(refused, name))
    return commit(scene, made, _called(scene.place, name)) or _moved_on(scene)


@bp.post("/flows/<flow>/outline/copy")
@act_of_staff
def flow_outline_copy(staff: Staff, flow: str) -> Response:
    """Put a second thing like the one at `?at=` behind it."""
    scene = drafted(staff, flow, request.args.get("at", ""))
    name = request.form.get("name", "").strip()
    if not isinstance(scene, Scene):
        return scene
    if scene.thing is None or not scene.place:
        return _moved_on(scene)
    if problem := unfit_name(name):
        return outline(scene, 422, asked="copy", wanted=name, unfit=problem)
    try:
        made = doubled(scene.of.files, scene.flow, scene.place, name)
    except DoesNotFit as refused:
        return outline(scene, 422, asked="copy", wanted=name, unfit=_why(refused, name))
    except Unreadable:
        return outline(scene, 422, asked="copy", wanted=name, unfit=_broken())
    return commit(scene, made, _called(scene.place, name)) or _moved_on(scene)


def _why(refused: DoesNotFit, name: str) -> str:
    if refused.code == "there_already":
        return taken(name)
    if refused.code == "unreadable":
        return _broken()
    return str(gettext("Somebody else changed this meanwhile. Look at it as it is now."))


def _broken() -> str:
    return str(gettext("A file of the draft cannot be read. Mend it among the files first."))


def _called(place: Place, name: str) -> Place:
    return (*place[:-1], f"#{name}" if str(place[-1]).startswith("#") else name)


def _parent(place: Place) -> Place:
    """Where the things beside it are listed: the page of its state, its section."""
    return place[:2] if len(place) == 4 else place[:1]


def _moved_on(scene: Scene) -> Response:
    note("outline_moved_on")
    there = scene.place if scene.thing or scene.container else _parent(scene.place)
    return redirect(url_for("desk.flow", flow=scene.of.name, at=address(there)), 303)
