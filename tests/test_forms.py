"""From what was posted to answers: what is read, refused, shown back."""

from collections.abc import Iterator
from datetime import date
from io import BytesIO

import pytest
from flask import Flask, request
from hypothesis import given, settings
from hypothesis import strategies as st
from stdnum.bg import egn
from werkzeug.datastructures import MultiDict

from app.forms.build import fill, form_class, read, unknown_names
from tests.demo_form import CATALOGUE, DEMO, EVERY, TODAY, WELL_FORMED, codes, flow_with, read_post


@pytest.fixture
def web() -> Iterator[Flask]:
    flask = Flask(__name__)
    flask.secret_key = "a test's"
    yield flask


def test_a_well_formed_post_gives_normal_forms():
    reading = read_post(WELL_FORMED)
    assert reading.problems == ()
    assert reading.values == {
        "email": "Ivan@Abv.bg",
        "mobile": "+359888123456",
        "sms_number": "+36201234567",
        "national_id": "9912310123",
        "checked_id": "9912310125",
        "company": "175074752",
        "device": "ios",
        "id_kind": "account",
        "account_number": "0034567",
        "phone_code": "AB7MX",
        "pin": "012345",
        "password": " Тайна1 ",
        "marketing": "decline",
        "contract": "accept",
        "data": "d",
        "validate": "v",
    }


def test_what_was_typed_is_shown_back_in_its_own_spelling_but_for_secrets():
    shown = read_post(WELL_FORMED).shown
    form = fill(form_class(DEMO, "page"), shown)
    assert {b.name: b.data for name in EVERY for b in form.boxes(name) if b.data} == {
        "email": " Ivan@Abv.bg ",
        "mobile": "0888 123 456",
        "sms_number_prefix": "20",
        "sms_number_number": "123 4567",
        "national_id": "991231-0123",
        "checked_id": "9912310125",
        "company": "175 074 752",
        "device": "ios",
        "id_kind": "account",
        "policy_number": "of the other tab",
        "account_number": "003 4567",
        "marketing": "decline",
        "contract": True,
        "data": "d",
        "validate": "v",
    }


def test_malformed_answers_are_shown_back_too():
    posted = {"mobile": "0888 12", "sms_number_prefix": "", "sms_number_number": " 1 2", "device": "nokia"}
    shown = read_post(posted).shown
    form = fill(form_class(DEMO, "page"), shown)
    assert form.boxes("mobile")[0].data == "0888 12"
    assert [each.data for each in form.boxes("sms_number")] == ["", " 1 2"]


def test_an_empty_post_asks_for_everything_once_in_the_pages_order():
    reading = read_post({})
    unasked = {"note", "policy_number", "account_number"}
    assert [(p.field, p.code) for p in reading.problems] == [
        (name, "required") for name in EVERY if name not in unasked
    ]
    assert reading.values == {} == reading.shown


def test_every_malformed_answer_has_one_reason():
    posted = {
        **WELL_FORMED,
        "email": "ivan",
        "mobile": "02 987 1234",
        "sms_number_number": "12",
        "national_id": "12345",
        "checked_id": "9912310123",
        "company": "000000000",
        "device": "nokia",
        "account_number": "12345678",
        "note": "\x1b",
        "phone_code": "A",
        "pin": "AB7MX",
        "password": "x" * 257,
        "marketing": "perhaps",
        "contract": "",
    }
    reading = read_post(posted)
    assert codes(reading) == {
        "email": "not_an_address",
        "mobile": "not_mobile",
        "sms_number": "not_a_phone",
        "national_id": "not_ten_digits",
        "checked_id": "number_wrong",
        "company": "number_wrong",
        "device": "not_a_choice",
        "account_number": "too_long",
        "note": "unusual_characters",
        "phone_code": "too_short",
        "pin": "not_a_code",
        "password": "too_long",
        "marketing": "required",
        "contract": "required",
    }
    assert [p.field for p in reading.problems] == [name for name in EVERY if name in codes(reading)]
    assert set(reading.values) == {"id_kind", "data", "validate"}


def test_a_problem_names_the_limits_and_never_the_answer():
    problems = {p.field: p for p in read_post({**WELL_FORMED, "account_number": "12345678"}).problems}
    assert problems["account_number"].params == {"min": 1, "max": 7}


def test_a_reading_does_not_print_answers():
    printed = repr(read_post(WELL_FORMED))
    assert not any(answer in printed for answer in ("Ivan", "888", "9912310123", "Тайна", "AB7MX"))


@pytest.mark.parametrize(
    ("kind", "values", "reasons"),
    [
        ("policy", {"policy_number": "A-1"}, {}),
        ("account", {"account_number": "1234567"}, {}),
        ("", {}, {"id_kind": "required"}),
        ("both", {}, {"id_kind": "not_a_choice"}),
    ],
)
def test_the_field_of_the_tab_not_chosen_is_ignored(
    kind: str, values: dict[str, str], reasons: dict[str, str]
):
    names = ["policy_number", "account_number", "id_kind"]  # a field may depend on one further down
    flow = flow_with({name: EVERY[name] for name in names})
    posted = {"id_kind": kind, "policy_number": "A-1", "account_number": "1234567"}
    reading = read_post(posted, flow)
    assert {name: v for name, v in reading.values.items() if name != "id_kind"} == values
    assert codes(reading) == reasons
    assert reading.shown["policy_number"] == "A-1"


def test_the_field_of_the_tab_chosen_is_required():
    flow = flow_with({name: EVERY[name] for name in ("id_kind", "policy_number", "account_number")})
    assert codes(read_post({"id_kind": "policy"}, flow)) == {"policy_number": "required"}


