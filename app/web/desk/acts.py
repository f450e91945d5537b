"""What staff did, for those who watch over it: chosen by boxes that stand in the address, and as a file."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urlencode

from flask import request, session, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.runner.house import House
from app.runner.staff import acts as trail
from app.runner.staff.acts import Folded, note_act
from app.runner.staff.who import Staff
from app.store.staff_acts import Chosen, StoredAct
from app.web.desk.act_words import act_words
from app.web.desk.days import beginning_of, end_of
from app.web.desk.frame import bp, desk_page, for_staff
from app.web.desk.logins import current_login
from app.web.house import house

BOXES = ("member", "act", "outcome", "since", "until")
_PAGE, _PORTION = 200, 2000
_READ = "desk_read_acts"
_OUTCOMES = ("done", "refused")
_BEGINS_A_FORMULA = "=+-@\t\r"  # for the programs that open tables (ASVS 1.2.10)


@bp.get("/acts")
@for_staff
def acts(staff: Staff) -> Response:
    """The trail, two hundred acts at a time, the newest first; equal ones that follow each other folded."""
    _note_reading(staff)
    asked = {box: request.args.get(box, "").strip() for box in BOXES}
    before = request.args.get("before") or None
    found = trail.page(house(), _chosen(asked), _PAGE, before)
    members, kinds = trail.vocabulary(house())
    words = act_words()
    return desk_page(
        "desk/acts.html",
        asked=asked,
        rows=list(trail.folded(iter(found.acts))),
        shown=len(found.acts),
        further=_address("desk.acts", asked, before=found.further) if found.further else None,
        newest=_address("desk.acts", asked) if before else None,
        export=_address("desk.acts_csv", asked),
        searched=any(asked.values()),
        members=[(name, name) for name in members],
        kinds=[(act, words.get(act, act)) for act in kinds],
        words=words,
        outcomes={"done": gettext("Done"), "refused": gettext("Refused")},
        subjects=subjects,
    )


@bp.get("/acts.csv")
@for_staff
def acts_csv(staff: Staff) -> Response:
    """The chosen acts as a table that spreadsheet programs open without running anything in it."""
    note_act(house(), staff, "export acts")
    asked = {box: request.args.get(box, "").strip() for box in BOXES}
    response = Response(_lines(house(), _chosen(asked)), mimetype="text/csv")
    response.headers["Content-Disposition"] = 'attachment; filename="acts.csv"'
    return response


def subjects(row: Folded) -> list[str]:
    """What the folded acts were done to, each once, the newest first."""
    return list(dict.fromkeys(act.subject for act in row.acts if act.subject))


def _note_reading(staff: Staff) -> None:
    """Who reads the trail stands in it as well, once for each login."""
    login = current_login()
    if login and session.get(_READ) != login.id:
        note_act(house(), staff, "read acts")
        session[_READ] = login.id


def _chosen(asked: dict[str, str]) -> Chosen:
    """The boxes as wishes; what no form of ours sends is not asked."""
    return Chosen(
        staff=asked["member"] or None,
        act=asked["act"] or None,
        outcome=asked["outcome"] if asked["outcome"] in _OUTCOMES else None,
        since=beginning_of(asked["since"]),
        until=end_of(asked["until"]),
    )


def _address(endpoint: str, asked: dict[str, str], **more: str | None) -> str:
    query = {name: value for name, value in {**asked, **more}.items() if value}
    return f"{url_for(endpoint)}?{urlencode(query)}" if query else url_for(endpoint)


def _lines(house: House, chosen: Chosen) -> Iterator[str]:
    yield _line(("number", "at", "member", "act", "subject", "outcome", "link"))
    before: str | None = None
    while True:
        portion = trail.page(house, chosen, _PORTION, before)
        yield from (_line(_cells(act)) for act in portion.acts)
        before = portion.further
        if before is None:
            return


def _cells(act: StoredAct) -> Iterable[Any]:
    return (
        act.number or "",
        act.at.isoformat(timespec="seconds"),
        act.staff,
        act.act,
        act.subject,
        act.outcome,
        act.link or "",
    )


def _line(cells: Iterable[Any]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerow([harmless(str(cell)) for cell in cells])
    return out.getvalue()


def harmless(cell: str) -> str:
    """The cell as text that no program takes for a formula."""
    return f"'{cell}" if cell[:1] and cell[0] in _BEGINS_A_FORMULA else cell
