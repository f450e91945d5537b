"""The history of drafts at the desk: who did what, in words and lines, and the way back to an older state."""

import html
import re

import pytest

from app.runner.drafting.changing import save_file
from app.runner.drafting.drafts import discard, draft_of
from app.runner.drafting.saving import at
from app.runner.drafting.telling import told_each, told_of
from app.runner.drafting.undoing import redo, restore, undo
from app.runner.house import House
from app.store.drafts import StaleDraft
from tests.conftest import Clock
from tests.desk import LOGIN, PASSWORD, log_in
from tests.drafting import ANNA, BELA, changed, drafted, gone_live
from tests.drafting_desk import Desk, desk
from tests.test_desk_release import press
from tests.walk import Walk

__all__ = ["desk"]

AT = "/desk/flows/activation/history"
TRIES, VALID = ("codes", "pin_code", "tries"), ("codes", "pin_code", "valid")


@pytest.fixture
def dialect() -> str:
    return "sqlite"


def words(walk: Walk) -> str:
    """What the page says; whoever stayed away too long logs in and is led back to it."""
    if walk.at == LOGIN:
        walk.post(name="vera", password=PASSWORD)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", walk.text.partition("<h1>")[2])).split())


def test_a_stretch_of_work_is_folded_and_unfolds_into_sentences_and_lines(desk: Desk, clock: Clock) -> None:
    for tries in (4, 3, 2):
        clock.pass_(minutes=10)
        changed(desk.house, "activation", TRIES, tries)
    clock.pass_(minutes=10)
    changed(desk.house, "activation", VALID, "5 min", BELA)
    said = words(desk.auditor.get(AT))
    assert "Edit 4 bela edited, 23 Nov 2026, 11:40 The code ‘pin_code’ is now valid for 5 minutes" in said
    assert "anna edited the draft 3 times between 23 Nov 2026, 11:10 and 11:30 Unfold" in said
    assert "after 3)" not in said
    said = words(desk.auditor.get(f"{AT}?open=2"))
    assert (
        "Edit 3 anna edited, 23 Nov 2026, 11:30 After 2 wrong codes people are now locked (before: after 3)"
        in said
    )
    assert "removed: - tries: 3 added: + tries: 2" in said
    assert "Edit 1" in said and "Fold" in said
    assert "Restore" not in said


def test_a_long_pause_and_another_day_begin_a_new_stretch(desk: Desk, clock: Clock) -> None:
    for hours in (0, 2, 22):
        clock.pass_(hours=hours)
        changed(desk.house, "activation", TRIES, 10 + hours)
    words(desk.auditor.get(AT))
    assert desk.auditor.text.count('class="stretch"') == 3
    for tries in range(30, 52):  # no page is asked to tell of hundreds of edits at once
        changed(desk.house, "activation", TRIES, tries)
    assert desk.auditor.get(AT).text.count('class="stretch"') == 4


def test_what_was_taken_back_and_put_back_is_marked(desk: Desk, clock: Clock) -> None:
    changed(desk.house, "activation", TRIES, 4)
    clock.pass_(hours=2)
    undo(desk.house, ANNA, "activation")
    said = words(desk.auditor.get(AT))
    assert "anna took back edit 1" in said and "taken back After 4 wrong codes" in said
    clock.pass_(hours=2)
    redo(desk.house, ANNA, "activation")
    said = words(desk.auditor.get(AT))
    assert "anna put back what edit 2 took" in said and "taken back After" not in said


def test_an_older_state_is_restored_and_that_can_be_undone(desk: Desk) -> None:
    first = changed(desk.house, "activation", TRIES, 4).files
    second = changed(desk.house, "activation", VALID, "5 min", BELA).files
    press(desk.anna, AT, "/desk/flows/activation/restore", revision="1")
    assert "Restored." in desk.anna.text
    now = draft_of(desk.house, "activation")
    assert (now.files, now.revision) == (first, 3)
    assert "anna restored an older state" in words(desk.anna)
    press(desk.anna, AT, "/desk/flows/activation/undo")
    assert draft_of(desk.house, "activation").files == second
    press(desk.anna, AT, "/desk/flows/activation/restore", revision="0")
    assert draft_of(desk.house, "activation").files == draft_of(desk.house, "activation").base_files


def test_what_was_edited_meanwhile_is_not_restored_over(desk: Desk) -> None:
    changed(desk.house, "activation", TRIES, 4)
    seen = changed(desk.house, "activation", VALID, "5 min")
    press(desk.anna, AT, "/desk/flows/activation/restore", revision="1", seen="1")
    assert "The draft was changed meanwhile" in desk.anna.text
    press(desk.anna, AT, "/desk/flows/activation/restore", revision="9")
    assert desk.anna.status == 400
    changed(desk.house, "activation", TRIES, 3, BELA)
    with pytest.raises(StaleDraft):
        restore(desk.house, ANNA, seen, 1)
    assert draft_of(desk.house, "activation").revision == 3


def test_edits_that_cannot_be_read_or_change_nothing_for_people_are_told_by_their_files(desk: Desk) -> None:
    draft = drafted(desk.house)
    flow, rules = draft.files["flow.yaml"], draft.files["safety.yaml"]
    save_file(desk.house, ANNA, "activation", 0, "flow.yaml", flow + "states: {")
    save_file(desk.house, ANNA, "activation", 1, "flow.yaml", flow)
    save_file(desk.house, ANNA, "activation", 2, "safety.yaml", rules + "# fine\n")
    said = words(desk.anna.get(f"{AT}?open=1"))
    assert said.count("The text of flow.yaml; it cannot be read as a flow on one side.") == 2
    assert "Only comments, layout or what lies beside the definition: safety.yaml." in said


def test_one_walk_back_tells_of_each_edit_what_it_did(house: House) -> None:
    for number in range(2, 8):
        changed(house, "activation", TRIES, number)
    draft = changed(house, "activation", VALID, "5 min", BELA)
    assert told_each(house, draft, [2, 5, 7]) == {n: told_of(house, draft, n) for n in (2, 5, 7)}
    assert told_each(house, draft, []) == {}
    assert at(house, draft, 0) == draft.base_files


def test_drafts_that_are_closed_are_read_as_well_with_what_became_of_them(desk: Desk, clock: Clock) -> None:
    changed(desk.house, "activation", TRIES, 4)
    discard(desk.house, BELA, "activation", 1)
    clock.pass_(hours=1)
    gone_live(desk.house, "activation", VALID, "5 min")
    said = words(desk.auditor.get(AT))
    assert "No draft is open." in said
    assert "published as version 2 by anna" in said and "let go of by bela" in said
    links = re.findall(rf'href="({AT}\?draft=[^"&]+)"', desk.auditor.text)
    log_in(desk.anna, "anna")
    said = words(desk.anna.get(links[1]))
    assert "After 4 wrong codes" in said and "Restore" not in said
    drafted(desk.house, staff=BELA)
    assert "To the draft that is open" in words(desk.anna.get(links[0]))
    assert desk.anna.get(f"{AT}?draft=x").status == 404
    assert desk.anna.get("/desk/flows/nothing/history").status == 404
