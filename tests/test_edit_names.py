"""Who uses a name of a definition, another name everywhere, and taking away what nobody uses."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from app import wiring
from app.config import ROOT
from app.flow.edit import DoesNotFit, apply_all, find, remove_everywhere, rename_everywhere, uses
from app.flow.loader import load
from app.flow.safety.read import read_rules
from app.flow.source import read
from app.scenarios.read import understood

CATALOGUE = wiring.catalogue()
FLOWS = ["registration", "ecard"]
SECTIONS = (
    "states",
    "fields",
    "guards",
    "codes",
    "links",
    "cards",
    "notices",
    "accounts",
    "budgets",
    "registers",
)


def definition(flow: str) -> dict[str, str]:
    folder = ROOT / "workflows" / flow
    return {file.name: file.read_text() for file in folder.glob("*.yaml") if file.name != "demo.yaml"}


def said(files: dict[str, str], file: str) -> Any:
    return read(files[file], file).data


def one_of_each(files: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The last name of each section: the first is the one that all else is built around."""
    flow = said(files, "flow.yaml")
    for state, each in list(flow["states"].items())[:3]:
        if each.get("transitions"):
            yield f"states.{state}.transitions", each["transitions"][-1]["id"]
    for register, each in flow["registers"].items():
        yield f"registers.{register}.columns", list(each["columns"])[-1]
    yield from ((section, list(flow[section])[-1]) for section in SECTIONS if flow.get(section))
    yield "everywhere", flow["everywhere"][-1]["id"]
    yield "states", flow["initial"]


@pytest.mark.parametrize("flow", FLOWS)
def test_what_is_renamed_everywhere_leaves_nothing_of_its_old_name(flow: str, tmp_path: Path) -> None:
    renamed = definition(flow)
    for number, (section, name) in enumerate(list(one_of_each(renamed))):
        found = uses(renamed, section, name, CATALOGUE)
        renamed = apply_all(renamed, rename_everywhere(renamed, section, name, f"new_{number}", CATALOGUE))
        assert uses(renamed, section, name, CATALOGUE) == []
        again = uses(renamed, section, f"new_{number}", CATALOGUE)
        assert [(use.file, use.line) for use in again] == [(use.file, use.line) for use in found]
    loaded = load(renamed, CATALOGUE)
    assert loaded.flow is not None, [str(each) for each in loaded.findings]
    (tmp_path / "safety.yaml").write_text(renamed["safety.yaml"])
    assert read_rules(tmp_path / "safety.yaml", loaded.flow, CATALOGUE).findings == ()
    assert not understood(renamed["scenarios.yaml"], "scenarios.yaml", loaded.flow).findings


def test_uses_say_where_in_words_and_by_line() -> None:
    files = definition("ecard")
    found = {(use.file, use.words) for use in uses(files, "links", "card_link", CATALOGUE)}
    assert {
        ("flow.yaml", "guard 'may_resend', may_send.link"),
        ("flow.yaml", "state 'form', transition 'found', effects.2"),
        ("flow.yaml", "state 'requested', link"),
        ("safety.yaml", "rule 'A link goes out with the card, or anew when its pause is over', never.order"),
        ("texts.bg.yaml", "messages.card_link"),
    } <= found
    lines = files["flow.yaml"].splitlines()
    for use in uses(files, "links", "card_link", CATALOGUE):
        assert use.file != "flow.yaml" or "card_link" in lines[use.line - 1]


def test_a_word_that_is_alike_by_chance_is_no_use() -> None:
    """`email` is a field, a column, a state and a type in the registration."""
    files = definition("registration")
    places = {use.place for use in uses(files, "fields", "email", CATALOGUE) if use.file == "flow.yaml"}
    assert ("states", "email", "fields", 0) in places
    assert ("fields", "email", "type") not in places
    assert not any(place[:3] == ("guards", "contract_on_file", "match") for place in places)
    columns = uses(files, "registers.contracts.columns", "email", CATALOGUE)
    assert ("guards", "contract_on_file", "match", "keep", "contract_email") in {use.place for use in columns}


