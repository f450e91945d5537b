"""The questions of a page as its template draws them: words in the page's language, answers filled in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from wtforms import Field, SelectFieldBase
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from app.forms.build import StepForm, fill, form_class
from app.step import Page

_KINDS = {"line": "text", "tick": "agreement"}


@dataclass(frozen=True)
class Asked:
    """One question: `bound` is the WTForms box to draw, `bounds` all of them where there are several."""

    name: str
    id: str
    kind: str
    label: str
    hint: str | None
    error: str | None
    optional: bool
    width: str
    bound: Field
    bounds: tuple[Field, ...]
    trunk: str


def questions(page: Page, errors: Mapping[str | None, str]) -> tuple[StepForm | None, list[Asked]]:
    """The page's form and its questions in order; `errors` are sentences by field."""
    names = page.flow.state(page.state).fields
    if not names:
        return None, []
    form = fill(form_class(page.flow, page.state), page.shown)
    return form, [_asked(page, form, name, errors.get(name)) for name in names]


def _asked(page: Page, form: StepForm, name: str, error: str | None) -> Asked:
    question, boxes = form.questions[name], form.boxes(name)
    for box in boxes:
        if isinstance(box, SelectFieldBase):
            _word_choices(page, name, box)
    own: Mapping[str, Any] = boxes[-1].render_kw or {}
    return Asked(
        name=name,
        id=boxes[0].name,
        kind=_KINDS.get(question.look, question.look),
        label=page.text(f"fields.{name}.label"),
        hint=_hint(page, name, question.limits),
        error=error,
        optional=form.specs[name].optional,
        width=own.get("data-width", "medium"),
        bound=boxes[0],
        bounds=boxes,
        trunk=question.trunk,
    )


def _hint(page: Page, name: str, limits: Mapping[str, int]) -> str | None:
    key = f"fields.{name}.hint"
    return page.text(key, **limits) if page.flow.has_text(page.lang, key) else None


def _word_choices(page: Page, name: str, box: Any) -> None:
    """Put the flow's words beside the answers the definition lists."""
    worded = []
    for choice in box.choices or []:
        key = f"fields.{name}.options.{choice.value}"
        if choice.value == "":
            key = f"fields.{name}.choose"
        label = page.text(key) if page.flow.has_text(page.lang, key) else str(choice.value)
        worded.append(SelectChoice(choice.value, label))
    box.choices = worded
