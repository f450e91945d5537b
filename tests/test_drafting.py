"""A draft: one of each flow, edited by several people at once, taken back and put back."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.flow.edit import SetValue, find
from app.flow.source import read
from app.runner.drafting.changing import Side, UnfitFile, catch_up, change, save_file
from app.runner.drafting.drafts import NoDraft, NoSuchFlow, discard, draft_of, open_draft, start_draft
from app.runner.drafting.patches import patches, taken_back
from app.runner.drafting.saving import Clashed, Saved
from app.runner.drafting.undoing import NothingToTakeBack, redo, reversible, undo
from app.runner.house import House
from app.runner.named import NotThere, definition
from app.runner.publish import publish
from app.store import drafts
from app.store.drafts import DraftThere, StaleDraft
from tests.drafting import ANNA, BELA, WORKFLOWS, changed, drafted, set_value

TRIES, VALID = ("codes", "pin_code", "tries"), ("codes", "pin_code", "valid")


@pytest.fixture
def dialect() -> str:
    return "sqlite"


def test_a_draft_begins_as_what_is_live_with_its_scenarios_and_rules(house: House) -> None:
    draft = drafted(house)
    live = definition(house, "activation")
    assert (draft.base_number, draft.revision) == (1, 0)
    assert {name: draft.files[name] for name in live.files} == dict(live.files)
    assert {"scenarios.yaml", "safety.yaml"} <= set(draft.files)
    assert drafted(house, staff=BELA).id == draft.id
    shown = definition(house, "activation", "draft")
    assert shown.flow is not None and shown.is_draft
    # Scenarios and rules are no part of a definition: its digest is that of what is live.
    assert shown.flow.digest == live.digest


def test_nobody_drafts_what_is_not_there(house: House) -> None:
    with pytest.raises(NoSuchFlow):
        open_draft(house, ANNA, "nothing")
    with pytest.raises(NoDraft):
        draft_of(house, "activation")
    for which in ("draft", "9", "latest"):
        with pytest.raises(NotThere):
            definition(house, "activation", which)


def test_edits_of_different_places_by_two_people_both_stay(house: House) -> None:
    seen = drafted(house)
    assert isinstance(change(house, ANNA, "activation", [set_value(seen, TRIES, 4)]), Saved)
    assert isinstance(change(house, BELA, "activation", [set_value(seen, VALID, "5 min")]), Saved)
    flow = definition(house, "activation", "draft").flow
    assert flow is not None
    code = flow.spec.codes["pin_code"]
    assert (code.tries, code.valid and code.valid.seconds) == (4, 300)


def test_edits_of_one_place_clash_and_the_second_one_learns_what_is_there_and_by_whom(house: House) -> None:
    seen = drafted(house)
    change(house, ANNA, "activation", [set_value(seen, TRIES, 4)])
    second = change(house, BELA, "activation", [set_value(seen, TRIES, 3)], seen.revision)
    assert isinstance(second, Clashed) and second.unfit is not None
    assert (second.unfit.code, second.unfit.place, second.by) == ("changed", TRIES, ("anna",))
    assert draft_of(house, "activation").revision == 1


def test_several_edits_are_made_all_or_none(house: House) -> None:
    seen = drafted(house)
    both = [set_value(seen, TRIES, 4), SetValue("flow.yaml", VALID, "5 min", "1 min")]
    assert isinstance(change(house, ANNA, "activation", both), Clashed)
    assert draft_of(house, "activation").files == seen.files


def test_a_text_is_merged_with_what_others_did_since_its_author_read_it(house: House) -> None:
    seen = drafted(house)
    mine = seen.files["flow.yaml"].replace("valid: 10 min", "valid: 5 min")
    changed(house, "activation", TRIES, 4, BELA)
    saved = save_file(house, ANNA, "activation", seen.revision, "flow.yaml", mine)
    assert isinstance(saved, Saved) and saved.merged
    text = saved.draft.files["flow.yaml"]
    assert "valid: 5 min" in text and "tries: 4" in text
    assert "# so that no stranger locks the owner out" in text


def test_a_text_that_changes_the_same_place_clashes_by_name_and_changes_nothing(house: House) -> None:
    seen = drafted(house)
    mine = seen.files["flow.yaml"].replace("tries: 5", "tries: 3")
    changed(house, "activation", TRIES, 4, BELA)
    saved = save_file(house, ANNA, "activation", seen.revision, "flow.yaml", mine)
    assert isinstance(saved, Clashed)
    (clash,) = saved.clashes
    assert (clash.place, clash.mine, clash.theirs, saved.by) == (TRIES, 3, 4, ("bela",))
    assert "tries: 4" in draft_of(house, "activation").files["flow.yaml"]


def test_a_text_that_is_no_yaml_is_kept_and_told(house: House) -> None:
    seen = drafted(house)
    broken = seen.files["flow.yaml"] + "states: {"
    assert isinstance(save_file(house, ANNA, "activation", 0, "flow.yaml", broken), Saved)
    shown = definition(house, "activation", "draft")
    assert shown.flow is None and shown.findings[0].path == "workflows/activation/flow.yaml"
    assert shown.files["flow.yaml"] == broken
    undo(house, ANNA, "activation")
    assert draft_of(house, "activation").files == seen.files


@pytest.mark.parametrize("name", ["../flow.yaml", "registers/x.csv", "texts.english.yaml", "demo.yaml"])
def test_a_draft_holds_the_files_of_a_definition_alone(house: House, name: str) -> None:
    drafted(house)
    with pytest.raises(UnfitFile):
        save_file(house, ANNA, "activation", 0, name, "x")


def test_undo_and_redo_go_back_as_far_as_one_likes_each_for_oneself(house: House) -> None:
    first = drafted(house).files
    second = changed(house, "activation", TRIES, 4).files
    third = changed(house, "activation", VALID, "5 min").files
    assert undo(house, ANNA, "activation").draft.files == second
    assert undo(house, ANNA, "activation").draft.files == first
    with pytest.raises(NothingToTakeBack):
        undo(house, ANNA, "activation")
    with pytest.raises(NothingToTakeBack):
        redo(house, BELA, "activation")
    assert redo(house, ANNA, "activation").draft.files == second
    assert redo(house, ANNA, "activation").draft.files == third
    assert undo(house, ANNA, "activation").draft.files == second
    draft = changed(house, "activation", VALID, "2 min")
    assert reversible(house, ANNA, draft).redo is False
    with house.database.read() as connection:
        kinds = [each.kind for each in drafts.edits(connection, house.vault, draft.id, draft.revision)]
    assert kinds[:2] == ["edit", "undo"]


def test_an_undo_keeps_what_others_did_later_and_refuses_what_they_built_upon(house: House) -> None:
    changed(house, "activation", TRIES, 4)
    changed(house, "activation", VALID, "5 min", BELA)
    after = undo(house, ANNA, "activation")
    assert isinstance(after, Saved)
    text = after.draft.files["flow.yaml"]
    assert "tries: 5" in text and "valid: 5 min" in text
    changed(house, "activation", TRIES, 4)
    changed(house, "activation", TRIES, 3, BELA)
    refused = undo(house, ANNA, "activation")
    assert isinstance(refused, Clashed) and refused.by == ("bela",)
    assert "tries: 3" in draft_of(house, "activation").files["flow.yaml"]


def test_a_draft_catches_up_with_what_went_live_meanwhile(house: House, tmp_path: Path) -> None:
    changed(house, "activation", TRIES, 4)
    folder = tmp_path / "activation"
    folder.mkdir()
    for file in (WORKFLOWS / "activation").glob("*.yaml"):
        (folder / file.name).write_text(file.read_text().replace("valid: 10 min", "valid: 5 min"))
    assert publish(house, folder).number == 2
    caught = catch_up(house, ANNA, "activation")
    assert isinstance(caught, Saved)
    assert caught.draft.base_number == 2
    text = caught.draft.files["flow.yaml"]
    assert "tries: 4" in text and "valid: 5 min" in text


@pytest.mark.parametrize(("holds", "minutes"), [("draft", "2 min"), ("live", "5 min")])
def test_where_a_draft_and_what_went_live_collide_somebody_says_whose_side_holds(
    house: House, tmp_path: Path, holds: Side, minutes: str
) -> None:
    changed(house, "activation", VALID, "2 min")
    changed(house, "activation", TRIES, 4)
    folder = tmp_path / "activation"
    folder.mkdir()
    for file in (WORKFLOWS / "activation").glob("*.yaml"):
        (folder / file.name).write_text(file.read_text().replace("valid: 10 min", "valid: 5 min"))
    publish(house, folder)
    clashed = catch_up(house, ANNA, "activation")
    assert isinstance(clashed, Clashed)
    assert [clash.place for clash in clashed.clashes] == [VALID]
    assert draft_of(house, "activation").base_number == 1
    caught = catch_up(house, ANNA, "activation", holds)
    assert isinstance(caught, Saved)
    text = caught.draft.files["flow.yaml"]
    assert f"valid: {minutes}" in text
    assert "tries: 4" in text
    assert catch_up(house, ANNA, "activation").draft.files == caught.draft.files


def test_a_draft_is_discarded_as_it_was_seen_or_not_at_all(house: House) -> None:
    seen = drafted(house)
    changed(house, "activation", TRIES, 4, BELA)
    with pytest.raises(StaleDraft):
        discard(house, ANNA, "activation", seen.revision)
    discard(house, ANNA, "activation", 1)
    with pytest.raises(NoDraft):
        draft_of(house, "activation")
    assert drafted(house).id != seen.id


def test_a_new_flow_is_drafted_before_anything_is_live(house: House) -> None:
    made = start_draft(house, ANNA, "greeting", {"flow.yaml": "flow: greeting\n"})
    assert (made.base_number, dict(made.base_files)) == (None, {})
    for name in ("greeting", "activation"):
        with pytest.raises(DraftThere):
            start_draft(house, ANNA, name, {})


def test_ten_people_saving_in_one_moment_lose_nothing(house: House) -> None:
    draft = drafted(house)
    fields = ["eik", "email", "pin", "password", "password_again"]
    places = [("fields", field, part) for field in fields for part in ("purpose", "keep")]
    edits = [set_value(draft, place, "2 days" if place[2] == "keep" else "to see it") for place in places]
    with ThreadPoolExecutor(10) as pool:
        done = list(pool.map(lambda edit: change(house, ANNA, "activation", [edit]), edits))
    assert all(isinstance(each, Saved) for each in done)
    data = read(draft_of(house, "activation").files["flow.yaml"], "").data
    assert [find(data, edit.at) for edit in edits] == [edit.value for edit in edits]
    assert draft_of(house, "activation").revision == 10


def test_of_twelve_edits_of_one_place_one_stays_and_eleven_are_told(house: House) -> None:
    draft = drafted(house)
    edits = [set_value(draft, ("fields", "eik", "purpose"), f"number {n}") for n in range(12)]
    with ThreadPoolExecutor(12) as pool:
        done = list(pool.map(lambda edit: change(house, ANNA, "activation", [edit]), edits))
    assert sum(isinstance(each, Saved) for each in done) == 1
    assert draft_of(house, "activation").revision == 1


def test_no_name_in_a_scenario_stands_in_the_database_in_plain_text(house: House, tmp_path: Path) -> None:
    draft = drafted(house)
    text = draft.files["scenarios.yaml"] + "# Zdravka was here\n"
    save_file(house, ANNA, "activation", 0, "scenarios.yaml", text)
    assert "Zdravka" in draft_of(house, "activation").files["scenarios.yaml"]
    house.database.close()
    content = b"".join(file.read_bytes() for file in (tmp_path / "var").glob("narthex.db*"))
    assert b"draft_edits" in content
    assert b"Zdravka" not in content


TEXTS = st.text(alphabet="abcñл \n", max_size=12)


@given(st.dictionaries(st.sampled_from("xyz"), TEXTS), st.dictionaries(st.sampled_from("xyz"), TEXTS))
def test_a_patch_takes_back_exactly_what_it_did(before: dict[str, str], after: dict[str, str]) -> None:
    assert taken_back(after, patches(before, after)) == before
