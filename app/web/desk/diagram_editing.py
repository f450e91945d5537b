"""What the forms on the diagram need: the draft they edit, what may be chosen, what was just done."""

from typing import Any

from flask import request

from app.runner.drafting.diagram_edits import PLAIN_KINDS
from app.runner.drafting.drafts import Draft, NoDraft, draft_of
from app.runner.named import Definition
from app.runner.staff.who import Staff
from app.web.desk.edit_words import sentences
from app.web.desk.edits_told import edits_told
from app.web.desk.numbers import number
from app.web.house import house

_MOST_SENTENCES = 6


def editing(staff: Staff, of: Definition) -> dict[str, Any]:
    """For the page's template: `draft` is None where nothing is to be edited, `edited` where nothing was."""
    draft = _draft(staff, of)
    return {
        "draft": draft,
        "revision": of.revision,
        "typed": request.form if request.method == "POST" else {},
        "plain_kinds": PLAIN_KINDS,
        "triggers": _triggers(of),
        **_edited(draft),
    }


def _draft(staff: Staff, of: Definition) -> Draft | None:
    if not of.is_draft or "analyst" not in staff.roles:
        return None
    try:
        return draft_of(house(), of.name)
    except NoDraft:
        return None


def _triggers(of: Definition) -> list[str]:
    """What sets off ways of this flow already, and what a form's button does."""
    ways = of.flow.transitions.values() if of.flow else ()
    return sorted({"submit", *(way.trigger for each in ways for way in each)})


def _edited(draft: Draft | None) -> dict[str, Any]:
    """The edit that the address names, in words and line by line."""
    revision = number(request.args.get("edited"))
    if draft is None or revision is None or not 0 < revision <= draft.revision:
        return {"edited": None, "edited_words": []}
    told = edits_told(draft, [revision])[revision]
    return {"edited": told, "edited_words": sentences(told, _MOST_SENTENCES)}
