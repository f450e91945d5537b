"""What if a limit were another: bounds from recorded runs, in whole sentences."""

from dataclasses import dataclass

from flask import abort, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.flow.limits import Limit, NoSuchLimit, WrongValue, limits
from app.runner.coverage import version
from app.runner.funnel import numbers_of
from app.runner.house import FlowMissing
from app.runner.staff.who import Staff
from app.runner.what_if.answer import what_if
from app.runner.what_if.bounds import Bounds
from app.runner.what_if.sentences import sentences
from app.web.desk.days import beginning_of, end_of
from app.web.desk.flow_tabs import tabs_of
from app.web.desk.frame import bp, desk_page, for_staff
from app.web.desk.numbers import number
from app.web.house import house

BOXES = ("limit", "value", "version", "since", "until")


@dataclass(frozen=True)
class _Wrong:
    """A box that cannot be answered; `told` is what the grammar says, in English as it speaks."""

    box: str
    text: str
    told: str = ""


@bp.get("/flows/<flow>/what-if")
@for_staff
def flow_what_if(staff: Staff, flow: str) -> Response:
    """`limit` and `value`, `version`, `since` and `until` of the address."""
    asked = {box: request.args.get(box, "").strip() for box in BOXES}
    if asked["version"] and number(asked["version"]) is None:
        abort(404)
    try:
        shown = version(house(), flow, number(asked["version"]))
        found, wrong = _answered(flow, asked)
    except FlowMissing:
        abort(404)
    every = limits(shown)
    return desk_page(
        "desk/flow_what_if.html",
        422 if wrong else 200,
        flow_name=flow,
        tabs=tabs_of(staff, flow),
        asked=asked,
        shown=shown,
        every=numbers_of(house(), flow),
        limits=every,
        chosen=next((each for each in every if each.name == asked["limit"]), None),
        found=found,
        wrong=wrong,
        said=[str(gettext(each.words)) % each.params for each in sentences(found)] if found else [],
        parts=_parts(every),
    )


def _answered(flow: str, asked: dict[str, str]) -> tuple[Bounds | None, _Wrong | None]:
    if not asked["limit"] or not asked["value"]:
        return None, None
    try:
        found = what_if(
            house(),
            flow,
            asked["limit"],
            asked["value"],
            number=number(asked["version"]),
            since=beginning_of(asked["since"]),
            until=end_of(asked["until"]),
        )
    except NoSuchLimit:
        return None, _Wrong("limit", gettext("This version has no such limit. Choose one of the list."))
    except WrongValue as problem:
        words = gettext("This cannot be the value. Write it like: %(example)s", example=problem.example)
        return None, _Wrong("value", words, str(problem))
    return found, None


def _parts(every: list[Limit]) -> dict[str, str]:
    """What each limit means, by its name."""
    words = {
        "tries": gettext("tries of one code"),
        "valid": gettext("how long it is valid"),
        "resend_after": gettext("pauses before it is sent again"),
        "per_10_minutes": gettext("messages to one recipient in ten minutes"),
        "per_day": gettext("messages to one recipient in a day"),
        "opens": gettext("uses of one link"),
        "per": gettext("refusals of one subject"),
        "idle": gettext("how long a run may lie idle"),
        "absolute": gettext("how long a run may last in all"),
    }
    return {each.name: words[each.part] for each in every}
