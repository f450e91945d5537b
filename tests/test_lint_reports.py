"""Findings for people in three languages, for programs and for code hosts; every rule is there."""

import json
import re
from pathlib import Path
from string import Formatter

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from app.cli import main
from app.config import ROOT
from app.flow.phrases import Phrase
from app.flow.reports import plain, sarif
from app.flow.rules import RULES
from app.flow.worded import PHRASES, TABLES, frames_of, packed, unpacked, worded
from tests.flows import all_findings, flow

#: F001-F063 as the desk's table has them.
TABLE = {
    *(f"F{number:03}" for number in (*range(1, 18), *range(20, 28), *range(30, 34), *range(40, 46))),
    *(f"F{number:03}" for number in (*range(50, 56), *range(60, 64))),
}
BROKEN = [flow("browser: 20, network: 60", "browser: 20"), flow(" tries: 5,", ""), flow("max: 8", "max: 9")]
#: Cases that are parts of sentences throughout.
BARE = {"F000", "F013:options", "F013:argument"}
CYRILLIC, FOREIGN = re.compile("[а-я]"), re.compile(r"\b(the|of|and)\b")


def names(frame: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(frame) if name}


def test_every_rule_of_the_table_is_checked_or_said_not_to_apply():
    decisions = (ROOT / "docs" / "decisions.md").read_text("utf-8")
    checked = {rule.partition(":")[0].rstrip("ab") for rule in RULES}
    assert TABLE - checked == {code for code in TABLE - checked if f"{code} " in decisions}
    assert TABLE - checked == {"F017", "F033"}


@pytest.mark.parametrize("lang", ["bg", "hu"])
def test_every_rule_has_its_words_in_each_language(lang):
    assert set(TABLES[lang]) == set(RULES)
    for case, rule in RULES.items():
        text, fix = TABLES[lang][case]
        assert names(text) | names(fix) == names(rule.text) | names(rule.fix), case
        assert bool(fix) == bool(rule.fix), case
        told = re.sub(r"`[^`]*`", "", " ".join(frames_of(case, lang)))
        assert not FOREIGN.search(told), case
        assert lang == "hu" or case in BARE or CYRILLIC.search(told), case


def test_every_part_of_a_sentence_has_its_words_too():
    assert set(PHRASES["bg"]) == set(PHRASES["hu"])
    said = re.compile(r'Phrase\(\s*(?:"((?:[^"\\]|\\.)*)"|\'((?:[^\'\\]|\\.)*)\')')
    sources = (ROOT / "app" / "flow").rglob("*.py")
    frames = {a or b for file in sources for a, b in said.findall(file.read_text("utf-8"))}
    assert len(frames) > 40 and frames <= set(PHRASES["bg"])
    for lang in ("bg", "hu"):
        for frame, told in PHRASES[lang].items():
            assert frame.count("{") == told.count("{") and set(re.findall(r"{\w+}", frame)) == set(
                re.findall(r"{\w+}", told)
            )


@pytest.mark.parametrize(("lang", "words"), [("bg", "Кодът „door_code“"), ("hu", "A(z) „door_code” kód")])
def test_a_finding_is_said_in_another_language(lang, words):
    (found,) = [each for each in all_findings(*BROKEN) if each.code == "F020"]
    assert worded(found, lang)[0].startswith(words)
    assert worded(found, "en") == (found.text, found.fix)


def test_the_parts_of_a_finding_are_said_too():
    gap = flow("      - {id: unknown, trigger: submit, dest: ask, say: unknown}\n", "")
    told = {each.code: each for each in all_findings(gap)}
    assert "когато „form_valid“ е вярно и „is_member“ не е вярно" in worded(told["F010"], "bg")[0]
    assert "ha „form_valid” igaz és „is_member” nem igaz" in worded(told["F010"], "hu")[0]


