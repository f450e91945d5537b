"""The desk's page of one sandbox: the page inside it, and beside it the world that QA decides about."""

from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import unquote

from flask import abort, redirect, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from app.runner.staff.acts import note_act
from app.runner.staff.who import Staff
from app.sandbox.deadlines import deadlines, landmarks
from app.sandbox.desk import border_of, bp, mount, owned
from app.sandbox.faults import (
    DNS,
    DNS_ANSWERS,
    REGISTER_ANSWERS,
    Fault,
    chosen,
    register_check,
)
from app.sandbox.inside import preferred, tab
from app.sandbox.making import to_type
from app.sandbox.presets import NothingToSend, page_in_view, perform
from app.sandbox.sandboxes import KEPT, Sandbox
from app.sandbox.sheet import PRESETS, change
from app.sandbox.shown import (
    came_shown,
    checks_shown,
    deadlines_shown,
    fault_shown,
    letter_shown,
    letters_sent,
    steps_shown,
    when_shown,
)
from app.sandbox.words import (
    LANDMARK_WORDS,
    PRESET_WORDS,
    field_label,
    typed_words,
)
from app.web.desk.frame import NOTICES, act_of_staff, desk_page, for_staff, note
from app.web.desk.numbers import number
from app.web.house import house

_MOST_MINUTES = 60 * 24 * 400

NOTICES["sandbox_nothing_to_send"] = lambda: gettext(
    "The page in view has nothing that could be sent like this."
)


@bp.get("/<sandbox>")
@for_staff
def control(staff: Staff, sandbox: str) -> Response:
    """The sandbox as it stands."""
    opened = owned(staff, sandbox)
    path, run = page_in_view(opened, tab(opened).session)
    flow, sheet, now = opened.flow, opened.sheet, opened.house.clock()
    lang = preferred(flow)
    return desk_page(
        "desk/sandbox.html",
        sheet=sheet,
        flow=flow,
        title=flow.text(lang, "flow.title"),
        flow_lang=lang,
        framed=mount(sandbox) + _at(path),
        alone=url_for("sandbox.alone", sandbox=sandbox, at=_at(path)),
        run=run,
        state=run.state if run else flow.spec.initial,
        now=now,
        when=when_shown(now),
        running=opened.circumstances.running,
        deadlines=deadlines_shown(opened, run),
        checks=list(checks_shown(opened, run)),
        chosen=[fault_shown(name, each) for name, each in sheet.faults.items()],
        letters=[letter_shown(each, mount(sandbox), opened) for each in reversed(letters_sent(opened))],
        steps=list(reversed(steps_shown(opened, run))) if run else [],
        landmarks=[(name, words()) for name, words in LANDMARK_WORDS.items()],
        presets=[(name, *(words() for words in PRESET_WORDS[name])) for name in PRESETS],
        came=came_shown(opened),
        to_type=[
            (field_label(flow, lang, field), typed_words(flow, lang, field, value))
            for field, value in to_type(sheet.people).items()
        ],
        gone_at=sheet.made_at + KEPT,
    )


@bp.get("/<sandbox>/page")
@for_staff
def alone(staff: Staff, sandbox: str) -> Response:
    """The page inside in a tab of its own, under a line that says what it is."""
    opened = owned(staff, sandbox)
    path, _ = page_in_view(opened, tab(opened).session)
    return desk_page("desk/sandbox_alone.html", sheet=opened.sheet, framed=mount(sandbox) + _at(path))


@bp.post("/<sandbox>/clock")
@act_of_staff
def clock(staff: Staff, sandbox: str) -> Response:
    """Let time pass, to a deadline or by minutes; stop the clock or let it go."""
    opened, asked = owned(staff, sandbox), request.form
    if "goes" in asked:
        opened.circumstances.running = asked["goes"] == "yes"
    elif "landmark" in asked:
        opened.pass_(_to(opened, asked["landmark"]))
    elif "deadline" in asked:
        opened.pass_(_until(opened, asked["deadline"]))
    else:
        opened.pass_(_minutes(asked.get("minutes", "")))
    note_act(house(), staff, "move sandbox clock", sandbox)
    return _back(sandbox)


