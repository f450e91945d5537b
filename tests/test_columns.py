"""A register's cells in normal form, so that what is on file and what is typed meet."""

from typing import get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.flow.normal.column import ColumnType, normalise
from app.flow.normal.email import email
from app.flow.normal.national import national_id
from app.flow.normal.phone import mobile
from app.flow.normal.shape import ShapeProblem


@pytest.mark.parametrize(
    ("kind", "cell", "kept"),
    [
        ("text", " Иван  Петров ", "Иван Петров"),
        ("reference", " hu-20471183", "HU-20471183"),
        ("digits", "00 123-4", "001234"),
        ("digits", "175074752.0", "175074752"),
        ("email", "Ivan@ABV.bg", "ivan@abv.bg"),
        ("mobile", "0888 123 456", "+359888123456"),
        ("mobile", "+36 20 123 4567", "+36201234567"),
        ("date", "2026-11-22", "2026-11-22"),
        ("date", "2026-11-22 00:00:00", "2026-11-22"),
        ("date", "2026-11-22T00:00", "2026-11-22"),
        ("boolean", "TRUE", "true"),
        ("boolean", "1", "true"),
        ("boolean", "Yes", "true"),
        ("boolean", "False", "false"),
        ("boolean", "0", "false"),
        ("boolean", "no", "false"),
    ],
)
def test_a_cell_is_kept_in_its_columns_form(kind: ColumnType, cell: str, kept: str):
    assert normalise(kind, cell) == kept


@pytest.mark.parametrize("kind", get_args(ColumnType))
def test_an_empty_cell_stays_empty(kind: ColumnType):
    assert normalise(kind, "") == normalise(kind, " \u00a0") == ""


@pytest.mark.parametrize(
    ("kind", "cell", "reason"),
    [
        ("digits", "1.75075E+08", "not_digits"),
        ("email", "ivan", "not_an_address"),
        ("mobile", "02 987 1234", "not_mobile"),
        ("date", "22.11.2026", "not_a_date"),
        ("date", "2026-02-30", "not_a_date"),
        ("date", "20261122", "not_a_date"),
        ("date", "2026-W47-7", "not_a_date"),
        ("date", "2026-11-22 13:00:00", "not_a_date"),
        ("boolean", "maybe", "not_a_boolean"),
        ("text", "a\x00", "unusual_characters"),
        ("text", "a" * 5000, "too_long"),
    ],
)
def test_a_cell_of_another_form_is_refused(kind: ColumnType, cell: str, reason: str):
    with pytest.raises(ShapeProblem, match=f"^{reason}$"):
        normalise(kind, cell)


def test_a_mobile_column_without_plus_is_dialled_from_its_region():
    assert normalise("mobile", "06 20 123 4567", "HU") == "+36201234567"


def test_what_is_typed_and_what_is_on_file_meet_in_the_columns_form():
    assert normalise("email", email(" Ivan@Abv.BG ")) == normalise("email", "ivan@abv.bg")
    assert normalise("digits", national_id("ЕГН 991231 0123")) == normalise("digits", "9912310123")
    assert normalise("mobile", mobile("0888 12 34 56", "BG")) == normalise("mobile", "00359888123456")


@settings(deadline=None)
@given(
    kind=st.sampled_from(get_args(ColumnType)),
    cell=st.one_of(st.text(), st.text(alphabet="0123456789-.eEyno T:+@")),
)
def test_any_cell_is_either_kept_in_a_lasting_form_or_refused(kind: ColumnType, cell: str):
    try:
        kept = normalise(kind, cell)
    except ShapeProblem:
        return
    assert normalise(kind, kept) == kept
