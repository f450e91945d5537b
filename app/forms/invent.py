"""Stand-ins: well-formed answers nobody gave, answers refused for one reason, rows of a register.

Everything follows from the definition and a seed: the same seed gives the same person at every time, the next
seed another one. Addresses are at domains kept for examples, phone numbers from blocks nobody is given.
Nothing here is drawn from what applicants typed; `masked` shows of that what the journal knows, its length.
"""

from collections.abc import Mapping
from datetime import date
from typing import cast

from app.flow.catalogue import CATALOGUE
from app.flow.definition import Flow
from app.flow.normal.password import Profile
from app.flow.normal.shape import ShapeProblem
from app.flow.spec import RegisterSpec
from app.flow.trace import Answered
from app.forms.invented import columns, passwords
from app.forms.invented.types import INVENTORS, Boxes
from app.forms.question import Question

# Nobody is born after it, so any later day would do as well.
_TODAY = date(2026, 1, 1)
_DOT = "•"
_DOTS_OF_A_SECRET = 8
_CHOSEN = frozenset({"choice", "consent", "agreement"})


def answer(flow: Flow, field: str, seed: int) -> dict[str, str]:
    """A well-formed answer to the field, by the names its page posts.

    Fields that a guard wants alike, a password and its repetition say, get the same one. LookupError for a
    field type that nothing here can invent.
    """
    return _posted(flow, field, _good(flow, field, seed))


def spoilt(flow: Flow, field: str, reason: str, seed: int) -> dict[str, str] | None:
    """An answer that the field's type refuses with exactly this reason; None where it never says that."""
    question = question_of(flow, field)
    if reason == "required":
        empty = tuple("" for _ in question.boxes)
        return None if flow.spec.fields[field].optional else _posted(flow, field, empty)
    wrong = INVENTORS[flow.spec.fields[field].type].bad
    tries = wrong(flow.field_options[field], _good(flow, field, seed)).get(reason, ())
    fitting = (each for each in tries if _refusal(question, each) == reason)
    found = next(fitting, None)
    return _posted(flow, field, found) if found is not None else None


def page(flow: Flow, state: str, seed: int) -> dict[str, str]:
    """Answers to everything that the page of `state` asks; of what depends on others, what they ask for."""
    typed: dict[str, str] = {}
    chosen: dict[str, str] = {}
    for field in sorted(flow.state(state).fields, key=lambda each: bool(question_of(flow, each).when)):
        if asked(flow, field, chosen):
            here = answer(flow, field, seed)
            typed |= here
            chosen[field] = next(iter(here.values()))
    return typed


def asked(flow: Flow, field: str, chosen: Mapping[str, str]) -> bool:
    """Whether a page asks the field of somebody who has answered the others so."""
    return all(chosen.get(other) == wanted for other, wanted in question_of(flow, field).when.items())


def column(spec: RegisterSpec, column_name: str, seed: int) -> str:
    """What a row of the person with this seed may hold in the column, in the column's normal form."""
    return columns.cell(spec, column_name, seed)


def masked(answered: Answered, flow: Flow) -> str:
    """Dots for an answer, as many as it had signs or as the journal's bucket names; empty where it had none.

    A secret always has as many, and so has whatever is chosen: the length of a choice tells which it was.
    """
    if not answered.present:
        return ""
    spec = flow.spec.fields.get(answered.field)
    told = answered.length.lstrip("<=>")
    if spec is None or spec.type in _CHOSEN or spec.data_class == "secret" or not told.isdecimal():
        return _DOT * _DOTS_OF_A_SECRET
    return _DOT * int(told)


def typed_alike(flow: Flow, field: str) -> str:
    """The field whose answer this one repeats: a password typed twice; the field itself if none."""
    for use in flow.guards.values():
        if getattr(use.options, "again", None) == field:
            return cast(str, getattr(use.options, "field", field))
    return field


def profile_of(flow: Flow, field: str) -> Profile | None:
    """What the flow's guards ask of the password in `field`; None where no guard looks at it."""
    for use in flow.guards.values():
        rules = getattr(use.options, "rules", None)
        if isinstance(rules, Profile) and getattr(use.options, "field", None) == field:
            return rules
    return None


def question_of(flow: Flow, field: str) -> Question:
    """The field as its type builds it from the options."""
    build = CATALOGUE.field_types[flow.spec.fields[field].type].build
    return cast(Question, build(flow.field_options[field]))


def _good(flow: Flow, field: str, seed: int) -> Boxes:
    kind = flow.spec.fields[field].type
    if kind == "password":
        return (passwords.password(seed, profile_of(flow, typed_alike(flow, field))),)
    if kind not in INVENTORS:
        raise LookupError(f"nothing can be invented for a field of type '{kind}'")
    return INVENTORS[kind].good(flow.field_options[field], seed, field)


def _posted(flow: Flow, field: str, boxes: Boxes) -> dict[str, str]:
    suffixes = question_of(flow, field).boxes
    return {field + suffix: box for suffix, box in zip(suffixes, boxes, strict=True)}


def _refusal(question: Question, boxes: Boxes) -> str | None:
    try:
        question.read(boxes, _TODAY)
    except ShapeProblem as problem:
        return problem.code
    return None
