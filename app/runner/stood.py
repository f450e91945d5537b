"""The page an applicant was shown after a recorded step, made anew with stand-ins for what they had typed.

From the record and the definition alone: no answer is read, whether or not its key is still there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from app.flow.definition import PLACEHOLDER, Flow, Transition
from app.flow.record import GENESIS, texts_digest
from app.flow.spec import StateSpec
from app.flow.trace import Answered, Recorded
from app.flow.verdict import Problem
from app.forms import invent
from app.forms.build import form_class
from app.runner.story import Story
from app.step import Page
from app.step.then import DOTS, Then, bygone_world
from app.store.outbox import Delivery
from app.store.run_letters import RunLetter
from app.store.runs import Run

_MISSING = "…"


@dataclass(frozen=True)
class Stood:
    """A page of the past: what its kind draws it from, and whether its words are those of then."""

    page: Page
    then: Then
    same_texts: bool


def stood(story: Story, flow: Flow, seq: int) -> Stood | None:
    """The page after record `seq`, of the version `flow`; None where that has no such state or language."""
    records = [record for record in story.records if record.seq <= seq]
    shown = records[-1]
    if shown.to not in flow.spec.states or shown.lang not in flow.texts:
        return None
    answers = _stand_ins(story, flow, records)
    here = flow.state(shown.to)
    asked = {name: value for name, value in answers.items() if name in here.fields}
    page = Page(
        flow=flow,
        state=shown.to,
        lang=shown.lang,
        now=shown.now_used,
        world=bygone_world(),
        run=_run(story, flow, records),
        shown={name: value for name, value in asked.items() if not _is_secret(flow, name)},
        values=answers,
    )
    then = Then(
        sent=_sent(story, records),
        delivery=_deliveries(story.letters, shown),
        by_link=any(record.trigger == "open_link" and record.to == shown.to for record in records),
    )
    return Stood(page, then, texts_digest(flow, shown.lang) == shown.texts)


def _is_secret(flow: Flow, field: str) -> bool:
    return flow.spec.fields[field].data_class == "secret"


def _way(story: Story, record: Recorded) -> Transition | None:
    """The way that was taken, in the version it was taken on."""
    flow = story.flow_of(record)
    ways = flow.transitions.get(record.state, ()) if flow else ()
    return next((way for way in ways if way.id == record.chosen), None)


def _stand_ins(story: Story, flow: Flow, records: Sequence[Recorded]) -> dict[str, str]:
    """Dots for every answer that the run had at that time, by field."""
    had: dict[str, Answered] = {}
    ill_formed: set[str] = set()
    for record in records:
        way = _way(story, record)
        if way is not None and way.keep == "nothing":
            had.clear()
            ill_formed.clear()
            continue
        mended = {answered.field for answered in record.answers}
        ill_formed = (ill_formed - mended) | (_ill_formed(record) & mended)
        had = {name: answered for name, answered in had.items() if name not in mended}
        had |= {answered.field: answered for answered in record.answers if answered.present}
    known = {name: answered for name, answered in had.items() if name in flow.spec.fields}
    typed = {name: invent.masked(answered, flow) for name, answered in known.items()}
    typed |= dict.fromkeys((ill_formed & flow.spec.fields.keys()) - known.keys(), DOTS)
    plain = {name: _in_boxes(flow, name, dots) for name, dots in typed.items() if not _is_chosen(flow, name)}
    return _choices(flow, known) | plain


def _ill_formed(record: Recorded) -> set[str]:
    """The fields in which something was typed that is no answer; how long it was nobody knows."""
    problems = (problem for judged in record.judged for problem in judged.problems)
    return {field for field, code in problems if field and code != "required"}


def _is_chosen(flow: Flow, field: str) -> bool:
    return flow.spec.fields[field].type in {"choice", "consent"}


def _in_boxes(flow: Flow, field: str, dots: str) -> str:
    """The dots as they stand in the field's boxes, of which all but the last hold a prefix."""
    before = len(invent.question_of(flow, field).boxes) - 1
    return " ".join([*(dots[:2],) * before, dots[2 * before :] or dots])


