"""Questions as the views hand them to the templates, from the real field types."""

from collections.abc import Mapping
from types import SimpleNamespace as Box

from wtforms import Form
from wtforms.fields.choices import SelectChoice

from app.forms.choice import ChoiceOptions, choice
from app.forms.consent import agreement, consent
from app.forms.email import email
from app.forms.numbers import DigitsOptions, NationalIdOptions, digits, national_id
from app.forms.password import PasswordOptions, password
from app.forms.phone import MobileOptions, mobile
from app.forms.question import FieldOptions, Question
from app.forms.text import TextOptions, text


def asked(words: Mapping[str, str], typed: Mapping[str, str], errors: Mapping[str, str]) -> list[Box]:
    """The questions of `ecard`."""
    return _asked(
        {
            "email": email(FieldOptions()),
            "mobile": mobile(MobileOptions()),
            "national_id": national_id(NationalIdOptions()),
            "device": choice(ChoiceOptions(options=["android", "ios"])),
        },
        words,
        typed,
        errors,
    )


def asked_otherwise(errors: Mapping[str, str], lacking: tuple[str, ...] = ()) -> list[Box]:
    """Questions of the other looks: passwords, a number behind prefixes, a choice, a box to tick.

    `lacking` is what is wrong with the first password.
    """
    questions = {
        "password": password(PasswordOptions()),
        "password_again": password(PasswordOptions()),
        "phone": mobile(MobileOptions(region="HU", prefixes=["20", "30", "70"])),
        "marketing": consent(FieldOptions()),
        "notice": agreement(FieldOptions()),
    }
    words = {f"fields.{name}.label": f"Kérdés: {name}" for name in questions}
    words |= {"fields.password.hint": "Legalább 6 karakter.\nSzámjegy is.", "fields.phone.choose": "–"}
    words |= {"fields.marketing.options.accept": "Igen", "fields.marketing.options.decline": "Nem"}
    words |= {"fields.notice.text": "Az adatokat egy évig őrizzük.\nUtána töröljük."}
    drawn = _asked(questions, words, {}, errors, optional={"phone"})
    drawn[0].errors = lacking
    return drawn


def asked_in_tabs(typed: Mapping[str, str], errors: Mapping[str, str]) -> list[Box]:
    """Two tabs with a question in each, and a question below them."""
    questions = {
        "id_kind": choice(ChoiceOptions.model_validate({"options": ["policy", "account"], "as": "tabs"})),
        "policy_number": text(TextOptions(max=20)),
        "account_number": digits(DigitsOptions(max=7)),
        "mobile": mobile(MobileOptions(region="HU", prefixes=["20", "30", "70"])),
    }
    labels = ("Mit ad meg?", "Kötvényszám", "Ügyfélszámlaszám", "Mobilszám")
    words = {f"fields.{name}.label": label for name, label in zip(questions, labels, strict=True)}
    words |= {"fields.id_kind.options.policy": "Kötvényszám", "fields.mobile.choose": "–"}
    words |= {"fields.id_kind.options.account": "Ügyfélszámlaszám"}
    tabs, policy, account, number = _asked(questions, words, typed, errors)
    tabs.panels = ((policy,), (account,))
    return [tabs, number]


def _asked(
    questions: Mapping[str, Question],
    words: Mapping[str, str],
    typed: Mapping[str, str],
    errors: Mapping[str, str],
    optional: set[str] | None = None,
) -> list[Box]:
    boxes = {f"box_{n}{s}": (n + s, box) for n, q in questions.items() for s, box in q.boxes.items()}
    for posted, box in boxes.values():
        box.name = posted
    form = type("Drawn", (Form,), {name: box for name, (_, box) in boxes.items()})(
        None, data={f"box_{name}": value for name, value in typed.items()}
    )
    return [_one(form, n, q, words, errors.get(n), n in (optional or ())) for n, q in questions.items()]


def _one(
    form: Form, name: str, question: Question, words: Mapping[str, str], error: str | None, optional: bool
) -> Box:
    bounds = tuple(form[f"box_{name}{suffix}"] for suffix in question.boxes)
    for bound in bounds:
        if getattr(bound, "choices", None):
            bound.choices = [_worded(name, each.value, words) for each in bound.choices]
    kind = {"tick": "agreement", "line": "text"}.get(question.look, question.look)
    if {"accept", "decline"} == {str(each.value) for each in getattr(bounds[0], "choices", None) or ()}:
        kind = "consent"
    width = (bounds[-1].render_kw or {}).get("data-width", "medium")
    return Box(
        name=name,
        id=bounds[0].name,
        kind=kind,
        label=words[f"fields.{name}.label"],
        hint=words.get(f"fields.{name}.hint"),
        errors=(error,) if error else (),
        optional=optional,
        width=width,
        bound=bounds[0],
        bounds=bounds,
        trunk=question.trunk,
        text=tuple(words.get(f"fields.{name}.text", "").splitlines()),
        panels=(),
    )


def _worded(name: str, value: str, words: Mapping[str, str]) -> SelectChoice:
    key = f"fields.{name}.options.{value}" if value else f"fields.{name}.choose"
    return SelectChoice(value, words.get(key, value))
