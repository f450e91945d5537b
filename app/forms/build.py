"""From a state to its form, and from what was posted to answers.

A field type's function takes the validated options of one field and returns a Question (question.py);
`form_class` puts the questions of a state into one FlaskForm, cached per version. WTForms draws the boxes
and holds what was typed; whether it is well-formed is told by `read`, in codes, not by `form.validate()`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache
from typing import Any, ClassVar, cast

from flask import current_app, has_request_context
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import Field

from app.flow.catalogue import CATALOGUE
from app.flow.definition import Flow
from app.flow.normal.shape import ShapeProblem, cap, tidy
from app.flow.spec import FieldSpec
from app.flow.verdict import Problem
from app.forms.question import Question

# Boxes are attributes of the form's class; without this a field called `data` or `validate` would hide one.
_OURS = "box_"


class StepForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """The form of one state of one version; `questions` and `specs` are by field, in the page's order.

    Posted data are given, never taken from the request by themselves. The CSRF token is there during
    requests; the web layer checks it.
    """

    questions: ClassVar[Mapping[str, Question]] = {}
    specs: ClassVar[Mapping[str, FieldSpec]] = {}

    class Meta:
        """What Flask-WTF asks: no words of WTForms are used, and no token is made outside of a request."""

        @cached_property
        def csrf(self) -> bool:
            """Whether the form carries a CSRF token."""
            return has_request_context() and bool(current_app.config.get("WTF_CSRF_ENABLED", True))

        def get_translations(self, form: Any) -> None:
            """None: texts are the flow's."""

    def __init__(self, formdata: Any = None, **kwargs: Any) -> None:
        super().__init__(formdata=formdata, **kwargs)

    def boxes(self, name: str) -> tuple[Field, ...]:
        """The bound WTForms fields of the field `name`; KeyError if the page does not ask it."""
        return tuple(self._fields[_attribute(name, suffix)] for suffix in self.questions[name].boxes)


@dataclass(frozen=True)
class Reading:
    """What a post says, by field.

    `values` are normal forms of the well-formed answers only: a field of the page that is not there has no
    answer now, whatever it had before. `shown` is what was typed, for `fill`, without secrets.
    """

    values: Mapping[str, str] = field(repr=False)
    problems: tuple[Problem, ...]
    shown: Mapping[str, str] = field(repr=False)


@lru_cache(maxsize=1024)
def form_class(flow: Flow, state: str) -> type[StepForm]:
    """The form of `state`, without words of any language; the same class at every call.

    Raises ValueError if two fields of the page post the same name or `when` names a field that the page
    does not ask, KeyError for an unknown state or field.
    """
    names = flow.state(state).fields
    specs = {name: flow.spec.fields[name] for name in names}
    questions = {name: _question(flow, name) for name in names}
    boxes: dict[str, Field] = {}
    for name, question in questions.items():
        for suffix, box in question.boxes.items():
            if boxes.setdefault(_attribute(name, suffix), box) is not box:
                raise ValueError(f"{flow.name}, {state}: two fields post '{name}{suffix}'")
            cast(Any, box).name = name + suffix
    if missing := {asked for question in questions.values() for asked in question.when} - set(names):
        raise ValueError(f"{flow.name}, {state}: 'when' names {sorted(missing)}, not asked on this page")
    return type("StepForm", (StepForm,), {"questions": questions, "specs": specs, **boxes})


def read(form: StepForm, today: date) -> Reading:
    """The answers in `form`, one problem at most for a field, in the page's order.

    `today` is the applicant's day, for dates that must not lie ahead. A problem's parameters are the field
    type's limits, never what was typed.
    """
    values: dict[str, str] = {}
    problems: dict[str, Problem] = {}
    typed = {name: tuple(map(_typed, form.boxes(name))) for name in form.questions}
    # What others depend on is read first: the page may ask it below them.
    for name in sorted(typed, key=lambda each: bool(form.questions[each].when)):
        question = form.questions[name]
        if not all(values.get(other) == answer for other, answer in question.when.items()):
            continue
        try:
            values[name] = question.read(typed[name], today)
        except ShapeProblem as problem:
            if not (problem.code == "required" and form.specs[name].optional):
                problems[name] = Problem(problem.code, name, question.limits)
    in_order = tuple(problems[name] for name in typed if name in problems)
    return Reading(values, in_order, _shown(form, typed))


def as_typed(form: type[StepForm], posted: Mapping[str, list[str]]) -> Mapping[str, str]:
    """What was posted, for `fill`, by field; judged by nobody, without secrets."""
    filled = form(
        formdata=MultiDict({name: list(each) for name, each in posted.items()}), meta={"csrf": False}
    )
    return _shown(filled, {name: tuple(map(_typed, filled.boxes(name))) for name in filled.questions})


def fill(form: type[StepForm], shown: Mapping[str, str]) -> StepForm:
    """A form to be shown, with `Reading.shown` of an earlier post in its boxes; secrets stay empty."""
    data = {}
    for name, question in form.questions.items():
        if name in shown and not _is_secret(form, name):
            parts = shown[name].split(" ", len(question.boxes) - 1)
            for suffix, part in zip(question.boxes, parts, strict=False):
                data[_attribute(name, suffix)] = part
    return form(None, data=data)


def unknown_names(form: type[StepForm], posted: Iterable[str]) -> list[str]:
    """The posted names that are no box of this form, sorted; the web layer's own are taken out before."""
    known = {name + suffix for name, question in form.questions.items() for suffix in question.boxes}
    return sorted(set(posted) - known)


def _question(flow: Flow, name: str) -> Question:
    build = CATALOGUE.field_types[flow.spec.fields[name].type].build
    return cast(Question, build(flow.field_options[name]))


def _attribute(name: str, suffix: str) -> str:
    return f"{_OURS}{name}{suffix}"


def _typed(box: Field) -> str:
    first = box.raw_data[0] if box.raw_data else ""
    # A file may come under a text box's name, and a lone surrogate in a password could not be hashed.
    return first.encode("utf-8", "replace").decode() if isinstance(first, str) else ""


def _is_secret(form: type[StepForm] | StepForm, name: str) -> bool:
    return form.questions[name].secret or form.specs[name].data_class == "secret"


def _shown(form: StepForm, typed: Mapping[str, tuple[str, ...]]) -> dict[str, str]:
    """Several boxes in one line: the last may hold spaces, those before may not."""
    shown = {}
    for name, parts in typed.items():
        if any(parts) and not _is_secret(form, name):
            *before, last = [_showable(part, form.questions[name].longest) for part in parts]
            shown[name] = " ".join([*(part.replace(" ", "") for part in before), last])
    return shown


def _showable(typed: str, longest: int) -> str:
    # As much as is read; no page can hold a NUL.
    return typed[: cap(longest)].replace("\0", "?")


for _decides in (read, tidy):
    CATALOGUE.remember(_decides)
