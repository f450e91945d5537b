"""From a draft to a live version: checked, agreed to by a second person, published, rolled back."""

from datetime import timedelta
from pathlib import Path

import pytest

from app.cli.demo import fill_demo
from app.config import ROOT
from app.gate.checker import carry_out
from app.runner import releases
from app.runner.drafting.drafts import NoDraft, discard, draft_of
from app.runner.drafting.undoing import undo
from app.runner.house import House
from app.runner.publish import FolderBehind, FolderConflict, publish
from app.runner.releasing import agreeing, checking, going_live, planning
from app.runner.releasing.agreeing import NothingAsked, OwnWork
from app.runner.releasing.going_live import LiveMoved, NoSuchVersion, NotAgreed, NotPassed, SameContent
from app.runner.releasing.planning import UnfitMoment, publish_due
from app.runner.staff import people
from app.runner.staff.acts import acts_since
from app.store import schedules
from app.store.drafts import StaleDraft
from tests.conftest import Clock
from tests.desk import staffed
from tests.drafting import (
    ANNA,
    BELA,
    CHIEF,
    WORKFLOWS,
    agreed,
    bare,
    changed,
    checked,
    drafted,
    gone_live,
    member,
)

FLOW = "activation"
KEEP = ("fields", "pin", "keep")
TRIES = ("codes", "pin_code", "tries")


@pytest.fixture
def dialect() -> str:
    return "sqlite"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The shipped flow's folder, to be changed."""
    copied = tmp_path / FLOW
    copied.mkdir()
    for file in (WORKFLOWS / FLOW).glob("*.yaml"):
        (copied / file.name).write_text(file.read_text())
    return copied


def test_a_draft_goes_live_when_it_passed_and_a_second_person_agreed(house: House) -> None:
    before = house.shelf.live(FLOW)
    drafted(house)
    draft = changed(house, FLOW, KEEP, "2 h")
    with pytest.raises(NotAgreed):
        going_live.publish_draft(house, ANNA, FLOW, draft.digest, "")
    agreed(house, FLOW, draft)
    with pytest.raises(NotPassed):
        going_live.publish_draft(house, ANNA, FLOW, draft.digest, "")
    assert checked(house, FLOW)
    made = going_live.publish_draft(house, ANNA, FLOW, draft.digest, "four tries are enough")
    live = house.shelf.live(FLOW)
    assert (made.number, live.number, live.spec.fields["pin"].keep) == (2, 2, timedelta(hours=2))
    assert house.shelf.version(FLOW, 1, before.digest).spec.fields["pin"].keep == timedelta(hours=1)
    newest, oldest = releases.history(house, FLOW)
    assert newest.release is not None and newest.live and not oldest.live
    told = newest.release
    assert (told.origin, told.by, told.approved_by, told.base_number) == ("desk", "anna", "chief", 1)
    with pytest.raises(NoDraft):
        draft_of(house, FLOW)
    assert drafted(house).files["scenarios.yaml"] == draft.files["scenarios.yaml"]


def test_any_later_edit_makes_an_agreement_void_even_one_that_is_taken_back(house: House) -> None:
    draft = changed(house, FLOW, TRIES, 4)
    agreed(house, FLOW, draft)
    later = changed(house, FLOW, TRIES, 3)
    assert agreeing.standing(house, later).void
    with pytest.raises(NotAgreed):
        going_live.publish_draft(house, ANNA, FLOW, later.digest, "")
    undo(house, ANNA, FLOW)
    back = draft_of(house, FLOW)
    assert back.digest == draft.digest  # the same content again was agreed to
    assert agreeing.standing(house, back).agreed


