"""Safety rules: proven on every situation, refuted by the shortest path, held against what was recorded."""

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from app.cli import main
from app.config import ROOT, Settings
from app.flow.definition import Flow
from app.flow.paths.explore import Space, explore
from app.flow.paths.walking import path_of
from app.flow.safety.check import Checked, Prover
from app.flow.safety.events import at_start, of_edge
from app.flow.safety.monitors import Forbids
from app.flow.safety.read import read_rules
from app.flow.safety.spec import Rule
from app.runner.house import House
from app.runner.safety import check_recorded
from app.wiring import catalogue
from tests.spaces import CATALOGUE, FLOWS, flows, shipped, space
from tests.walk import PERSON, Walk


@pytest.fixture
def dialect() -> str:
    return "sqlite"


def rules(name: str) -> tuple[Rule, ...]:
    told = read_rules(ROOT / "workflows" / name / "safety.yaml", shipped(name).flow, catalogue())
    assert not told.findings
    return told.rules


def checked(found: Space, **demand: object) -> Checked:
    return Prover(found, catalogue()).check(Rule.model_validate({"rule": "a rule", **demand}))


@pytest.mark.parametrize("name", FLOWS)
def test_the_shipped_flows_keep_their_rules_and_none_is_vacuous(name: str) -> None:
    prover = Prover(shipped(name), catalogue())
    assert {rule.rule: prover.check(rule).verdict for rule in rules(name)} == {
        rule.rule: "holds" for rule in rules(name)
    }


@pytest.mark.parametrize(
    ("name", "old", "new", "rule", "path"),
    [
        pytest.param(
            "activation",
            "conditions: [pin_right], effects: [use_code pin_code]",
            "unless: [pin_right], effects: [use_code pin_code]",
            "No profile is set up without the right PIN",
            "identify submit > pin check (pin_right wrong) > pin_confirmed activate > password submit"
            " > active",
            id="a guard inverted",
        ),
        pytest.param(
            "activation",
            "      - {id: locked, trigger: check, dest: locked, conditions: [{pin_right: no_tries_left}]}\n",
            "",
            "Whoever has used up the tries of a PIN is locked out at once",
            "identify submit > pin check (pin_right no_tries_left) > pin check > pin_confirmed",
            id="a transition dropped",
        ),
        pytest.param(
            "ecard",
            "{id: found, trigger: retry, dest: requested, conditions: [card_found], effects",
            "{id: found, trigger: retry, dest: requested, unless: [{card_found: not_in_force}], effects",
            "A card is issued in the very step in which the register knows the person and the cover is in "
            "force",
            "form submit (card_found register_unavailable) > try_later retry (card_found unknown)"
            " > requested",
            id="a condition widened",
        ),
        pytest.param(
            "activation",
            "{id: activate, trigger: activate, dest: password}",
            "{id: activate, trigger: activate, dest: pin}",
            "There is no way back to the PIN once it was right",
            "identify submit > pin check > pin_confirmed activate > pin",
            id="a wrong destination",
        ),
    ],
)
def test_a_seeded_fault_breaks_a_rule_by_its_shortest_path(
    name: str, old: str, new: str, rule: str, path: str
) -> None:
    prover = Prover(space(name, (old, new)), catalogue())
    broken = {each.rule: prover.check(each) for each in rules(name)}
    assert broken[rule].verdict == "broken"
    assert broken[rule].path is not None
    assert broken[rule].path.in_words() == path


CAN_NEVER_FAIL = {
    ", excused or not": {
        "never": {"order": "issue health_card", "after": {"reach": "added"}, "without": "card_found"}
    },
    "is taken, whatever the guards answer": {"never": {"take": "requested.dead_link"}},
    "It never happens that": {
        "always": {"after": {"take": "requested.dead_link"}, "no": {"reach": "added"}},
    },
    "Nothing that would be too late": {
        "always": {"after": {"reach": "expired"}, "comes": {"order": "send"}},
    },
    "even 3 times": {"at_most": {"reach": "add_to_wallet", "times": 3}},
    "'requested.dead_link' is taken.": {"at_most": {"take": "requested.dead_link", "times": 0}},
}


@pytest.mark.parametrize("why", CAN_NEVER_FAIL)
def test_a_rule_that_can_never_fail_is_told(why: str) -> None:
    found = checked(shipped("ecard"), **CAN_NEVER_FAIL[why])
    assert found.verdict == "vacuous", found
    assert why in found.why


@pytest.mark.parametrize(
    ("name", "demand"),
    [
        ("activation", {"never": {"take": "pin.used"}}),  # a guard might well say so
        ("ecard", {"always": {"after": {"reach": "added"}, "no": {"order": "send"}}}),
        (
            "ecard",
            {
                "always": {
                    "after": {"reach": "not_found"},
                    "comes": {"order": "look_again"},
                    "before": {"reach": "form"},
                }
            },
        ),
    ],
)
def test_a_rule_that_only_happens_to_hold_is_not_vacuous(name: str, demand: dict[str, object]) -> None:
    assert checked(shipped(name), **demand).verdict == "holds"


def test_a_limit_is_told_with_one_too_many() -> None:
    found = checked(shipped("activation"), at_most={"says": {"pin_right": "wrong"}, "times": 2})
    assert found.verdict == "broken"
    assert found.path is not None
    assert found.path.in_words().count("wrong") == 3


