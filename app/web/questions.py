"""The questions of a page as its template draws them: words in the page's language, answers filled in."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext
from wtforms import Field, SelectFieldBase
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from app.forms.boxes import ACCEPT, DECLINE
from app.forms.build import StepForm, fill, form_class
from app.step import Page

_KINDS = {"line": "text", "tick": "agreement"}


@dataclass(frozen=True)
class Asked:
    """One question: `bound` is the WTForms box to draw, `bounds` all of them where there are several.

    `errors` are sentences, one a problem; `text` the paragraphs of what is agreed to; `panels`, of tabs, the
    questions inside each in the order of the answers.
    """

    name: str
    id: str
    kind: str
    label: str
    hint: str | None
    errors: tuple[str, ...]
    optional: bool
    width: str
    bound: Field
    bounds: tuple[Field, ...]
    trunk: str
    text: tuple[str, ...] = ()
    panels: tuple[tuple["Asked", ...], ...] = ()


def questions(page: Page, errors: Mapping[str | None, Sequence[str]]) -> tuple[StepForm | None, list[Asked]]:
    """The page's form and its questions in order; `errors` are sentences by field.

    A question that depends on an answer given in tabs stands inside that tab and nowhere else.
    """
    names = page.flow.state(page.state).fields
    if not names:
        return None, []
    form = fill(form_class(page.flow, page.state), page.shown)
    tabs = {name: tab for name in names if (tab := _tab(form, name))}

    def asked(name: str) -> Asked:
        panels = [[asked(each) for each in names if tabs.get(each) == tab] for tab in _tabs(form, name)]
        inside = tuple(tuple(panel) for panel in panels)
        return _asked(page, form, name, tuple(errors.get(name, ())), inside)

    return form, [asked(name) for name in names if name not in tabs]


def every(asked: Iterable[Asked]) -> Iterator[Asked]:
    """The questions and those inside their tabs."""
    for each in asked:
        yield each
        for panel in each.panels:
            yield from every(panel)


def _tabs(form: StepForm, name: str) -> list[tuple[str, str]]:
    """The tabs of a question, each as (field, answer); none for any other look."""
    if form.questions[name].look != "tabs":
        return []
    box: Any = form.boxes(name)[0]
    return [(name, choice.value) for choice in box.choices]


def _tab(form: StepForm, name: str) -> tuple[str, str] | None:
    """The tab in which a question stands."""
    when = form.questions[name].when.items()
    return next((tab for tab in when if form.questions[tab[0]].look == "tabs"), None)


def _asked(
    page: Page, form: StepForm, name: str, errors: tuple[str, ...], panels: tuple[tuple[Asked, ...], ...]
) -> Asked:
    question, boxes = form.questions[name], form.boxes(name)
    for box in boxes:
        if isinstance(box, SelectFieldBase):
            _word_choices(page, name, box)
    # Accepting or declining is a choice like others, but one must see that declining is free.
    kind = "consent" if form.specs[name].type == "consent" else _KINDS.get(question.look, question.look)
    own: Mapping[str, Any] = boxes[-1].render_kw or {}
    return Asked(
        name=name,
        id=boxes[0].name,
        kind=kind,
        label=page.text(f"fields.{name}.label"),
        hint=_hint(page, name, question.limits),
        errors=errors,
        optional=form.specs[name].optional,
        width=own.get("data-width", "medium"),
        bound=boxes[0],
        bounds=boxes,
        trunk=question.trunk,
        text=_text(page, name),
        panels=panels,
    )


def _hint(page: Page, name: str, limits: Mapping[str, int]) -> str | None:
    key = f"fields.{name}.hint"
    return page.text(key, **limits) if page.flow.has_text(page.lang, key) else None


def _text(page: Page, name: str) -> tuple[str, ...]:
    """What somebody agrees to in full, `fields.<field>.text`, a paragraph a line."""
    key = f"fields.{name}.text"
    lines = page.text(key).splitlines() if page.flow.has_text(page.lang, key) else []
    return tuple(line for line in lines if line.strip())


def _word_choices(page: Page, name: str, box: Any) -> None:
    """Put the flow's words beside the answers the definition lists; consents have words of the house too."""
    ours = {ACCEPT: gettext("I agree"), DECLINE: gettext("I do not agree")}
    consents = page.flow.spec.fields[name].type == "consent"
    worded = []
    for choice in box.choices or []:
        key = f"fields.{name}.options.{choice.value}"
        if choice.value == "":
            key = f"fields.{name}.choose"
        own = ours[choice.value] if consents else str(choice.value)
        label = page.text(key) if page.flow.has_text(page.lang, key) else own
        worded.append(SelectChoice(choice.value, label))
    box.choices = worded
