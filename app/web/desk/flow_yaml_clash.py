"""A text that cannot be saved because others changed the same places: both sides, and the choice."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext
from werkzeug.wrappers import Response

from app.flow.edit import ABSENT, Conflict
from app.flow.edit.write import inline
from app.runner.drafting.drafts import Draft, NoDraft, draft_of
from app.runner.drafting.saving import Clashed
from app.runner.drafting.settling import BY_PLACE
from app.runner.staff.who import Staff
from app.web.desk import place_words
from app.web.desk.flow_tabs import tabs_of
from app.web.desk.frame import desk_page
from app.web.house import house


@dataclass(frozen=True)
class Told:
    """One clash in words: the place, and what stood and stands there; None for nothing."""

    number: int
    kind: str
    place: str
    was: str | None
    mine: str | None
    theirs: str | None


@dataclass(frozen=True)
class Typed:
    """What somebody typed into a file whose revision `seen` they saw."""

    file: str
    text: str
    seen: int


def clash_page(staff: Staff, typed: Typed, clashed: Clashed, wrong: str = "") -> Response:
    """Each place both changed, and both texts; `wrong` says why a choice could not be made so."""
    told = [_told(n, each) for n, each in enumerate(clashed.clashes)]
    return _page(
        staff,
        clashed.draft.flow,
        typed,
        draft=clashed.draft,
        clashes=told,
        by_place=bool(told) and all(each.kind in BY_PLACE for each in told),
        by=", ".join(clashed.by),
        theirs=clashed.draft.files.get(typed.file),
        wrong=wrong,
    )


def closed_page(staff: Staff, flow: str, typed: Typed) -> Response:
    """The text of somebody whose draft is not there any more, and a new one if there is."""
    draft: Draft | None
    try:
        draft = draft_of(house(), flow)
    except NoDraft:
        draft = None
    theirs = draft.files.get(typed.file) if draft else None
    return _page(staff, flow, typed, draft=draft, clashes=[], by_place=False, by="", theirs=theirs, wrong="")


def _page(staff: Staff, flow: str, typed: Typed, **context: Any) -> Response:
    about = {"flow_name": flow, "tabs": tabs_of(staff, flow), "typed": typed, **context}
    return desk_page("desk/flow_yaml_clash.html", 409, **about)


def _told(number: int, clash: Conflict) -> Told:
    sides = (clash.base, clash.mine, clash.theirs)
    said: list[str | None] = [None] * 3  # of what is no value: whole texts, which stand below
    if clash.kind in BY_PLACE:
        said = [_in_order(each) if clash.kind == "order" else _value(each) for each in sides]
    return Told(number, clash.kind, _where(clash), *said)


def _where(clash: Conflict) -> str:
    words = place_words.place(clash.place)
    return str(gettext("the order in %(place)s", place=words)) if clash.kind == "order" else words


def _value(value: Any) -> str | None:
    if value is ABSENT:
        return None
    return value if isinstance(value, str) else inline(value)


def _in_order(names: Iterable[Any]) -> str:
    return ", ".join(str(each + 1) if isinstance(each, int) else each.removeprefix("#") for each in names)