@pytest.mark.parametrize("who", ["anna", "bela"])
def test_nobody_agrees_to_what_they_made_or_asked_for(house: House, who: str) -> None:
    changed(house, FLOW, TRIES, 4)
    draft = changed(house, FLOW, ("codes", "pin_code", "valid"), "5 min", BELA)
    agreeing.ask(house, ANNA, FLOW, draft.digest, "")
    with pytest.raises(OwnWork):
        agreeing.decide(house, member(who, "approver", "analyst"), FLOW, draft.digest, True, "")
    assert not agreeing.standing(house, draft).agreed
    refused = [
        act for act in acts_since(house, house.clock() - timedelta(hours=1)) if act.outcome == "refused"
    ]
    assert [(act.staff, act.act) for act in refused] == [(who, "approve own work")]


def test_a_decision_is_about_what_was_seen_and_is_given_once(house: House) -> None:
    draft = changed(house, FLOW, TRIES, 4)
    with pytest.raises(NothingAsked):
        agreeing.decide(house, CHIEF, FLOW, draft.digest, True, "")
    agreeing.ask(house, ANNA, FLOW, draft.digest, "")
    later = changed(house, FLOW, TRIES, 3)
    with pytest.raises(StaleDraft):
        agreeing.decide(house, CHIEF, FLOW, draft.digest, True, "")
    agreeing.ask(house, ANNA, FLOW, later.digest, "")
    agreeing.decide(house, CHIEF, FLOW, later.digest, False, "too few")
    assert not agreeing.standing(house, later).agreed
    with pytest.raises(NothingAsked):
        agreeing.decide(house, CHIEF, FLOW, later.digest, True, "")


def test_what_breaks_a_scenario_or_a_rule_does_not_pass(house: House) -> None:
    drafted(house)
    changed(house, FLOW, TRIES, 2)  # the scenarios speak of five wrong PINs
    assert not checked(house, FLOW)
    report = checking.newest(house, draft_of(house, FLOW))
    assert report is not None
    assert report.report["lint"]["passed"] and report.report["safety"]["passed"]
    failed = [each for each in report.report["scenarios"]["tried"] if each["failure"]]
    assert failed and all(each["place"].startswith("scenarios.yaml:") for each in failed)


def test_a_definition_that_does_not_load_is_looked_at_no_further(house: House) -> None:
    changed(house, FLOW, ("initial",), "nowhere")
    assert not checked(house, FLOW)
    report = checking.newest(house, draft_of(house, FLOW))
    assert report is not None and set(report.report) == {"lint"}
    (finding,) = report.report["lint"]["findings"]
    assert (finding["code"], finding["path"]) == ("F008", "workflows/activation/flow.yaml")


def test_a_check_is_asked_for_once_and_is_void_when_the_draft_moves_on(house: House) -> None:
    draft = changed(house, FLOW, TRIES, 4)
    assert checking.ask_check(house, ANNA, FLOW).id == checking.ask_check(house, BELA, FLOW).id
    changed(house, FLOW, TRIES, 3)
    assert not carry_out(house, ROOT)  # nobody needs its answer any more
    report = checking.newest(house, draft_of(house, FLOW))
    assert report is not None and report.digest == draft.digest
    assert not checking.holds(house, draft_of(house, FLOW), report)


def test_a_worker_that_died_leaves_its_check_to_the_next_one(house: House, clock: Clock) -> None:
    bare(house)
    changed(house, FLOW, TRIES, 4)
    checking.ask_check(house, ANNA, FLOW)
    assert checking.take(house) is not None
    assert checking.take(house) is None
    clock.pass_(minutes=11)
    assert carry_out(house, ROOT)


def test_a_draft_made_from_an_older_version_does_not_undo_a_newer_one(house: House, folder: Path) -> None:
    bare(house)
    draft = changed(house, FLOW, KEEP, "2 h")
    assert checked(house, FLOW)
    agreed(house, FLOW, draft)
    text = (folder / "flow.yaml").read_text()
    (folder / "flow.yaml").write_text(text.replace("valid: 10 min", "valid: 5 min"))
    publish(house, folder)
    with pytest.raises(LiveMoved) as moved:
        going_live.publish_draft(house, ANNA, FLOW, draft.digest, "")
    assert moved.value.number == 2


