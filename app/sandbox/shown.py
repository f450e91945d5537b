"""What the page of a sandbox shows, as plain values in the reader's language."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from flask import g
from flask_babel import format_timedelta, gettext
from markupsafe import Markup, escape

from app.flow.definition import Flow
from app.flow.replay.why import why
from app.proof.spot import recorded
from app.sandbox import outbox
from app.sandbox.deadlines import deadlines
from app.sandbox.faults import (
    DNS,
    DNS_ANSWERS,
    REGISTER_ANSWERS,
    Fault,
    choices,
    guard_check,
    guards_of,
    register_check,
)
from app.sandbox.sandboxes import Sandbox
from app.sandbox.words import (
    ANSWER_WORDS,
    DNS_WORDS,
    NOTICE_WORDS,
    PRESET_WORDS,
    REGISTER_WORDS,
    check_words,
    deadline_words,
)
from app.store.runs import Run
from app.web.formats import hour, moment


def deadlines_shown(opened: Sandbox, run: Run | None) -> list[dict[str, Any]]:
    """What time will do next to the run, in words, and how to ask for it."""
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


def when_shown(now: datetime) -> Callable[[datetime], str]:
    """Words for a moment beside the sandbox's time: the hour alone where it is of the same day."""

    def words(at: datetime) -> str:
        day = "" if abs(now - at) < timedelta(hours=12) else f"{moment(at, g.lang).rpartition(',')[0]}, "
        return f"{day}{hour(at, g.lang)}:{at:%S}"

    return words


def checks_shown(opened: Sandbox, run: Run | None) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """What can be made to answer otherwise: a heading, and (value, words) of each answer."""
    flow = opened.flow
    for register in flow.spec.registers:
        name = register_check(register)
        answers = [(f"{name}={answer}", REGISTER_WORDS[answer]()) for answer in REGISTER_ANSWERS]
        yield check_words(name), answers
    if any(use.guard == "mail_domain_exists" for use in flow.guards.values()):
        yield check_words(DNS), [(f"{DNS}={answer}", DNS_WORDS[answer]()) for answer in DNS_ANSWERS]
    state = run.state if run else flow.spec.initial
    asked_here = {c.guard for way in flow.transitions[state] for c in way.conditions}
    for use in sorted(guards_of(flow), key=lambda use: use.name not in asked_here):
        name = guard_check(use.name)
        offered = choices(use, opened.house.catalogue)
        if offered:
            answers = [(f"{name}={each.code}", _answer_words(each.answer, each.reason)) for each in offered]
            yield check_words(name), answers


def _answer_words(answer: str, reason: str | None) -> str:
    words = ANSWER_WORDS[answer]()
    return f"{words}: {reason}" if reason else words


def fault_shown(name: str, fault: Fault) -> dict[str, Any]:
    """An answer chosen in advance, in words, and the check it is undone by."""
    if name.startswith("guard "):
        words = _answer_words(fault.answer, fault.reason)
    else:
        words = (DNS_WORDS if name == DNS else REGISTER_WORDS)[fault.answer]()
    how_long = gettext("the next time") if fault.once else gettext("from now on")
    called = check_words(name)
    return {"check": name, "called": called, "words": f"{called}: {words}, {how_long}"}


def letters_sent(opened: Sandbox) -> list[outbox.Sent]:
    """The outbox, oldest first."""
    return outbox.sent(opened.folder, opened.house.vault)


def letter_shown(letter: outbox.Sent, home: str, opened: Sandbox) -> dict[str, Any]:
    """A message as it would have gone, its links leading to the page inside."""
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


def steps_shown(opened: Sandbox, run: Run) -> list[dict[str, Any]]:
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


def came_shown(opened: Sandbox) -> dict[str, Any] | None:
    """What came of the preset tried last."""
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