def test_a_loaded_flow_can_be_asked_as_well() -> None:
    files = definition("ecard")
    flow = load(files, CATALOGUE).flow
    assert flow is not None
    inside = [use for use in uses(files, "states", "form", CATALOGUE) if use.file in flow.files]
    assert uses(flow, "states", "form", CATALOGUE) == inside


def test_a_field_is_renamed_under_the_names_that_pages_post() -> None:
    files = definition("registration")
    renamed = apply_all(files, rename_everywhere(files, "fields", "mobile", "phone", CATALOGUE))
    assert "phone_prefix" in renamed["scenarios.yaml"] and "mobile_prefix" not in renamed["scenarios.yaml"]


def test_keys_of_texts_that_are_flat_are_renamed_too() -> None:
    files = {
        "flow.yaml": "states: {form: {kind: form}}\n",
        "texts.en.yaml": "states.form.title: Hello  # first\nstates:\n  form.lead: Welcome\n",
    }
    renamed = apply_all(files, rename_everywhere(files, "states", "form", "page", CATALOGUE))
    assert renamed["texts.en.yaml"] == "states.page.title: Hello  # first\nstates:\n  page.lead: Welcome\n"


def test_what_a_translation_was_made_from_is_renamed_with_its_text() -> None:
    files = definition("registration")
    renamed = apply_all(files, rename_everywhere(files, "states", "verify_phone", "prove_phone", CATALOGUE))
    was, now = (said(each, "translated.yaml")["en"] for each in (files, renamed))
    assert now == {
        key.replace("states.verify_phone.", "states.prove_phone."): made for key, made in was.items()
    }
    assert now != was


def test_a_scenario_is_renamed_where_others_go_on_after_it() -> None:
    files = definition("activation")
    name = "Elena's PIN is right"
    renamed = apply_all(files, rename_everywhere(files, "scenarios", name, "The PIN fits", CATALOGUE))
    told = said(renamed, "scenarios.yaml")
    assert "The PIN fits" in {each["name"] for each in told} & {each.get("after") for each in told}
    assert name not in renamed["scenarios.yaml"]


def test_what_is_used_is_not_taken_away() -> None:
    files = definition("ecard")
    with pytest.raises(DoesNotFit) as refused:
        remove_everywhere(files, "states", "invalid", CATALOGUE)
    assert refused.value.code == "used"
    used = {use.place[:2] for use in refused.value.params["uses"] if use.file == "flow.yaml"}
    assert used == {("states", "form")}


def test_what_nobody_uses_goes_with_its_texts() -> None:
    files = definition("ecard")
    files["flow.yaml"] = files["flow.yaml"].replace("dest: invalid", "dest: not_found")
    files["scenarios.yaml"] = "[]\n"
    after = apply_all(files, remove_everywhere(files, "states", "invalid", CATALOGUE))
    assert "invalid:" not in after["flow.yaml"]
    assert find(said(after, "texts.bg.yaml"), ("states", "invalid")) is not find(
        said(files, "texts.bg.yaml"), ("states", "invalid")
    )
    assert "states.invalid." in files["translated.yaml"] and "states.invalid." not in after["translated.yaml"]
    assert load(after, CATALOGUE).flow is not None


@pytest.mark.parametrize(
    ("old", "new", "code"), [("nowhere", "x", "gone"), ("form", "invalid", "there_already")]
)
def test_a_rename_that_does_not_fit_says_why(old: str, new: str, code: str) -> None:
    with pytest.raises(DoesNotFit) as refused:
        rename_everywhere(definition("ecard"), "states", old, new, CATALOGUE)
    assert refused.value.code == code


def test_a_file_that_cannot_be_read_stops_a_rename() -> None:
    files = {**definition("ecard"), "texts.en.yaml": "states: ["}
    with pytest.raises(DoesNotFit) as refused:
        rename_everywhere(files, "states", "form", "page", CATALOGUE)
    assert refused.value.code == "unreadable"
    assert uses(files, "states", "form", CATALOGUE)
