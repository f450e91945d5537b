"""How questions are drawn, and which options a field type takes."""

from typing import Any

import pytest
from pydantic import ValidationError
from wtforms import Field

from app.forms.build import fill, form_class
from tests.demo_form import CATALOGUE, DEMO, EVERY, codes, flow_with, read_post


def box(name: str, number: int = 0, shown: dict[str, str] | None = None) -> Field:
    return fill(form_class(DEMO, "page"), shown or {}).boxes(name)[number]


@pytest.mark.parametrize(
    ("name", "number", "expected"),
    [
        ("email", 0, {"type": "email", "autocomplete": "email", "inputmode": "email", "data-width": "long"}),
        ("mobile", 0, {"type": "tel", "autocomplete": "tel", "data-width": "medium"}),
        ("sms_number", 0, {"autocomplete": "tel-area-code", "data-width": "short"}),
        ("sms_number", 1, {"type": "tel", "autocomplete": "tel-local"}),
        ("national_id", 0, {"inputmode": "numeric", "autocomplete": "off", "type": "text"}),
        ("company", 0, {"inputmode": "numeric"}),
        ("account_number", 0, {"inputmode": "numeric", "data-width": "short"}),
        ("policy_number", 0, {"type": "text", "data-width": "medium", "autocomplete": "off"}),
        ("phone_code", 0, {"type": "text", "autocomplete": "one-time-code", "autocapitalize": "characters"}),
        ("pin", 0, {"type": "text", "autocomplete": "one-time-code", "inputmode": "numeric"}),
        ("password", 0, {"type": "password", "autocomplete": "new-password", "autocapitalize": "none"}),
        ("contract", 0, {"type": "checkbox", "value": "accept"}),
    ],
)
def test_boxes_declare_what_they_are_for(name: str, number: int, expected: dict[str, str]):
    html = box(name, number)()
    for attribute, value in expected.items():
        assert f'{attribute}="{value}"' in html


def test_nothing_is_cut_required_or_corrected_by_the_browser():
    lines = [
        "email",
        "mobile",
        "national_id",
        "company",
        "account_number",
        "policy_number",
        "phone_code",
        "pin",
    ]
    for name in EVERY:
        for each in fill(form_class(DEMO, "page"), {}).boxes(name):
            assert not {"maxlength", "minlength", "required", "pattern"} & set(each.render_kw or {})
            assert "required" not in each()
    for html in (box(name)() for name in [*lines, "password"]):
        assert 'spellcheck="false"' in html
        assert 'autocorrect="off"' in html
        assert "autocapitalize=" in html


def test_nothing_is_chosen_or_ticked_beforehand():
    assert [choice.value for choice in box("device").iter_choices() if choice.selected] == []
    assert '<option value=""></option>' in box("device")()
    assert not any(option.checked for name in ("id_kind", "marketing") for option in box(name))
    assert "checked" not in box("contract")()


def test_an_earlier_choice_is_shown():
    assert 'selected value="ios"' in box("device", shown={"device": "ios"})()
    assert [o.data for o in box("marketing", shown={"marketing": "decline"}) if o.checked] == ["decline"]
    assert "checked" in box("contract", shown={"contract": "on"})()


def test_of_tabs_the_first_is_open_until_another_was_chosen():
    flow = flow_with({"id_kind": {**EVERY["id_kind"], "as": "tabs"}})
    form = form_class(flow, "page")

    def opened(shown: dict[str, str]) -> list[str]:
        return [option.data for option in fill(form, shown).boxes("id_kind")[0] if option.checked]

    assert form.questions["id_kind"].look == "tabs"
    assert opened({}) == ["policy"]
    assert opened({"id_kind": "account"}) == ["account"]
    assert codes(read_post({}, flow)) == {"id_kind": "required"}  # what is open is posted by browsers


def test_what_is_shown_back_is_escaped():
    html = box("policy_number", shown={"policy_number": '"><script>'})()
    assert "<script>" not in html


def test_a_page_knows_what_to_draw():
    questions = form_class(DEMO, "page").questions
    looks = {name: question.look for name, question in questions.items()}
    assert {looks[name] for name in ("email", "mobile", "pin", "note")} == {"line"}
    assert looks["password"] == "password"
    assert (looks["device"], looks["id_kind"], looks["marketing"]) == ("select", "radio", "radio")
    assert (looks["contract"], looks["sms_number"]) == ("tick", "prefixed")
    assert questions["sms_number"].trunk == "06"
    assert questions["policy_number"].when == {"id_kind": "policy"}


@pytest.mark.parametrize(
    "written",
    [
        {"type": "mobile", "region": "Bulgaria"},
        {"type": "mobile", "countries": ["BG", "XX"]},
        {"type": "mobile", "prefixes": ["+36"]},
        {"type": "choice"},
        {"type": "choice", "options": []},
        {"type": "choice", "options": ["Да"]},
        {"type": "choice", "options": [True]},
        {"type": "choice", "options": ["a"], "as": "slider"},
        {"type": "choice", "options": ["a"], "as": "tabs"},
        {"type": "choice", "options": ["a", "b", "c", "d", "e"], "as": "tabs"},
        {"type": "digits", "min": 8, "max": 7},
        {"type": "code", "min": 7, "max": 6},
        {"type": "code", "alphabet": "emoji"},
        {"type": "text", "max": 0},
        {"type": "email", "max": 10},
        {"type": "password", "max": 10},
    ],
)
def test_options_that_make_no_sense_are_refused(written: dict[str, Any]):
    with pytest.raises(ValidationError):
        flow_with({"field": written})


def test_every_field_type_says_what_it_is_and_refuses_with_declared_codes():
    names = "text email mobile national_id eik choice digits code password consent agreement"
    assert set(CATALOGUE.field_types) == set(names.split())
    for field_type in CATALOGUE.field_types.values():
        assert field_type.help
        assert "required" in field_type.reasons
