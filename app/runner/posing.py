"""A situation as a page to be drawn: nobody's answers in its boxes, nothing asked, nothing written."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from app.flow.catalogue import Catalogue
from app.flow.definition import PLACEHOLDER, Flow
from app.flow.normal.shape import ShapeProblem
from app.flow.record import GENESIS
from app.flow.verdict import Problem
from app.forms import invent
from app.forms.build import as_typed, form_class
from app.forms.invented import people
from app.kinds.masking import masked
from app.runner.messages_told import invented_code
from app.runner.previewing import Situation, Wrong, moments_of
from app.step import Page
from app.step.then import Then, bygone_world
from app.store.runs import Run

_SEED = 0
_TODAY = date(2026, 1, 1)  # that of the stand-ins: nobody is born after it
_REFERENCE = "7kqm-2xrd"
_NOT_KNOWN = "…"  # for a number that only a real step would know


class NotDrawable(Exception):
    """A definition that loads, and still makes no page here; the text says why."""


@dataclass(frozen=True)
class Posed:
    """A page, and the moment its kind draws it in; `final`: the passage is over here."""

    page: Page
    then: Then
    final: bool


def posed(flow: Flow, situation: Situation, lang: str, now: datetime, catalogue: Catalogue) -> Posed:
    """The situation's page at `now`. Raises NotDrawable where the page's form cannot be built, or where
    nothing can be invented for one of its fields; KeyError for a language that the flow does not have."""
    state, here = situation.state, flow.state(situation.state)
    asking = situation.by.partition(".")[0] if here.kind == "reasons" else state
    try:
        typed = _typed(flow, asking, situation) if situation.filled else {}
        shown = as_typed(form_class(flow, asking), {name: [text] for name, text in typed.items()})
        values = _values(flow)
    except (LookupError, ValueError) as problem:
        raise NotDrawable(str(problem)) from None
    moment = moments_of(flow, state, catalogue, now)[situation.moment]
    then = replace(moment, **_known(flow, now, lang))
    page = Page(
        flow=flow,
        state=state,
        lang=lang,
        now=now,
        world=bygone_world(),
        run=_run(flow, situation, lang, now),
        shown=shown,
        values=values,
        device=then.device,
    )
    return Posed(page, then, here.end is not None)


def _known(flow: Flow, now: datetime, lang: str) -> dict[str, Any]:
    """What would be known of a person: the code that went out, the card, the user name."""
    first = {
        name: invented_code(spec)[: spec.length - spec.typed_length] for name, spec in flow.spec.codes.items()
    }
    region = {"bg": "BG", "hu": "HU"}.get(lang, "GB")
    until = now.replace(year=now.year + 1, month=12, day=31).date().isoformat()
    facts = {"holder": people.name(_SEED, region), "number": "1234 5678 90", "valid_until": until}
    return {"first": first, "facts": facts, "user_name": masked(people.address(_SEED, "user name"))}


def _values(flow: Flow) -> dict[str, str]:
    """An answer to everything that may have been asked before; of addresses what their pages show of them."""
    addresses = {spec.to for spec in (*flow.spec.codes.values(), *flow.spec.links.values())}
    values: dict[str, str] = {}
    for field in dict.fromkeys(name for state in flow.spec.states.values() for name in state.fields):
        boxes = tuple(invent.answer(flow, field, _SEED).values())
        try:
            value = invent.question_of(flow, field).read(boxes, _TODAY)
        except ShapeProblem:
            continue
        values[field] = masked(value) if field in addresses else value
    return values


def _typed(flow: Flow, state: str, situation: Situation) -> dict[str, str]:
    """What stands in the boxes, by posted name: good answers, and bad ones where they are to be mended."""
    wrong = {each.field: each for each in situation.wrong}
    chosen = dict(situation.chosen)
    typed: dict[str, str] = {}
    for field in sorted(flow.state(state).fields, key=lambda each: bool(invent.question_of(flow, each).when)):
        if not invent.asked(flow, field, chosen):
            continue
        here = _answer(flow, field, wrong.get(field), chosen.get(field))
        typed |= here
        chosen.setdefault(field, next(iter(here.values())))
    return typed


def _answer(flow: Flow, field: str, wrong: Wrong | None, chosen: str | None) -> dict[str, str]:
    if chosen is not None:
        return {field: chosen}
    spoilt = invent.spoilt(flow, field, wrong.code, _SEED) if wrong else None
    return invent.answer(flow, field, _SEED) if spoilt is None else spoilt


def _run(flow: Flow, situation: Situation, lang: str, now: datetime) -> Run | None:
    """A run that nobody made; none on the first page before the first step."""
    if situation.state == flow.spec.initial and not (situation.wrong or situation.said or situation.told):
        return None
    return Run(
        id="preview",
        flow=flow.name,
        number=flow.number,
        digest=flow.digest,
        state=situation.state,
        seq=1,
        lang=lang,
        reference=_REFERENCE,
        started_at=now,
        touched_at=now,
        expires_at=None,
        ended_at=None,
        continued=0,
        problems=tuple(_problem(flow, wrong, lang) for wrong in situation.wrong),
        said=situation.said,
        told=situation.told,
        browser=None,
        head=GENESIS,
        wrapped_key=None,
    )


def _problem(flow: Flow, wrong: Wrong, lang: str) -> Problem:
    text = flow.texts[lang][f"fields.{wrong.field}.errors.{wrong.code}"]
    unknown = {name: _NOT_KNOWN for name in PLACEHOLDER.findall(text) if name != "domain"}
    rules = invent.profile_of(flow, wrong.field)
    limits: Mapping[str, int] = {"min": rules.min} if rules else {}
    return Problem(
        wrong.code, wrong.field, {**unknown, **limits, **invent.question_of(flow, wrong.field).limits}
    )
