"""Stand-ins: read by the real forms as well-formed, or refused for exactly the reason asked for."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from app import wiring
from app.config import ROOT
from app.flow.definition import Flow
from app.flow.loader import load, read_folder
from app.flow.normal.column import normalise
from app.flow.normal.phone import mobile
from app.flow.trace import Answered
from app.forms import invent
from app.forms.build import Reading, form_class, read
from app.forms.invented.passwords import is_good
from tests.demo_form import CATALOGUE, DEMO, TODAY, flow_with

FLOWS = {
    name: loaded
    for name in ("activation", "ecard", "registration")
    if (loaded := load(read_folder(ROOT / "workflows" / name), wiring.catalogue()).flow)
}
MORE = flow_with(
    {
        "abroad": {"type": "mobile", "region": "RO", "countries": ["RO", "DE"]},
        "area": {"type": "mobile", "region": "BG", "prefixes": [88, 89]},
        "short": {"type": "text", "max": 2},
        "figures": {"type": "digits", "min": 3, "max": 3},
        "tabs": {"type": "choice", "options": ["a", "b"], "as": "tabs"},
    }
)
PAGES: list[tuple[Flow, str]] = [
    *((flow, state) for flow in FLOWS.values() for state in flow.spec.states if flow.state(state).fields),
    (DEMO, "page"),
    (MORE, "page"),
]
SEEDS = st.integers(0, 10**6)


def posted(flow: Flow, state: str, answers: dict[str, Any]) -> Reading:
    return read(form_class(flow, state)(MultiDict(answers), meta={"csrf": False}), TODAY)


def test_every_field_type_can_be_answered():
    everything = {each.type for flow in (DEMO, *FLOWS.values()) for each in flow.spec.fields.values()}
    assert everything == set(CATALOGUE.field_types)


@settings(max_examples=60, deadline=None)
@given(SEEDS, st.sampled_from(PAGES))
def test_an_invented_page_is_taken_as_it_is(seed: int, page: tuple[Flow, str]):
    flow, state = page
    reading = posted(flow, state, invent.page(flow, state, seed))
    assert reading.problems == ()


@settings(max_examples=30, deadline=None)
@given(SEEDS, st.sampled_from(PAGES))
def test_a_spoilt_answer_is_refused_for_its_reason_alone(seed: int, page: tuple[Flow, str]):
    flow, state = page
    typed = invent.page(flow, state, seed)
    for field in flow.state(state).fields:
        for reason in CATALOGUE.field_types[flow.spec.fields[field].type].reasons:
            wrong = invent.spoilt(flow, field, reason, seed)
            if wrong is None or not set(wrong) & set(typed):
                continue
            problems = posted(flow, state, typed | wrong).problems
            others = [each.field for each in problems if each.field != field]
            assert [each.code for each in problems if each.field == field] == [reason]
            # What depends on a choice is not asked any more once the choice is wrong.
            assert others == []


# What cannot be brought about: one digit fewer than one is none at all, and without `check_digit` whatever
# has ten digits is taken.
NEVER = {
    ("national_id", "number_wrong"),
    ("account_number", "too_short"),
}


def test_every_reason_can_be_brought_about():
    lacking = {
        (field, reason)
        for field, spec in DEMO.spec.fields.items()
        for reason in CATALOGUE.field_types[spec.type].reasons
        if not spec.optional and invent.spoilt(DEMO, field, reason, 7) is None
    }
    assert lacking == NEVER
    assert invent.spoilt(DEMO, "email", "no such reason", 7) is None
    assert invent.spoilt(DEMO, "note", "required", 7) is None


def test_the_same_seed_gives_the_same_person_and_the_next_one_another():
    for field in ("email", "mobile", "sms_number", "national_id", "company", "policy_number", "password"):
        first = [invent.answer(DEMO, field, seed) for seed in range(2000)]
        assert first == [invent.answer(DEMO, field, seed) for seed in range(2000)]
        assert len({tuple(each.values()) for each in first}) == 2000, field


def test_what_a_guard_wants_alike_is_alike():
    flow = FLOWS["activation"]
    typed = invent.page(flow, "password", 3)
    assert typed["password"] == typed["password_again"]


@given(SEEDS)
def test_a_password_satisfies_what_its_flow_asks(seed: int):
    for flow in FLOWS.values():
        if "password" in flow.spec.fields:
            (password,) = invent.answer(flow, "password", seed).values()
            assert is_good(password, invent.profile_of(flow, "password"))


@given(SEEDS)
def test_cells_are_in_their_columns_normal_form(seed: int):
    for flow in FLOWS.values():
        for spec in flow.spec.registers.values():
            for column, kind in spec.columns.items():
                cell = invent.column(spec, column, seed)
                assert cell
                assert normalise(kind, cell, spec.region) == cell


def test_addresses_and_numbers_belong_to_nobody():
    (address,) = invent.answer(DEMO, "email", 5).values()
    assert address.endswith("@example.com")
    (number,) = invent.answer(DEMO, "mobile", 5).values()
    assert mobile(number, "BG")[6:8] == "00"
    assert invent.answer(DEMO, "sms_number", 5)["sms_number_number"].startswith("0")


@pytest.mark.parametrize(
    ("field", "data_class", "length", "shown"),
    [
        ("email", "personal", "12", "•" * 12),
        ("national_id", "sensitive", "<=16", "•" * 16),
        ("password", "secret", "", "•" * 8),
        ("password", "secret", "31", "•" * 8),
        ("marketing", "coarse", "7", "•" * 8),
        ("gone since", "personal", "31", "•" * 8),
    ],
)
def test_the_journals_answers_are_shown_as_dots(field: str, data_class: str, length: str, shown: str):
    assert invent.masked(Answered(field, data_class, True, True, length, None), DEMO) == shown
    assert invent.masked(Answered(field, data_class, False, False, "", None), DEMO) == ""


def test_nobody_is_born_too_late():
    born = {invent.answer(DEMO, "checked_id", seed)["checked_id"][:2] for seed in range(3000)}
    assert {int(year) for year in born} == set(range(40, 100))
    assert date(1999, 12, 31) < TODAY
