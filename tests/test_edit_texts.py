"""Edits change what they name in a file, and no other sign of it."""

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.config import ROOT
from app.flow.edit import (
    ABSENT,
    Edit,
    Insert,
    Move,
    Rename,
    SetValue,
    apply,
    apply_all,
    changes,
    from_data,
    merge,
    same,
    to_data,
)
from app.flow.edit.model import edited
from app.flow.source import read
from tests.edits_made import edits
from tests.handwriting import files

SHIPPED = sorted(
    file
    for folder in ("workflows", "tests/flows")
    for file in (ROOT / folder).glob("*/*.yaml")
    if file.name != "demo.yaml"
)
quick = settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))


def said(text: str) -> Any:
    return read(text, "f.yaml").data


def notes(text: str) -> Counter[str]:
    return Counter(re.findall(r"# note \d+\.", text))


def keeps_all_comments(edit: Edit) -> bool:
    return isinstance(edit, Insert | Move | Rename) or (
        isinstance(edit, SetValue) and not isinstance(edit.was, dict | list)
    )


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_a_shipped_file_stays_as_it_is_without_an_edit(file: Path) -> None:
    text = file.read_bytes().decode()
    files = {file.name: text}
    assert changes(files, files) == []
    assert apply_all(files, changes(files, files)) == files
    assert merge(files, files, files).files == files
    value = said(text)
    for part in value if isinstance(value, dict) else range(len(value)):
        seen = value[part]
        assert apply(files, SetValue(file.name, (part,), seen, seen)) == files


@quick
@given(st.data())
def test_an_edit_changes_what_it_names_in_whatever_hand_it_is_written(data: st.DataObject) -> None:
    text = data.draw(files())
    edit = data.draw(edits(said(text)))
    after = apply({"f.yaml": text, "other": "x"}, edit)
    assert after["other"] == "x"
    assert same(said(after["f.yaml"]), edited(said(text), edit))
    lost = notes(text) - notes(after["f.yaml"])
    assert not lost or not keeps_all_comments(edit)
    assert not notes(after["f.yaml"]) - notes(text)


@quick
@given(st.data())
def test_lines_that_an_edit_does_not_touch_stay(data: st.DataObject) -> None:
    file = data.draw(st.sampled_from(SHIPPED))
    text = file.read_bytes().decode()
    edit = data.draw(edits(said(text), file.name))
    after = apply({file.name: text}, edit)[file.name]
    assert same(said(after), edited(said(text), edit))
    before, now = text.splitlines(), after.splitlines()
    if isinstance(edit, Insert) or (isinstance(edit, SetValue) and not isinstance(edit.was, dict | list)):
        assert _outside_one_place(before, now) <= 1
    if isinstance(edit, Move):
        assert Counter(filter(str.strip, before)) == Counter(filter(str.strip, now)) or len(before) == len(
            now
        )
    if isinstance(edit, Rename):
        assert sum(one != other for one, other in zip(before, now, strict=True)) <= 1


def _outside_one_place(before: list[str], now: list[str]) -> int:
    """How many of the lines before are gone."""
    head = next(
        (n for n, (one, other) in enumerate(zip(before, now, strict=False)) if one != other),
        min(len(before), len(now)),
    )
    rest, then = before[head:][::-1], now[head:][::-1]
    tail = next(
        (n for n, (one, other) in enumerate(zip(rest, then, strict=False)) if one != other),
        min(len(rest), len(then)),
    )
    return len(before) - head - tail


@quick
@given(st.data())
def test_an_edit_survives_the_journal(data: st.DataObject) -> None:
    edit = data.draw(edits(said(data.draw(files()))))
    assert from_data(to_data(edit)) == edit


@quick
@given(before=files(), after=files())
def test_changes_lead_from_what_was_said_to_what_is_said(before: str, after: str) -> None:
    found = changes({"f.yaml": before}, {"f.yaml": after})
    reached = apply_all({"f.yaml": before}, found)["f.yaml"]
    assert same(said(reached), said(after))
    assert changes({"f.yaml": reached}, {"f.yaml": after}) == []


@pytest.mark.parametrize(
    "told",
    [
        None,
        {"edit": "explode"},
        {"edit": "set", "file": "f.yaml", "at": ["a"]},
        {"edit": "set", "file": "f.yaml", "at": "a", "value": 1},
        {"edit": "set", "file": "f.yaml", "at": [True], "value": 1},
        {"edit": "set", "file": "f.yaml", "at": [-1], "value": 1},
        {"edit": "set", "file": "f.yaml", "at": ["a"], "value": 1.5},
        {"edit": "set", "file": "f.yaml", "at": ["a"], "value": 1, "more": 1},
        {"edit": "remove", "file": "f.yaml", "at": ["a"]},
        {"edit": "move", "file": "f.yaml", "at": [], "after": None},
        {"edit": "move", "file": "f.yaml", "at": ["a"], "after": -2},
        {"edit": "rename", "file": "f.yaml", "at": ["a"], "name": None},
    ],
)
def test_what_is_no_edit_is_refused(told: Any) -> None:
    with pytest.raises(ValueError):
        from_data(told)


def test_nothing_there_is_not_told_and_comes_back() -> None:
    edit = SetValue("flow.yaml", ("fields", "phone"), {"type": "mobile"}, ABSENT)
    assert "was" not in to_data(edit)
    assert from_data(to_data(edit)) == edit
