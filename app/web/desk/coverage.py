"""Coverage: which ways of a flow were walked, by people and by generated paths, as picture and as list."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from flask import abort, request
from flask_babel import gettext
from markupsafe import Markup
from werkzeug.wrappers import Response

from app.drawing import Marks, TooLarge, svg
from app.flow.definition import Flow, Transition
from app.flow.diagram import Diagram, diagram
from app.runner.coverage import SMALLEST_SHOWN, Taken, taken, version
from app.runner.house import FlowMissing
from app.runner.staff.who import Staff
from app.web.desk.frame import bp, desk_page, for_staff
from app.web.desk.numbers import number
from app.web.house import house

ZOOMS = (50, 75, 100, 150, 200)

Fate = Literal["covered", "uncovered", "unreachable", "unknown", "not_driven"]

_SIGNS: Mapping[Fate, str] = {
    "covered": "✓",
    "uncovered": "✗",
    "unreachable": "∅",
    "unknown": "?",
    "not_driven": "",
}


@dataclass(frozen=True)
class WalkedWay:
    """One transition: how often people took it, as shown, and what became of it in the generated paths."""

    way: Transition
    people: str
    driven: int
    fate: Fate
    why: str


@bp.get("/coverage")
@for_staff
def coverage(_staff: Staff) -> Response:
    """The flows that are live, each with how much of it was walked."""
    flows = []
    for name in house().shelf.names():
        try:
            counted = taken(house(), house().shelf.live(name))
        except FlowMissing:
            continue
        ways = walked(counted)
        flows.append(
            {
                "taken": counted,
                "ways": len(ways),
                "by_people": sum(each.people != "0" for each in ways),
                "fates": _fates(ways),
            }
        )
    return desk_page("desk/coverage.html", flows=flows)


@bp.get("/coverage/<flow>")
@for_staff
def coverage_of(_staff: Staff, flow: str) -> Response:
    """One version of a flow, `?version=` or the live one; `?zoom=` is the picture's size in percent."""
    shown = _version(flow)
    counted = taken(house(), shown)
    ways = walked(counted)
    zoom = request.args.get("zoom", 100, type=int)
    zoom = zoom if zoom in ZOOMS else 100
    return desk_page(
        "desk/coverage_of.html",
        flow=shown,
        taken=counted,
        walked=ways,
        fates=_fates(ways),
        signs=_SIGNS,
        words=_words(),
        picture=_picture(diagram(shown), ways, zoom),
        zoom=zoom,
        smaller=max((each for each in ZOOMS if each < zoom), default=None),
        larger=min((each for each in ZOOMS if each > zoom), default=None),
    )


def _version(name: str) -> Flow:
    wanted = request.args.get("version")
    if wanted and number(wanted) is None:
        abort(404)
    try:
        return version(house(), name, number(wanted))
    except FlowMissing:
        abort(404)


def walked(counted: Taken) -> list[WalkedWay]:
    """Every transition in the order of the definition."""
    told = _transition_goals(counted.results)
    every = (way for ways in counted.flow.transitions.values() for way in ways)
    return [_walked(way, counted, told) for way in every]


def _walked(way: Transition, counted: Taken, told: Mapping[str, Mapping[str, Any]]) -> WalkedWay:
    name = f"{way.source}.{way.id}"
    people = counted.recorded.get(name, 0)
    goal = told.get(name, {})
    fate: Fate = goal.get("fate", "not_driven") if counted.results else "not_driven"
    return WalkedWay(
        way,
        people=f"<{SMALLEST_SHOWN}" if 0 < people < SMALLEST_SHOWN else str(people),
        driven=(counted.driven or {}).get(name, 0),
        fate=fate,
        why=goal.get("why") or "",
    )


def _transition_goals(results: Mapping[str, Any] | None) -> dict[str, Mapping[str, Any]]:
    criteria = (results or {}).get("criteria", {})
    return {each["goal"]: each for each in criteria.get("transitions", {}).get("goals", [])}


def _fates(ways: list[WalkedWay]) -> dict[str, int]:
    return {fate: sum(each.fate == fate for each in ways) for fate in _SIGNS}


def _words() -> dict[Fate, str]:
    return {
        "covered": gettext("driven"),
        "uncovered": gettext("not driven, though it can be reached"),
        "unreachable": gettext("cannot be reached"),
        "unknown": gettext("not known whether it can be reached"),
        "not_driven": gettext("never driven here"),
    }


def _picture(drawn: Diagram, ways: list[WalkedWay], zoom: int) -> Markup | None:
    """The diagram with how often people took each way and what became of it; None where it is too large."""
    marks = Marks(
        classes={f"{each.way.source}.{each.way.id}": each.fate for each in ways},
        notes={f"{each.way.source}.{each.way.id}": _note(each) for each in ways},
        everywhere=gettext("(everywhere)"),
    )
    title = gettext("Diagram of %(flow)s with what was walked; the list below says the same", flow=drawn.flow)
    try:
        # Graphviz' own output, of names that the grammar keeps to letters, digits and _.
        return Markup(svg(drawn, title, marks, zoom))  # noqa: S704
    except TooLarge:
        return None


def _note(each: WalkedWay) -> str:
    return " ".join(part for part in (_SIGNS[each.fate], f"×{each.people}") if part)
