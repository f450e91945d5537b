"""What a change of a definition does to people: told whole, by identity, in three languages."""

import copy
import json
import re
from collections.abc import Iterator
from datetime import date, timedelta
from string import Formatter
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from app import wiring
from app.config import ROOT
from app.flow.catalogue import Catalogue
from app.flow.definition import Flow
from app.flow.difference.change import Change
from app.flow.difference.differences import _changes, _value, differences
from app.flow.difference.frames import WHOLE, codes
from app.flow.difference.leaves import MISSING, Leaf, compare
from app.flow.difference.tree import keyed
from app.flow.difference.wording import TABLES, heading, sentence, span
from app.flow.edit import apply_all, rename_everywhere
from app.flow.loader import load, read_folder
from app.flow.source import read
from tests.flows import CATALOGUE, Edit, flow, sound

SHIPPED = {name: read_folder(ROOT / "workflows" / name) for name in ("ecard", "registration", "activation")}


def loaded(files: dict[str, str], catalogue: Catalogue | None = None) -> Flow:
    result = load(files, catalogue or wiring.catalogue())
    assert result.flow is not None, [str(finding) for finding in result.findings]
    return result.flow


def told(*edits: Edit, lang: str = "en") -> list[str]:
    """The sentences about the sound flow once it is edited."""
    changes = differences(loaded(sound(), CATALOGUE), loaded(sound(*edits), CATALOGUE))
    return [sentence(change, lang) for change in changes]


def of(name: str, *edits: tuple[str, str, str]) -> list[Change]:
    files = dict(SHIPPED[name])
    for file, old, new in edits:
        assert old in files[file], old
        files[file] = files[file].replace(old, new, 1)
    return differences(loaded(SHIPPED[name]), loaded(files))


def in_words(changes: list[Change], lang: str = "en") -> list[str]:
    return [sentence(each, lang) for each in changes]


def test_a_state_that_only_got_another_name_is_told_as_that_in_every_language() -> None:
    files = dict(SHIPPED["registration"])
    catalogue = wiring.catalogue()
    renamed = apply_all(files, rename_everywhere(files, "states", "verify_phone", "phone_proof", catalogue))
    changes = differences(loaded(files), loaded(renamed))
    assert [(each.code, each.old, each.new) for each in changes] == [
        ("state_renamed", "verify_phone", "phone_proof")
    ]
    assert in_words(changes) == [
        "The state ‘verify_phone’ is called ‘phone_proof’ now; nothing else changes by that."
    ]
    for lang in ("bg", "hu"):
        assert all(name in in_words(changes, lang)[0] for name in ("verify_phone", "phone_proof"))
    more = {**renamed, "flow.yaml": renamed["flow.yaml"].replace("    tries: 5", "    tries: 4", 1)}
    assert [each.code for each in differences(loaded(files), loaded(more))] == [
        "state_renamed",
        "code_tries_locks",
    ]


def test_a_state_that_went_and_another_that_came_are_not_taken_for_one() -> None:
    other = flow(
        "  pin_confirmed:\n    kind: code_given\n    code: pin_code", "  confirmed:\n    kind: message"
    )
    codes_told = [each.code for each in of("activation", other, flow("pin_confirmed", "confirmed"))]
    assert "state_renamed" not in codes_told
    assert {"state_added", "state_removed"} <= set(codes_told)


def test_fewer_tries_are_told_as_what_becomes_of_people_in_every_language() -> None:
    changes = of("registration", flow("    tries: 5\n    resend", "    tries: 4\n    resend"))
    assert [(each.code, each.old, each.new) for each in changes] == [("code_tries_locks", 5, 4)]
    assert changes[0].ids == ("codes.phone_code",)
    assert in_words(changes) == [
        "After 4 wrong codes people are now locked (before: after 5), by the code ‘phone_code’."
    ]
    assert in_words(changes, "bg") == [
        "След 4 грешни кода хората вече се заключват (преди: след 5), по кода „phone_code“."
    ]
    assert in_words(changes, "hu") == [
        "4 hibás kód után a felhasználót mostantól zároljuk (eddig: 5 után), kód: „phone_code”."
    ]


