"""Generated paths, driven through the real application: all that can be reached is, and faults are found."""

import json
import shutil
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path as File
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask, Response
from playwright.sync_api import Browser
from pydantic import BaseModel

from app import wiring
from app.cli import main
from app.config import ROOT, Settings
from app.flow.catalogue import Catalogue
from app.flow.definition import Flow
from app.flow.loader import load, read_folder
from app.flow.paths.cover import select
from app.flow.paths.explore import space_of
from app.flow.paths.model import Path
from app.flow.verdict import Verdict
from app.proof import failures, report
from app.proof.browser_run import in_chromium
from app.proof.failures import Failure, NoFailure
from app.proof.ground import Build, Ground, ground
from app.proof.probes import PROBES
from app.proof.prover import Prover
from app.proof.run import prove
from app.runner.house import House
from app.scenarios.expect import compare
from app.scenarios.read import read_scenarios
from app.step import Step
from tests.apps import ready_app
from tests.test_templates import compile_translations

FLOWS = ["activation", "ecard", "registration"]
WORKFLOWS = ROOT / "workflows"


@contextmanager
def on(flow: str | File, build: Build = ready_app, catalogue: Catalogue | None = None) -> Iterator[Ground]:
    compile_translations()
    with ground(WORKFLOWS / flow, ROOT, build, catalogue) as here:
        yield here


def definition(flow: str) -> Flow:
    loaded = load(read_folder(WORKFLOWS / flow), wiring.catalogue(), root=flow)
    assert loaded.flow is not None
    return loaded.flow


def path(flow: str, words: str) -> Path:
    """The first path among those chosen for a flow that begins with these words, cut off behind them."""
    for each in select(definition(flow), strategy="short"):
        for end in range(1, len(each.moves) + 1):
            cut = Path(each.moves[:end])
            if cut.in_words() == words:
                return cut
    raise LookupError(words)


@pytest.mark.parametrize("flow", FLOWS)
def test_all_that_can_be_reached_is_reached_and_withstands_every_probe(flow: str) -> None:
    with on(flow) as here:
        proof = prove(here, ("states", "transitions", "outcomes"))
    assert proof.holds, "\n".join(report.lines(proof))
    assert proof.looked >= len(proof.flow.spec.states)
    assert not proof.coverage.having("unknown")


@pytest.mark.parametrize("flow", FLOWS)
def test_what_analysts_tell_comes_true_over_http(flow: str) -> None:
    with on(flow) as here:
        told = read_scenarios(WORKFLOWS / flow / "scenarios.yaml", here.flow).scenarios
        # The others go on where one ended, or replace a register, and need a house of their own.
        alone = [each for each in told if each.after is None and not each.given.registers]
        for number, scenario in enumerate(alone):
            walk = here.begin(scenario, number)
            for step in scenario.steps:
                compare(step, walk.take(step))


def turned_round(guard: str) -> Catalogue:
    """A catalogue in which one guard says the opposite of what it should."""
    every = wiring.catalogue()
    right = every.guards[guard]

    def wrong(step: Step, options: BaseModel) -> Verdict:
        verdict = right.ask(step, options)
        return Verdict.no("too_soon") if verdict.answer == "yes" else Verdict.yes()

    return replace(every, guards={**every.guards, guard: replace(right, ask=wrong)})


def test_a_guard_turned_round_is_found_by_the_shortest_path_that_asks_it() -> None:
    with on("ecard", catalogue=turned_round("may_send")) as here:
        proof = prove(here, ("transitions", "outcomes"), probes=())
    assert not proof.holds
    (failure,) = proof.failures
    assert failure.path.in_words() == "form submit > requested resend > requested"
    assert "took requested.not_yet to requested, expected requested.again" in failure.text


@pytest.fixture
def without_expired(tmp_path: File) -> File:
    """A copy of the activation in which a PIN that is out of date is told like a wrong one."""
    folder = tmp_path / "activation"
    shutil.copytree(WORKFLOWS / "activation", folder)
    whole = (folder / "flow.yaml").read_text("utf-8")
    (line,) = [each for each in whole.splitlines() if "{id: expired," in each]
    (folder / "flow.yaml").write_text(whole.replace(line + "\n", ""), "utf-8")
    return folder


def headless(settings: Settings, house: House) -> Flask:
    """The application without one of the headers that every page owes."""
    built = ready_app(settings, house)

    @built.after_request
    def lose(response: Response) -> Response:
        response.headers.pop("Referrer-Policy", None)
        return response

    built.after_request_funcs[None].reverse()  # what is registered first is carried out last
    return built


def test_a_page_that_lacks_what_any_page_owes_fails() -> None:
    with on("ecard", headless) as here:
        (failure,) = Prover(here).try_one(path("ecard", "form submit > requested"))
    assert failure.text == "the page /ecard/form: the header Referrer-Policy is missing"


