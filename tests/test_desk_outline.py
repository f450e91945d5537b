"""The outline at the desk: a definition edited by forms, by one or several people, whatever they type."""

from collections.abc import Iterator
from typing import Any, get_args

import pytest
from flask import Flask
from pydantic import BaseModel

from app.application import build
from app.config import Settings
from app.flow.edit import ABSENT, find
from app.flow.outline.controls import controls
from app.flow.outline.places import place_of
from app.flow.outline.things import SECTIONS, thing_at
from app.flow.outline.tree import tree
from app.flow.source import read
from app.flow.spec import FlowSpec
from app.runner.drafting.changing import save_file
from app.runner.drafting.drafts import draft_of
from app.runner.drafting.undoing import undo
from app.runner.house import House
from app.runner.named import definition
from app.web.desk.outline_help import HELP
from app.web.desk.outline_hints import HINTS
from app.web.desk.outline_words import label_of
from tests.desk import cheap, log_in, staffed
from tests.drafting import WORKFLOWS, drafted, member
from tests.outlined import form_of, look, sent
from tests.walk import Walk

FLOW = "registration"


@pytest.fixture
def dialect() -> str:
    return "sqlite"


@pytest.fixture
def desk(settings: Settings, house: House) -> Iterator[Flask]:
    quick = cheap(house)
    staffed(quick, "ana", "analyst")
    staffed(quick, "bela", "analyst")
    staffed(quick, "vera", "qa")
    drafted(house, FLOW, member("ana"))
    yield build(settings, quick)


@pytest.fixture
def ana(desk: Flask) -> Walk:
    return log_in(Walk(desk, lang="en"), "ana")


@pytest.fixture
def bela(desk: Flask) -> Walk:
    return log_in(Walk(desk, lang="en"), "bela")


def says(house: House, at: str, file: str = "flow.yaml", flow: str = FLOW) -> object:
    """What the draft says at a place."""
    return find(read(draft_of(house, flow).files[file], file).data, place_of(at))


def test_an_edit_changes_its_key_alone_and_tells_what_it_did(ana: Walk, house: House) -> None:
    before = draft_of(house, FLOW).files["flow.yaml"]
    look(ana, "codes/phone_code")
    assert sent(ana, "codes/phone_code", {"v:tries": "4"}).status_code == 303
    assert draft_of(house, FLOW).files["flow.yaml"] == before.replace("tries: 5", "tries: 4", 1)
    assert "After 4 wrong codes people are now locked (before: after 5)" in ana.text
    assert "+    tries: 4" in ana.text and "-    tries: 5" in ana.text
    assert undo(house, member("ana"), FLOW).draft.files["flow.yaml"] == before


def test_what_was_not_touched_is_not_saved_on_any_page(ana: Walk, house: House) -> None:
    before = draft_of(house, FLOW).files
    data = read(before["flow.yaml"], "").data
    nodes = [node for branch in tree(data) for node in branch.nodes[:2]]
    for at in ["flow", *(each.at for node in nodes for each in (node, *node.inner[:1]))]:
        look(ana, at)
        assert ana.status == 200, at
        assert sent(ana, at, {}).status_code == 303, at
        assert "Nothing was changed, so nothing was saved." in ana.text
    assert draft_of(house, FLOW).files == before


def test_two_analysts_at_one_thing_both_stay_or_the_second_learns_by_whom(
    ana: Walk, bela: Walk, house: House
) -> None:
    look(ana, "codes/phone_code")
    look(bela, "codes/phone_code")
    sent(ana, "codes/phone_code", {"v:tries": "4"})
    assert sent(bela, "codes/phone_code", {"v:valid": "7 min"}).status_code == 303
    assert (says(house, "codes/phone_code/tries"), says(house, "codes/phone_code/valid")) == (4, "7 min")
    look(bela, "codes/phone_code")
    sent(ana, "codes/phone_code", {"v:tries": "3"})
    assert sent(bela, "codes/phone_code", {"v:tries": "6", "v:per_day": "7"}).status_code == 409
    assert "ana changed this meanwhile. Now it says: 3. Yours is in the box." in bela.text
    assert says(house, "codes/phone_code/tries") == 3
    assert (form_of(bela)["v:tries"], form_of(bela)["v:per_day"]) == ("6", "7")
    assert sent(bela, "codes/phone_code", {}).status_code == 303
    assert (says(house, "codes/phone_code/tries"), says(house, "codes/phone_code/per_day")) == (6, 7)


def test_rows_of_one_mapping_changed_by_two_both_stay(ana: Walk, bela: Walk, house: House) -> None:
    at = "budgets/contract_match"
    look(ana, at)
    look(bela, at)
    sent(ana, at, {"v:per": ["4", "5", "5", "20", "60", ""]})
    assert sent(bela, at, {"v:per": ["5", "5", "5", "20", "70", ""]}).status_code == 303
    assert says(house, f"{at}/per") == {
        "policy_number": 4,
        "account_number": 5,
        "mobile": 5,
        "browser": 20,
        "network": 70,
    }