def _until(opened: Sandbox, wanted: str) -> timedelta:
    _, run = page_in_view(opened, tab(opened).session)
    there = deadlines(opened.house, opened.flow, run) if run else []
    # Gone by meanwhile, it is over anyway: nothing to wait for.
    at = next((each.at for each in there if f"{each.sort}:{each.of}" == wanted), None)
    return at - opened.house.clock() if at else timedelta(0)


def _to(opened: Sandbox, wanted: str) -> timedelta:
    now = opened.house.clock()
    there = landmarks(opened.flow.theme.time_zone, now)
    if wanted not in there:
        abort(400)
    return there[wanted] - now


def _minutes(typed: str) -> timedelta:
    minutes = number(typed)
    if minutes is None or not 0 < minutes <= _MOST_MINUTES:
        abort(400)
    return timedelta(minutes=minutes)


@bp.post("/<sandbox>/check")
@act_of_staff
def check(staff: Staff, sandbox: str) -> Response:
    """Choose what a check or a guard answers, or let it answer by itself again."""
    opened, asked = owned(staff, sandbox), request.form
    name, _, answer = asked.get("answer", "").partition("=")
    fault = _chosen(opened, name, answer) if answer else None
    once = asked.get("when") != "always"

    def put(faults: Mapping[str, Fault]) -> dict[str, Fault]:
        others = {check: each for check, each in faults.items() if check != name}
        return {**others, name: fault.model_copy(update={"once": once})} if fault else others

    change(opened.folder, lambda sheet: sheet.changed(faults=put(sheet.faults)))
    note_act(house(), staff, "choose sandbox answer", f"{sandbox} {name}")
    return _back(sandbox)


def _chosen(opened: Sandbox, name: str, answer: str) -> Fault | None:
    """The fault meant; None for an answer that is no fault. 400 for one that is not offered."""
    kind, _, of = name.partition(" ")
    if kind == "guard":
        try:
            said = chosen(opened.flow, opened.house.catalogue, of, answer)
        except LookupError:
            abort(400)
        return Fault(answer=said.answer, reason=said.reason)
    offered = {register_check(each): REGISTER_ANSWERS for each in opened.flow.spec.registers}
    if answer not in (DNS_ANSWERS if name == DNS else offered.get(name, ())):
        abort(400)
    return None if answer == "answers" else Fault(answer=answer)


@bp.post("/<sandbox>/preset")
@act_of_staff
def preset(staff: Staff, sandbox: str) -> Response:
    """Do to the page in view what people and networks do, and keep what came of it."""
    opened = owned(staff, sandbox)
    name = next((each for each in PRESETS if each == request.form.get("preset")), None)
    if name is None:
        abort(400)
    response = _back(sandbox)
    try:
        came, cookies = perform(opened, name, tab(opened))
    except NothingToSend:
        note("sandbox_nothing_to_send")
        return response
    change(opened.folder, lambda sheet: sheet.changed(came=came))
    border_of(sandbox).hand_over(response, cookies)
    note_act(house(), staff, "try sandbox preset", f"{sandbox} {name}")
    return response


def _back(sandbox: str) -> Response:
    at = request.form.get("at", "")
    return redirect(url_for("sandbox.control", sandbox=sandbox, at=at if at.startswith("/") else None), 303)


def _at(path: str) -> str:
    """The page inside that the address asks for, else the one given."""
    asked = request.args.get("at", "")
    # Browsers read %2e as a dot and \ as a slash.
    plain = unquote(asked).replace("\\", "/")
    return asked if asked.startswith("/") and ".." not in plain and "//" not in plain else path
