"""Scenarios: those that ship come true, and what is wrong with one is told with its place and cure."""

import shutil
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest
from click.testing import CliRunner, Result

from app import wiring
from app.cli import main
from app.config import ROOT
from app.flow.definition import Flow
from app.flow.loader import load, read_folder
from app.flow.source import Unreadable
from app.scenarios.read import read_scenarios
from app.scenarios.run import try_folder

WORKFLOWS = ROOT / "workflows"
MARIA = "{email: maria.sineva.demo@gmail.com, mobile: 0888123456, national_id: 9912310123, device: ios}"

Command = Callable[..., Result]


@pytest.fixture
def narthex(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    monkeypatch.setenv("NARTHEX_VAR", str(tmp_path / "var"))
    return lambda *words: CliRunner().invoke(main, words)


@pytest.fixture(scope="module")
def flow() -> Flow:
    loaded = load(read_folder(WORKFLOWS / "ecard"), wiring.catalogue())
    assert loaded.flow is not None
    return loaded.flow


@pytest.fixture
def folder(tmp_path: Path) -> Callable[[str], Path]:
    """A copy of the shipped flow with scenarios of the test's own."""

    def copied(scenarios: str) -> Path:
        there = tmp_path / "ecard"
        shutil.copytree(WORKFLOWS / "ecard", there)
        (there / "scenarios.yaml").write_text(dedent(scenarios), "utf-8")
        return there

    return copied


@pytest.mark.parametrize("flow_name", sorted(file.parent.name for file in WORKFLOWS.glob("*/flow.yaml")))
def test_what_ships_comes_true(flow_name: str, narthex: Command, tmp_path: Path) -> None:
    tried = narthex("scenarios", flow_name)
    assert tried.exit_code == 0, tried.output
    assert tried.output.count("ok      ") >= 8
    assert not (tmp_path / "var").exists(), "the database of the settings was touched"


# Each file, and the finding it gets: line, column, what, cure.
WRONG = {
    "no list": ("a: 1", "1:1: F000 The file should hold a list of scenarios. Begin each with `- name: `."),
    "unknown key": (
        """\
        - name: Maria
          stepps:
            - {at: form, then: requested}
          steps:
            - {at: form, then: requested}
        """,
        "2:3: F000 'stepps' is not known here. Did you mean 'steps'?",
    ),
    "unknown key of a step": (
        """\
        - name: Maria
          steps:
            - at: form
              anwsers: {device: ios}
              then: requested
        """,
        "4:7: F000 Step 1: 'anwsers' is not known here. Did you mean 'answers'?",
    ),
    "no act": (
        "- {name: Maria, steps: [{then: requested}]}",
        "1:25: F000 Step 1: a step says what is done: one of at, open, wallet, wait, choose, as,",
    ),
    "two acts": (
        "- {name: Maria, steps: [{at: form, wait: 2 h, then: requested}]}",
        "1:25: F000 Step 1: 'at' and 'wait' are two steps; begin the second with `- `",
    ),
    "press without a page": (
        "- {name: Maria, steps: [{wait: 2 h, press: submit, then: form}]}",
        "1:25: F000 Step 1: 'press' needs `at`, the page it belongs to",
    ),
    "span": (
        "- {name: Maria, steps: [{wait: 2 hours, then: form}]}",
        "1:32: F000 Step 1, wait: write a duration as '30 s', '10 min', '24 h' or '30 days'.",
    ),
    "state": (
        """\
        - name: Maria
          steps:
            - {at: from, then: requested}
            - {wait: 1 h, then: reqested}
        """,
        "3:12: F005 Step 1, at names the state 'from', which does not exist. Did you mean 'form'?",
        "4:25: F005 Step 2, then names the state 'reqested', which does not exist. Did you mean 'requested'?",
    ),
    "answer": (
        "- {name: Maria, steps: [{at: form, answers: {emial: a@b.bg}, then: invalid}]}",
        "1:46: F005 Step 1, answers names the answer of 'form' 'emial', which does not exist. "
        "Did you mean 'email'?",
    ),
    "button": (
        "- {name: Maria, steps: [{at: form, press: sumbit, then: invalid}]}",
        "1:43: F005 Step 1, press names the button of 'form' 'sumbit', which does not exist. "
        "Did you mean 'submit'?",
    ),
    "field": (
        "- {name: Maria, steps: [{at: form, problems: {mobil: required}}]}",
        "1:47: F005 Step 1, problems names the field 'mobil', which does not exist. Did you mean 'mobile'?",
    ),
    "message of the page": (
        "- {name: Maria, steps: [{at: form, says: resend_latter}]}",
        "1:42: F005 Step 1, says names the message 'resend_latter', which does not exist.",
    ),
    "register": (
        "- {name: Maria, given: {registers: {insureds: []}}, steps: [{at: form, then: invalid}]}",
        "1:37: F005 Given.registers names the register 'insureds', which does not exist. "
        "Did you mean 'insured'?",
    ),
    "column": (
        "- {name: Maria, given: {also: {profiles: [{emial: a@b.bg}]}}, steps: [{at: form, then: invalid}]}",
        "1:44: F005 Given.also.profiles.1 names the column 'emial', which does not exist. "
        "Did you mean 'email'?",
    ),
    "code": (
        "- {name: Maria, steps: [{at: form, answers: {email: {wrong: true}}, then: invalid}]}",
        "1:46: F000 The page of 'form' asks for no code. Write what is typed.",
    ),
    "code from nowhere": (
        "- {name: Maria, steps: [{at: form, answers: {email: {from: sms}}, then: invalid}]}",
        "1:46: F000 No code of this flow goes by sms. There is none yet.",
    ),
    "portal": (
        "- {name: Maria, steps: [{at: form, portal: closed}]}",
        "1:25: F000 This flow makes no logins, so there is no portal.",
    ),
    "nothing expected": (
        "- {name: Maria, steps: [{at: form}]}",
        "1:25: F000 The last step does not say what must have come of it, so nothing can fail.",
    ),
    "twice": (
        """\
        - {name: Maria, steps: [{at: form, then: invalid}]}
        - {name: Maria, steps: [{at: form, then: invalid}]}
        """,
        "2:10: F000 'Maria' stands here twice, first in line 1. Rename one.",
    ),
    "after": (
        """\
        - {name: Maria, steps: [{at: form, then: invalid}]}
        - {name: Next, after: Marya, lang: en, steps: [{at: invalid, press: back, then: form}]}
        """,
        "2:23: F000 No scenario above is called 'Marya'. Did you mean 'Maria'?",
        "2:30: F000 'lang' stands beside 'after', whose scenario has it already.",
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_each_mistake_is_told_with_place_and_cure(case: str, flow: Flow, tmp_path: Path) -> None:
    written, *expected = WRONG[case]
    file = tmp_path / "scenarios.yaml"
    file.write_text(dedent(written), "utf-8")
    told = read_scenarios(file, flow)
    assert told.scenarios == ()
    assert len(told.findings) == len(expected), [str(each) for each in told.findings]
    for finding, words in zip(told.findings, expected, strict=True):
        assert str(finding).startswith(f"{file}:{words}"), str(finding)


def test_what_is_no_yaml_of_ours_is_unreadable(flow: Flow, tmp_path: Path) -> None:
    file = tmp_path / "scenarios.yaml"
    file.write_text("- &a {name: Maria}\n- *a\n", "utf-8")
    with pytest.raises(Unreadable, match=r"scenarios\.yaml:1:3: F000 '&a' refers to another place"):
        read_scenarios(file, flow)


def test_a_file_with_mistakes_ends_with_two_and_one_that_comes_not_true_with_one(
    narthex: Command, folder: Callable[[str], Path]
) -> None:
    there = folder("- {name: Maria, steps: [{at: form}]}")
    tried = narthex("scenarios", str(there))
    assert tried.exit_code == 2
    assert f"{there}/scenarios.yaml:1:25: F000 The last step" in tried.output
    (there / "scenarios.yaml").write_text("- {name: Maria, steps: [{at: form, then: requested}]}")
    tried = narthex("scenarios", str(there), "--verbose")
    assert tried.exit_code == 1
    assert (
        f"failed  {there}/scenarios.yaml:1:42: Maria: stands at invalid, expected requested; reasons: "
        in (tried.output)
    )
    assert "1. at: form -> invalid" in tried.output
    assert "Scenarios tried: 1, failed: 1." in tried.output
    unknown = narthex("scenarios", "ecrad")
    assert unknown.exit_code == 2
    assert "Did you mean 'ecard'?" in unknown.output


def test_a_step_that_goes_otherwise_says_what_was_expected_and_what_happened(
    narthex: Command, folder: Callable[[str], Path]
) -> None:
    there = folder(
        f"""\
        - name: the wrong state
          steps:
            - at: form
              answers: {MARIA.replace("0888123456", "0888100201")}
              then: requested
        - name: the wrong page
          steps: [{{at: requested, press: resend, then: requested}}]
        - name: the wrong problems
          steps: [{{at: form, answers: {{mobile: "1", device: ios}}, problems: {{email: required}}}}]
        - name: no message
          steps: [{{at: form, message: {{channel: sms}}}}]
        - name: Maria
          steps: [{{at: form, answers: {MARIA}, then: requested}}]
        - name: too many messages
          steps: [{{at: form, answers: {MARIA}, no_message: true}}]
        - name: another message
          steps: [{{at: form, answers: {MARIA}, message: {{channel: sms, to: 0888100201, contains: tea}}}}]
        - name: the wrong way
          after: Maria
          steps: [{{at: requested, press: resend, says: resend_later, then: form}}]
        - name: no end
          after: Maria
          steps: [{{wait: 1 h, ended: success}}]
        - name: no older link
          after: Maria
          steps: [{{open: older link, link: replaced}}]
        - name: a dead link
          after: Maria
          steps: [{{wait: 24 h}}, {{open: link, link: live}}]
        - name: no link is open
          after: Maria
          steps: [{{wallet: apple, handed_over: true}}]
        - name: nothing to continue
          steps: [{{choose: continue, then: form}}]
        - name: after one that failed
          after: a dead link
          steps: [{{wait: 1 h, then: expired}}]
        - name: a row that cannot be
          given: {{also: {{profiles: [{{national_id: 9912310123, email: maria, mobile: 0888123456}}]}}}}
          steps: [{{at: form, then: invalid}}]
        """
    )
    tried = narthex("scenarios", str(there))
    failed = [
        line.partition("scenarios.yaml:")[2] for line in tried.output.splitlines() if "failed  " in line
    ]
    expected = [
        "5:13: the wrong state: stands at not_found, expected requested; reasons: card_found no (contact",
        "7:16: the wrong page: stands at form, expected requested",
        "9:59: the wrong problems: problems are email: required, mobile: not_a_phone, national_id: required, "
        "expected email: required",
        "11:22: no message: no message went out, expected one by sms",
        "15:139: too many messages: there went sms to +359888123456, expected no message",
        "17:127: another message: no message as expected; the nearest went to +359888123456, "
        "expected 0888100201, reads '",
        "20:68: the wrong way: stands at requested, expected form; reasons: may_resend no (too_soon)",
        "23:30: no end: requested is no end, expected to end as success",
        "26:18: no older link: no message with a link has come, or not one before the newest",
        "29:44: a dead link: the link is expired, expected live",
        "32:20: no link is open: no link is open in this browser; add a step `open: link`",
        "34:20: nothing to continue: nothing has begun in this browser",
        "36:10: after one that failed: 'a dead link' failed, so it cannot be gone on with",
        "39:29: a row that cannot be: the row cannot be taken: email cannot be read as email",
    ]
    for line, words in zip(failed, expected, strict=True):
        assert line.startswith(words)
    assert tried.exit_code == 1


def test_two_at_once_do_not_disturb_one_another(folder: Callable[[str], Path]) -> None:
    there = folder(f"""\
        - name: Maria
          steps: [{{at: form, answers: {MARIA}, then: requested, message: {{channel: sms}}}}]
        - name: Nobody else is there
          steps:
            - {{as: another browser, then: form}}
            - {{at: form, answers: {MARIA}, message: {{channel: sms}}}}
        """)
    both = zip(try_folder(there, ROOT), try_folder(there, ROOT), strict=True)
    assert [(one.failure, other.failure) for one, other in both] == [(None, None), (None, None)]
