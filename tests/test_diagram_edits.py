"""What is done on the diagram: edits of the text like any others, and refused where they do not fit."""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app import wiring
from app.config import ROOT
from app.flow.definition import Flow
from app.flow.edit import DoesNotFit, Edit, apply_all
from app.flow.loader import load, read_folder
from app.runner.drafting import diagram_edits
from app.runner.drafting.diagram_edits import PLAIN_KINDS, NewState
from app.runner.drafting.drafts import draft_of
from app.runner.house import House
from tests.desk import cheap, log_in, staffed
from tests.drafting import BELA, changed, drafted
from tests.test_desk_release import press
from tests.walk import Walk

AT = "/desk/flows/activation/diagram"
FILES = read_folder(ROOT / "workflows" / "activation")
CATALOGUE = wiring.catalogue()
IDENTIFY = ("later", "found", "not_on_file")


@pytest.fixture
def dialect() -> str:
    return "sqlite"


@dataclass
class Desk:
    house: House
    anna: Walk
    chief: Walk

    def flow(self) -> str:
        return draft_of(self.house, "activation").files["flow.yaml"]


@pytest.fixture
def desk(house: House, browser: Callable[..., Walk]) -> Desk:
    staffed(cheap(house), "anna", "analyst")
    staffed(cheap(house), "chief", "approver")
    drafted(house)
    return Desk(house, log_in(browser(lang="en"), "anna"), log_in(browser(lang="en"), "chief"))


def made(edits: list[Edit]) -> Flow:
    flow = load(apply_all(FILES, edits), CATALOGUE).flow
    assert flow is not None
    return flow


def ids(flow: Flow, state: str = "identify") -> list[str]:
    return [way.id for way in flow.spec.states[state].transitions]


def test_a_way_is_led_elsewhere_from_its_state_and_from_everywhere() -> None:
    flow = made(diagram_edits.re_aimed(FILES, "identify", "found", "password"))
    assert flow.spec.states["identify"].transitions[1].dest == "password"
    assert (
        made(diagram_edits.re_aimed(FILES, "everywhere", "expire", "locked")).spec.everywhere[0].dest
        == "locked"
    )


def test_a_way_is_tried_earlier_or_later_among_those_of_its_trigger() -> None:
    assert ids(made(diagram_edits.moved(FILES, "identify", "found", "earlier"))) == [
        "found",
        "later",
        "not_on_file",
    ]
    assert ids(made(diagram_edits.moved(FILES, "identify", "found", "later"))) == [
        "later",
        "not_on_file",
        "found",
    ]
    assert diagram_edits.moved(FILES, "identify", "later", "earlier") == []
    assert diagram_edits.moved(FILES, "identify", "not_on_file", "later") == []
    # `again` is the first of `resend`: what stands before it is set off by another trigger.
    assert diagram_edits.moved(FILES, "pin", "again", "earlier") == []


def test_a_way_with_a_condition_goes_before_the_one_that_always_fits() -> None:
    flow = made(diagram_edits.added_way(FILES, "identify", "submit", "locked", condition="pin_right"))
    assert ids(flow) == ["later", "found", "locked", "not_on_file"]
    flow = made(diagram_edits.added_way(FILES, "identify", "give_up", "locked", button="Отказ"))
    assert ids(flow)[-1] == "locked"
    assert flow.texts["bg"]["states.identify.buttons.give_up"] == "Отказ"


def test_an_id_is_proposed_that_nothing_there_has() -> None:
    files = apply_all(FILES, diagram_edits.added_way(FILES, "identify", "submit", "expire_2", "found_2"))
    assert diagram_edits.proposed_id(files, "identify", "found") == "found_3"
    assert diagram_edits.proposed_id(files, "identify", "expire") == "expire_2"
    assert diagram_edits.proposed_id(files, "identify", "locked") == "locked"


def test_a_way_is_put_where_a_state_has_none_yet() -> None:
    assert ids(made(diagram_edits.added_way(FILES, "active", "go_on", "locked")), "active") == ["locked"]