def test_a_code_nobody_is_locked_by_only_stops_to_work() -> None:
    text = SHIPPED["registration"]["flow.yaml"]
    second = text.replace("tries: 5", "tries: 9").replace("tries: 9", "tries: 5", 1)
    (change,) = differences(
        loaded(SHIPPED["registration"]), loaded({**SHIPPED["registration"], "flow.yaml": second})
    )
    assert (change.code, change.path[1]) == ("code_tries", "email_code")


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", ["1 minute", "2 minutes", "30 seconds", "24 hours", "7 days"]),
        ("bg", ["1 минута", "2 минути", "30 секунди", "24 часа", "7 дни"]),
        ("hu", ["1 perc", "2 perc", "30 másodperc", "24 óra", "7 nap"]),
    ],
)
def test_spans_have_right_numbers(lang: str, said: list[str]) -> None:
    spans = [60, 120, 30, 86_400, 7 * 86_400]
    assert [span(timedelta(seconds=each), lang) for each in spans] == said


def test_comments_blank_lines_and_the_order_of_entries_are_no_difference() -> None:
    files = dict(SHIPPED["registration"])
    files["flow.yaml"] = "# Rewritten.\n\n" + files["flow.yaml"].replace("realm: registration\n", "", 1)
    files["flow.yaml"] += "\nrealm:   'registration'   # the last line\n"
    assert differences(loaded(SHIPPED["registration"]), loaded(files)) == []


def test_the_same_written_in_other_words_is_told_as_such() -> None:
    assert in_words(of("registration", flow("valid: 10 min", "valid: 600 s"))) == [
        "‘codes.phone_code.valid’ is written otherwise and means the same: ‘600 s’ (before: ‘10 min’)."
    ]


WAY = "      - {id: wrong, trigger: submit, dest: verify_phone, say: wrong_code}\n"


@pytest.mark.parametrize(
    ("name", "edit", "said"),
    [
        (
            "ecard",
            flow("initial: form", "initial: try_later"),
            "Runs now begin at ‘try_later’ (before: at ‘form’).",
        ),
        ("ecard", flow("idle: 30 min", "idle: 1 h"), "A run now rests after 1 hour without an answer"),
        ("ecard", flow("opens: 10", "opens: 1"), "‘card_link’ may now be pressed 1 time (before: 10)."),
        (
            "ecard",
            flow("[30 s, 60 s, 120 s]", "[30 s]"),
            "people now wait 30 seconds (before: 30 seconds, 1 minute, 2 minutes).",
        ),
        ("ecard", flow("browser: 20", "browser: 21"), "After 21 refusals with the same ‘browser’"),
        (
            "ecard",
            flow("options: [android, ios]", "options: [ios]"),
            "‘device’ no longer offers the answer ‘android’.",
        ),
        (
            "ecard",
            flow("check_digit: false", "check_digit: true"),
            "the check digit is verified is now yes (before: no)",
        ),
        (
            "ecard",
            flow(
                "equal: {email: email, mobile: mobile}}\n        - {reg",
                "equal: {email: email}}\n        - {reg",
            ),
            "‘mobile’ in ‘profiles’ no longer has to agree with an answer",
        ),
        ("ecard", flow("may_be_empty: [email,", "may_be_empty: ["), "may be empty are now ‘mobile’"),
        (
            "registration",
            flow("typed: last 5", "typed: last 4"),
            "people now type the last 4 characters (before: the last 5 characters).",
        ),
        (
            "registration",
            flow("hosts: [freemail.hu, citromail.hu]", "hosts: [freemail.hu]"),
            "now holds of addresses at ‘freemail.hu’",
        ),
        (
            "registration",
            flow("profile: seed", "profile: strong"),
            "keep the rules ‘strong’ (before: ‘seed’)",
        ),
        (
            "registration",
            flow(", say: wrong_code}", "}"),
            "told as an error: nothing (before: ‘wrong_code’).",
        ),
        (
            "registration",
            flow(WAY, ""),
            "The way ‘wrong’ at ‘verify_phone’ was removed: ‘submit’ led to ‘verify_phone’.",
        ),
        (
            "registration",
            flow("    lifetime: none\n", ""),
            "at ‘registered’: as long as the whole flow allows (before: without limit).",
        ),
        (
            "registration",
            flow("    back: {to: identify}\n", "    back: locked\n"),
            "Back at ‘verify_phone’ is now: locked (before: to ‘identify’, keeping all answers but secrets).",
        ),
        (
            "registration",
            flow("conditions: [address_on_file]", "unless: [address_on_file]"),
            "now wants nothing (before: ‘address_on_file’).",
        ),
        (
            "registration",
            flow(
                "{id: expire, trigger: expire, dest: expired}", "{id: expire, trigger: expire, dest: locked}"
            ),
            "The way ‘expire’ from everywhere now leads to ‘locked’",
        ),
        (
            "registration",
            ("theme.yaml", "Kőhíd Insurance}", "Kőhíd}"),
            "name (English) is now ‘Kőhíd’ (before: ‘Kőhíd Insurance’).",
        ),
        (
            "registration",
            ("theme.yaml", "https://kohid-demo.hu/kerdesek", "https://kohid-demo.hu/gyik"),
            "Setting the page of common questions: now",
        ),
    ],
)
def test_each_kind_of_edit_has_its_sentence(name: str, edit: Edit, said: str) -> None:
    sentences = in_words(of(name, edit))
    assert any(said in each for each in sentences), sentences


