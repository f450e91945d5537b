"""The funnel of a flow: how people got through one version, or two beside each other, and where they left."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, get_args
from urllib.parse import urlencode

from flask import abort, request, url_for
from flask_babel import format_percent, gettext
from markupsafe import Markup
from werkzeug.wrappers import Response

from app.drawing import Marks, TooLarge, svg
from app.flow.diagram import diagram
from app.flow.funnel.figures import ENDS, Figures, StateFigures, WayFigures
from app.flow.spec import Language
from app.runner.funnel import Funnel, funnel, numbers_of
from app.runner.house import FlowMissing
from app.runner.staff.who import Staff
from app.web.browser import LANGUAGES
from app.web.desk import run_words
from app.web.desk.coverage import ZOOMS
from app.web.desk.days import beginning_of, end_of
from app.web.desk.flow_tabs import tabs_of
from app.web.desk.frame import bp, desk_page, for_staff
from app.web.desk.numbers import number
from app.web.desk.spans import span
from app.web.house import house

_MOST_VERSIONS = 2
#: From which share on a way is drawn heavier; its note says the share as well.
_WEIGHTS = ((0.75, "share-4"), (0.5, "share-3"), (0.25, "share-2"), (0.05, "share-1"))


@dataclass(frozen=True)
class _Asked:
    """What the address asks for, as it is written there."""

    versions: tuple[str, ...]
    spoken: str
    since: str
    until: str

    def address(self, flow: str, **other: Any) -> str:
        """The address of this page, asking for the same but for `other`."""
        same = {"version": self.versions, "spoken": self.spoken, "since": self.since, "until": self.until}
        kept = {name: value for name, value in {**same, **other}.items() if value}
        return f"{url_for('desk.flow_funnel', flow=flow)}?{urlencode(kept, doseq=True)}"

    def runs(self, flow: str, version: int, path: str) -> str:
        """The search for the runs of this window that went a way."""
        same = {"spoken": self.spoken, "since": self.since, "until": self.until}
        kept = {name: value for name, value in same.items() if value}
        return f"{url_for('desk.runs')}?{urlencode({'flow': flow, 'version': version, 'path': path, **kept})}"


@bp.get("/flows/<flow>/funnel")
@for_staff
def flow_funnel(staff: Staff, flow: str) -> Response:
    """`version` (two at most; the live one without), `spoken`, `since`, `until` and `zoom` of the address."""
    asked = _asked()
    try:
        told = _told(flow, asked)
    except FlowMissing:
        abort(404)
    zoom = request.args.get("zoom", 100, type=int)
    zoom = zoom if zoom in ZOOMS else 100
    numbers = [each.flow.number for each in told.versions]
    return desk_page(
        "desk/flow_funnel.html",
        flow_name=flow,
        tabs=tabs_of(staff, flow),
        asked=asked,
        told=told,
        numbers=numbers,
        every=numbers_of(house(), flow),
        lang_options=[(code, LANGUAGES[code]) for code in get_args(Language)],
        pictures=[(each.flow.number, _picture(each, zoom)) for each in told.versions],
        states=_beside(told.versions),
        ends=_ends(),
        kinds=ENDS,
        reasons=_reasons(told.versions),
        span=span,
        percent=percent,
        zoom=zoom,
        smaller=max((each for each in ZOOMS if each < zoom), default=None),
        larger=min((each for each in ZOOMS if each > zoom), default=None),
    )


def _asked() -> _Asked:
    given = [each for each in request.args.getlist("version") if each]
    return _Asked(
        tuple(dict.fromkeys(given))[:_MOST_VERSIONS],
        spoken=_of("spoken", get_args(Language)),
        since=request.args.get("since", ""),
        until=request.args.get("until", ""),
    )


def _of(name: str, known: Sequence[str]) -> str:
    return given if (given := request.args.get(name, "")) in known else ""


def _told(flow: str, asked: _Asked) -> Funnel:
    numbers = [number(each) for each in asked.versions]
    if None in numbers:
        raise FlowMissing(flow)
    return funnel(
        house(),
        flow,
        [each for each in numbers if each is not None],
        lang=asked.spoken or None,
        since=beginning_of(asked.since),
        until=end_of(asked.until),
    )


def percent(part: float | None) -> str:
    """A share in percent, under ten with one decimal; "" for none and for one that is not told."""
    if not part:
        return ""
    return str(format_percent(part, "0.0 %" if part < 0.0995 else "0 %"))


def _beside(versions: Sequence[Figures]) -> list[dict[str, Any]]:
    """Each state of any of the versions, with its figures in each of them and those of its ways."""
    names = dict.fromkeys(state.name for each in versions for state in each.states)
    return [_state_beside(name, versions) for name in names]


def _state_beside(name: str, versions: Sequence[Figures]) -> dict[str, Any]:
    states: list[StateFigures | None] = [
        next((state for state in each.states if state.name == name), None) for each in versions
    ]
    ways = dict.fromkeys(way.name for state in states if state for way in state.ways)
    return {
        "name": name,
        "in": states,
        "ways": [_way_beside(way, versions) for way in ways],
    }


def _way_beside(name: str, versions: Sequence[Figures]) -> dict[str, Any]:
    found = [each.way(name) for each in versions]
    known = next(way for way in found if way)
    return {"name": name, "way": known.way, "in": found}


def _reasons(versions: Sequence[Figures]) -> list[dict[str, Any]]:
    """Each guard with each reason it refused for, with its figures in each version."""
    keys = sorted({(each.guard, each.reason) for told in versions for each in told.refused})
    return [
        {
            "guard": guard,
            "reason": reason,
            "in": [
                next((r for r in told.refused if (r.guard, r.reason) == (guard, reason)), None)
                for told in versions
            ],
        }
        for guard, reason in keys
    ]


def _ends() -> dict[str, str]:
    """How runs stand, in words."""
    own = {"gone": str(gettext("Left to begin anew")), "still": run_words.ended("open")}
    return {end: own.get(end) or run_words.ended(end) for end in ENDS}


def _picture(told: Figures, zoom: int) -> Markup | None:
    """The diagram with how many reached each state and took each way; None where it is too large."""
    ways = [way for state in told.states for way in state.ways]
    notes = {way.name: _note(way) for way in ways}
    notes |= {state.name: f"{state.reached}" for state in told.states}
    classes = {way.name: weight for way in ways if (weight := _weight(way))}
    marks = Marks(classes, notes, gettext("(everywhere)"))
    title = gettext(
        "Diagram of %(flow)s, version %(number)s, with how many went where; the list below says the same",
        flow=told.flow.name,
        number=told.flow.number,
    )
    try:
        # Graphviz' own output, of names that the grammar keeps to letters, digits and _.
        return Markup(svg(diagram(told.flow), title, marks, zoom))  # noqa: S704
    except TooLarge:
        return None


def _note(way: WayFigures) -> str:
    return " ".join(part for part in (f"×{way.runs}", percent(way.share)) if part)


def _weight(way: WayFigures) -> str:
    return next((name for least, name in _WEIGHTS if (way.share or 0) >= least), "")
