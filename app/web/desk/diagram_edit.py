"""Editing on the diagram: what is selected is led elsewhere, moved, taken away, or gets a neighbour."""

import re
from collections.abc import Callable, Mapping
from typing import Any

from flask import redirect, request, url_for
from flask_babel import gettext
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from app.flow.edit import DoesNotFit, Edit
from app.flow.spec import NAME_PATTERN
from app.runner.drafting import diagram_edits
from app.runner.drafting.changing import UnfitFile, change
from app.runner.drafting.diagram_edits import PLAIN_KINDS, NewState
from app.runner.drafting.drafts import Draft, NoDraft, draft_of
from app.runner.drafting.saving import Clashed, at
from app.runner.named import DRAFT
from app.runner.staff.who import Staff
from app.web.desk import place_words
from app.web.desk.diagram import diagram_page
from app.web.desk.frame import act_of_staff, bp, note
from app.web.desk.numbers import number
from app.web.house import house

Files = Mapping[str, str]
Form = MultiDict[str, str]


class Unfit(Exception):
    """The form asks for something that no edit says; `args` name the box."""


@bp.post("/flows/<flow>/diagram/edit")
@act_of_staff
def flow_diagram_edit(staff: Staff, flow: str) -> Response:
    """Make the edit that the form of the panel asks for; what does not fit is said beside what was typed."""
    form = request.form
    try:
        draft = draft_of(house(), flow)
        files = at(house(), draft, _seen(draft))
        made = change(house(), staff, flow, _edits(form, files), _seen(draft))
    except NoDraft:
        note("no_draft")
        return redirect(url_for("desk.flow_diagram", flow=flow), 303)
    except Unfit as unfit:
        return diagram_page(staff, flow, 422, wrong=_unfit_words(str(unfit)))
    except UnfitFile:
        return diagram_page(staff, flow, 422, wrong=gettext("The file would become larger than 1 MiB."))
    except DoesNotFit as misfit:
        return diagram_page(staff, flow, 409, wrong=_misfit_words(misfit, ()))
    if isinstance(made, Clashed):
        return diagram_page(staff, flow, 409, wrong=_misfit_words(made.unfit, made.by))
    edited = made.draft.revision if made.draft.revision != draft.revision else None
    where = url_for("desk.flow_diagram", flow=flow, of=DRAFT, **_selected_then(form), edited=edited)
    return redirect(where, 303)


def _seen(draft: Draft) -> int:
    """The revision whose picture was looked at; of another draft than this one, none of it is believed."""
    seen = number(request.form.get("revision"))
    if request.form.get("draft") != draft.id or seen is None or seen > draft.revision:
        raise Unfit("draft")
    return seen


def _edits(form: Form, files: Files) -> list[Edit]:
    act = form.get("act", "")
    if act not in _ACTS:
        raise Unfit("act")
    return _ACTS[act](form, files)


def _way(form: Form) -> tuple[str, str]:
    state, _, way = form.get("which", "").partition(".")
    return _named(state, "which"), _named(way, "which")


def _named(value: str, box: str) -> str:
    if not re.fullmatch(NAME_PATTERN, value):
        raise Unfit(box)
    return value


def _name(form: Form, box: str) -> str:
    return _named(form.get(box, "").strip(), box)


def _maybe(form: Form, box: str) -> str:
    return _name(form, box) if form.get(box, "").strip() else ""


def _added_way(form: Form, files: Files) -> list[Edit]:
    return diagram_edits.added_way(
        files,
        _name(form, "state"),
        _name(form, "trigger"),
        _name(form, "dest"),
        _maybe(form, "name"),
        _maybe(form, "condition"),
        form.get("button", "").strip(),
    )


def _new_state(form: Form) -> NewState:
    kind = form.get("kind", "")
    if kind not in PLAIN_KINDS:
        raise Unfit("kind")
    title, button = form.get("title", "").strip(), form.get("button", "").strip()
    if not title:
        raise Unfit("title")
    return NewState(_name(form, "name"), kind, title, _maybe(form, "dest"), button)


_ACTS: Mapping[str, Callable[[Form, Files], list[Edit]]] = {
    "aim": lambda form, files: diagram_edits.re_aimed(files, *_way(form), _name(form, "dest")),
    "earlier": lambda form, files: diagram_edits.moved(files, *_way(form), "earlier"),
    "later": lambda form, files: diagram_edits.moved(files, *_way(form), "later"),
    "remove": lambda form, files: diagram_edits.removed_way(files, *_way(form), house().catalogue),
    "between": lambda form, files: diagram_edits.put_between(files, *_way(form), _new_state(form)),
    "add_way": _added_way,
    "add_state": lambda form, files: diagram_edits.added_state(
        files, _name(form, "state"), _new_state(form), _name(form, "trigger")
    ),
    "begin": lambda form, files: diagram_edits.begun_at(files, _name(form, "state")),
}


def _selected_then(form: Form) -> dict[str, Any]:
    """What is selected after the edit: what is new, else what was; the picture is as large as before."""
    act, zoom = form.get("act"), request.args.get("zoom")
    if act in {"add_state", "between"}:
        return {"state": form.get("name"), "zoom": zoom}
    if act == "remove":
        state = form.get("which", "").partition(".")[0]
        return {"state": state, "zoom": zoom}
    return {"state": request.args.get("state"), "way": request.args.get("way"), "zoom": zoom}


def _unfit_words(box: str) -> str:
    words: dict[str, str] = {
        "draft": gettext("The draft is another one by now. Look at it, then edit again."),
        "title": gettext("Write a title: people see it above the page."),
    }
    name = gettext("A name has small Latin letters, digits and _, with a letter first.")
    return words.get(box) or name


def _misfit_words(misfit: DoesNotFit | None, by: tuple[str, ...]) -> str:
    """Why the edit does not fit, and who was quicker."""
    if misfit is None:
        return str(gettext("Somebody changed this meanwhile. Look at it, then edit again."))
    told: dict[str, Callable[[], str]] = {
        "there_already": lambda: gettext(
            "There is already something of this name: %(place)s. Choose another name.",
            place=place_words.place(misfit.place),
        ),
        "used": lambda: gettext(
            "It is named elsewhere: %(places)s. Change that first.", places=_uses(misfit)
        ),
        "changed": lambda: gettext(
            "%(names)s changed this meanwhile (%(place)s). Look at it, then edit again.",
            names=", ".join(by) or gettext("Somebody"),
            place=place_words.place(misfit.place),
        ),
    }
    gone = gettext("What you edited is not there any more. Look at the draft as it is now.")
    return told[misfit.code]() if misfit.code in told else str(gone)


def _uses(misfit: DoesNotFit) -> str:
    return "; ".join(f"{each.file}: {place_words.place(each.place)}" for each in misfit.params["uses"][:5])
