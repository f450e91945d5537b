"""One run at the desk: for QA what its applicant saw and why it went where it went, for operators where it
stands and what may come next. What anybody typed is read by neither."""

from dataclasses import dataclass
from typing import Any

from flask import abort, make_response, render_template, request, session, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.flow.definition import Flow
from app.flow.replay.why import why
from app.flow.trace import Recorded
from app.runner.staff.acts import note_act
from app.runner.staff.who import Staff
from app.runner.stood import stood
from app.runner.story import Story, story
from app.web.desk import run_words
from app.web.desk.frame import bp, desk_page, for_staff
from app.web.desk.run_check import checked
from app.web.desk.run_export import offered
from app.web.desk.run_fork import forkable, otherwise
from app.web.desk.run_support import support
from app.web.desk.run_timeline import LONGEST_DRAWN, fate, neighbours, timeline
from app.web.desk.runs import SORTS
from app.web.desk.spans import span
from app.web.desk.still_page import drawn, framed, view_of
from app.web.house import house

_READ = "desk_runs_read"
_REMEMBERED = 20
_CHOSEN = frozenset({"choice", "consent", "agreement"})


@bp.get("/runs/<run>")
@for_staff
def run(staff: Staff, run: str) -> Response:
    """The run at `?step=`, the newest without; `?page=before` is the page that the step was taken on."""
    told = _told(staff, run)
    if not staff.reads_reasons:
        return desk_page("desk/run_support.html", **_where_it_stands(told), support=support(told))
    step = _step(told)
    if step is None:
        return desk_page("desk/run_support.html", **_where_it_stands(told), support=support(told))
    flow = told.flow_of(step)
    side = "before" if request.args.get("page") == "before" and step.seq else "after"
    return desk_page(
        "desk/run.html",
        **_where_it_stands(told),
        step=step,
        name=_name(step),
        fate=fate(told, step),
        side=side,
        seen=_seen(told, step.seq - (side == "before")),
        why=why(flow, step) if flow else None,
        lengths=_lengths(flow, step),
        ways_on=neighbours(told, step.seq),
        address=lambda seq, page="after": url_for(
            "desk.run", run=run, step=seq, page="before" if page == "before" else None
        ),
        check=checked(told) if request.args.get("replay") == "strict" else None,
        exports=offered(),
        fork=forkable(told, step),
        otherwise=otherwise(told, step),
    )


def _told(staff: Staff, run: str) -> Story:
    """The run, and a note that this member of staff reads it, once for each time it is opened."""
    told = story(house(), run)
    if told is None:
        abort(404)
    read = list(session.get(_READ, ()))
    if f"{staff.id} {run}" not in read:
        note_act(house(), staff, "read run", run)
        session[_READ] = [*read, f"{staff.id} {run}"][-_REMEMBERED:]
    return told


def _step(told: Story) -> Recorded | None:
    """The step asked for, the newest if it is none; None for a run of which nothing can be read."""
    asked = request.args.get("step", type=int)
    found = [record for record in told.records if record.seq == asked] or list(told.records[-1:])
    return found[0] if found else None


def _where_it_stands(told: Story) -> dict[str, Any]:
    """What both views say of the run."""
    records = told.records
    lasted = records[-1].occurred - records[0].occurred if records else None
    state = told.flow.spec.states.get(told.state) if told.flow else None
    end = "open" if not told.ended else (state.end if state and state.end else "ended")
    return {
        "told": told,
        "sort": SORTS.get(end, "over"),
        "stands": run_words.ended(end),
        "lasted": span(lasted) if lasted is not None else None,
        "moments": timeline(told),
        "longest_drawn": span(LONGEST_DRAWN),
        "words": run_words,
    }


def _lengths(flow: Flow | None, step: Recorded) -> dict[str, str]:
    """How long the answers were, where that does not tell which of a few it was."""
    fields = flow.spec.fields if flow else {}
    typed = [each for each in step.answers if each.field in fields]
    return {each.field: each.length for each in typed if fields[each.field].type not in _CHOSEN}


def _name(step: Recorded) -> str:
    """The step as it is called on the page and read out."""
    if step.type == "run.started":
        return str(gettext("The run began"))
    if step.chosen is None:
        return run_words.note(step)
    return f"{step.state} → {step.to}"


@dataclass(frozen=True)
class Seen:
    """The page after a record: where it is shown, or why not (`gone`: `version`, `state`, `none`)."""

    url: str | None
    lang: str
    state: str
    same_texts: bool = True
    gone: str | None = None


def _seen(told: Story, seq: int) -> Seen:
    record = next(each for each in reversed(told.records) if each.seq <= seq)
    flow = told.flow_of(record)
    if flow is None:
        return Seen(None, record.lang, record.to, gone="version")
    found = stood(told, flow, seq)
    if found is None:
        return Seen(None, record.lang, record.to, gone="state")
    if view_of(found.page, found.then) is None:
        return Seen(None, record.lang, record.to, gone="none")
    url = url_for("desk.run_page", run=told.run, seq=seq)
    return Seen(url, record.lang, record.to, found.same_texts)


@bp.get("/runs/<run>/page/<int:seq>")
@for_staff
def run_page(staff: Staff, run: str, seq: int) -> Response:
    """The page that the applicant was shown after this record, with dots for what they had typed."""
    told = _told(staff, run)
    record = next((each for each in told.records if each.seq == seq), None)
    flow = told.flow_of(record) if record else None
    found = stood(told, flow, seq) if flow else None
    view = view_of(found.page, found.then) if found else None
    if found is None or view is None:
        abort(404)
    return framed(drawn(found.page, view, url_for("desk.run_theme", run=run)))


@bp.get("/runs/<run>/theme.css")
@for_staff
def run_theme(staff: Staff, run: str) -> Response:
    """The colours of the version that the run is on."""
    told = _told(staff, run)
    if told.flow is None:
        abort(404)
    response = make_response(render_template("theme.css", theme=told.flow.theme))
    response.mimetype = "text/css"
    return response
