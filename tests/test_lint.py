"""Each rule of lint finds the flow that breaks it, and only that one."""

import pytest

from app.flow.loader import load
from app.flow.rules import RULES
from app.flow.source import Unreadable
from app.runner.publish import check_folder
from tests.flows import CATALOGUE, TODAY, Edit, codes, findings, flow, only, sound, worded


def state(name: str, *lines: str, after: str = "  later:\n    kind: message\n") -> list[Edit]:
    """A new state above `later`, with a title."""
    written = "".join(f"    {line}\n" for line in lines)
    return [flow(after, f"  {name}:\n{written}\n{after}"), *worded(f"states.{name}.title: A page of {name}")]


def way(line: str, before: str = "found") -> Edit:
    """A transition of `ask`, above one it has."""
    old = f"      - {{id: {before},"
    return flow(old, f"      - {{{line}}}\n{old}")


def test_the_sound_flow_breaks_no_rule():
    assert findings() == []


def test_f001_a_state_that_nothing_leads_to():
    told = only("F001", *state("island", "kind: message", "end: refused"))
    assert told.startswith(
        "club/flow.yaml:54:3: F001 'island' can never be reached. Lead a step to it or delete it."
    )


def test_f002_a_state_behind_conditions_that_contradict_each_other():
    edits = [*state("island", "kind: message", "end: refused"), way(
        "id: lost, trigger: submit, dest: island, conditions: [is_member], unless: [is_member]"
    )]  # fmt: skip
    assert codes(*edits) == {"F002", "F013"}
    assert "'island' is reached only by 'ask.lost'; that never happens." in str(findings(*edits)[1])


def test_f003_a_state_without_a_way_on_but_the_clock():
    told = only("F003", flow("    back: {to: ask, keep: all}\n", "    back: locked\n"))
    assert "People who reach 'later' are stuck." in told


def test_f004a_a_circle_without_an_end():
    round_ = [
        *state("here", "kind: message", "back: locked", "transitions: [{id: go, trigger: go, dest: there}]"),
        *state("there", "kind: message", "back: {to: here}"),
        *worded("states.here.buttons.go: Go", "states.x: y"),
        way("id: lost, trigger: submit, dest: here, conditions: [{is_member: spent}]"),
    ]
    told = only("F004a", *round_)
    assert "From 'here' no end can be reached: people go round here → there → here." in told


def test_f004b_a_retry_that_never_leads_to_success():
    go, end = "{id: go, trigger: go, dest: hopeless}", "{id: end, trigger: give_up, dest: locked}"
    again = [
        *state("hopeless", "kind: message", "back: locked", f"transitions: [{go}, {end}]"),
        *worded("states.hopeless.buttons: {go: Again, give_up: Give up}"),
        way("id: lost, trigger: submit, dest: hopeless, conditions: [{is_member: spent}]"),
    ]  # fmt: skip
    assert "People may try again in 'hopeless' (hopeless → hopeless)" in only("F004b", *again)


def test_f006_a_button_that_does_nothing():
    told = only(
        "F006", flow("kind: message\n    back: locked", "kind: code\n    code: door_code\n    back: locked")
    )
    assert "The page of 'sent' raises 'submit', but nothing happens there on it." in told


def test_f007_a_trigger_that_nothing_raises():
    told = only("F007", way("id: odd, trigger: jump, dest: later"))
    assert "Nothing can start 'jump' in 'ask'. Word its button in states.ask.buttons.jump" in told
    assert (
        codes(way("id: odd, trigger: jump, dest: later"), *worded("states.ask.buttons.jump: Jump")) == set()
    )


def test_f008_an_end_that_leads_back_into_the_flow():
    told = only(
        "F008",
        flow("trigger: add, dest: added, effects: [count_use badge_link, note]", "trigger: add, dest: fetch"),
    )
    assert "'added' is an end, yet 'again' leads on to 'fetch'." in told
    told = only("F008", flow("    end: locked", "    end: locked\n    back: {to: ask}"))
    assert "'locked' is an end, yet Back leads on to 'ask'." in told


def test_f008_an_end_may_lead_to_an_end():
    assert codes(flow("dest: added, effects: [count_use badge_link, note]", "dest: locked")) == set()


