"""The gate at the desk: what lint says of the draft now, and what the last whole check found."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import abort, redirect, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.flow.findings import Finding
from app.flow.loader import definition_files
from app.runner import linting
from app.runner.drafting.drafts import Draft, NoDraft, draft_of
from app.runner.house import House
from app.runner.releasing import checking
from app.runner.staff.who import Staff
from app.store.gate_reports import DONE, WAITING, GateReport
from app.web.desk.definitions import address_if_there
from app.web.desk.finding_words import Said, said
from app.web.desk.flow_tabs import tabs_of
from app.web.desk.frame import NOTICES, act_of_staff, bp, desk_page, for_staff, note
from app.web.house import house

#: The parts of a check, in their order.
STAGES = ("lint", "scenarios", "safety", "replay")

NOTICES["no_draft"] = lambda: gettext("There is no draft of this flow any more.")


def stage_words() -> dict[str, str]:
    """What the parts of a check are called."""
    return {
        "lint": gettext("Lint"),
        "scenarios": gettext("Scenarios"),
        "safety": gettext("Safety rules"),
        "replay": gettext("Recorded runs on the draft"),
    }


@bp.get("/flows/<flow>/check")
@for_staff
def flow_check(staff: Staff, flow: str) -> Response:
    """What was found about the draft; a check under way shows how far it is."""
    draft = draft_there(flow)
    report = checking.newest(house(), draft) if draft else None
    return desk_page(
        "desk/flow_check.html",
        flow_name=flow,
        tabs=tabs_of(staff, flow),
        draft=draft,
        findings=_findings(draft) if draft else None,
        report=report,
        fresh=report is not None and draft is not None and checking.holds(house(), draft, report),
        stages=progress(report),
        under_way=report is not None and report.stage != DONE,
        asks="analyst" in staff.roles or "approver" in staff.roles,
        class_words=class_words(),
    )


@dataclass(frozen=True)
class Findings:
    """What lint says of the draft now: what keeps it from being published, and what else is worth a look."""

    hinder: list[Said]
    further: list[Said]


def _findings(draft: Draft) -> Findings:
    """Each finding with the way to the line it speaks of."""
    root, today = f"workflows/{draft.flow}", house().clock().date()
    found = linting.findings(house(), definition_files(draft.files), root, today=today, replay=False)
    hinder = linting.in_the_way(found)

    def place(finding: Finding) -> str | None:
        return _place(draft.flow, finding)

    return Findings(said(hinder, place), said([each for each in found if each not in hinder], place))


def _place(flow: str, finding: Finding) -> str | None:
    file = finding.path.rpartition("/")[2]
    address = address_if_there("desk.flow_yaml", flow=flow, file=file, line=finding.line)
    return f"{address}#line" if address else None


@bp.post("/flows/<flow>/check")
@act_of_staff
def flow_check_ask(staff: Staff, flow: str) -> Response:
    """Let the draft as it stands be checked."""
    try:
        checking.ask_check(house(), staff, flow)
    except NoDraft:
        note("no_draft")
    return redirect(url_for("desk.flow_check", flow=flow), 303)


def draft_there(flow: str) -> Draft | None:
    """The open draft of a flow, None where there is none; 404 for a flow nobody knows."""
    try:
        return draft_of(house(), flow)
    except NoDraft:
        if not _is_known(house(), flow):
            abort(404)
        return None


def _is_known(where: House, flow: str) -> bool:
    return flow in where.shelf.names()


def progress(report: GateReport | None) -> list[dict[str, Any]]:
    """Each part of a check: what was found, and `passed`, `failed`, `going`, `waiting` or `left_out`."""
    found: Mapping[str, Any] = report.report if report else {}
    words = stage_words()
    return [
        {"name": name, "words": words[name], "found": found.get(name), "fate": _fate(report, name, found)}
        for name in STAGES
    ]


def _fate(report: GateReport | None, name: str, found: Mapping[str, Any]) -> str:
    if name in found:
        return "passed" if found[name]["passed"] else "failed"
    if report is None or report.stage == WAITING:
        return "waiting"
    if report.stage == DONE:
        return "left_out"
    return "going" if report.stage == name else "waiting"


def class_words() -> dict[str, str]:
    """What becomes of runs on the draft."""
    return {
        "same": gettext("same"),
        "same end": gettext("same end by another way"),
        "other end": gettext("another end"),
        "stuck": gettext("stuck: the step is not accepted"),
        "starved": gettext("asked something that was never recorded"),
    }