def test_what_was_typed_for_a_thing_that_is_gone_is_kept_in_view(ana: Walk, bela: Walk, house: House) -> None:
    look(ana, "fields/renewing")
    text = draft_of(house, FLOW).files["flow.yaml"]
    start = text.index("  renewing:\n")
    save_file(house, member("bela"), FLOW, 0, "flow.yaml", text[:start] + text[text.index("\nregisters:") :])
    assert sent(ana, "fields/renewing", {"v:purpose": "to greet them again"}).status_code == 409
    assert "to greet them again" in ana.text


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ({"v:tries": "many"}, "should be a whole number"),
        ({"v:valid": "ten minutes"}, "write a duration as"),
        ({"v:to": ""}, "This cannot be left empty."),
        ({"v:typed": "last\u202e5"}, "A character in it cannot be seen."),
        ({"v:resend_after": ["30 s", "soon"]}, "write a duration as"),
    ],
)
def test_what_cannot_be_is_told_at_its_box_and_kept(
    ana: Walk, house: House, typed: dict[str, str | list[str]], told: str
) -> None:
    before = draft_of(house, FLOW).files
    look(ana, "codes/phone_code")
    assert sent(ana, "codes/phone_code", typed).status_code == 422
    assert told in ana.text.replace("&#39;", "'")
    ((name, value),) = typed.items()
    assert form_of(ana).getlist(name)[: len(value) if isinstance(value, list) else 1] == (
        value if isinstance(value, list) else [value]
    )
    assert draft_of(house, FLOW).files == before


def test_a_box_of_yaml_says_where_it_cannot_be_read(ana: Walk) -> None:
    look(ana, "guards/contract_on_file")
    answer = sent(ana, "guards/contract_on_file", {"v:match/contact": "- register: contracts\n  by: {x"})
    assert answer.status_code == 422
    assert "Line " in ana.text and "brackets are closed" in ana.text


def test_words_of_a_page_and_its_settings_are_saved_as_one_edit(ana: Walk, house: House) -> None:
    look(ana, "states/identify")
    typed = {"t:en:states.identify.title": "Sign up {{7*7}} <b>now</b>", "v:lifetime": "20 min"}
    assert sent(ana, "states/identify", typed).status_code == 303
    assert draft_of(house, FLOW).revision == 1
    assert says(house, "states/identify/title", "texts.en.yaml") == "Sign up {{7*7}} <b>now</b>"
    assert "&lt;b&gt;now&lt;/b&gt;" in ana.text and "<b>now" not in ana.text
    assert definition(house, FLOW, "draft").flow is not None


def test_a_text_goes_in_every_language_or_in_none(ana: Walk, house: House) -> None:
    look(ana, "fields/mobile")
    key = "fields.mobile.hint"
    assert says(house, "fields/mobile/hint", "texts.en.yaml") is not ABSENT
    assert sent(ana, "fields/mobile", {f"t:en:{key}": ""}).status_code == 422
    assert "empty it in every language" in ana.text
    assert sent(ana, "fields/mobile", {f"t:en:{key}": "", f"t:hu:{key}": ""}).status_code == 303
    assert says(house, "fields/mobile/hint", "texts.hu.yaml") is ABSENT


def test_looking_at_what_a_form_would_change_writes_nothing(ana: Walk, house: House) -> None:
    look(ana, "codes/phone_code")
    assert sent(ana, "codes/phone_code", {"v:tries": "3", "look": "yes"}).status_code == 200
    assert "After 3 wrong codes" in ana.text
    assert form_of(ana)["v:tries"] == "3"
    assert draft_of(house, FLOW).revision == 0


def test_rows_are_moved_and_taken_out_without_a_script(ana: Walk, house: House) -> None:
    at = "states/email"
    look(ana, at)
    sent(ana, at, {"do": "up:fields:1", "v:lifetime": "20 min"})
    assert says(house, f"{at}/fields") == ["marketing", "email", "personalised", "contract", "notice"]
    assert says(house, f"{at}/lifetime") == "20 min"
    sent(ana, at, {"do": "out:fields:0"})
    assert says(house, f"{at}/fields") == ["email", "personalised", "contract", "notice"]


def test_the_outline_is_read_by_all_and_written_by_analysts(desk: Flask, house: House) -> None:
    vera = log_in(Walk(desk, lang="en"), "vera")
    look(vera, "codes/phone_code")
    assert vera.status == 200 and 'id="thing"' not in vera.text and "10 min" in vera.text
    token = vera.header_token()
    path = f"/desk/flows/{FLOW}/outline"
    for act in ("", "/add", "/move", "/remove", "/rename", "/copy"):
        vera.post(f"{path}{act}?at=codes/phone_code", follow=False, csrf_token=token)
        assert vera.status == 403
    assert draft_of(house, FLOW).revision == 0