@pytest.mark.parametrize(
    ("edit", "message"),
    [
        (flow("id: unknown", "id: found"), "Transition 'found' is defined twice (lines 51, 52)"),
        (flow("id: unknown", "id: malformed"), "Transition 'malformed' is defined twice (lines 46, 52)"),
        (
            flow("id: not_yet, trigger: resend, dest: prove", "id: back, trigger: resend, dest: prove"),
            "'back' is defined",
        ),
        (
            flow("fields: [number, phone]\n    t", "fields: [number, phone, number]\n    t"),
            "Field 'number' is defined",
        ),
        (flow("[en, hu]", "[en, hu, en]"), "Language 'en' is defined twice (lines 4, 4)"),
        (
            flow("states:\n", "  - {id: expire, trigger: expire, dest: locked}\nstates:\n"),
            "Transition 'expire'",
        ),
    ],
)
def test_f008_ids_that_stand_twice(edit, message):
    told = [finding for finding in findings(edit) if finding.code == "F008"]
    assert len(told) == 1 and message in str(told[0])


@pytest.mark.parametrize(
    ("section", "entry"),
    [
        ("fields", "extra: {type: word, class: none, purpose: nothing, keep: 1 h}"),
        ("registers", "extra: {columns: {a: text}, key: [a], search: [a]}"),
        ("budgets", "extra: {within: 1 h, per: {browser: 1}}"),
        ("links", "extra: {channel: sms, to: phone, page: fetch, valid: 1 h}"),
        ("cards", "extra: {facts: is_member, subject: number, holder: a, number: b, valid_until: c}"),
        ("guards", "extra: {link_live: }"),
    ],
)
def test_f009_what_nobody_uses(section, entry):
    told = [f for f in findings(flow(f"{section}:\n", f"{section}:\n  {entry}\n")) if f.code == "F009"]
    assert [finding.severity for finding in told] == ["note"]
    assert f"The {section[:-1]} 'extra' is not used by any step." in str(told[0])


def test_f010_a_case_that_nobody_thought_of():
    told = only("F010", flow("      - {id: wrong, trigger: submit, dest: prove, say: wrong}\n", ""))
    assert (
        "In 'prove' on 'submit' nothing happens when 'form_valid' is true and 'door_code_right' is not true."
        in told
    )


def test_f010_every_answer_named_is_a_proof():
    every = "{id: wrong, trigger: submit, dest: prove, say: wrong, unless: [door_code_right]}"
    assert codes(flow("{id: wrong, trigger: submit, dest: prove, say: wrong}", every)) == set()


def test_f010_more_guards_than_can_be_proven_need_a_last_way():
    names = [f"guard_{n}" for n in range(13)]
    guards = "".join(f"  {name}: {{link_live: }}\n" for name in names)
    asks = "".join(
        f"      - {{id: w{n}, trigger: jump, dest: later, conditions: [{x}]}}\n" for n, x in enumerate(names)
    )
    edits = [
        flow("guards:\n", f"guards:\n{guards}"),
        flow("      - {id: found,", f"{asks}      - {{id: found,"),
    ]
    worded_ = worded("states.ask.buttons.jump: Jump")
    assert "In 'ask' on 'jump' 13 guards are asked, too many to prove" in only("F010", *edits, *worded_)
    last = way("id: last, trigger: jump, dest: later")
    assert codes(*edits, last, *worded_) == set()
    dead = way("id: dead, trigger: jump, dest: later, conditions: [guard_1, guard_2]")
    assert codes(*edits, dead, last, *worded_) == {"F011"}


def test_f011_a_transition_that_an_earlier_one_always_takes():
    twin = "id: twin, trigger: submit, dest: later, conditions: [is_member, link_live]"
    assert "'twin' never happens: 'found' above it always wins." in only("F011", way(twin, "unknown"))


def test_f011_several_earlier_ones_together():
    no = "id: no, trigger: submit, dest: later, conditions: [{is_member: no}]"
    told = only("F011", way(no, "unknown"))
    assert "'unknown' never happens: 'later' or 'found' or 'no' above it always wins." in told


def test_f011_a_reason_of_its_own_is_a_case_of_its_own():
    spent = "id: spent, trigger: submit, dest: later, conditions: [{is_member: spent}]"
    assert codes(way(spent, "unknown")) == set()


def test_f013_conditions_that_are_never_all_true():
    for never in (
        "[is_member], unless: [is_member]",
        "[{is_member: spent}, {is_member: stranger}]",
        "[is_member, {is_member: no}]",
    ):
        told = only("F013", way(f"id: lost, trigger: submit, dest: later, conditions: {never}"))
        assert "The conditions of 'lost' contradict each other" in told


LATER = "{id: later, trigger: submit, dest: later, conditions: [{is_member: unavailable}]}"


