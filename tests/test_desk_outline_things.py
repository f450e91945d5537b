"""Things of the outline: added, doubled, moved, renamed and taken away, and their texts with them."""

from collections.abc import Iterator

import pytest
from flask import Flask

from app.application import build
from app.config import Settings
from app.flow.edit import ABSENT, find
from app.flow.outline.places import place_of
from app.flow.source import read
from app.runner.drafting.drafts import draft_of
from app.runner.drafting.undoing import undo
from app.runner.house import House
from app.runner.named import definition
from tests.desk import cheap, log_in, staffed
from tests.drafting import drafted, member
from tests.outlined import look, sent
from tests.walk import Walk

FLOW = "registration"


@pytest.fixture
def dialect() -> str:
    return "sqlite"


@pytest.fixture
def desk(settings: Settings, house: House) -> Iterator[Flask]:
    quick = cheap(house)
    staffed(quick, "ana", "analyst")
    drafted(house, FLOW, member("ana"))
    yield build(settings, quick)


@pytest.fixture
def ana(desk: Flask) -> Walk:
    return log_in(Walk(desk, lang="en"), "ana")


def says(house: House, at: str, file: str = "flow.yaml") -> object:
    return find(read(draft_of(house, FLOW).files[file], file).data, place_of(at))


def asked(walk: Walk, act: str, at: str, **fields: str) -> int:
    """Press a button of the outline that stands beside the form; the status it is answered with."""
    look(walk, at)
    token = walk.header_token()
    answer = walk._ask(
        "POST",
        f"/desk/flows/{FLOW}/outline/{act}",
        query_string={"at": at},
        data={"csrf_token": token, **fields},
    )
    if answer.status_code == 303:
        walk.get(answer.location)
    else:
        walk.page = answer
    return answer.status_code


def test_a_page_is_added_with_its_texts_and_led_to(ana: Walk, house: House) -> None:
    look(ana, "states", add="message")
    title = {"t:hu:states.-.title": "Kis türelmet", "t:en:states.-.title": "One moment"}
    assert sent(ana, "states", {"name": "Wait here", **title}, "/add", add="message").status_code == 422
    assert "A name has small Latin letters" in ana.text and "Kis türelmet" in ana.text
    assert sent(ana, "states", {"name": "locked", **title}, "/add", add="message").status_code == 422
    assert "There is one called locked already." in ana.text
    assert sent(ana, "states", {"name": "wait", "v:back": "locked"}, "/add", add="message").status_code == 303
    assert says(house, "states/wait") == {"kind": "message", "back": "locked"}
    assert says(house, "states/wait/title", "texts.hu.yaml") == "Kis türelmet"
    assert "stuck" in ana.text or "never be reached" in ana.text
    look(ana, "states/wait/transitions", add="")
    way = {"name": "on", "v:trigger": "go_on", "v:dest": "identify"}
    assert sent(ana, "states/wait/transitions", way, "/add", add="").status_code == 303
    assert says(house, "states/wait/transitions") == [{"id": "on", "trigger": "go_on", "dest": "identify"}]
    assert definition(house, FLOW, "draft").flow is not None


def test_a_page_without_a_title_in_the_source_language_is_not_added(ana: Walk, house: House) -> None:
    look(ana, "states", add="message")
    answer = sent(ana, "states", {"name": "wait", "t:en:states.-.title": "One moment"}, "/add", add="message")
    assert answer.status_code == 422 and "This cannot be left empty." in ana.text
    assert says(house, "states/wait") is ABSENT


@pytest.mark.parametrize(
    ("at", "add", "typed", "value"),
    [
        (
            "fields",
            "digits",
            {
                "v:class": "personal",
                "v:purpose": "find it",
                "v:keep": "7 days",
                "v:max": "9",
                "t:hu:fields.-.label": "Szám",
            },
            {"type": "digits", "max": 9, "class": "personal", "purpose": "find it", "keep": "7 days"},
        ),
        ("guards", "answered", {"v:answered/field": "email"}, {"answered": {"field": "email"}}),
        ("codes", "", {"v:channel": "sms", "v:to": "mobile"}, {"channel": "sms", "to": "mobile"}),
        (
            "budgets",
            "",
            {"v:within": "1 h", "k:per": "mobile", "v:per": "3"},
            {"within": "1 h", "per": {"mobile": 3}},
        ),
        (
            "links",
            "",
            {"v:channel": "mail", "v:to": "email", "v:page": "active", "v:valid": "2 h"},
            {"channel": "mail", "to": "email", "page": "active", "valid": "2 h"},
        ),
        ("notices", "", {}, {}),
    ],
)
def test_a_thing_of_every_section_is_added_by_its_form(
    ana: Walk, house: House, at: str, add: str, typed: dict[str, str], value: object
) -> None:
    look(ana, at, add=add)
    assert sent(ana, at, {"name": "another", **typed}, "/add", add=add).status_code == 303
    assert says(house, f"{at}/another") == value
    assert definition(house, FLOW, "draft").flow is not None


def test_a_waiver_has_no_name_and_stands_at_the_end(ana: Walk, house: House) -> None:
    look(ana, "waivers", add="")
    typed = {"v:rule": "F009", "v:at": "fields.email", "v:owner": "head of sales", "v:until": "2027-01-31"}
    assert sent(ana, "waivers", typed, "/add", add="").status_code == 422
    assert sent(ana, "waivers", {"v:reason": "it is meant to be so"}, "/add", add="").status_code == 303
    assert says(house, "waivers/3/rule") == "F009"


