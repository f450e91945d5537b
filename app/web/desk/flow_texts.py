"""The texts of a flow: all languages side by side, what there is to do in each, and a workbook of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import make_response, request, url_for
from werkzeug.wrappers import Response

from app.flow.source import Unreadable
from app.flow.translated import Wording, wording
from app.flow.wording import Sort
from app.runner import named
from app.runner.named import Definition
from app.runner.staff.acts import note_act
from app.runner.staff.who import Staff
from app.runner.texts.export import NAMES, workbook
from app.runner.texts.grid import AT_A_TIME, ONLY, Asked, Grid, Row, Scene, grid, grouped, row_of
from app.web.desk import text_words
from app.web.desk.definitions import choices, meant
from app.web.desk.flow_tabs import tabs_of
from app.web.desk.frame import bp, desk_page, for_staff
from app.web.desk.numbers import number
from app.web.house import house

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

_LONGEST_SOUGHT = 100
_TO_TRANSLATE: frozenset[Sort] = frozenset({"missing", "stale", "same", "placeholders", "brace", "long"})


@dataclass(frozen=True)
class View:
    """What the address asks for."""

    which: str
    asked: Asked
    page: int = 1

    def address(self, **other: object) -> dict[str, Any]:
        """The parts of the address's query that are not as usual, with `other` in their place."""
        given = {
            "of": "" if self.which == named.DRAFT else self.which,
            "only": "" if self.asked.only == "all" else self.asked.only,
            "spoken": self.asked.language,
            "find": self.asked.find,
            "page": self.page if self.page > 1 else "",
            **other,
        }
        return {name: value for name, value in given.items() if value}


@dataclass(frozen=True)
class Kept:
    """What was typed and not saved, to be shown again: words and why, by language and key."""

    words: Mapping[tuple[str, str], str] = field(repr=False)
    why: Mapping[tuple[str, str], str]
    keys: tuple[str, ...]
    status: int


@bp.get("/flows/<flow>/texts")
@for_staff
def flow_texts(staff: Staff, flow: str) -> Response:
    """The grid: `?only=` a sort of finding, `?spoken=` a language, `?find=` words, `?page=`, `?of=`."""
    return grid_page(staff, flow, view_of(flow))


def view_of(flow: str) -> View:
    """What this request's address asks for; what it says wrong counts as not said."""
    only = request.args.get("only", "all")
    return View(
        request.args.get("of") or named.usual(house(), flow),
        Asked(
            only if only in ONLY else "all",
            spoken if (spoken := request.args.get("spoken", "")) in NAMES else "",
            request.args.get("find", "")[:_LONGEST_SOUGHT].strip(),
        ),
        max(number(request.args.get("page")) or 1, 1),
    )


def grid_page(staff: Staff, flow: str, view: View, kept: Kept | None = None) -> Response:
    """The page of the grid; with `kept` the rows that were sent, as they were typed."""
    found = meant(flow)
    try:
        there = wording(found.files, f"workflows/{flow}")
    except Unreadable as broken:
        return _page(staff, flow, view, found, 200, broken=broken.finding)
    scene = Scene(there, found.flow, _live(flow) if found.is_draft else None)
    whole = grid(scene, view.asked)
    if kept:
        rows = tuple(row for key in kept.keys if (row := row_of(scene, key)))
    else:
        rows = whole.rows[(view.page - 1) * AT_A_TIME : view.page * AT_A_TIME]
    return _page(
        staff,
        flow,
        view,
        found,
        kept.status if kept else 200,
        there=there,
        groups=list(grouped(rows)),
        typed=kept.words if kept else {},
        why=kept.why if kept else {},
        tally=_tally(whole, view, flow, there),
        **_pages(whole, rows, view, flow),
    )


def _live(flow: str) -> Wording | None:
    """The words that are live; None where there are none, or none that can be read."""
    try:
        return wording(named.definition(house(), flow, named.LIVE).files)
    except (named.NotThere, Unreadable):
        return None


def _page(staff: Staff, flow: str, view: View, found: Definition, status: int, **more: Any) -> Response:
    return desk_page(
        "desk/flow_texts.html",
        status,
        flow_name=flow,
        tabs=tabs_of(staff, flow),
        view=view,
        asked=view.asked,
        found=found,
        choices=choices(found),
        edits=found.is_draft and "analyst" in staff.roles,
        names=NAMES,
        words=text_words,
        only_words=text_words.only_words(),
        **{"broken": None, "groups": [], "why": {}, **more},
    )


def _pages(whole: Grid, rows: tuple[Row, ...], view: View, flow: str) -> dict[str, Any]:
    last = max(-(-len(whole.rows) // AT_A_TIME), 1)

    def leads(page: int) -> str | None:
        return url_for("desk.flow_texts", flow=flow, **view.address(page=page)) if 1 <= page <= last else None

    return {
        "fitting": len(whole.rows),
        "every": whole.every,
        "first": (view.page - 1) * AT_A_TIME + 1,
        "shown": len(rows),
        "before": leads(view.page - 1),
        "after": leads(view.page + 1),
    }


def _tally(whole: Grid, view: View, flow: str, there: Wording) -> list[dict[str, Any]]:
    """How much is to be done in each language, each number with the way to those texts."""
    sorts = [sort for sort in ONLY if sort not in {"all", "open"}]
    return [
        {
            "language": language,
            "name": NAMES[language],
            "source": language == there.source,
            "counts": [
                {
                    "only": sort,
                    "count": count,
                    "url": url_for(
                        "desk.flow_texts",
                        flow=flow,
                        **view.address(only=sort, spoken=language, page="", find=""),
                    ),
                }
                for sort in sorts
                if (count := whole.counts[language].get(sort, 0))
            ],
        }
        for language in there.languages
    ]


@bp.get("/flows/<flow>/texts.xlsx")
@for_staff
def flow_texts_xlsx(staff: Staff, flow: str) -> Response:
    """The texts for translators, a sheet a language; `?spoken=` one language, `?only=open` what is to do."""
    view = view_of(flow)
    found = meant(flow)
    try:
        there = wording(found.files, f"workflows/{flow}")
    except Unreadable as broken:
        return _page(staff, flow, view, found, 409, broken=broken.finding)
    languages = [view.asked.language] if view.asked.language in there.translations else []
    content = workbook(
        flow,
        there,
        languages,
        _TO_TRANSLATE if view.asked.only == "open" else (),
        spec=found.flow.spec if found.flow else None,
        headings=text_words.headings(),
        where=text_words.where,
    )
    note_act(house(), staff, "export texts", flow)
    response = make_response(content)
    response.mimetype = XLSX
    response.headers["Content-Disposition"] = f'attachment; filename="{flow}-texts.xlsx"'
    return response
