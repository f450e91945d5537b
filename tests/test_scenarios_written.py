"""Scenarios written out are the scenarios read back."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import wiring
from app.config import ROOT
from app.flow.durations import parse_duration, write_duration
from app.flow.loader import load, read_folder
from app.scenarios.read import FILE, read_scenarios
from app.scenarios.write import write_scenarios

FLOWS = sorted(file.parent.name for file in (ROOT / "workflows").glob("*/flow.yaml"))


@pytest.mark.parametrize("name", FLOWS)
def test_what_ships_is_read_back_as_it_was_written(name: str, tmp_path: object) -> None:
    folder = ROOT / "workflows" / name
    flow = load(read_folder(folder), wiring.catalogue()).flow
    assert flow is not None
    told = read_scenarios(folder / FILE, flow)
    assert told.scenarios
    written = tmp_path / FILE  # type: ignore[operator]
    written.write_text(write_scenarios(told.scenarios), encoding="utf-8")
    again = read_scenarios(written, flow)
    assert (again.findings, again.scenarios) == ((), told.scenarios)


@given(st.integers(1, 999_999))
def test_a_span_of_seconds_is_spelt_so_that_it_is_read_back(seconds: int) -> None:
    span = timedelta(seconds=seconds)
    assert parse_duration(write_duration(span)) == span


@pytest.mark.parametrize(("span", "spelt"), [(90, "90 s"), (120, "2 min"), (7200, "2 h"), (86_400, "1 day")])
def test_the_largest_unit_that_fits_is_used(span: int, spelt: str) -> None:
    assert write_duration(timedelta(seconds=span)) == spelt


def test_half_a_second_has_no_spelling() -> None:
    with pytest.raises(ValueError, match="no spelling"):
        write_duration(timedelta(milliseconds=500))