def test_a_form_that_nobody_guards_is_found_by_its_probe(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.web.wizard.csrf_holds", lambda: True)
    with on("ecard") as here:
        found = Prover(here).try_one(path("ecard", "form submit (form_valid no) > invalid"))
    assert [(each.probe, each.text.partition(",")[0]) for each in found] == [
        ("no csrf", "a form without the session's token is answered 303"),
        ("no csrf", "it moved from invalid (2) to form (3 records)"),
    ]


def test_a_fault_that_the_program_reports_fails_the_path(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> None:
        raise LookupError("nothing there")

    monkeypatch.setattr("app.runner.submit.marks", broken)
    with on("ecard") as here:
        (failure,) = Prover(here).try_one(path("ecard", "form submit > requested"))
    assert "POST /ecard/form was answered 500" in failure.text


def test_every_probe_has_a_name_of_its_own_and_a_sentence() -> None:
    assert len({probe.name for probe in PROBES}) == len(PROBES) >= 11
    assert all(probe.sentence.endswith(".") for probe in PROBES)


@pytest.mark.browser
@pytest.mark.parametrize("flow", FLOWS)
def test_a_path_of_each_flow_is_taken_in_chromium(flow: str, window: Browser) -> None:
    made = definition(flow)
    ends = (each for each in select(made, strategy="short") if made.state(each.end).end == "success")
    chosen = min(ends, key=lambda each: len(each.moves))
    with on(flow) as here, in_chromium(here, window) as prover:
        seen = prover.try_all([chosen], here.flow.spec.languages)
    assert [each.in_words for each in seen.failures] == []
    assert seen.driven == 1, seen.left_out


def test_a_failure_is_the_same_when_it_is_read_again(tmp_path: File) -> None:
    failure = Failure(
        path("ecard", "form submit > requested resend > requested"), "it stood still", None, "bg"
    )
    file = failures.save(tmp_path, failure)
    assert failures.save(tmp_path, failure) == file
    (saved,) = failures.load(tmp_path, space_of(definition("ecard")))
    assert saved.failure is not None and not saved.kept
    assert saved.failure.in_words == failure.in_words == saved.words
    failures.keep(saved)
    failures.save(tmp_path, failure)
    (saved,) = failures.load(tmp_path, space_of(definition("ecard")))
    assert saved.kept


def test_a_failure_on_a_path_that_has_gone_is_told_apart(tmp_path: File) -> None:
    failures.save(tmp_path, Failure(path("ecard", "form submit > requested"), "it fell"))
    (saved,) = failures.load(tmp_path, space_of(definition("activation")))
    assert saved.failure is None


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"moves": 1, "text": "", "probe": null, "lang": null}'])
def test_a_file_that_is_no_failure_says_what_to_do(text: str, tmp_path: File) -> None:
    (tmp_path / "x.json").write_text(text, "utf-8")
    with pytest.raises(NoFailure, match=r"x\.json: .*; delete it"):
        list(failures.load(tmp_path, space_of(definition("ecard"))))


Command = Callable[..., Result]


@pytest.fixture
def narthex(tmp_path: File, monkeypatch: pytest.MonkeyPatch) -> Command:
    monkeypatch.setenv("NARTHEX_VAR", str(tmp_path / "var"))
    return lambda *words: CliRunner().invoke(main, words)


def test_a_dropped_transition_is_found_by_the_paths_of_the_definition_that_had_it(
    narthex: Command, without_expired: File
) -> None:
    found = narthex("paths", str(without_expired), "--of", "activation", "--no-probes")
    assert found.exit_code == 1
    told = found.output.splitlines()
    (failed,) = [line for line in told if line.startswith("  failed: ")]
    assert failed.startswith(
        "  failed: identify submit > pin check (pin_right expired) > pin: took pin.wrong"
    )
    (lost,) = [line for line in told if line.startswith("  not reached: transition ")]
    assert lost.startswith("  not reached: transition pin.expired. It failed: took pin.wrong to pin")


def test_paths_are_listed_and_reported_for_machines(narthex: Command, tmp_path: File) -> None:
    listed = narthex("paths", "ecard", "--list")
    assert listed.exit_code == 0
    assert listed.stdout.splitlines()[0].startswith("ecard 1. form submit (")
    xml = tmp_path / "paths.xml"
    told = narthex("paths", "ecard", "--no-probes", "--json", "--junit", str(xml))
    assert told.exit_code == 0, told.output
    assert told.stderr.splitlines() == ["ecard: choosing its paths", "ecard: driving its paths over HTTP"]
    (flow,) = json.loads(told.stdout)["flows"]
    assert flow["holds"] and flow["transitions"]["form.found"] >= 1
    counted = flow["criteria"]["guards"]
    assert counted["covered"] == counted["reachable"] > 10
    dead = [each for each in flow["criteria"]["transitions"]["goals"] if each["fate"] == "unreachable"]
    assert dead and all("were looked at; none reaches it" in each["why"] for each in dead)
    suites = {suite.get("name"): suite for suite in ET.fromstring(xml.read_text("utf-8"))}
    assert set(suites) == {"ecard.states", "ecard.transitions", "ecard.guards", "ecard.paths"}
    assert suites["ecard.transitions"].get("skipped") == str(len(dead))


def test_a_result_is_kept_for_the_desk(narthex: Command, settings: Settings, monkeypatch: Any) -> None:
    monkeypatch.setenv("NARTHEX_VAR", str(settings.var))
    monkeypatch.setenv("NARTHEX_SECRET_KEYS", settings.secret_keys.get_secret_value())
    assert narthex("paths", "ecard", "--criteria", "states", "--no-probes").exit_code == 0
    opened = wiring.open_house(settings, lambda: None)  # type: ignore[arg-type,return-value]
    with opened.database.read() as connection:
        from app.store import path_results

        stored = path_results.newest(connection, "ecard", opened.shelf.live("ecard").digest)
    opened.database.close()
    assert stored is not None and stored.result["criteria"]["states"]["covered"] == 8


@pytest.fixture
def dialect() -> str:
    return "sqlite"


def test_what_cannot_be_read_ends_with_2(narthex: Command, tmp_path: File) -> None:
    assert narthex("paths", "ecard", "--criteria", "luck").exit_code == 2
    folder = tmp_path / "broken"
    shutil.copytree(WORKFLOWS / "ecard", folder)
    (folder / "flow.yaml").write_text("flow: [", "utf-8")
    told = narthex("paths", str(folder))
    assert told.exit_code == 2
    assert "flow.yaml:2:1: F000" in told.output
