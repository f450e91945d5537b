"""The registers at the desk: where each has its rows from, how matching goes, whether a live one answers."""

from dataclasses import asdict
from datetime import timedelta
from typing import Any

from flask import abort, redirect, request, session, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.runner import registers as use_cases
from app.runner.matching import ENDS, SPANS, matching
from app.runner.registers import Declared, RegisterMissing
from app.runner.staff.who import Staff
from app.web.desk.frame import act_of_staff, bp, desk_page, for_staff
from app.web.desk.numbers import number
from app.web.formats import ZONE
from app.web.house import house

_ASKED = "desk_register_asked"


@bp.get("/registers", endpoint="registers")
@for_staff
def all_registers(staff: Staff) -> Response:
    """Each register of the live flows; what came of asking one stands there once."""
    return desk_page(
        "desk/registers.html",
        registers=list(use_cases.declared(house()).values()),
        operates="operator" in staff.roles,
        asked=session.pop(_ASKED, None),
        reasons=reason_words(),
    )


@bp.post("/registers/<register>/ask")
@act_of_staff
def register_ask(staff: Staff, register: str) -> Response:
    """Ask a live register about nobody."""
    try:
        answered = use_cases.ask_now(house(), staff, register)
    except RegisterMissing:
        abort(404)
    session[_ASKED] = {"register": register, **asdict(answered)}
    return redirect(url_for("desk.registers"), 303)


@bp.get("/registers/<register>/matching")
@for_staff
def register_matching(_staff: Staff, register: str) -> Response:
    """How matches went in the last `?days=`; sums over days, small ones hidden."""
    shown = found(register)
    days = number(request.args.get("days"))
    days = days if days in SPANS else SPANS[0]
    told = matching(house(), register, timedelta(days=days), ZONE)
    return desk_page(
        "desk/register_matching.html",
        register=shown,
        days=days,
        spans=SPANS,
        told=told,
        ends=ENDS,
        words=end_words(),
        rate=rate,
    )


def found(name: str) -> Declared:
    """The register of this name, else 404."""
    try:
        return use_cases.register(house(), name)
    except RegisterMissing:
        abort(404)


def rate(part: int, whole: int) -> str | None:
    """A share in percent; None where one of its numbers is small and would be told by it."""
    hidden = 0 < part < 5 or whole < 5 or 0 < whole - part < 5
    return None if hidden else f"{100 * part / whole:.1f}"


def end_words() -> dict[str, str]:
    """How a match may end."""
    return {
        "yes": gettext("matched"),
        "unavailable": gettext("nobody could be asked"),
        "unknown": gettext("not on file"),
        "contact_differs": gettext("another contact on file"),
        "not_in_force": gettext("not in force"),
        "over_budget": gettext("too many refusals before"),
        "match_over_budget": gettext("matched after too many refusals"),
    }


def reason_words() -> dict[str, Any]:
    """Why a live register did not answer."""
    return {
        "timeout": gettext("it took too long"),
        "resting": gettext("it is left alone for a while after failures"),
        "database_error": gettext("its database gave an error"),
        "unreachable": gettext("nobody listens at its address"),
        "name_unknown": gettext("its host’s name is not known"),
        "tls_untrusted": gettext("its certificate is not trusted"),
        "connection_lost": gettext("the connection was lost"),
        "status_not_200": gettext("it refused to answer"),
        "answer_garbled": gettext("its answer was not understood"),
        "not_configured": gettext("a setting that it needs is missing or wrong"),
    }