def _choices(flow: Flow, had: Mapping[str, Answered]) -> dict[str, str]:
    """What must have been chosen, as a question asked of nobody else was answered; no more is known."""
    chosen: dict[str, str] = {}
    for name in had:
        chosen |= invent.question_of(flow, name).when
    return {name: value for name, value in chosen.items() if name in had}


def _run(story: Story, flow: Flow, records: Sequence[Recorded]) -> Run:
    """The run as it stood then; it has no key, and nothing can be read with it."""
    first, shown = records[0], records[-1]
    # A page goes on saying what it said when its run is moved.
    way = _way(story, next((each for each in reversed(records) if not each.moves), shown))
    said = way.say if way and way.say in shown.errors else None
    return Run(
        id=shown.run,
        flow=shown.flow,
        number=shown.number,
        digest=shown.digest,
        state=shown.to,
        seq=shown.seq,
        lang=shown.lang,
        reference=story.reference,
        started_at=first.occurred,
        touched_at=shown.occurred,
        expires_at=None,
        ended_at=None,
        continued=0,
        problems=_problems(flow, shown, said),
        said=said,
        told=way.tell if way else None,
        browser=None,
        head=GENESIS,
        wrapped_key=None,
    )


def _problems(flow: Flow, shown: Recorded, said: str | None) -> tuple[Problem, ...]:
    """What was to be mended; numbers in its words that nobody kept stand as …"""
    problems = []
    for written in shown.errors:
        field, _, code = written.rpartition(".")
        if not field and code == said:
            continue
        key = f"fields.{field}.errors.{code}" if field else f"states.{shown.to}.say.{code}"
        if flow.has_text(shown.lang, key):
            params = _params(flow, shown, field, flow.texts[shown.lang][key])
            problems.append(Problem(code, field or None, params))
    return tuple(problems)


def _params(flow: Flow, shown: Recorded, field: str, text: str) -> dict[str, Any]:
    asked_in = next((s for s, spec in flow.spec.states.items() if _asks(spec, field, shown, s)), None)
    limits = form_class(flow, asked_in).questions[field].limits if asked_in else {}
    unknown = {name: _MISSING for name in PLACEHOLDER.findall(text) if name != "domain"}
    return {**unknown, **limits}


def _asks(spec: StateSpec, field: str, shown: Recorded, state: str) -> bool:
    return field in spec.fields and state in {shown.state, shown.to}


def _sent(story: Story, records: Sequence[Recorded]) -> dict[str, Any]:
    """When each code and link was sent last by then, and how often."""
    sent: dict[str, Any] = {}
    for record in records:
        way = _way(story, record)
        for order, (_, status) in zip(way.effects if way else (), record.effects, strict=False):
            if order.effect == "send" and order.argument and status != "suppressed":
                _, often = sent.get(order.argument, (None, 0))
                sent[order.argument] = (record.now_used, often + 1)
    return sent


def _deliveries(letters: Sequence[RunLetter], shown: Recorded) -> dict[str, Delivery]:
    """What was known then of the newest letter on each channel."""
    known: dict[str, Delivery] = {}
    for letter in letters:
        if letter.created_at <= shown.occurred or (letter.seq is not None and letter.seq <= shown.seq):
            known[letter.channel] = _delivery(letter, shown)
    return known


def _delivery(letter: RunLetter, shown: Recorded) -> Delivery:
    if letter.receipt_at and letter.receipt_at <= shown.occurred:
        return "delivered" if letter.receipt == "delivered" else "failed"
    if letter.done_at and letter.done_at <= shown.occurred:
        return "accepted" if letter.state == "sent" else "failed"
    return "on_its_way"
