"""The way from a draft to people, as it is walked at the desk by two people."""

import html
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from app.config import ROOT
from app.flow.edit.edits import ReplaceText
from app.gate.checker import carry_out
from app.runner.drafting.changing import change
from app.runner.drafting.drafts import discard
from app.runner.house import House
from app.runner.publish import publish
from tests.desk import cheap, log_in, staffed
from tests.drafting import ANNA, WORKFLOWS, bare, changed, drafted
from tests.walk import HIDDEN, Walk

FLOW, AT = "activation", "/desk/flows/activation"
KEEP = ("fields", "pin", "keep")


@pytest.fixture
def dialect() -> str:
    return "sqlite"


@dataclass
class Desk:
    house: House
    anna: Walk
    chief: Walk


@pytest.fixture
def desk(house: House, browser: Callable[..., Walk]) -> Desk:
    """An analyst and an approver at the desk, and a draft the analyst has made."""
    for name, role in (("anna", "analyst"), ("chief", "approver")):
        staffed(cheap(house), name, role)  # type: ignore[arg-type]
    bare(house)
    changed(house, FLOW, KEEP, "2 h")
    return Desk(house, log_in(browser(lang="en"), "anna"), log_in(browser(lang="en"), "chief"))


def press(walk: Walk, path: str, act: str, **values: str) -> Walk:
    """Send the form of a page that goes to `act`, as filled in by the page itself and by `values`."""
    walk.get(path)
    return send(walk, act, **values)


def send(walk: Walk, act: str, **values: str) -> Walk:
    """Send the form of the page in view that goes to `act`."""
    forms = [each for each in walk.text.split("<form")[1:] if f'action="{act}"' in each.partition(">")[0]]
    assert forms, f"no form goes to {act}"
    own = HIDDEN.findall(forms[0].partition("</form>")[0])
    return walk.post(act, **{html.unescape(n): html.unescape(v) for n, v in own} | values)


def test_two_people_bring_a_draft_to_people_and_back(desk: Desk) -> None:
    anna, chief, house = desk.anna, desk.chief, desk.house
    assert "waits for a second person" not in anna.get(f"{AT}/release").text
    assert f'action="{AT}/release/publish"' not in anna.text
    anna.post(f"{AT}/release/publish", digest=drafted(house).digest, reason="soon")
    assert "A second person has to agree" in anna.text
    press(anna, f"{AT}/check", f"{AT}/check")
    assert "The check is under way" in anna.text
    carry_out(house, ROOT)
    assert "The draft as it stands has passed." in anna.get(f"{AT}/check").text
    press(anna, f"{AT}/release", f"{AT}/release/ask", words="PINs are kept two hours")
    assert "waits for a second person" in anna.text
    assert "PINs are kept two hours" in chief.get(f"{AT}/release").text
    assert "2 hours" in chief.text
    press(chief, f"{AT}/release", f"{AT}/release/decide", decision="decline")
    assert "Say why" in chief.text
    press(chief, f"{AT}/release", f"{AT}/release/decide", decision="agree", remark="fine")
    assert "chief agreed" in chief.text
    press(anna, f"{AT}/release", f"{AT}/release/publish", reason="we need it longer", at="2020-01-01T10:00")
    assert "Choose a time to come" in anna.text
    assert 'value="we need it longer"' in anna.text and 'value="2020-01-01T10:00"' in anna.text
    assert 'value="we need it longer"' not in anna.get(f"{AT}/release").text
    press(anna, f"{AT}/release", f"{AT}/release/publish", reason="we need it longer")
    assert "Published." in anna.text
    assert house.shelf.live(FLOW).number == 2
    press(chief, f"{AT}/versions", f"{AT}/versions/roll_back", to="1", reason="it was wrong")
    assert "Rolled back." in chief.text
    assert house.shelf.live(FLOW).number == 3
    for said in ("we need it longer", "it was wrong", "agreed to by", "anna"):
        assert said.casefold() in chief.text.casefold()


def test_a_page_shown_before_somebody_edited_decides_nothing(desk: Desk) -> None:
    anna, chief, house = desk.anna, desk.chief, desk.house
    press(anna, f"{AT}/release", f"{AT}/release/ask", words="")
    chief.get(f"{AT}/release")
    changed(house, FLOW, KEEP, "3 h")
    send(chief, f"{AT}/release/decide", decision="agree", remark="")
    assert "The draft was changed meanwhile" in chief.text
    assert "has to be asked for anew" in chief.text


