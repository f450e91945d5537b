"""Two versions on one picture: complete, each mark in shape and word, and nothing moves that stays."""

import re
import xml.etree.ElementTree as ET

from app import wiring
from app.config import ROOT
from app.drawing import Marks, svg
from app.flow.definition import Flow
from app.flow.diagram import diagram, key_of
from app.flow.difference.differences import differences
from app.flow.difference.union import Union, union
from app.flow.loader import load, read_folder

FILES = read_folder(ROOT / "workflows" / "registration")
WORDS = {"added": "new", "removed": "removed", "changed": "changed"}


def flow_of(*edits: tuple[str, str]) -> Flow:
    text = FILES["flow.yaml"]
    for old, new in edits:
        assert old in text, old
        text = text.replace(old, new, 1)
    result = load({**FILES, "flow.yaml": text}, wiring.catalogue())
    assert result.flow is not None, [str(finding) for finding in result.findings]
    return result.flow


def both(*edits: tuple[str, str]) -> Union:
    old, new = flow_of(), flow_of(*edits)
    return union(old, new, differences(old, new), wiring.catalogue())


def test_fewer_tries_change_the_way_that_is_taken_when_they_are_used_up_and_no_other() -> None:
    assert both(("    tries: 5\n    resend", "    tries: 4\n    resend")).fates == {
        "verify_phone.locked>locked": "changed"
    }


def test_a_way_that_leads_elsewhere_stands_where_it_led_and_where_it_leads() -> None:
    drawn = both(
        (
            "dest: already_registered, conditions: [phone_code_right",
            "dest: locked, conditions: [phone_code_right",
        )
    )
    assert drawn.fates == {
        "verify_phone.known>already_registered": "removed",
        "verify_phone.known>locked": "added",
    }
    notes = drawn.notes(WORDS, {"verify_phone.known": 3})  # type: ignore[arg-type]
    assert notes["verify_phone.known>already_registered"] == "− removed ×<5"
    assert notes["verify_phone.known>locked"] == "+ new"
    written = svg(drawn.picture, "both", Marks(dict(drawn.fates), notes))
    words = {text.text for text in ET.fromstring(written).iter("{http://www.w3.org/2000/svg}text")}
    assert {"submit: known − removed ×<5", "submit: known + new"} <= words
    assert re.search(r'class="[^"]*\bremoved\b', written)


def test_all_of_both_versions_is_on_the_picture_and_what_stayed_keeps_its_order() -> None:
    new_state = "  aside:\n    kind: message\n    back: {to: identify}\n\n  locked:\n"
    edits = (
        ("  locked:\n    kind", new_state + "    kind"),
        ("  renewed:\n    kind: success", "  renewed_now:\n    kind: success"),
        ("        dest: renewed\n", "        dest: renewed_now\n"),
    )
    old, new = flow_of(), flow_of(*edits)
    drawn = both(*edits)
    names = [node.name for node in drawn.picture.nodes]
    assert names[: len(old.spec.states)] == list(old.spec.states)
    assert set(names) == {*old.spec.states, *new.spec.states}
    assert (drawn.fates["aside"], drawn.fates["renewed"], drawn.fates["renewed_now"]) == (
        "added",
        "removed",
        "added",
    )
    keys = {
        key_of(way, edge.source) for flow in (old, new) for edge in diagram(flow).edges for way in edge.ways
    }
    assert {each.key for each in drawn.ways()} == keys
    assert "everywhere.expire>expired" not in drawn.fates


def test_what_holds_everywhere_is_marked_once_in_words_too() -> None:
    drawn = both(
        ("{id: cancel, trigger: cancel, dest: cancelled}", "{id: cancel, trigger: cancel, dest: locked}")
    )
    assert drawn.fates["everywhere.cancel>locked"] == "added"
    assert drawn.fates["everywhere.cancel>cancelled"] == "removed"
    written = svg(drawn.picture, "both", Marks(dict(drawn.fates), drawn.notes(WORDS)))  # type: ignore[arg-type]
    assert "cancel + new" in {
        text.text for text in ET.fromstring(written).iter("{http://www.w3.org/2000/svg}text")
    }


def test_changed_fields_mark_their_pages_and_changed_guards_the_ways_that_ask_them() -> None:
    pages = both(("    max: 20\n", "    max: 19\n")).fates
    assert pages["identify"] == "changed"
    asked = both(("hosts: [freemail.hu, citromail.hu]", "hosts: [freemail.hu]")).fates
    assert asked == {"password.registered_look_into_spam>registered": "changed"}