@given(flows(), st.data())
@settings(max_examples=25, deadline=None)
def test_no_walk_breaks_a_rule_that_holds_and_none_is_shorter_than_the_one_told(
    flow: Flow, data: st.DataObject
) -> None:
    found = explore(flow, CATALOGUE)
    events = sorted({each for edge in found.all_edges for each in of_edge(flow, edge)})
    bad, after, without = (frozenset({data.draw(st.sampled_from(events))}) for _ in range(3))
    monitor = Forbids(bad, after if data.draw(st.booleans()) else frozenset(), without)
    breach = Prover(found, CATALOGUE).breach(monitor)
    for _ in range(20):
        here, memory, steps = found.initial, monitor.see(monitor.start, at_start(found.initial.state)), 0
        while memory is not None and steps < 12:
            edge = data.draw(st.sampled_from(found.edges[here]))
            here, memory, steps = edge.target, monitor.see(memory, of_edge(flow, edge)), steps + 1
        if memory is None:
            assert breach is not None
            assert len(path_of(breach).moves) <= steps
    if breach is not None:
        memory = monitor.see(monitor.start, at_start(found.initial.state))
        for number, edge in enumerate(breach, start=1):
            assert memory is not None
            memory = monitor.see(memory, of_edge(flow, edge))
            assert (memory is None) == (number == len(breach))


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("rule: alone\n", 1, "should hold a list of rules"),
        ("- rule: one\n  never: {reach: form, order: send}\n", 2, "say one thing that happens"),
        ("- rule: one\n", 1, "A rule says one of `never`, `always` and `at_most`"),
        (
            "- rule: one\n  never: {reach: fom}\n",
            2,
            "The state 'fom' does not occur in the flow. Did you mean 'form'?",
        ),
        ("- rule: one\n  never: {order: send card}\n", 2, "The effect 'send card' does not occur"),
        ("- rule: one\n  never: {reach: added, without: card_fond}\n", 2, "Did you mean 'card_found'?"),
        (
            "- rule: one\n  never: {says: {card_found: sometimes}}\n",
            2,
            "'card_found' never answers 'sometimes'.",
        ),
        ("- rule: one\n  always: {after: {reach: added}}\n", 2, "say either `no`"),
        ("- rule: one\n  at_most: {reach: added}\n", 2, "'times' is missing"),
        ("- rule: one\n  newer: {reach: added}\n", 2, "Did you mean 'never'?"),
    ],
)
def test_what_is_wrong_with_a_file_is_told_with_its_place(
    tmp_path: Path, text: str, line: int, words: str
) -> None:
    file = tmp_path / "safety.yaml"
    file.write_text(text)
    told = read_rules(file, shipped("ecard").flow, catalogue())
    assert not told.rules
    (first, *_) = told.findings
    assert (first.line, words in str(first)) == (line, True), str(first)


def test_recorded_runs_are_held_against_the_rules(house: House, walk: Walk) -> None:
    walk.get("/ecard/").post(**PERSON)
    wrong = Rule.model_validate({"rule": "nothing is found", "never": {"says": "card_found"}})
    history = check_recorded(house, "ecard", [*rules("ecard"), wrong])
    assert (history.runs, len(history.troubles)) == (1, 0)
    (breach,) = history.breaches.values()
    assert list(history.breaches) == [len(rules("ecard"))]
    assert (breach.seq, breach.runs) == (1, 1)


def narthex(settings: Settings, *words: str) -> Result:
    return CliRunner().invoke(main, ["safety", *words], env={"NARTHEX_VAR": str(settings.var)})


def test_the_command_proves_and_looks_back(settings: Settings, walk: Walk) -> None:
    walk.get("/ecard/").post(**PERSON)
    told = narthex(settings, "ecard")
    assert told.exit_code == 0, told.output
    assert "holds    ecard: No card is handed over by a dead link" in told.output
    assert "ecard: 1 recorded runs, 10 of 10 rules kept." in told.output


def test_the_command_ends_with_1_for_a_broken_rule_and_2_for_a_file_it_cannot_read(
    settings: Settings, tmp_path: Path
) -> None:
    folder = tmp_path / "ecard"
    folder.mkdir()
    for file in (ROOT / "workflows" / "ecard").glob("*.yaml"):
        (folder / file.name).write_text(file.read_text())
    (folder / "safety.yaml").write_text("- rule: nobody gets a card\n  never: {reach: added}\n")
    told = narthex(settings, "--generated", "--json", str(folder))
    (rule,) = json.loads(told.output)["flows"][0]["generated"]
    assert (told.exit_code, rule["verdict"]) == (1, "broken")
    assert rule["path"] == "form submit > requested open_link > add_to_wallet add > added"
    (folder / "safety.yaml").write_text("- rule: [\n")
    told = narthex(settings, "--generated", str(folder))
    assert told.exit_code == 2
    assert "safety.yaml:" in told.output


def test_a_rule_that_can_never_fail_ends_the_command_like_a_broken_one(tmp_path: Path) -> None:
    folder = tmp_path / "ecard"
    shutil.copytree(ROOT / "workflows" / "ecard", folder)
    (folder / "safety.yaml").write_text(
        "- rule: Nobody is sent a card on the first page\n"
        "  never: {reach: added, unless: {take: form.found}, "
        "after: {reach: expired}}\n"
    )
    ran = CliRunner().invoke(main, ["safety", str(folder), "--generated"])
    assert (ran.exit_code, "vacuous" in ran.output) == (1, True), ran.output
