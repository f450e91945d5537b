"""The next step of a draft on its way to people, for whoever is looking; the bar above its pages tells it."""

from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext

from app.runner.glance import Glance
from app.runner.staff.who import Staff
from app.web import access
from app.web.desk.draft_bar import Bar
from app.web.desk.frame import bp
from app.web.house import house


@dataclass(frozen=True)
class NextStep:
    """What to do next, and the page where it is done."""

    words: str
    url: str


def next_step(flow: str, bar: Bar, staff: Staff) -> NextStep | None:
    """The next step of the flow's draft; None where there is none for this member of staff."""
    here, moves = bar.glance, staff.roles & (access.EDITS | access.DECIDES)
    if here is None or not moves:
        return None
    return _to_mend(flow, bar, here, staff) or _to_agree(flow, here, staff)


def _to_mend(flow: str, bar: Bar, here: Glance, staff: Staff) -> NextStep | None:
    """What is left until the draft has passed the check."""
    edits = bool(staff.roles & access.EDITS)
    check = url_for("desk.flow_check", flow=flow)
    if here.behind and edits:
        words = gettext("bring the draft onto version %(number)s", number=here.behind)
        return NextStep(words, url_for("desk.flow_release", flow=flow))
    if bar.errors and edits:
        return NextStep(gettext("mend the errors"), check)
    if not here.draft.revision and here.draft.base_number and edits:
        return NextStep(gettext("change something"), url_for("desk.flow", flow=flow, of="draft"))
    words = {
        "not_checked": gettext("check the draft"),
        "going": gettext("see how the check goes"),
        "failed": gettext("mend what the check found"),
    }
    return NextStep(words[here.checked], check) if here.checked in words else None


def _to_agree(flow: str, here: Glance, staff: Staff) -> NextStep | None:
    """What is left of a draft that has passed until it is live."""
    edits, decides = staff.roles & access.EDITS, staff.roles & access.DECIDES
    url = url_for("desk.flow_release", flow=flow)
    if here.agreement == "agreed":
        return NextStep(gettext("publish it"), url)
    if here.agreement == "waits":
        return NextStep(gettext("agree or decline") if decides else gettext("a second person decides"), url)
    return NextStep(gettext("ask a second person"), url) if edits else None


def wizard_of(flow: str) -> str | None:
    """The address of the flow's live wizard; None before it is published."""
    return url_for("wizard.start", flow=flow) if flow in house().shelf.names() else None


@bp.app_context_processor
def _for_templates() -> dict[str, Any]:
    return {"next_step": next_step, "wizard_of": wizard_of}