def test_a_version_is_shown_to_be_read_with_a_way_to_the_draft(ana: Walk) -> None:
    look(ana, "codes/phone_code", of="live")
    assert 'id="thing"' not in ana.text
    assert f'action="/desk/flows/{FLOW}/draft"' in ana.text


def test_a_draft_that_does_not_load_still_opens(ana: Walk, house: House) -> None:
    text = draft_of(house, FLOW).files["flow.yaml"].replace("tries: 5", "tries: [5, 6]", 1)
    save_file(house, member("ana"), FLOW, 0, "flow.yaml", text.replace("dest: locked", "dest: nowhere", 1))
    assert definition(house, FLOW, "draft").flow is None
    look(ana, "codes/phone_code")
    assert ana.status == 200 and "[5, 6]" in ana.text
    assert sent(ana, "codes/phone_code", {"v:tries": "4"}).status_code == 303
    assert says(house, "codes/phone_code/tries") == 4
    look(ana, "states/verify_phone/transitions/#locked")
    assert "nowhere (there is none)" in ana.text


def test_a_file_that_is_no_yaml_is_told_with_its_line(ana: Walk, house: House) -> None:
    save_file(house, member("ana"), FLOW, 0, "flow.yaml", "flow: registration\nstates: {\n")
    look(ana, "states")
    assert ana.status == 200 and "flow.yaml cannot be read, line" in ana.text


def test_a_name_typed_leads_to_its_page(ana: Walk) -> None:
    for word, at in (("verify_phone", "states/verify_phone"), ("Phone_c", "codes/phone_code")):
        ana.page = ana._ask("GET", f"/desk/flows/{FLOW}?go={word}")
        assert ana.status == 303 and ana.page.location.endswith(f"at={at}")
    ana.get(f"/desk/flows/{FLOW}?go=nothing")
    assert "Nothing here is called nothing." in ana.text


def test_what_did_not_come_from_a_form_of_the_outline_is_refused(ana: Walk, house: House) -> None:
    look(ana, "codes/phone_code")
    assert sent(ana, "codes/phone_code", {"w:tries": "{not json"}).status_code == 400
    look(ana, "codes/phone_code")
    assert sent(ana, "codes/phone_code", {"w:tries": "[" * 20_000}).status_code == 400
    for at in ("nothing/there", "states/../../x", "codes/phone_code/tries", "a" * 500):
        look(ana, at)
        assert ana.status in {200, 404}
    assert draft_of(house, FLOW).revision == 0


def test_every_hint_and_help_of_the_grammar_is_listed_to_be_translated(house: House) -> None:
    catalogue = house.catalogue
    entries = [
        *catalogue.kinds.values(),
        *catalogue.field_types.values(),
        *catalogue.guards.values(),
        *catalogue.effects.values(),
    ]
    assert {each.help for each in entries} == set(HELP)
    models = [FlowSpec, *(each for each in SECTIONS.values() if each)]
    models += [each.options for each in entries if hasattr(each, "options")]
    assert {hint for model in models for hint in hints_in(model)} == set(HINTS)


def hints_in(annotation: Any) -> set[str]:
    """The descriptions of a model's keys and of what is below them."""
    if not (isinstance(annotation, type) and issubclass(annotation, BaseModel)):
        return {hint for each in get_args(annotation) for hint in hints_in(each)}
    fields = annotation.model_fields.values()
    own = {each.description for each in fields if each.description}
    return own | {hint for each in fields for hint in hints_in(each.annotation)}


def test_every_key_that_has_a_box_has_a_label(house: House) -> None:
    for flow in ("registration", "ecard", "activation"):
        data = read((WORKFLOWS / flow / "flow.yaml").read_text(), "").data
        places = [
            each.place for branch in tree(data) for node in branch.nodes for each in (node, *node.inner)
        ]
        for place in [(), *places]:
            thing = thing_at(data, place, house.catalogue)
            assert thing is not None
            for control in controls(data, thing, house.catalogue):
                for each in (control, *control.inner):
                    assert label_of(thing.sort, each), (place, each.path)


def test_people_who_stand_here_are_told_before_anything_is_saved(ana: Walk, desk: Flask) -> None:
    look(ana, "states/identify")
    assert "they stay on version" not in ana.text
    for number in range(5):
        someone = Walk(desk, lang="en", address=f"192.0.2.{number + 20}")
        someone.get(f"/{FLOW}/").post(trigger="submit")
        look(ana, "states/identify")
        assert "people are on this page now; they stay on version 1." in ana.text
        assert ("&lt;5" in ana.text) is (number < 4)
    look(ana, "fields/mobile")
    assert "people are on a page that uses it; they stay on version 1." in ana.text
    look(ana, "states/locked")
    assert "they stay on version" not in ana.text