def test_a_way_is_deleted_with_its_last_sibling_or_alone() -> None:
    files = dict(FILES)
    for way in IDENTIFY:
        files = apply_all(files, diagram_edits.removed_way(files, "identify", way, CATALOGUE))
    flow = load(files, CATALOGUE).flow
    assert flow is not None and ids(flow) == []


def test_runs_begin_elsewhere() -> None:
    assert made(diagram_edits.begun_at(FILES, "pin")).spec.initial == "pin"


def test_a_state_is_put_behind_another_and_in_between() -> None:
    between = NewState("notice", "message", "Още малко", button="Нататък")
    flow = made(diagram_edits.put_between(FILES, "password", "activated", between))
    assert flow.spec.states["password"].transitions[1].dest == "notice"
    assert [way.dest for way in flow.spec.states["notice"].transitions] == ["active"]
    assert list(flow.spec.states)[5:7] == ["notice", "active"]
    assert flow.texts["bg"]["states.notice.title"] == "Още малко"
    assert flow.texts["bg"]["states.notice.buttons.go_on"] == "Нататък"
    end = NewState("thanks", "success", "Готово")
    flow = made(diagram_edits.added_state(FILES, "password", end, "done"))
    assert flow.spec.states["thanks"].end == "success"
    assert flow.spec.states["password"].transitions[-1].dest == "thanks"


WAYS = [
    ("everywhere", "expire"),
    *(("identify", way) for way in IDENTIFY),
    ("pin", "again"),
    ("password", "weak"),
]
STATES = ["identify", "try_later", "pin", "pin_confirmed", "password", "active", "locked", "expired"]


@st.composite
def on_the_diagram(draw: st.DrawFn, files: dict[str, str]) -> list[Edit]:
    (state, way), dest = draw(st.sampled_from(WAYS)), draw(st.sampled_from(STATES))
    name = draw(st.sampled_from(["new_one", "new_two", "found"]))
    new = NewState(
        name, draw(st.sampled_from(PLAIN_KINDS)), "Заглавие", draw(st.sampled_from(["", dest])), "Нататък"
    )
    here = draw(st.sampled_from(STATES[:5]))
    return draw(
        st.sampled_from(
            [
                lambda: diagram_edits.re_aimed(files, state, way, dest),
                lambda: diagram_edits.moved(files, state, way, "earlier"),
                lambda: diagram_edits.moved(files, state, way, "later"),
                lambda: diagram_edits.removed_way(files, state, way, CATALOGUE),
                lambda: diagram_edits.added_way(files, here, "submit", dest),
                lambda: diagram_edits.added_way(files, here, "submit", dest, condition="pin_right"),
                lambda: diagram_edits.added_state(files, here, new, "submit"),
                lambda: diagram_edits.put_between(files, state, way, new),
                lambda: diagram_edits.begun_at(files, dest),
            ]
        )
    )()


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_whatever_is_done_on_the_diagram_the_draft_loads_and_keeps_its_comments(data: st.DataObject) -> None:
    files = dict(FILES)
    for _ in range(4):
        try:
            files = apply_all(files, data.draw(on_the_diagram(files)))
        except DoesNotFit:
            continue
    loaded = load(files, CATALOGUE)
    assert loaded.flow is not None, loaded.findings
    comments = re.findall(r"#.*", FILES["flow.yaml"])
    assert [each for each in comments if each not in files["flow.yaml"]] == []


def words(walk: Walk) -> str:
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", walk.text.partition("<h1>")[2])).split())


def act(walk: Walk, selected: str, sort: str, **values: str) -> Walk:
    """Send the form of this act from the panel of what is selected."""
    return send(walk.get(f"{AT}?of=draft&{selected}"), sort, **values)


def send(walk: Walk, sort: str, **values: str) -> Walk:
    forms = re.findall(r'<form method="post" action="([^"]*diagram/edit[^"]*)">(.*?)</form>', walk.text, re.S)
    for where, inside in forms:
        if f'value="{sort}"' in inside:
            own = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', inside))
            return walk.post(html.unescape(where), **{**own, "act": sort, **values})
    raise AssertionError(f"no form for {sort}")