def test_a_way_with_conditions_goes_before_the_one_taken_in_any_other_case(ana: Walk, house: House) -> None:
    at = "states/identify/transitions"
    look(ana, at, add="")
    typed = {"name": "early", "v:trigger": "submit", "v:dest": "locked", "v:conditions": "gave_address=no"}
    assert sent(ana, at, typed, "/add", add="").status_code == 303
    ways = says(house, at)
    assert isinstance(ways, list)
    assert [way["id"] for way in ways] == ["later", "found", "early", "not_on_file"]
    assert ways[2]["conditions"] == [{"gave_address": "no"}]


def test_ways_and_pages_are_moved_by_one(ana: Walk, house: House) -> None:
    assert asked(ana, "move", "states/identify/transitions/#found", way="up") == 303
    ways = says(house, "states/identify/transitions")
    assert isinstance(ways, list) and [way["id"] for way in ways] == ["found", "later", "not_on_file"]
    assert asked(ana, "move", "states/identify", way="down") == 303
    states = says(house, "states")
    assert isinstance(states, dict) and list(states)[:2] == ["try_later", "identify"]
    assert asked(ana, "move", "states/cancelled", way="down") == 303
    assert "Nothing was changed" in ana.text


def test_what_is_used_is_not_taken_away_and_its_uses_are_told(ana: Walk, house: House) -> None:
    look(ana, "states/locked", do="remove")
    told = ana.text.partition("It cannot be taken away yet")[2].partition("</section>")[0]
    for use in ("Page verify_phone, Way locked: Leads to", "safety.yaml", "scenarios.yaml"):
        assert use in told
    assert asked(ana, "remove", "states/locked") == 422
    assert "It cannot be taken away yet" in ana.text
    assert says(house, "states/locked") is not ABSENT
    assert asked(ana, "remove", "states/verify_phone/transitions/#again") == 303
    assert says(house, "states/verify_phone/transitions/#again") is ABSENT


def test_what_nobody_uses_goes_with_its_texts(ana: Walk, house: House) -> None:
    look(ana, "notices", add="")
    sent(ana, "notices", {"name": "spare"}, "/add", add="")
    look(ana, "notices/spare")
    words = {
        f"t:{lang}:messages.spare.{part}": "Hello"
        for lang in ("hu", "en")
        for part in ("mail", "mail_subject")
    }
    before = draft_of(house, FLOW)
    sent(ana, "notices/spare", {"v:channel": "mail"})
    look(ana, "notices/spare")
    sent(ana, "notices/spare", words)
    assert says(house, "messages/spare/mail", "texts.en.yaml") == "Hello"
    assert asked(ana, "remove", "notices/spare") == 303
    assert says(house, "messages/spare", "texts.en.yaml") is ABSENT
    assert says(house, "notices/spare") is ABSENT
    assert draft_of(house, FLOW).revision > before.revision


def test_a_page_is_renamed_wherever_it_is_named(ana: Walk, house: House) -> None:
    look(ana, "states/verify_phone", do="rename")
    assert "places, which change with it." in ana.text
    assert asked(ana, "rename", "states/verify_phone", name="locked") == 422
    assert asked(ana, "rename", "states/verify_phone", name="Verify") == 422
    assert asked(ana, "rename", "states/verify_phone", name="check_phone") == 303
    assert says(house, "states/identify/transitions/#found/dest") == "check_phone"
    assert says(house, "states/check_phone/title", "texts.en.yaml") is not ABSENT
    flow = definition(house, FLOW, "draft").flow
    assert flow is not None and "check_phone" in flow.spec.states
    assert undo(house, member("ana"), FLOW).draft.files == draft_of(house, FLOW).files
    assert says(house, "states/verify_phone") is not ABSENT


def test_a_second_one_has_the_same_settings_and_texts(ana: Walk, house: House) -> None:
    assert asked(ana, "copy", "fields/email", name="other_email") == 303
    assert says(house, "fields/other_email") == says(house, "fields/email")
    assert says(house, "fields/other_email/label", "texts.hu.yaml") == says(
        house, "fields/email/label", "texts.hu.yaml"
    )
    assert asked(ana, "copy", "states/email/transitions/#another", name="third") == 303
    way = says(house, "states/email/transitions/#third")
    assert isinstance(way, dict) and way["id"] == "third" and way["dest"] == "password"


def test_a_flow_is_doubled_under_another_name_and_runs(ana: Walk, house: House) -> None:
    look(ana, "flow")
    token = ana.header_token()

    def doubled(name: str, realm: str = FLOW) -> str:
        ana.post(f"/desk/flows/{FLOW}/duplicate", csrf_token=token, name=name, realm=realm)
        return ana.text

    assert "There is a flow of this name already." in doubled("activation")
    assert "A name has 1 to 30 small Latin letters" in doubled("../up")
    assert "the house’s own" in doubled("desk") or "house" in ana.text
    assert "The flow is doubled as a draft." in doubled("signup")
    made = definition(house, "signup", "draft")
    assert made.flow is not None and made.flow.spec.realm == FLOW
    text = draft_of(house, FLOW).files["flow.yaml"]
    assert made.files["flow.yaml"] == text.replace("flow: registration", "flow: signup", 1)
    assert "There is a flow of this name already." in doubled("signup")
