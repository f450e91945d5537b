"""Findings that somebody bears: for what is there, by name, and for a time."""

from datetime import date

import pytest

from app.flow.findings import Finding
from app.flow.loader import load
from tests.flows import CATALOGUE, TODAY, Edit, all_findings, flow, sound

LATE = flow("browser: 20, network: 60", "browser: 20")


def waiver(rule: str, at: str, until: str = "2027-01-31") -> Edit:
    line = (
        f"  - {{rule: {rule}, at: {at}, owner: the club, reason: we know and we bear it, until: {until}}}\n"
    )
    return flow("waivers:\n", f"waivers:\n{line}")


def told(code: str, *edits: Edit, today: date = TODAY) -> list[Finding]:
    return [each for each in all_findings(*edits, today=today) if each.code == code]


def test_a_warning_and_an_error_of_what_people_meet_can_be_borne():
    by_name = [waiver("F032", at) for at in ("ask.found", "prove.again", "prove.right", "sent.again")]
    found = told("F032", LATE, *by_name)
    assert found and all(each.severity == "error" for each in found)
    borne = [each for each in found if each.waived]
    assert {each.id for each in borne} == {each.id for each in found}
    assert borne[0].waiver is not None and borne[0].waiver.owner == "the club"
    assert not any(each.blocks for each in borne)


def test_it_holds_to_its_last_day_and_not_longer():
    one = waiver("F027", "lifetime.absolute")
    short = flow("absolute: 24 h", "absolute: 12 h")
    assert [each.waived for each in told("F027", one, short, today=date(2027, 1, 31))] == [True]
    later = date(2027, 2, 1)
    assert [each.waived for each in told("F027", one, short, today=later)] == [False]
    (ended,) = told("N010", one, short, today=later)
    assert ended.severity == "warning" and "let the club decide anew" in str(ended)


def test_it_is_for_one_place_and_says_so_where_there_is_nothing():
    (lost,) = told("N011", waiver("F044", "ask.unknwon"))
    assert "There is no F044 at 'ask.unknwon' to be waived. Did you mean 'ask.unknown'?" in str(lost)
    assert lost.id == "waivers.0" and lost.blocks


def test_nobody_bears_that_a_flow_does_not_work():
    broken = flow(" tries: 5,", "")
    (found,) = told("F020", broken, waiver("F020", "codes.door_code"))
    assert not found.waived
    (never,) = told("N012", broken, waiver("F020", "codes.door_code"))
    assert never.severity == "error"


def test_a_rule_that_is_not_there():
    (unknown,) = told("N013", waiver("F999", "ask"))
    assert unknown.severity == "error" and "There is no rule F999." in str(unknown)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("owner: the club, ", "", "'owner' is missing"),
        ("until: 2027-06-30", "until: some day", "until: 'some day'"),
        ("until: 2027-06-30", "until: 2027-06-31", "until: '2027-06-31'"),
        ("rule: F044", "rule: 44", "rule: '44' should be a text"),
    ],
)
def test_one_that_is_not_whole_is_told_with_its_line(old, new, message):
    loaded = load(sound(flow(old, new)), CATALOGUE, "club")
    assert [each.code for each in loaded.findings] == ["F000"]
    assert message in str(loaded.findings[0])


def test_what_is_seen_with_the_house_alone_is_not_missed_without_it():
    assert told("N011", waiver("F062", "flow")) == []


def test_for_a_test_what_only_people_meet_is_a_warning():
    def graver(profile: str) -> dict[str, str]:
        found = all_findings(LATE, flow(" tries: 5,", ""), profile=profile)
        return {each.code: each.severity for each in found if each.code in {"F032", "F020"}}

    assert graver("live") == {"F032": "error", "F020": "error"}
    assert graver("test") == {"F032": "warning", "F020": "error"}