def test_rolling_back_makes_the_older_content_live_under_a_new_number(house: House) -> None:
    first = house.shelf.live(FLOW)
    gone_live(house, FLOW, KEEP, "2 h")
    made = going_live.roll_back(house, CHIEF, FLOW, 1, "people were locked out")
    assert (made.number, made.digest, house.shelf.live(FLOW).spec.codes["pin_code"].tries) == (
        3,
        first.digest,
        5,
    )
    release = releases.history(house, FLOW)[0].release
    assert release is not None and (release.origin, release.base_number) == ("rollback", 1)
    with pytest.raises(SameContent):
        going_live.roll_back(house, CHIEF, FLOW, 1, "")
    with pytest.raises(NoSuchVersion):
        going_live.roll_back(house, CHIEF, FLOW, 9, "")


def test_a_folder_never_undoes_the_desk_unasked(house: House, folder: Path) -> None:
    gone_live(house, FLOW, KEEP, "2 h")
    with pytest.raises(FolderBehind):
        publish(house, folder)
    text = (folder / "flow.yaml").read_text()
    (folder / "flow.yaml").write_text(text.replace("valid: 10 min", "valid: 5 min"))
    with pytest.raises(FolderConflict) as conflict:
        publish(house, folder)
    assert (conflict.value.live, conflict.value.by) == (2, "anna")
    with pytest.raises(FolderConflict):
        publish(house, folder, over=1)
    assert publish(house, folder, over=2).number == 3
    assert publish(house, folder).number == 3
    (folder / "flow.yaml").write_text(text)
    assert publish(house, folder).number == 4  # among folders the last one counts, as ever


def test_a_demo_started_again_keeps_what_the_desk_made(house: House) -> None:
    gone_live(house, FLOW, KEEP, "2 h")
    fill_demo(house, WORKFLOWS)
    assert house.shelf.live(FLOW).number == 2


def test_a_publication_comes_when_it_was_planned(house: House, clock: Clock) -> None:
    staffed(house, "anna", "analyst")
    bare(house)
    draft = changed(house, FLOW, KEEP, "2 h")
    assert checked(house, FLOW)
    agreed(house, FLOW, draft)
    for wrong in (timedelta(0), timedelta(days=91)):
        with pytest.raises(UnfitMoment):
            planning.schedule(house, ANNA, FLOW, draft.digest, clock() + wrong, "")
    planning.schedule(house, ANNA, FLOW, draft.digest, clock() + timedelta(hours=2), "tonight")
    clock.pass_(hours=1)
    assert publish_due(house) == 0
    clock.pass_(hours=1)
    assert publish_due(house) == 1
    assert house.shelf.live(FLOW).number == 2
    assert publish_due(house) == 0


@pytest.mark.parametrize("why", ["draft_edited", "draft_gone", "called_off", "planner_gone"])
def test_a_planned_publication_that_cannot_be_says_why(house: House, clock: Clock, why: str) -> None:
    staffed(house, "anna", "analyst")
    draft = changed(house, FLOW, KEEP, "2 h")
    agreed(house, FLOW, draft)
    planning.schedule(house, ANNA, FLOW, draft.digest, clock() + timedelta(hours=2), "")
    if why == "draft_edited":
        changed(house, FLOW, KEEP, "3 h")
    elif why == "draft_gone":
        discard(house, ANNA, FLOW, draft.revision)
    elif why == "planner_gone":
        people.set_roles(house, "anna", ["qa"])
    else:
        assert planning.call_off(house, ANNA, FLOW)
    clock.pass_(hours=3)
    assert publish_due(house) == 0
    with house.database.read() as connection:
        (planned,) = schedules.of_flow(connection, FLOW)
    assert why in {planned.told, planned.outcome}
    assert house.shelf.live(FLOW).number == 1
