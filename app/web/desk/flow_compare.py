"""Two definitions of a flow beside each other: in words, on the diagram, and line by line."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import abort, g, request, url_for
from flask_babel import gettext
from markupsafe import Markup
from werkzeug.wrappers import Response

from app.drawing import Marks, TooLarge, svg
from app.flow.difference.change import Change
from app.flow.difference.union import SIGNS, Drawn, Fate, Union, few
from app.flow.difference.uses import uses
from app.flow.difference.wording import heading, sentence, word
from app.runner.bringing import revision_of
from app.runner.comparing import Compared, compared, people_on
from app.runner.funnel import numbers_of
from app.runner.named import DRAFT, LIVE, NotThere, definition, usual
from app.runner.releasing import checking
from app.runner.staff.who import Staff
from app.web.desk.coverage import ZOOMS
from app.web.desk.flow_archive import told_of_import
from app.web.desk.flow_tabs import tabs_of
from app.web.desk.frame import bp, desk_page, for_staff
from app.web.house import house

#: Of one file; a file of a mebibyte may differ in half a million lines, which no browser shows.
_MOST_LINES = 2000


@dataclass(frozen=True)
class Group:
    """The changes of one entry, in words, and who depends on it."""

    title: str
    sentences: list[str]
    guards: Sequence[str]
    states: Sequence[str]


@bp.get("/flows/<flow>/compare")
@for_staff
def flow_compare(staff: Staff, flow: str) -> Response:
    """`of` and `with` of the address are `live`, `draft` or a number, `zoom` a size in percent."""
    of, beside = _asked(flow)
    try:
        found = compared(house().catalogue, definition(house(), flow, beside), definition(house(), flow, of))
    except NotThere:
        abort(404)
    zoom = request.args.get("zoom", 100, type=int)
    zoom = zoom if zoom in ZOOMS else 100
    turned = checking.turned(house(), flow) if (of, beside) == (DRAFT, LIVE) else None
    people = turned if turned is not None else people_on(house(), found.old)
    return desk_page(
        "desk/flow_compare.html",
        flow_name=flow,
        tabs=tabs_of(staff, flow),
        found=found,
        of=of,
        beside=beside,
        options=_options(flow),
        name_of={
            "of": _name(found.new.which, found.new.number),
            "with": _name(found.old.which, found.old.number),
        },
        groups=_groups(found),
        picture=_picture(found, people, zoom),
        drawn=_drawn(found.union, people),
        people=bool(people),
        turned=turned is not None,
        told=told_of_import(),
        brings="analyst" in staff.roles,
        revision=revision_of(house(), flow),
        signs=SIGNS,
        words=_words(),
        zoom=zoom,
        most_lines=_MOST_LINES,
        smaller=_zoomed(flow, of, beside, max((each for each in ZOOMS if each < zoom), default=None)),
        larger=_zoomed(flow, of, beside, min((each for each in ZOOMS if each > zoom), default=None)),
    )


def _asked(flow: str) -> tuple[str, str]:
    """What is compared with what: without an address the draft with what is live, else live with what was."""
    of = request.args.get("of") or usual(house(), flow)
    beside = request.args.get("with")
    if not beside:
        older = numbers_of(house(), flow)[1:2] if of == LIVE else []
        beside = str(older[0]) if older else LIVE
    return of, beside


def _options(flow: str) -> list[tuple[str, str]]:
    numbers = numbers_of(house(), flow)
    named = [(DRAFT, gettext("Draft"))] if usual(house(), flow) == DRAFT else []
    if numbers:
        named.append((LIVE, _name(LIVE, numbers[0])))
    return named + [(str(each), _name(str(each), each)) for each in numbers]


def _name(which: str, number: int | None) -> str:
    if number is None:
        return str(gettext("Draft"))
    if which == LIVE:
        return str(gettext("Live: version %(number)s", number=number))
    return str(gettext("Version %(number)s", number=number))


def _groups(found: Compared) -> list[Group]:
    """The changes by what they belong to: the whole flow first, then in the order of the definition."""
    gathered: dict[tuple[str, str], list[Change]] = {}
    for change in found.changes or ():
        gathered.setdefault(change.subject, []).append(change)
    return [_group(subject, changes, found) for subject, changes in gathered.items()]


def _group(subject: tuple[str, str], changes: Iterable[Change], found: Compared) -> Group:
    section, name = subject
    guards: Sequence[str] = ()
    states: Sequence[str] = ()
    if found.new.flow is not None and name:
        used = uses(found.new.flow, section, name, house().catalogue)
        guards, states = used.guards, used.states
    return Group(heading(subject, g.lang), [sentence(each, g.lang) for each in changes], guards, states)


def _words() -> dict[Fate, str]:
    fates: tuple[Fate, ...] = ("added", "removed", "changed")
    return {fate: word(f"mark.{fate}", g.lang) for fate in fates}


def _drawn(both: Union | None, people: Mapping[str, int]) -> list[tuple[Drawn, str]]:
    """The ways that differ, with how many people took each in the old version."""
    ways = both.ways() if both else []
    return [(each, few(people.get(f"{each.source}.{each.way.id}", 0))) for each in ways if each.fate]


def _picture(found: Compared, people: Mapping[str, int], zoom: int) -> Markup | None:
    """Both versions at once; None where nothing differs, one does not load, or it is too large."""
    if not found.changes or found.union is None:
        return None
    marks = Marks(dict(found.union.fates), found.union.notes(_words(), people), gettext("(everywhere)"))
    title = gettext(
        "Diagram of %(flow)s with what differs; the list below says the same", flow=found.new.name
    )
    try:
        # Graphviz' own output, of names that the grammar keeps to letters, digits and _, and of our words.
        return Markup(svg(found.union.picture, title, marks, zoom))  # noqa: S704
    except TooLarge:
        return None


def _zoomed(flow: str, of: str, beside: str, zoom: int | None) -> str | None:
    query = urlencode({"of": of, "with": beside, "zoom": zoom})
    return f"{url_for('desk.flow_compare', flow=flow)}?{query}" if zoom else None