def test_a_way_put_before_another_says_before_which_and_another_order_is_told() -> None:
    new = "      - {id: quick, trigger: submit, dest: locked, conditions: [phone_code_right]}\n"
    assert in_words(of("registration", flow(WAY, new + WAY))) == [
        "New way ‘quick’ at ‘verify_phone’: ‘submit’ leads to ‘locked’, and is tried before ‘wrong’."
    ]
    lines = re.findall(r"      - \{id: (?:expired|replaced), trigger: submit, dest: verify_phone.*\n",
                       SHIPPED["registration"]["flow.yaml"])  # fmt: skip
    (change,) = of("registration", flow("".join(lines), "".join(reversed(lines))))
    assert (change.code, change.params["trigger"]) == ("ways_order", "submit")
    assert change.new.index("replaced") < change.new.index("expired")


def test_texts_are_told_with_both_wordings_under_the_page_they_stand_on() -> None:
    text = SHIPPED["ecard"]["texts.bg.yaml"]
    title = re.search(r"  form:\n    title: (.*)\n", text)
    assert title
    (change,) = of("ecard", ("texts.bg.yaml", title[0], "  form:\n    title: Заявка\n"))
    assert (change.code, change.subject, change.new) == ("text", ("states", "form"), "Заявка")
    assert sentence(change, "en").startswith(
        "The text ‘states.form.title’ (Bulgarian) is now ‘Заявка’ (before:"
    )


def test_another_language_is_told_once() -> None:
    files = dict(SHIPPED["ecard"])
    files["flow.yaml"] = files["flow.yaml"].replace("languages: [bg, en]", "languages: [bg]")
    del files["texts.en.yaml"]
    files["theme.yaml"] = re.sub(r", en: [^}]*}", "}", files["theme.yaml"])
    codes_told = [each.code for each in differences(loaded(SHIPPED["ecard"]), loaded(files))]
    assert codes_told == ["language_removed", "theme_name", "theme_legal_name"]


def test_an_entry_added_or_removed_is_one_change_and_never_an_index() -> None:
    edit = flow("states:\n", "states:\n  aside:\n    kind: message\n    end: cancelled\n")
    changes = differences(loaded(sound(), CATALOGUE), loaded(sound(edit), CATALOGUE))
    assert [(each.code, each.path) for each in changes] == [("state_added", ("states", "aside"))]
    back = differences(loaded(sound(edit), CATALOGUE), loaded(sound(), CATALOGUE))
    assert [each.code for each in back] == ["state_removed"]


def test_what_is_about_the_whole_flow_stands_in_one_group() -> None:
    both = ("lifetime: {idle: 30 min, absolute: 24 h}", "lifetime: {idle: 20 min, absolute: 12 h}")
    changes = of("ecard", flow(*both), flow("initial: form", "initial: try_later"))
    assert {each.subject for each in changes} == {("flow", "")}
    assert heading(changes[0].subject, "hu") == "Az egész folyamat"