def test_a_finding_that_was_kept_is_the_same_and_still_said_in_every_language():
    for found in all_findings(*BROKEN):
        again = unpacked(json.loads(json.dumps(packed(found))))
        assert again == found and again.waiver == found.waiver
        assert [worded(again, lang) for lang in TABLES] == [worded(found, lang) for lang in TABLES]
    old = {
        "path": "a",
        "line": 1,
        "column": 1,
        "code": "F001",
        "severity": "error",
        "text": "Old.",
        "fix": "",
    }
    assert worded(unpacked(old), "hu") == ("Old.", "")


@given(st.text(alphabet="ab{}'_0.", max_size=12))
def test_what_analysts_write_is_never_taken_for_a_frame(words):
    phrase = Phrase("'{key}' is missing", key=words)
    assert phrase == f"'{words}' is missing" and phrase.at_the_beginning() == phrase


def test_json_tells_everything():
    told = plain(all_findings(*BROKEN), "hu")
    assert set(told[0]) == {
        *("rule", "severity", "id", "path", "line", "column", "text", "fix", "example", "waived", "waiver"),
    }
    by_rule = {each["rule"]: each for each in told}
    assert by_rule["F044"]["waiver"]["owner"] == "the club" and by_rule["F044"]["waived"]
    assert by_rule["F032"]["example"].startswith("ask.found → prove")
    assert by_rule["F020"]["id"] == "codes.door_code"


def test_sarif_has_what_the_standard_requires():
    """SARIF 2.1.0: sections 3.13, 3.14, 3.18-3.20, 3.27, 3.35 and 3.49, as far as they ask for anything."""
    found = all_findings(*BROKEN)
    log = sarif(found, "1.2.3", "bg")
    assert log["version"] == "2.1.0" and log["$schema"].endswith("sarif-2.1.0.json")
    (run,) = log["runs"]
    driver = run["tool"]["driver"]
    rules = driver["rules"]
    assert driver["name"] == "narthex" and len({rule["id"] for rule in rules}) == len(rules)
    assert all(rule["help"]["text"] and rule["shortDescription"]["text"] for rule in rules)
    assert {rule["defaultConfiguration"]["level"] for rule in rules} == {"error", "warning", "note"}
    assert len(run["results"]) == len(found)
    for result, finding in zip(run["results"], found, strict=True):
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"] == finding.code
        assert result["message"]["text"] and result["level"] in {"error", "warning", "note"}
        place = result["locations"][0]["physicalLocation"]
        assert place["artifactLocation"]["uri"] == "club/flow.yaml"
        assert place["region"] == {"startLine": finding.line, "startColumn": finding.column}
        assert bool(result["suppressions"]) == finding.waived
        for each in result["suppressions"]:
            assert each["kind"] == "inSource" and each["justification"]
    json.dumps(log)


def lint(*asked: str) -> tuple[int, str]:
    told = CliRunner().invoke(main, ["flows", "lint", *asked])
    return told.exit_code, told.stdout


def broken(folder: Path, old: str, new: str) -> str:
    ecard = ROOT / "workflows" / "ecard"
    for file in ecard.glob("*.yaml"):
        text = file.read_text("utf-8")
        (folder / file.name).write_text(text.replace(old, new) if file.name == "flow.yaml" else text, "utf-8")
    return str(folder)


def test_the_shipped_flows_have_no_error_and_no_warning_that_nobody_bears():
    code, told = lint("--format", "json")
    assert code == 0
    assert [each for each in json.loads(told) if each["severity"] != "note" and not each["waived"]] == []


def test_the_command_speaks_three_languages_and_three_formats(tmp_path):
    folder = broken(tmp_path, "network: 60", "device: 60")
    assert lint(folder)[0] == 1
    folder = broken(tmp_path, ", network: 60", "")
    code, told = lint(folder, "--lang", "bg")
    assert code == 1 and f"{folder}/flow.yaml:" in told and "F032 От „form“ непознат" in told
    assert "[с изключение до 2028-06-30: head of member services]" in told
    code, told = lint(folder, "--for", "test", "--format", "sarif")
    assert code == 0 and json.loads(told)["runs"][0]["results"][0]["ruleId"]
    assert lint(folder, "--format", "xml")[0] == 2