def test_f014_an_unavailable_answer_without_a_way_of_its_own():
    told = only("F014", flow(LATER, LATER.replace("unavailable", "spent")))
    assert "'is_member' may be unavailable, but 'ask' has no step for that on 'submit'." in told
    assert "{is_member: unavailable}" in told


def test_f014_unless_unavailable_says_what_happens_then():
    refused = "{id: later, trigger: submit, dest: later, unless: [is_member, {is_member: unavailable}]}"
    assert codes(flow(LATER, refused)) == set()


@pytest.mark.parametrize(
    ("old", "new", "code", "message"),
    [
        (" tries: 5,", "", "F020", "People may try the code 'door_code' without end."),
        (" resend_after: [30 s, 60 s]", "", "F021", "'door_code' can be sent again and again from 'prove'"),
        (" resend_after: [30 s]", "", "F021", "'badge_link' can be sent again and again from 'sent'"),
        (
            "conditions: [code_may_go], ",
            "conditions: [link_may_go], ",
            "F021",
            "'again' sends 'door_code' again without",
        ),
        (
            "conditions: [code_may_go], ",
            "unless: [code_may_go], ",
            "F021",
            "'again' sends 'door_code' again without",
        ),
        (" valid: 10 min,", "", "F023", "The code 'door_code' never goes out of date."),
        (
            " valid: 10 min,",
            " valid: 25 h,",
            "F023",
            "The code 'door_code' lives longer than any run may wait",
        ),
        ("typed: last 5", "typed: last 3", "N002", "only 32,768 possibilities"),
        ("typed: last 5", "alphabet: digits, length: 5", "N002", "only 100,000 possibilities"),
        (
            "    back: locked\n    lifetime",
            "    lifetime",
            "N001",
            "The page of 'sent' does not say what Back does.",
        ),
        (
            "fields: [number, phone], budget",
            "fields: [number], budget",
            "N003",
            "'is_member' finds people by 'number'",
        ),
    ],
)
def test_codes_links_back_and_matches(old, new, code, message):
    told = [finding for finding in findings(flow(old, new)) if finding.code != "F009"]
    assert [finding.code for finding in told] == [code]
    assert message in str(told[0])


def test_codes_that_are_long_enough_pass():
    assert codes(flow("typed: last 5", "typed: last 4")) == set()
    assert codes(flow("typed: last 5", "alphabet: digits")) == set()
    assert codes(flow(" valid: 10 min,", " valid: 24 h,")) == set()


def test_f023_a_state_where_the_clock_finds_no_way():
    told = findings(flow("  - {id: expire, trigger: expire, dest: expired}\n", "  []\n"))
    assert {f.code for f in told} == {"F001", "F023"}
    assert sum("goes out of date, but nothing happens" in str(f) for f in told) == 5
    assert "F023" not in codes(flow("lifetime: 24 h", "lifetime: none"))


def test_n001_a_back_transition_written_out_will_do():
    out = flow(
        "    back: {to: ask, keep: all}\n", "    transitions: [{id: home, trigger: back, dest: ask}]\n"
    )
    assert codes(out) == set()


def test_a_folder_is_linted_from_disk_and_sorted(tmp_path):
    for name, content in sound(flow(" tries: 5,", ""), ("texts.hu.yaml", "{code}", "x")).items():
        (tmp_path / name).write_bytes(content.encode())
    told = [each for each in check_folder(tmp_path, CATALOGUE, TODAY) if not each.waived]
    assert [(f.path.removeprefix(f"{tmp_path}/"), f.code) for f in told] == [
        ("flow.yaml", "F020"),
        ("texts.hu.yaml", "F052"),
    ]
    (tmp_path / "flow.yaml").write_text("flow: 1")
    assert {f.code for f in check_folder(tmp_path, CATALOGUE, TODAY)} == {"F000"}
    with pytest.raises(Unreadable):
        check_folder(tmp_path / "nowhere", CATALOGUE, TODAY)


def test_every_rule_says_what_to_do_or_what_is_the_matter():
    for rule in RULES.values():
        assert rule.severity in {"error", "warning", "note"} and rule.text


@pytest.mark.parametrize(("old", "new"), [("flow: badge", "flow: portal"), ("realm: club", "realm: desk")])
def test_a_flow_takes_no_address_of_the_house_and_its_realm_not_staffs_own(old: str, new: str) -> None:
    loaded = load(sound(flow(old, new)), CATALOGUE, "club")
    assert [finding.code for finding in loaded.findings] == ["F008"]
    assert new.partition(": ")[2] in str(loaded.findings[0])