def test_a_part_of_the_grammar_without_words_of_its_own_is_told_too() -> None:
    leaf = Leaf(("holidays", "winter", "ends"), date(2026, 12, 1), MISSING)
    (change,) = _value(leaf)
    assert sentence(change, "en") == "Setting ‘winter.ends’: now not set (before: ‘2026-12-01’)."
    assert change.plain()["old"] == "2026-12-01"


def test_waivers_are_told_apart_by_rule_and_place() -> None:
    one = {"rule": "F040", "at": "fields.name", "owner": "ana", "until": date(2026, 12, 1)}
    other = {"rule": "F027", "at": "form", "owner": "ana", "until": date(2027, 1, 31)}
    old, new = keyed({"waivers": [other, one]}), keyed({"waivers": [{**one, "until": date(2027, 3, 1)}]})
    told = [change for leaf in compare(old, new, WHOLE) for change in _changes(leaf, old, new)]
    assert in_words(told) == [
        "Waiver ‘F040 fields.name’: the last day is now ‘2027-03-01’ (before: ‘2026-12-01’).",
        "Removed waiver: ‘F027 form’.",
    ]


def test_the_tables_have_the_same_keys_and_placeholders() -> None:
    en = TABLES["en"]
    for lang in ("bg", "hu"):
        assert set(TABLES[lang]) == set(en)
        for key, frame in en.items():
            assert _places(TABLES[lang][key]) == _places(frame), (lang, key)
    assert codes() <= {key.partition(".")[0] for key in en}
    for key, frame in TABLES["bg"].items():
        assert re.search("[а-я]", frame) or not re.search("[a-z]{3}", re.sub(r"\{[^}]*\}", "", frame)), key


def _places(frame: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(frame) if name}


def spots(data: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    for key, value in (
        data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    ):
        yield from spots(value, (*path, key))


SCALARS = st.sampled_from(
    [
        "1 h",
        "90 s",
        "2 days",
        "none",
        "locked",
        "submit",
        "form",
        "expired",
        "email",
        "mobile",
        "code",
        "text",
        "personal",
        "secret",
        "Ново",
        "#123456",
        "https://kohid.hu/",
        "all",
        "digits",
        1,
        2,
        6,
        True,
        False,
    ]
)


@settings(deadline=None, max_examples=100)
@given(st.data())
def test_every_edit_of_a_shipped_flow_is_told_in_three_languages(data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(sorted(SHIPPED)))
    files = SHIPPED[name]
    file = data.draw(st.sampled_from(["flow.yaml"] * 5 + sorted(files)))
    content = read(files[file], file).data
    edited = copy.deepcopy(content)
    spot = data.draw(st.sampled_from([each for each in spots(content) if each]))
    here = edited
    for key in spot[:-1]:
        here = here[key]
    how = data.draw(st.sampled_from(["replace", "remove", "double", "swap"]))
    if how == "replace":
        here[spot[-1]] = data.draw(SCALARS)
    elif how == "remove":
        del here[spot[-1]]
    elif isinstance(here, dict):
        here[f"{spot[-1]}_too"] = copy.deepcopy(here[spot[-1]])
    elif how == "double":
        here.append(copy.deepcopy(here[spot[-1]]))
    else:
        here.insert(0, here.pop(spot[-1]))
    result = load({**files, file: json.dumps(edited, ensure_ascii=False)}, wiring.catalogue())
    assume(result.flow is not None)
    assert result.flow is not None
    changes = differences(loaded(files), result.flow)
    assert bool(changes) == (not _alike(edited, content))
    for change in changes:
        json.dumps(change.plain(), ensure_ascii=False)
        for lang in TABLES:
            left_open = r"MISSING|None" if change.path[0] == "texts" else r"[{}]|MISSING|None"
            assert not re.search(left_open, sentence(change, lang)), change
            assert heading(change.subject, lang)


def _alike(one: Any, other: Any) -> bool:
    """Whether both hold the same: in Python alone is 1 the same as true; waivers stand in no order."""
    return _plainly(one) == _plainly(other)


def _plainly(data: Any) -> str:
    waivers = data.get("waivers") if isinstance(data, dict) else None
    ordered = {"waivers": sorted(map(str, waivers))} if isinstance(waivers, list) else {}
    return json.dumps({**data, **ordered} if isinstance(data, dict) else data, sort_keys=True)
