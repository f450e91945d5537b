"""A definition as a picture and as the list that says the same; what is selected is told at the right."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import abort, make_response, request
from flask_babel import gettext
from markupsafe import Markup
from werkzeug.wrappers import Response

from app.drawing import Marks, TooLarge, dot, svg
from app.flow.about import AboutState, about_state, edge_of
from app.flow.definition import Flow
from app.flow.diagram import EVERYWHERE, Diagram, Edge, diagram, mermaid
from app.runner.named import Definition
from app.runner.staff.who import Staff
from app.web.browser import LANGUAGES
from app.web.desk import way_words
from app.web.desk.coverage import ZOOMS
from app.web.desk.definitions import choices, findings, meant
from app.web.desk.diagram_editing import editing
from app.web.desk.flow_tabs import tabs_of
from app.web.desk.frame import bp, desk_page, for_staff

_FILES: Mapping[str, tuple[str, Callable[[Diagram], str]]] = {
    "svg": ("image/svg+xml", lambda picture: svg(picture, picture.flow)),
    "dot": ("text/vnd.graphviz", dot),
    "mermaid": ("text/plain", mermaid),
}
_ENDINGS = {"svg": "svg", "dot": "dot", "mermaid": "mmd"}


@dataclass(frozen=True)
class Line:
    """An edge as the list has it: its number in the picture, `way` that names it in addresses."""

    number: int
    edge: Edge
    way: str


@dataclass(frozen=True)
class Selected:
    """What the panel tells of: a state, or an edge."""

    state: AboutState | None = None
    line: Line | None = None


@bp.get("/flows/<flow>/diagram")
@for_staff
def flow_diagram(staff: Staff, flow: str) -> Response:
    """The picture; `?state=` or `?way=state.id` is selected, `?zoom=` its size in percent.

    `?edited=` is an edit of the draft just made here, which is told in words and lines.
    """
    return diagram_page(staff, flow)


def diagram_page(staff: Staff, flow: str, status: int = 200, wrong: str = "") -> Response:
    """The page that the address asks for; `wrong` says why what its form sent was not done."""
    of = meant(flow)
    if of.flow is None:
        return _not_loading(staff, of)
    drawn = diagram(of.flow)
    selected = _selected(of.flow, drawn)
    zoom = request.args.get("zoom", 100, type=int)
    zoom = zoom if zoom in ZOOMS else 100
    lines = [_line(number, edge) for number, edge in enumerate(drawn.edges)]
    sources = [*of.flow.spec.states, *([EVERYWHERE] if any(_is_everywhere(each) for each in lines) else [])]
    return desk_page(
        "desk/flow_diagram.html",
        status,
        flow_name=flow,
        tabs=tabs_of(staff, flow),
        of=of,
        choices=choices(of),
        flow=of.flow,
        names={lang: LANGUAGES[lang] for lang in of.flow.spec.languages},
        drawn=drawn,
        lines={name: [each for each in lines if each.edge.source == name] for name in sources},
        everywhere=EVERYWHERE,
        picture=_picture(drawn, selected, zoom),
        selected=selected,
        way_words=way_words,
        files=list(_FILES),
        zoom=zoom,
        smaller=max((each for each in ZOOMS if each < zoom), default=None),
        larger=min((each for each in ZOOMS if each > zoom), default=None),
        wrong=wrong,
        **editing(staff, of),
    )


@bp.get("/flows/<flow>/diagram/<form>")
@for_staff
def flow_diagram_file(staff: Staff, flow: str, form: str) -> Response:  # noqa: ARG001
    """The picture as a file: `svg`, `dot` or `mermaid`."""
    of = meant(flow)
    if form not in _FILES or of.flow is None:
        abort(404)
    mimetype, write = _FILES[form]
    try:
        response = make_response(write(diagram(of.flow)))
    except TooLarge:
        abort(404)
    response.mimetype = mimetype
    name = f"{flow}-{of.which}.{_ENDINGS[form]}"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


def _selected(flow: Flow, drawn: Diagram) -> Selected:
    """What the address selects; nothing where it names what the definition does not have any more."""
    state, way = request.args.get("state", ""), request.args.get("way", "")
    if state in flow.spec.states:
        return Selected(state=about_state(flow, state))
    number = edge_of(drawn.edges, way)
    return Selected() if number is None else Selected(line=_line(number, drawn.edges[number]))


def _line(number: int, edge: Edge) -> Line:
    return Line(number, edge, f"{edge.ways[0].source}.{edge.ways[0].id}")


def _is_everywhere(line: Line) -> bool:
    return line.edge.source == EVERYWHERE


def _picture(drawn: Diagram, selected: Selected, zoom: int) -> Markup | None:
    """The picture with the selected place marked; None where it is too large."""
    marked = selected.state.name if selected.state else selected.line.way if selected.line else None
    marks = Marks({marked: "selected"} if marked else {}, everywhere=gettext("(everywhere)"))
    title = gettext("Diagram of %(flow)s; the list says the same", flow=drawn.flow)
    try:
        # Graphviz' own output, of names that the grammar keeps to letters, digits and _.
        return Markup(svg(drawn, title, marks, zoom))  # noqa: S704
    except TooLarge:
        return None


def _not_loading(staff: Staff, of: Definition) -> Response:
    about: dict[str, Any] = {"flow_name": of.name, "tabs": tabs_of(staff, of.name), "of": of}
    return desk_page("desk/not_loading.html", **about, choices=choices(of), hindrances=findings(of))