@pytest.mark.parametrize("ticked", ["accept", "on", "y", "0", "false"])
def test_any_value_ticks_an_agreement(ticked: str):
    assert read_post({"contract": ticked}).values == {"contract": "accept"}


def test_a_password_is_taken_as_it_is():
    exact = "  e\u0301 ﷺ\u200b\t "
    assert read_post({"password": exact}).values == {"password": exact}


def test_a_check_of_dates_knows_what_day_it_is():
    number = "304101001" + egn.calc_check_digit("304101001")  # of somebody born on 1 January 2030
    form = form_class(flow_with({"checked_id": EVERY["checked_id"]}), "page")(
        MultiDict({"checked_id": number})
    )
    assert codes(read(form, TODAY)) == {"checked_id": "number_wrong"}
    assert read(form, date(2030, 1, 1)).values == {"checked_id": number}


def test_a_field_of_class_secret_is_not_shown_back_whatever_its_type():
    flow = flow_with({"answer": {"type": "text", "class": "secret"}})
    assert read_post({"answer": "x"}, flow).shown == {}
    assert fill(form_class(flow, "page"), {"answer": "x"}).boxes("answer")[0].data is None


def test_secrets_do_not_return_to_the_page_even_from_a_bound_form():
    form = form_class(DEMO, "page")(MultiDict(WELL_FORMED))
    html = "".join(form.boxes(name)[0]() for name in ("phone_code", "pin", "password"))
    assert not any(secret in html for secret in ("ав7мх", "012", "Тайна"))


def test_names_the_page_does_not_know_are_told():
    form = form_class(DEMO, "page")
    assert unknown_names(form, WELL_FORMED) == []
    assert unknown_names(form, ["state", "email", "sms_number", "matched_id"]) == [
        "matched_id",
        "sms_number",
        "state",
    ]
    assert unknown_names(form_class(DEMO, "done"), ["email"]) == ["email"]


def test_the_first_of_several_values_counts_and_files_do_not(web: Flask):
    files = {"email": (BytesIO(b"x"), "ivan@abv.bg"), "national_id": "9912310123"}
    with web.test_request_context("/", method="POST", data=files):
        both = MultiDict([*request.files.items(), *request.form.items(), ("national_id", "0000000000")])
        reading = read(form_class(DEMO, "page")(both), TODAY)
    assert reading.values == {"national_id": "9912310123"}
    assert codes(reading)["email"] == "required"


def test_a_class_is_built_once_for_a_version_and_state():
    again = flow_with(EVERY)
    assert form_class(DEMO, "page") is form_class(DEMO, "page")
    assert form_class(DEMO, "page") is not form_class(again, "page")
    assert form_class(DEMO, "page") is not form_class(DEMO, "done")


def test_a_token_is_there_during_requests_only(web: Flask):
    assert "csrf_token" not in form_class(DEMO, "page")(MultiDict())
    with web.test_request_context("/", method="POST", json=[1]):
        form = form_class(DEMO, "page")()
        assert "csrf_token" in form
        assert form.boxes("email")[0].raw_data is None
        assert "csrf_token" not in form_class(DEMO, "page")(formdata=MultiDict(), meta={"csrf": False})


def test_two_fields_that_post_one_name_are_a_fault_of_the_definition():
    flow = flow_with({"sms_number": EVERY["sms_number"], "sms_number_prefix": {"type": "text"}})
    with pytest.raises(ValueError, match="two fields post 'sms_number_prefix'"):
        form_class(flow, "page")


def test_a_condition_on_a_field_of_another_page_is_a_fault_of_the_definition():
    flow = flow_with({"policy_number": EVERY["policy_number"]})
    with pytest.raises(ValueError, match="'id_kind'"):
        form_class(flow, "page")


WEIRD = st.text(
    alphabet=st.one_of(
        st.characters(), st.sampled_from("0123456789+@. \u00a0\u200f\u202e０９АВ\x00\x1b\ud800")
    )
)
POSTS = st.dictionaries(
    st.sampled_from(list(WELL_FORMED)), st.one_of(WEIRD, st.sampled_from(list(WELL_FORMED.values())))
)


@settings(deadline=None)
@given(posted=POSTS)
def test_any_post_is_read_shown_and_read_again_alike(posted: dict[str, str]):
    reading = read_post(posted)
    for problem in reading.problems:
        assert problem.field is not None
        assert problem.code in CATALOGUE.field_types[DEMO.spec.fields[problem.field].type].reasons
    assert not {p.field for p in reading.problems} & set(reading.values)
    form = fill(form_class(DEMO, "page"), reading.shown)
    "".join(each() for name in EVERY for each in form.boxes(name)).encode()
    again = read_post({each.name: str(each.data or "") for name in EVERY for each in form.boxes(name)})
    secrets = {"phone_code", "pin", "password"}
    assert again.values.items() >= {n: v for n, v in reading.values.items() if n not in secrets}.items()


@pytest.mark.parametrize("char", ["0", "а", "\u00a0", "\u0301", "\u202e", "ﷺ"])
def test_a_megabyte_in_every_box_is_refused_and_shown_back_cut(char: str):
    reading = read_post(dict.fromkeys(WELL_FORMED, char * 2**20))
    refused = codes(reading)
    for name in ("email", "mobile", "national_id", "checked_id", "company", "note", "phone_code", "password"):
        assert refused[name] == "too_long"
    assert set(reading.values) == {"contract"}
    assert max(map(len, reading.shown.values())) <= 4096
