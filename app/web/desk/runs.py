"""The desk's list of runs: a search whose every box stands in the address, so that it can be sent on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast, get_args
from urllib.parse import urlencode

from flask import redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.flow.pattern import PatternProblem, parse
from app.flow.spec import Language
from app.runner import searching
from app.runner.house import FlowMissing
from app.runner.searching import ENDED, Criteria, Ended, Found, WrongSearch
from app.runner.staff.who import Staff
from app.store.run_search import Cursor, Listed
from app.web.browser import LANGUAGES
from app.web.desk import run_words
from app.web.desk.cursors import cursor, written
from app.web.desk.days import beginning_of, end_of
from app.web.desk.frame import bp, desk_page, for_staff
from app.web.desk.numbers import number
from app.web.desk.spans import span
from app.web.house import house

BOXES = ("path", "flow", "version", "state", "ended", "spoken", "since", "until", "lasting", "run")
LASTING = {"1": 60, "10": 600, "60": 3600, "1440": 86_400}

EXAMPLES = ("^. > .!{5,}", "(. > back!){2,}", "rested! >> .!")
VERDICTS = ("form_valid:no{3,}",)

_LOOKS = 50_000  # what a page waits for; the next one goes on where this one stopped


@dataclass(frozen=True)
class Wrong:
    """A box that cannot be searched by: what to say, and for a path the column (from 1) it is wrong at."""

    box: str
    text: str
    column: int | None = None


@bp.get("/runs")
@for_staff
def runs(staff: Staff) -> Response:
    """The search, and what it finds, fifty runs at a time."""
    asked = {box: request.args.get(box, "").strip() for box in BOXES}
    wrong, found = None, None
    try:
        found = _found(staff, asked)
    except PatternProblem as problem:
        wrong = Wrong("path", " ".join(run_words.in_words(problem)).strip(), problem.column)
    except WrongSearch as problem:
        wrong = Wrong(problem.box, " ".join(run_words.in_words(problem)).strip())
    if found and len(found.runs) == 1 and asked["run"]:
        return redirect(url_for("desk.run", run=found.runs[0].id), 303)
    return desk_page(
        "desk/runs.html",
        422 if wrong else 200,
        asked=asked,
        wrong=wrong,
        found=found,
        rows=[row(each) for each in found.runs] if found else [],
        further=_address(asked, found.further) if found and found.further else None,
        newest=_address(asked, None) if request.args.get("before") else None,
        searched=any(asked.values()),
        flow_options=[(name, name) for name in house().shelf.names()],
        ends={code: run_words.ended(code) for code in ENDED},
        spans={minutes: span(timedelta(seconds=seconds)) for minutes, seconds in LASTING.items()},
        lang_options=[(code, LANGUAGES[code]) for code in get_args(Language)],
        examples=[*EXAMPLES, *(VERDICTS if staff.reads_reasons else ())],
        sees_verdicts=staff.reads_reasons,
    )


def _found(staff: Staff, asked: Mapping[str, str]) -> Found:
    criteria = _criteria(asked)
    if criteria.pattern and not staff.reads_reasons:
        _refuse_verdicts(criteria.pattern)
    return searching.find(house(), criteria, before=cursor(request.args.get("before", "")), looks=_LOOKS)


def _refuse_verdicts(pattern: str) -> None:
    """What a guard answered is not for every role, so it cannot be searched by either."""
    for test in parse(pattern).tests:
        if test.sort in {"guard", "way"}:
            what = gettext("Your roles search by states and triggers, not by what guards answered.")
            raise PatternProblem(test.column, str(what).replace("%", "%%"))


def _criteria(asked: Mapping[str, str]) -> Criteria:
    """The boxes as criteria; what no form of ours sends is not asked."""
    ended, lasting = asked["ended"], asked["lasting"]
    return Criteria(
        pattern=asked["path"] or None,
        flow=asked["flow"] or None,
        version=number(asked["version"]),
        state=asked["state"] or None,
        ended=cast(Ended, ended) if ended in ENDED else None,
        lang=asked["spoken"] or None,
        since=beginning_of(asked["since"]),
        until=end_of(asked["until"]),
        named=asked["run"] or None,
        lasting=timedelta(seconds=LASTING[lasting]) if lasting in LASTING else None,
    )


def _address(asked: Mapping[str, str], before: Cursor | None) -> str:
    """This search, going on behind `before`."""
    kept = {box: value for box, value in asked.items() if value}
    if before:
        kept["before"] = written(before)
    here = url_for("desk.runs")
    return f"{here}?{urlencode(kept)}" if kept else here


def row(run: Listed) -> dict[str, Any]:
    """A run as its row shows it."""
    end = how_it_stands(run)
    return {
        "run": run,
        "url": url_for("desk.run", run=run.id),
        "sort": SORTS.get(end, "over"),
        "stands": run_words.ended(end),
        "lasted": span(run.lasted),
    }


#: The shape of how a run stands, by the sort of its end.
SORTS = {"open": "going", "success": "done", "refused": "refused", "locked": "refused"}


def how_it_stands(run: Listed) -> str:
    """`open`, the sort of its end, or `ended` where the definition does not tell any more."""
    if run.ended_at is None:
        return "open"
    try:
        state = house().shelf.version(run.flow, run.number, run.digest).spec.states.get(run.state)
    except FlowMissing:
        return "ended"
    return state.end if state and state.end else "ended"