def test_an_edit_on_the_diagram_shows_its_words_and_its_lines(desk: Desk) -> None:
    act(desk.anna, "way=identify.found", "aim", dest="locked")
    assert desk.anna.at == AT
    said = words(desk.anna)
    assert "Edited: The way ‘found’ at ‘identify’ now leads to ‘locked’ (before: to ‘pin’)." in said
    assert "removed: - - {id: found, trigger: submit, dest: pin," in said
    assert "dest: locked, conditions: [customer_on_file]" in desk.flow()
    act(desk.anna, "way=identify.found", "earlier")
    assert desk.flow().index("id: found, trigger: submit") < desk.flow().index("id: later, trigger: submit")
    act(desk.anna, "way=identify.not_on_file", "remove")
    assert desk.anna.status == 409 and "It is named elsewhere: " in words(desk.anna)
    act(desk.anna, "way=try_later.still_down", "remove")
    assert "still_down" not in desk.flow()
    press(desk.anna, AT, "/desk/flows/activation/undo")
    assert "still_down" in desk.flow()


def test_states_and_ways_are_added_from_the_panel(desk: Desk) -> None:
    act(desk.anna, "state=identify", "add_way", dest="locked", trigger="submit", condition="pin_right")
    assert "{id: locked, trigger: submit, dest: locked, conditions: [pin_right]}" in desk.flow()
    new = {"name": "more", "title": "Още", "kind": "form", "dest": "pin", "trigger": "ask"}
    act(desk.anna, "state=identify", "add_state", **new)
    assert "state=more" in desk.anna.text and "  more:\n    kind: form\n" in desk.flow()
    act(desk.anna, "way=more.pin", "between", name="more_yet", title="Още", kind="message", button="Нататък")
    assert "id: pin, trigger: submit, dest: more_yet" in desk.flow()
    act(desk.anna, "state=more", "begin")
    assert "initial: more\n" in desk.flow()


def test_what_does_not_fit_is_said_and_what_was_typed_stays(desk: Desk) -> None:
    new = {"name": "pin", "title": "Нов ПИН", "kind": "form", "dest": "pin", "trigger": "ask"}
    act(desk.anna, "state=identify", "add_state", **new)
    assert desk.anna.status == 409
    assert "There is already something of this name: state “pin”. Choose another name." in words(desk.anna)
    assert 'value="Нов ПИН"' in desk.anna.text and "<details open>" in desk.anna.text
    for wrong in ({"name": "No Name"}, {"title": " "}, {"kind": "portal"}, {"trigger": ""}, {"dest": "a b"}):
        act(desk.anna, "state=identify", "add_state", **{**new, "name": "more", **wrong})
        assert desk.anna.status == 422
    for odd in ({"act": "burn"}, {"which": "x"}, {"draft": "other"}, {"revision": "7"}):
        act(desk.anna, "way=identify.found", "aim", **{"dest": "pin", **odd})
        assert desk.anna.status == 422
    assert draft_of(desk.house, "activation").revision == 0


def test_what_somebody_changed_meanwhile_is_not_edited_over(desk: Desk) -> None:
    desk.anna.get(f"{AT}?of=draft&way=identify.found")
    changed(desk.house, "activation", ("states", "identify", "transitions", "#found", "dest"), "locked", BELA)
    send(desk.anna, "aim", dest="password")
    assert desk.anna.status == 409
    assert "bela changed this meanwhile (state “identify”, way “found”, dest)" in words(desk.anna)
    assert draft_of(desk.house, "activation").revision == 1


def test_only_analysts_and_only_the_draft_are_offered_edits(desk: Desk) -> None:
    for walk, address in ((desk.chief, f"{AT}?of=draft&state=pin"), (desk.anna, f"{AT}?of=live&state=pin")):
        assert "diagram/edit" not in walk.get(address).text
    text = desk.anna.get(f"{AT}?of=draft&way=identify.malformed").text
    assert "comes with the kind of page" in text and 'value="identify.not_on_file"' in text
    assert 'value="identify.malformed"' not in text
