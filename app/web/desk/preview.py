"""Pages, messages and look of a definition as applicants would get them, before anybody does."""

from typing import Any

from flask import abort, make_response, render_template, request, url_for
from werkzeug.wrappers import Response

from app.flow.about import about_state
from app.flow.contrast import Scheme, colours, measured
from app.flow.definition import Flow
from app.runner.messages_told import messages
from app.runner.named import Definition
from app.runner.staff.who import Staff
from app.web.browser import LANGUAGES
from app.web.desk import preview_words, way_words
from app.web.desk.definitions import choices, findings, meant
from app.web.desk.flow_tabs import tabs_of
from app.web.desk.frame import bp, desk_page, for_staff
from app.web.desk.preview_sheet import EVERY, WIDTHS, address, asked, drawn, sheet_of, shown
from app.web.desk.still_page import framed
from app.web.house import house
from app.web.pages import asset_text

_SCHEMES: tuple[Scheme, ...] = ("light", "dark")


@bp.get("/flows/<flow>/preview")
@for_staff
def flow_preview(staff: Staff, flow: str) -> Response:
    """The contact sheet: situations of a state, `?state=`, or of all, each in every language and width."""
    of = meant(flow)
    if of.flow is None:
        return _not_loading(staff, of)
    wanted = asked(of.flow)
    sheet = sheet_of(of, of.flow, wanted)
    hindered = any(cell.why for row in sheet.rows for cell in row.cells)
    return desk_page(
        "desk/preview.html",
        **_about(staff, of, of.flow),
        wanted=wanted,
        sheet=sheet,
        every=EVERY,
        states=[(name, name) for name in of.flow.spec.states],
        widths=WIDTHS if not wanted.width else (wanted.width,),
        all_widths=WIDTHS,
        words=preview_words,
        why=None if wanted.state == EVERY else about_state(of.flow, wanted.state),
        way_words=way_words,
        estimates=findings(of, "F054"),
        hindrances=[each for each in findings(of) if each.hinders] if hindered else [],
    )


@bp.get("/flows/<flow>/preview/page")
@for_staff
def flow_preview_page(staff: Staff, flow: str) -> Response:  # noqa: ARG001
    """One page in one situation, for a frame; nothing in it can be pressed."""
    of = meant(flow)
    lang = request.args.get("language", "")
    if of.flow is None or lang not in of.flow.spec.languages:
        abort(404)
    state, show = request.args.get("state", ""), request.args.get("show", "")
    if state not in of.flow.spec.states:
        abort(404)
    found = [each for each in shown(of.flow, state, show) if each.key == show]
    there = drawn(of, of.flow, found[0], lang, _scheme() or "") if found else None
    if there is None or there.html is None:
        abort(404)
    return framed(there.html)


@bp.get("/flows/<flow>/preview/theme.css")
@for_staff
def flow_preview_theme(staff: Staff, flow: str) -> Response:  # noqa: ARG001
    """The colours of this definition; all of those of one `?scheme=` whatever the browser prefers."""
    of = meant(flow)
    if of.flow is None:
        abort(404)
    scheme = _scheme()
    forced = colours(asset_text("css/tokens.css"), scheme, of.flow.theme) if scheme else {}
    response = make_response(
        render_template("desk/scheme.css", scheme=scheme, colours=forced)
        if scheme
        else render_template("theme.css", theme=of.flow.theme)
    )
    response.mimetype = "text/css"
    return response


@bp.get("/flows/<flow>/preview/messages")
@for_staff
def flow_preview_messages(staff: Staff, flow: str) -> Response:
    """Every SMS and mail in every language, with invented codes and links; what each costs."""
    of = meant(flow)
    if of.flow is None:
        return _not_loading(staff, of)
    languages = list(dict.fromkeys(of.flow.spec.languages))
    told = [messages(of.flow, lang, house().base_url) for lang in languages]
    return desk_page(
        "desk/preview_messages.html",
        **_about(staff, of, of.flow),
        rows=[dict(zip(languages, row, strict=True)) for row in zip(*told, strict=True)],
        words=preview_words,
    )


@bp.get("/flows/<flow>/preview/look")
@for_staff
def flow_preview_look(staff: Staff, flow: str) -> Response:
    """The theme: its colours with the contrast of every pair, its mark, phones and links."""
    of = meant(flow)
    if of.flow is None:
        return _not_loading(staff, of)
    css = asset_text("css/tokens.css")
    schemes = {scheme: colours(css, scheme, of.flow.theme) for scheme in _SCHEMES}
    initial = of.flow.spec.initial
    first = shown(of.flow, initial, "all")[0]
    return desk_page(
        "desk/preview_look.html",
        **_about(staff, of, of.flow),
        theme=of.flow.theme,
        schemes=schemes,
        pairs={scheme: measured(found) for scheme, found in schemes.items()},
        page={each: address(of, initial, first, of.flow.spec.languages[0], each) for each in _SCHEMES},
        initial=initial,
    )


def _scheme() -> Scheme | None:
    asked_for = request.args.get("scheme")
    return next((scheme for scheme in _SCHEMES if scheme == asked_for), None)


def _about(staff: Staff, of: Definition, flow: Flow) -> dict[str, Any]:
    return {
        "flow_name": of.name,
        "tabs": tabs_of(staff, of.name),
        "of": of,
        "choices": choices(of),
        "flow": flow,
        "names": {lang: LANGUAGES[lang] for lang in flow.spec.languages},
        "texts_url": url_for("desk.flow_texts", flow=of.name, of=of.which, only="missing"),
    }


def _not_loading(staff: Staff, of: Definition) -> Response:
    """A draft that does not load has no pages; what hinders it is told in their place."""
    return desk_page(
        "desk/not_loading.html",
        flow_name=of.name,
        tabs=tabs_of(staff, of.name),
        of=of,
        choices=choices(of),
        hindrances=findings(of),
    )
