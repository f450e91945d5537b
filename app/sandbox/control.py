"""The desk's page of one sandbox: the page inside it, and beside it the world that QA decides about."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from flask import abort, g, redirect, request, url_for
from flask_babel import format_timedelta, gettext
from markupsafe import Markup, escape
from werkzeug.wrappers import Response

from app.flow.definition import Flow
from app.flow.replay.why import why
from app.proof.spot import recorded
from app.runner.staff.acts import note_act
from app.runner.staff.who import Staff
from app.sandbox import outbox
from app.sandbox.deadlines import deadlines
from app.sandbox.desk import bp, mount, owned
from app.sandbox.faults import (
    DNS,
    DNS_ANSWERS,
    REGISTER_ANSWERS,
    Fault,
    choices,
    chosen,
    guard_check,
    guards_of,
    register_check,
)
from app.sandbox.inside import border, preferred, tab
from app.sandbox.making import to_type
from app.sandbox.presets import NothingToSend, page_in_view, perform
from app.sandbox.sandboxes import KEPT, Sandbox
from app.sandbox.sheet import PRESETS, change
from app.sandbox.words import (
    ANSWER_WORDS,
    DNS_WORDS,
    NOTICE_WORDS,
    PRESET_WORDS,
    REGISTER_WORDS,
    deadline_words,
    field_label,
    typed_words,
)
from app.store.runs import Run
from app.web.desk.frame import NOTICES, act_of_staff, desk_page, for_staff, note
from app.web.formats import hour, moment
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
        when=_when(now),
        running=opened.circumstances.running,
        deadlines=_deadlines(opened, run),
        checks=list(_checks(opened, run)),
        chosen=[_fault(name, each) for name, each in sheet.faults.items()],
        letters=[_letter(each, mount(sandbox), opened) for each in reversed(_sent(opened))],
        steps=list(reversed(_steps(opened, run))) if run else [],
        presets=[(name, *(words() for words in PRESET_WORDS[name])) for name in PRESETS],
        came=_came(opened),
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


def _minutes(typed: str) -> timedelta:
    if not typed.isdecimal() or not 0 < int(typed) <= _MOST_MINUTES:
        abort(400)
    return timedelta(minutes=int(typed))


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
    border(sandbox).hand_over(response, cookies)
    note_act(house(), staff, "try sandbox preset", f"{sandbox} {name}")
    return response


def _back(sandbox: str) -> Response:
    at = request.form.get("at", "")
    return redirect(url_for("sandbox.control", sandbox=sandbox, at=at if at.startswith("/") else None), 303)


def _at(path: str) -> str:
    """The page inside that the address asks for, else the one given."""
    asked = request.args.get("at", "")
    return asked if asked.startswith("/") and ".." not in asked else path


def _deadlines(opened: Sandbox, run: Run | None) -> list[dict[str, Any]]:
    there = deadlines(opened.house, opened.flow, run) if run else []
    now = opened.house.clock()
    return [
        {
            "words": deadline_words(each),
            "at": each.at,
            "left": format_timedelta(each.at - now, threshold=1.2, add_direction=True),
            "code": f"{each.sort}:{each.of}",
        }
        for each in there
    ]


def _when(now: datetime) -> Callable[[datetime], str]:
    """Words for a moment beside the sandbox's time: the hour alone where it is of the same day."""

    def words(at: datetime) -> str:
        day = "" if abs(now - at) < timedelta(hours=12) else f"{moment(at, g.lang).rpartition(',')[0]}, "
        return f"{day}{hour(at, g.lang)}:{at:%S}"

    return words


def _checks(opened: Sandbox, run: Run | None) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """What can be made to answer otherwise: a heading, and (value, words) of each answer."""
    flow = opened.flow
    for register in flow.spec.registers:
        name = register_check(register)
        yield name, [(f"{name}={answer}", REGISTER_WORDS[answer]()) for answer in REGISTER_ANSWERS]
    if any(use.guard == "mail_domain_exists" for use in flow.guards.values()):
        yield DNS, [(f"{DNS}={answer}", DNS_WORDS[answer]()) for answer in DNS_ANSWERS]
    state = run.state if run else flow.spec.initial
    asked_here = {c.guard for way in flow.transitions[state] for c in way.conditions}
    for use in sorted(guards_of(flow), key=lambda use: use.name not in asked_here):
        name = guard_check(use.name)
        offered = choices(use, opened.house.catalogue)
        if offered:
            yield name, [(f"{name}={each.code}", _answer_words(each.answer, each.reason)) for each in offered]


def _answer_words(answer: str, reason: str | None) -> str:
    words = ANSWER_WORDS[answer]()
    return f"{words}: {reason}" if reason else words


def _fault(name: str, fault: Fault) -> dict[str, Any]:
    if name.startswith("guard "):
        words = _answer_words(fault.answer, fault.reason)
    else:
        words = (DNS_WORDS if name == DNS else REGISTER_WORDS)[fault.answer]()
    how_long = gettext("the next time") if fault.once else gettext("from now on")
    return {"check": name, "words": f"{name}: {words}, {how_long}"}


def _sent(opened: Sandbox) -> list[outbox.Sent]:
    return outbox.sent(opened.folder, opened.house.vault)


def _letter(letter: outbox.Sent, home: str, opened: Sandbox) -> dict[str, Any]:
    return {
        "channel": letter.channel,
        "to": letter.to,
        "subject": letter.subject,
        "at": letter.at,
        "parts": letter.parts,
        "encoding": letter.encoding,
        "text": _with_links(letter.text, opened.house.base_url, home),
    }


def _with_links(text: str, base_url: str, home: str) -> Markup:
    """The text, escaped; a line that is an address of the sandbox opens in the page beside."""
    lines = []
    for line in text.splitlines():
        safe: Markup = escape(line)
        if line.startswith(f"{base_url}/") and " " not in line:
            path = line.removeprefix(base_url)
            safe = Markup('<a href="{0}" target="page">{1}</a>').format(f"{home}{path}", line)
        lines.append(safe)
    return Markup("\n").join(lines)


def _steps(opened: Sandbox, run: Run) -> list[dict[str, Any]]:
    """The run's journal in order, with why each step went where it went."""
    flow: Flow = opened.house.shelf.version(run.flow, run.number, run.digest)
    said = {(each.seq, each.guard): each.code for each in opened.sheet.said if each.run == run.id}
    return [
        {
            "seq": each.seq,
            "at": each.now_used,
            "state": each.state,
            "trigger": each.trigger,
            "to": each.to,
            "note": each.note,
            "type": each.type,
            "ways": [way.sentence for way in why(flow, each).ways],
            "effects": each.effects,
            "said": {guard: code for (seq, guard), code in said.items() if seq == each.seq},
        }
        for each in recorded(opened.house, run.id)
    ]


def _came(opened: Sandbox) -> dict[str, Any] | None:
    came = opened.sheet.came
    if came is None:
        return None
    return {
        "words": PRESET_WORDS[came.preset][0](),
        "answers": [(each, NOTICE_WORDS[each.notice]() if each.notice else "") for each in came.answers],
        "steps": came.steps,
        "messages": came.messages,
        "sound": came.sound,
    }
