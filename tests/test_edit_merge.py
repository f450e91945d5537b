"""Two people change one definition: both changes are there afterwards, or a conflict tells of it."""

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.config import ROOT
from app.flow.edit import ABSENT, Conflict, SetValue, apply, apply_all, changes, find, merge, same
from app.flow.source import read
from tests.edits_made import edits
from tests.handwriting import files

FLOW = (ROOT / "workflows/ecard/flow.yaml").read_text()
TEXTS = (ROOT / "workflows/ecard/texts.en.yaml").read_text()
quick = settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))


def said(text: str) -> Any:
    return read(text, "f.yaml").data


def a(text: str) -> dict[str, str]:
    return {"f.yaml": text}


@quick
@given(st.data())
def test_a_side_that_changed_nothing_leaves_the_other_as_it_is_written(data: st.DataObject) -> None:
    base, other = a(data.draw(files())), a(data.draw(files()))
    assert merge(base, other, base).files == other
    assert merge(base, base, other).files == other
    same_twice = merge(base, other, other)
    assert same_twice.files == other and not same_twice.conflicts


@quick
@given(st.data())
def test_changes_of_different_keys_survive_in_either_order(data: st.DataObject) -> None:
    value = {**said(FLOW)["states"]}
    first, second = data.draw(st.lists(st.sampled_from(list(value)), min_size=2, max_size=2, unique=True))
    mine, theirs = apply(a(FLOW), _in(data, first)), apply(a(FLOW), _in(data, second))
    merged, other_way = merge(a(FLOW), mine, theirs), merge(a(FLOW), theirs, mine)
    assert not merged.conflicts and not other_way.conflicts
    assert same(said(merged.files["f.yaml"]), said(other_way.files["f.yaml"]))
    states = said(merged.files["f.yaml"])["states"]
    assert same(states[first], said(mine["f.yaml"])["states"][first])
    assert same(states[second], said(theirs["f.yaml"])["states"][second])


def _in(data: st.DataObject, state: str) -> SetValue:
    """Another value somewhere below a state."""
    inside = said(FLOW)["states"][state]
    inner = data.draw(edits(inside))
    after = said(apply(a(_written(inside)), inner)["f.yaml"])
    return SetValue("f.yaml", ("states", state), after, inside)


def _written(value: Any) -> str:
    return apply(a(""), SetValue("f.yaml", (), value, None))["f.yaml"]


@quick
@given(st.data())
def test_whatever_both_sides_do_either_lies_in_the_files_or_in_a_conflict(data: st.DataObject) -> None:
    base = a(data.draw(files()))
    mine, theirs = (apply(base, data.draw(edits(said(base["f.yaml"])))) for _ in range(2))
    merged = merge(base, mine, theirs)
    now = said(merged.files["f.yaml"])
    told = {each.place for each in merged.conflicts}
    for edit in changes(base, mine):
        if isinstance(edit, SetValue) and edit.was is not None and edit.at not in told:
            assert same(find(now, edit.at), edit.value)
    reached = apply_all(theirs, changes(theirs, merged.files))
    assert same(said(reached["f.yaml"]), now)


def test_the_same_place_changed_otherwise_is_a_conflict_that_names_it() -> None:
    at = ("links", "card_link", "valid")
    mine = apply(a(FLOW), SetValue("f.yaml", at, "12 h", "24 h"))
    theirs = apply(a(FLOW), SetValue("f.yaml", at, "48 h", "24 h"))
    merged = merge(a(FLOW), mine, theirs)
    assert merged.conflicts == (Conflict("f.yaml", at, "24 h", "12 h", "48 h"),)
    assert merged.files == theirs


def test_two_new_transitions_of_one_state_are_both_there() -> None:
    line = "      - {id: found, trigger: submit, dest: requested"
    mine = FLOW.replace(line, "      - {id: mine, trigger: submit, dest: invalid}\n" + line)
    theirs = FLOW.replace(
        line, "      # for the others\n      - {id: theirs, trigger: submit, dest: invalid}\n" + line
    )
    merged = merge(a(FLOW), a(mine), a(theirs))
    assert not merged.conflicts
    ids = [way["id"] for way in said(merged.files["f.yaml"])["states"]["form"]["transitions"]]
    assert sorted(ids[2:5]) == ["later", "mine", "theirs"]
    assert "# for the others" in merged.files["f.yaml"]


