"""What an analyst writes may be as odd as it likes: nobody waits for minutes because of it."""

from dataclasses import replace

import pytest

from app.config import ROOT
from app.flow import alike
from app.flow.alike import opcodes
from app.flow.definition import Flow
from app.flow.difference.patch import patches, written
from app.flow.edit import RemoveFile, apply, changes, merge
from app.flow.edit.edits import Move, Rename, SetValue
from app.flow.loader import load, read_folder
from app.flow.paths import explore as exploring
from app.flow.source import read
from app.runner.drafting.changing import change
from app.runner.house import House
from app.scenarios.codes import code_in
from app.scenarios.failed import Failed
from app.store.inbox import Message
from tests.conftest import BEGINNING
from tests.drafting import ANNA, checked, drafted

FORM = ROOT / "app/starters/form"


@pytest.fixture
def dialect() -> str:
    return "sqlite"


def a(text: str) -> dict[str, str]:
    return {"f.yaml": text}


def keys(numbers: range, value: str = "1") -> str:
    return "".join(f"k{each}: {value}\n" for each in numbers)


def test_two_keys_of_thousands_that_changed_places_are_one_move() -> None:
    before = keys(range(5000))
    last = "k4999: 1\n"
    after = before.replace(last, "").replace("k4998: 1\n", f"{last}k4998: 1\n")
    (move,) = changes(a(before), a(after))
    assert isinstance(move, Move)


def test_thousands_of_mappings_under_other_names_are_told_apart_by_what_they_say() -> None:
    before, after = keys(range(4000), "{x: 1}"), keys(range(4000, 8000), "{x: 1}")
    assert len(changes(a(before), a(after))) == 8000  # which is which nobody can know
    one = before.replace("k2000: {x: 1}", "k2000: {x: 2}")
    assert changes(a(one), a(one.replace("k2000:", "other:"))) == [Rename("f.yaml", ("k2000",), "other")]


def test_two_people_who_each_rewrote_a_large_file_get_it_back_as_one_conflict() -> None:
    base, mine = keys(range(5000)), keys(range(5000), "2")
    (conflict,) = merge(a(base), a(mine), a(base + "more: 1\n")).conflicts
    assert (conflict.kind, conflict.theirs) == ("file", base + "more: 1\n")


def test_a_large_value_is_written_anew_where_editing_it_would_take_too_long() -> None:
    text = "a:\n  q:\n" + "".join(f"    k{each}: 1\n" for each in range(5000))
    was = read(text, "f.yaml").data["a"]
    value = {"q": dict.fromkeys(was["q"], 2)}
    assert read(apply(a(text), SetValue("f.yaml", ("a",), value, was))["f.yaml"], "f.yaml").data == {
        "a": value
    }


def test_files_of_nothing_but_equal_lines_are_compared_and_merged_at_once() -> None:
    base, mine, theirs = (
        "a: 1\n" + "#\n" * 40_000,
        "a: 1\n" + "# x\n#\n" * 10_000,
        "a: 2\n" + "# y\n#\n" * 10_000,
    )
    assert merge(a(base), a(mine), a(theirs)).conflicts
    (patch,) = patches(a(base), a(mine))
    assert len(patch.lines) > 40_000  # one stretch, told whole


def test_what_is_too_costly_to_compare_is_a_patch_that_fits_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    old, new = "a\nb\nc\nd\ne\nf\n", "a\nb\nx\nd\ny\nf\n"
    fine = written(patches(a(old), a(new)))
    monkeypatch.setattr(alike, "MOST_LOOKS", 0)
    assert opcodes(old.split(), new.split()) == [
        ("equal", 0, 2, 0, 2),
        ("replace", 2, 5, 2, 5),
        ("equal", 5, 6, 5, 6),
    ]
    coarse = written(patches(a(old), a(new)))
    assert fine.count("\n d\n") == 1 and coarse.endswith(" a\n b\n-c\n-d\n-e\n+x\n+d\n+y\n f\n")


def wide(house: House, pairs: int) -> Flow:
    """A form of which so many pairs of guards are asked, each by itself."""
    files = dict(read_folder(FORM))
    guards = "".join(
        f"  g{each}{part}:\n    mail_at: {{field: email, hosts: [{each}.{part}.bg]}}\n"
        for each in range(pairs)
        for part in "ab"
    )
    ways = "".join(
        f"      - {{id: w{each}, trigger: submit, dest: form, conditions: [g{each}a, g{each}b]}}\n"
        for each in range(pairs)
    )
    text = files["flow.yaml"].replace("guards:\n", f"guards:\n{guards}", 1)
    files["flow.yaml"] = text.replace("    transitions:\n", f"    transitions:\n{ways}", 1)
    flow = load(files, house.catalogue, root="wide").flow
    assert flow is not None
    return flow


def test_guards_that_answer_in_too_many_ways_together_end_the_search_early(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert exploring.explore(wide(house, 2), house.catalogue).complete
    monkeypatch.setattr(exploring, "MOST_STEPS", 1000)
    space = exploring.explore(wide(house, 30), house.catalogue)
    assert not space.complete and len(space.all_edges) <= 1000


def test_a_rule_that_the_gate_cannot_see_the_end_of_does_not_pass(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    drafted(house, "ecard")
    change(house, ANNA, "ecard", [RemoveFile("scenarios.yaml")])
    monkeypatch.setattr(exploring, "MOST_STEPS", 20)
    assert not checked(house, "ecard")


def test_a_message_of_many_placeholders_is_read_in_one_go(house: House) -> None:
    flow = house.shelf.live("activation")
    words = "{brand}" * 30 + " {code} {code} {brand}"
    texts = {lang: {**told, "messages.pin_code.mail": words} for lang, told in flow.texts.items()}
    odd = replace(flow, texts=texts)
    said = Message("1", "mail", BEGINNING, "a@b.bg", "", "x" * 300 + " 123456 123456 x")
    assert code_in(odd, [said], "mail", 0, None) == "123456"
    with pytest.raises(Failed):
        code_in(odd, [replace(said, text="x" * 5000)], "mail", 0, None)