def test_nobody_begins_a_paused_flow_and_whoever_has_begun_goes_on(
    desk: Desk, browser: Callable[..., Walk]
) -> None:
    under_way, filling_in, fresh = browser(), browser(), browser()
    under_way.get("/activation/identify")
    under_way.post(eik="1", email="x")  # a run is made, and stays on the form
    filling_in.get("/activation/identify")
    press(desk.chief, f"{AT}/versions", f"{AT}/versions/pause", reason="the register moves house")
    for path in ("/activation/", "/activation/identify"):
        assert fresh.get(path).status == 503
    assert under_way.get("/activation/identify").status == 200
    filling_in.post(eik="1", email="x")
    assert filling_in.status == 200  # nobody fills in a form for nothing
    press(desk.chief, f"{AT}/versions", f"{AT}/versions/pause", go_on="1")
    assert fresh.get("/activation/identify").status == 200


def test_a_new_flow_is_started_at_the_desk_and_its_name_is_checked(desk: Desk) -> None:
    anna = desk.anna
    for name, said in (("Bad Name", "A name has 1 to 30"), ("activation", "already"), ("portal", "house")):
        press(anna, "/desk/flows", "/desk/flows", name=name, starter="code", first="hu")
        assert said in anna.text
    press(anna, "/desk/flows", "/desk/flows", name="greeting", starter="code", first="hu")
    assert anna.at == "/desk/flows/greeting"
    files = drafted(desk.house, "greeting", ANNA).files
    assert set(files) == {"flow.yaml", "theme.yaml", "texts.hu.yaml", "scenarios.yaml", "safety.yaml"}
    assert anna.get("/desk/flows/greeting/release").status == 200
    assert "greeting" in anna.get("/desk/flows").text


def test_where_the_draft_and_what_went_live_collide_the_page_names_both_and_asks(
    desk: Desk, tmp_path: Path
) -> None:
    folder = tmp_path / FLOW
    folder.mkdir()
    for file in (WORKFLOWS / FLOW).glob("*.yaml"):
        (folder / file.name).write_text(file.read_text().replace("keep: 1 h", "keep: 3 h"))
    publish(desk.house, folder)
    anna = press(desk.anna, f"{AT}/release", f"{AT}/release/catch_up")
    assert anna.status == 409
    assert all(said in anna.text for said in ("fields › pin › keep", "1 h", "2 h", "3 h"))
    send(anna, f"{AT}/release/catch_up", holds="draft")
    assert "The draft stands on the live version now" in anna.text
    text = drafted(desk.house).files["flow.yaml"]
    assert (text.count("keep: 2 h"), text.count("keep: 3 h")) == (1, 2)


def test_the_comparison_counts_recorded_runs_that_would_turn_where_the_check_has_found_them(
    desk: Desk, browser: Callable[..., Walk]
) -> None:
    for number in range(6):
        visitor = browser(address=f"192.0.2.{number + 20}")
        visitor.get("/activation/identify")
        visitor.post(eik="203955619", email=f"nobody{number}@nowhere.bg")
    way = ("states", "identify", "transitions", "#not_on_file", "dest")
    changed(desk.house, FLOW, way, "locked")
    found = "recorded runs that would first go another way there"
    assert found not in desk.anna.get(f"{AT}/compare?of=draft&with=live").text
    press(desk.anna, f"{AT}/check", f"{AT}/check")
    carry_out(desk.house, ROOT)
    assert found in desk.anna.get(f"{AT}/compare?of=draft&with=live").text
    assert "×6" in desk.anna.text
    assert ">6</td>" in desk.anna.text


def test_a_second_person_sees_when_a_draft_lost_what_it_would_be_judged_by(desk: Desk) -> None:
    chief = desk.chief.get(f"{AT}/release")
    for file in ("safety.yaml", "scenarios.yaml"):
        assert f"{file} was taken away: the check tries nothing of it any more." in chief.text
    discard(desk.house, ANNA, FLOW, drafted(desk.house).revision)
    drafted(desk.house)
    assert "What the check judges by" not in chief.get(f"{AT}/release").text
    change(desk.house, ANNA, FLOW, [ReplaceText("safety.yaml", "[]\n")])
    assert "safety.yaml was changed." in chief.get(f"{AT}/release").text


def test_a_comparison_shows_no_more_lines_than_a_browser_can_bear(desk: Desk) -> None:
    long = drafted(desk.house).files["theme.yaml"] + "# a remark\n" * 50_000
    change(desk.house, ANNA, FLOW, [ReplaceText("theme.yaml", long)])
    page = desk.anna.get(f"{AT}/compare?of=draft").text
    assert page.count("# a remark") == 2000 - 3  # the gap and two equal lines stand before them
    assert "and 48003 further lines" in page
