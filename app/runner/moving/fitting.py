"""Whether the answers of one run are answers in another version, judged by its forms and shown to nobody."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from werkzeug.datastructures import MultiDict

from app.flow.definition import Flow
from app.flow.moving import Course, Hindrance
from app.forms import build


def unfit_field(course: Course, state: str, answers: Mapping[str, str], today: date) -> Hindrance | None:
    """The first answer that a run standing in `state` would need in the new version and does not have.

    `answers` are the run's, as typed under `<field>~`. A page that asks for a field anew needs none before.
    """
    for name in sorted(course.newly_known(state)):
        if name not in answers and _is_wanted(course.new, name, answers):
            return Hindrance("field_missing", name)
    asked_here = course.new.state(course.leads(state)).fields
    for name in sorted(name for name in answers if name in course.new.spec.fields):
        anew = name in asked_here or not course.unlike_field(name)
        if not anew and not _is_answer(course.new, name, answers, today):
            return Hindrance("field_type", name)
    return None


def _is_wanted(flow: Flow, name: str, answers: Mapping[str, str]) -> bool:
    """Whether the field had to be filled in: one that is asked for certain answers only may stay empty."""
    state = _asked_in(flow, name)
    if state is None:
        return True  # a guard looks it up
    when = build.form_class(flow, state).questions[name].when
    return all(answers.get(other) == answer for other, answer in when.items())


def _is_answer(flow: Flow, name: str, answers: Mapping[str, str], today: date) -> bool:
    """Whether the form that asks for the field reads what was typed as the very answer that is kept."""
    state = _asked_in(flow, name)
    if state is None:
        return True
    form = build.form_class(flow, state)
    posted: dict[str, Any] = {}
    for field, question in form.questions.items():
        typed = answers.get(f"{field}~", answers.get(field, ""))
        parts = typed.split(" ", len(question.boxes) - 1)
        posted |= {f"{field}{box}": [part] for box, part in zip(question.boxes, parts, strict=False)}
    reading = build.read(form(formdata=MultiDict(posted), meta={"csrf": False}), today)
    return reading.values.get(name) == answers[name]


def _asked_in(flow: Flow, name: str) -> str | None:
    return next((state for state, spec in flow.spec.states.items() if name in spec.fields), None)