def test_what_one_removed_and_the_other_changed_is_a_conflict() -> None:
    mine = a(FLOW.replace("  try_later:\n    kind: message\n", "  try_later:\n    kind: reasons\n"))
    value = said(FLOW)["states"]
    theirs = apply(
        a(FLOW), SetValue("f.yaml", ("states",), {k: v for k, v in value.items() if k != "try_later"}, value)
    )
    assert merge(a(FLOW), mine, theirs).conflicts == (
        Conflict("f.yaml", ("states", "try_later", "kind"), "message", "reasons", ABSENT),
    )
    other_way = merge(a(FLOW), theirs, mine)
    assert [(each.place, each.mine) for each in other_way.conflicts] == [(("states", "try_later"), ABSENT)]
    assert other_way.files == mine


def test_my_comments_stay_beside_their_values() -> None:
    mine = a(FLOW.replace("initial: form", "initial: form   # the first page"))
    theirs = a(FLOW.replace("opens: 10", "opens: 3"))
    merged = merge(a(FLOW), mine, theirs)
    assert not merged.conflicts
    assert merged.files["f.yaml"] == FLOW.replace(
        "initial: form", "initial: form   # the first page"
    ).replace("opens: 10", "opens: 3")


def test_a_comment_that_finds_no_room_is_told() -> None:
    mine = a(FLOW.replace("    opens: 10", "    opens: 10  # so many"))
    theirs = a(FLOW.replace("    opens: 10", "    opens: 3"))
    merged = merge(a(FLOW), mine, theirs)
    assert merged.files == theirs
    assert [(each.kind, each.place) for each in merged.conflicts] == [("comments", ())]


def test_an_unreadable_side_is_taken_alone_or_told() -> None:
    broken = a(FLOW + "\n  : [")
    changed = a(FLOW.replace("opens: 10", "opens: 3"))
    assert merge(a(FLOW), broken, a(FLOW)).files == broken
    merged = merge(a(FLOW), broken, changed)
    assert merged.files == changed
    assert [each.kind for each in merged.conflicts] == ["unreadable"]


def test_files_that_one_side_took_away_or_both_added() -> None:
    two = {**a(FLOW), "t.yaml": TEXTS}
    assert merge(two, a(FLOW), two).files == a(FLOW)
    assert merge(a(FLOW), two, a(FLOW)).files == two
    changed = {**two, "t.yaml": TEXTS.replace("title:", "heading:", 1)}
    assert [each.kind for each in merge(two, a(FLOW), changed).conflicts] == ["file"]
    both = merge({}, {"t.yaml": "a: 1\nb: 2\n"}, {"t.yaml": "b: 2\nc: 3\n"})
    assert not both.conflicts
    assert said(both.files["t.yaml"]) == {"a": 1, "b": 2, "c": 3}


def test_my_order_counts_where_theirs_is_that_of_the_base() -> None:
    base, mine, theirs = "a: 1\nb: 2\nc: 3\n", "c: 3\na: 1\nb: 2\n", "a: 1\nb: 2\nc: 4\n"
    assert list(said(merge(a(base), a(mine), a(theirs)).files["f.yaml"])) == ["c", "a", "b"]
    other = merge(a(base), a(mine), a("b: 2\na: 1\nc: 3\n"))
    assert [(each.kind, each.mine) for each in other.conflicts] == [("order", ["c", "a", "b"])]


def test_a_renamed_state_keeps_what_the_other_changed_in_it() -> None:
    mine = a(FLOW.replace("\n  try_later:\n", "\n  later:\n"))
    theirs = a(FLOW.replace("  try_later:\n    kind: message\n", "  try_later:\n    kind: reasons\n"))
    merged = merge(a(FLOW), mine, theirs)
    assert not merged.conflicts
    assert said(merged.files["f.yaml"])["states"]["later"]["kind"] == "reasons"
