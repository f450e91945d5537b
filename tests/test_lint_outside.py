"""What lint sees with the house around a definition: who is under way, what was recorded and walked."""

from dataclasses import replace

import pytest
from flask import Flask, g

from app.config import ROOT
from app.flow.findings import Finding
from app.flow.loader import load, read_folder
from app.flow.surroundings import Replayed, Surroundings
from app.runner import linting
from app.runner.house import House
from app.store import path_results
from app.web.desk.finding_words import said
from tests.desk import log_in, staffed
from tests.drafted import drafted
from tests.flows import CATALOGUE, TODAY, Edit, all_findings, flow, sound, worded
from tests.walk import Walk

BEFORE = load(sound(), CATALOGUE).flow
RENAMED = [
    flow("  later:\n    kind", "  come_later:\n    kind"),
    flow("dest: later", "dest: come_later"),
    *worded("states.come_later.title: Later"),
]


@pytest.fixture
def dialect() -> str:
    return "sqlite"


def seen(around: Surroundings, *edits: Edit) -> list[Finding]:
    return [each for each in all_findings(*edits, around=around) if "F060" <= each.code < "G"]


def test_f060_people_who_stand_where_nothing_is_any_more():
    around = Surroundings(BEFORE, {"later": 17, "ask": 3}, "move")
    told = {each.code: each for each in seen(around, *RENAMED)}
    assert told["F060"].text == "17 people are in 'later', which this version removes."
    assert told["F060"].severity == "error"
    few = seen(replace(around, standing={"later": 2}), *RENAMED)
    assert "Fewer than 5 people are in 'later'" in few[0].text


def test_f060_not_for_whom_finishes_or_is_led_on():
    around = Surroundings(BEFORE, {"later": 17}, "finish")
    assert "F060" not in {each.code for each in seen(around, *RENAMED)}
    led = replace(around, under_way="move", mapping={"later": "come_later"})
    assert seen(led, *RENAMED) == []


def test_f060_a_state_that_is_now_another_kind_of_page():
    around = Surroundings(BEFORE, {"later": 5}, "move")
    (told,) = seen(around, flow("  later:\n    kind: message", "  later:\n    kind: form"))
    assert "a page of another kind ('message', now 'form')" in told.text and told.id == "later"


def test_f061_an_id_that_may_be_an_old_one():
    (told,) = seen(Surroundings(BEFORE), *RENAMED)
    assert "Was the state 'later' renamed to 'come_later'?" in told.text
    (told,) = seen(
        Surroundings(BEFORE),
        flow("{id: not_yet, trigger: resend, dest: p", "{id: soon, trigger: resend, dest: p"),
    )
    assert "Was the transition 'prove.not_yet' renamed to 'prove.soon'?" in told.text
    assert seen(Surroundings(BEFORE)) == []


def test_f062_runs_that_could_not_go_on():
    (one, other) = seen(Surroundings(replayed=Replayed(37, 4)))
    assert one.text.startswith("37 recorded runs could not go on") and other.text.startswith(
        "Fewer than 5 rec"
    )
    assert seen(Surroundings(replayed=Replayed())) == []


def test_f063_ways_that_nobody_has_gone():
    assert BEFORE is not None
    every = {f"{way.source}.{way.id}" for ways in BEFORE.transitions.values() for way in ways}
    assert seen(Surroundings(walked=every)) == []
    (told,) = seen(Surroundings(walked=every - {"ask.found"}))
    assert (told.id, told.severity) == ("ask.found", "warning")
    assert [each.rule for each in seen(Surroundings(walked=frozenset()))] == ["F063:none"]


def test_the_house_fills_in_what_is_around(walk: Walk, house: House):
    walk.get("/ecard/form").post(email="x").post(trigger="back")
    files = read_folder(ROOT / "workflows" / "ecard")

    def gaps(text: str) -> set[str]:
        found = linting.findings(house, {**files, "flow.yaml": text}, "workflows/ecard", today=TODAY)
        assert not linting.in_the_way(found)
        return {each.id for each in found if each.code == "F063"}

    text = files["flow.yaml"]
    aside = text.replace("dest: invalid, unless: [form_valid]", "dest: form, unless: [form_valid]")
    assert gaps(text) == gaps(aside) - {"form.malformed"} and "form.found" in gaps(text)

    live = house.shelf.live("ecard")
    around = linting.surroundings_of(house, live)
    assert around.standing == {"form": 1} and around.walked == {"form.malformed", "invalid.back"}
    assert around.replayed == Replayed()
    with house.database.write() as connection:
        result = {"transitions": {"form.found": 1, "form.later": 0}}
        path_results.put(connection, "ecard", live.digest, result, house.clock())
    assert "form.found" not in gaps(text) and "form.later" in gaps(text)


def test_the_desk_tells_them_in_the_readers_language(walk: Walk, house: House):
    staffed(house, "vera", "analyst")
    drafted(house, "ecard", ("flow.yaml", "[card_found], effects", "[card_fond], effects"))
    log_in(walk)
    told = " ".join(walk.get("/desk/flows/ecard/preview?of=draft&lang=bg").text.split())
    assert "</svg>Грешка</span> <code>F013</code> Състояние „form“, преход „found“ посочва условие" in told
    assert 'Може би „card_found“? <span class="quiet">flow.yaml:' in told


def test_who_bears_a_finding_is_told_behind_the_others(app: Flask):
    found = all_findings(flow("absolute: 24 h", "absolute: 2 h"))
    with app.test_request_context():
        g.lang = "en"
        warning, borne = said(found, lambda each: f"/desk/{each.id}")
        assert (warning.code, warning.shape, warning.grade) == ("F027", "warning", "Warning")
        assert warning.url == "/desk/lifetime.absolute" and warning.borne is None
        assert borne.grade == "Waived" and borne.borne is not None
        assert borne.borne.startswith("the club bears it until 2027-06-30: members must know")
