"""The bar above every page about a flow: where the draft stands, and undo and redo from there."""

import html
import re

import pytest

from app.flow.edit import SetValue
from app.runner.drafting.changing import change, save_file
from app.runner.drafting.drafts import draft_of
from app.runner.drafting.saving import Saved
from app.runner.drafting.undoing import NothingToTakeBack, undo
from app.runner.house import House
from tests.conftest import Clock
from tests.drafting import ANNA, BELA, changed, drafted
from tests.drafting_desk import Desk, desk
from tests.test_desk_release import press
from tests.walk import Walk

__all__ = ["desk"]

AT = "/desk/flows/activation"
TRIES, VALID = ("codes", "pin_code", "tries"), ("codes", "pin_code", "valid")


@pytest.fixture
def dialect() -> str:
    return "sqlite"


def bar(walk: Walk) -> str:
    """The words of the bar and of what was just taken back."""
    section = re.search(
        r'<section class="draft-bar".*?</section>\s*(<div class="notice".*?</div>)?', walk.text, re.S
    )
    assert section
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", section[0])).split())


def test_without_a_draft_analysts_begin_one_and_others_are_told_so(desk: Desk) -> None:
    assert "Nobody is drafting this flow." in bar(desk.auditor.get(f"{AT}/check"))
    assert "Edit" not in bar(desk.auditor)
    press(desk.anna, f"{AT}/compare", f"{AT}/draft")
    assert "Draft from version 1, edit 0 nothing is edited yet" in bar(desk.anna)


def test_the_bar_says_who_edited_last_who_is_at_it_and_what_is_wrong(desk: Desk, clock: Clock) -> None:
    changed(desk.house, "activation", TRIES, 4)
    clock.pass_(minutes=2)
    changed(desk.house, "activation", ("initial",), "nowhere", BELA)
    clock.pass_(minutes=3)
    said = bar(desk.anna.get(f"{AT}/compare"))
    assert "edit 2 bela, 23 Nov 2026, 11:02" in said
    assert "bela edited 3 min ago" in said
    assert "anna edited" not in said  # whoever reads it knows
    assert "1 error" in said
    others = bar(desk.auditor.get(f"{AT}/compare"))
    assert "bela edited 3 min ago anna edited 5 min ago" in others
    assert "Undo" not in bar(desk.auditor)
    clock.pass_(minutes=8)
    assert "ago" not in bar(desk.anna.get(f"{AT}/compare"))


def test_undo_goes_back_to_the_page_it_came_from_and_says_what_was_taken_back(desk: Desk) -> None:
    changed(desk.house, "activation", TRIES, 4)
    press(desk.anna, f"{AT}/diagram?of=draft&state=pin", f"{AT}/undo")
    assert desk.anna.at == f"{AT}/diagram"
    assert "Taken back: After 4 wrong codes people are now locked (before: after 5)" in bar(desk.anna)
    press(desk.anna, f"{AT}/check", f"{AT}/redo")
    assert "Put back: After 4 wrong codes" in bar(desk.anna)
    assert "tries: 4" in draft_of(desk.house, "activation").files["flow.yaml"]
    assert "Put back" not in bar(desk.anna.get(f"{AT}/check"))


@pytest.mark.parametrize(
    "wanted",
    [
        *("//evil.example/desk/flows/activation", "https://evil.example/desk/flows/activation/check"),
        *("/desk/flows/ecard/check", "/desk/acts", "/desk/flows/activation/../../acts", "/\\evil.example"),
        *("/desk/flows/activation/undo", "/desk/flows/activation/check\r\nX: y", ""),
    ],
)
def test_undo_leads_nowhere_but_to_pages_about_the_flow(desk: Desk, wanted: str) -> None:
    changed(desk.house, "activation", TRIES, 4)
    press(desk.anna, f"{AT}/check", f"{AT}/undo", back=wanted)
    assert desk.anna.at == AT


def test_an_edit_that_a_later_one_builds_on_is_not_taken_back_and_it_says_whose(desk: Desk) -> None:
    changed(desk.house, "activation", TRIES, 4)
    changed(desk.house, "activation", TRIES, 3, BELA)
    press(desk.anna, f"{AT}/check", f"{AT}/undo")
    assert "a later edit by bela builds on it" in bar(desk.anna)
    assert draft_of(desk.house, "activation").revision == 2
    press(desk.anna, f"{AT}/check", f"{AT}/redo")
    assert "There is nothing to put back." in desk.anna.text


def test_what_others_have_undone_already_is_taken_back_once_and_older_edits_after_it(house: House) -> None:
    drafted(house)
    changed(house, "activation", VALID, "5 min")
    changed(house, "activation", TRIES, 4)
    changed(house, "activation", TRIES, 5, BELA)
    undo(house, ANNA, "activation")
    undo(house, ANNA, "activation")
    assert draft_of(house, "activation").files == draft_of(house, "activation").base_files
    with pytest.raises(NothingToTakeBack):
        undo(house, ANNA, "activation")


def test_the_bar_tells_of_a_draft_that_cannot_be_read_and_of_rules_that_do_not_fit(desk: Desk) -> None:
    draft = drafted(desk.house)
    rules = "- rule: No way\n  never: {reach: nowhere}\n"
    save_file(desk.house, ANNA, "activation", draft.revision, "safety.yaml", rules)
    assert "1 error" in bar(desk.anna.get(f"{AT}/check"))
    save_file(desk.house, ANNA, "activation", 1, "flow.yaml", "a: [")
    assert "1 error" in bar(desk.anna.get(f"{AT}/check"))
    press(desk.anna, f"{AT}/check", f"{AT}/undo")
    assert "it cannot be read as a flow on one side" in bar(desk.anna)


def test_a_version_that_went_live_since_is_told(desk: Desk) -> None:
    draft = drafted(desk.house)
    edit = SetValue("flow.yaml", TRIES, 4, 5)
    assert isinstance(change(desk.house, BELA, "activation", [edit], draft.revision), Saved)
    assert "not checked" in bar(desk.anna.get(f"{AT}/check"))
    press(desk.anna, f"{AT}/release", f"{AT}/release/ask", words="please")
    assert "waits for agreement" in bar(desk.anna)
    changed(desk.house, "activation", VALID, "5 min", BELA)
    assert "agreement void, edited since" in bar(desk.anna.get(f"{AT}/check"))
