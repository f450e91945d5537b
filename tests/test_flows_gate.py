"""`narthex flows gate`: the desk's check of a folder, from the command line."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli import main
from app.config import Settings
from app.flow.loader import read_folder
from app.runner.house import House
from tests.conftest import SECRET
from tests.drafting import WORKFLOWS
from tests.walk import Walk

SHORT = "lifetime: {idle: 30 min, absolute: 2 h}"
BORNE = """
waivers:
  - {rule: F027, at: lifetime.absolute, owner: service, reason: it is told at the start, until: 2100-01-01}
"""


@pytest.fixture
def dialect() -> str:
    return "sqlite"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A flow just begun."""
    made = tmp_path / "greeting"
    run(tmp_path, "new", "greeting", "--lang", "en", "--to", str(made))
    return made


def run(var: Path, *arguments: str) -> Result:
    return CliRunner(env={"NARTHEX_VAR": str(var)}).invoke(main, ["flows", *arguments])


def gate(folder: Path, *more: str) -> Result:
    """The check where no database stands ready."""
    return run(folder.parent, "gate", str(folder), *more)


def test_a_flow_just_begun_passes_and_without_a_database_no_runs_are_looked_at(folder: Path) -> None:
    done = gate(folder)
    assert done.exit_code == 0, done.output
    assert "Recorded runs are left out." in done.stderr
    assert [line for line in done.stdout.splitlines() if not line.startswith("  ")] == [
        "lint: passed",
        "scenarios: passed",
        "safety: passed",
        "replay: passed",
        f"{folder}: passed.",
    ]


def test_what_fails_is_named_with_its_file_and_line(folder: Path) -> None:
    scenarios = folder / "scenarios.yaml"
    scenarios.write_text(scenarios.read_text().replace("then: done", "then: form"))
    done = gate(folder)
    assert done.exit_code == 1
    assert "scenarios: not passed" in done.stdout
    assert f"  {scenarios}:" in done.stdout
    told = json.loads(gate(folder, "--json").stdout)
    assert (told["flow"], told["passed"]) == ("greeting", False)
    assert [told[stage]["passed"] for stage in ("lint", "scenarios", "safety")] == [True, False, True]


def test_after_a_definition_that_does_not_load_nothing_else_is_tried(folder: Path) -> None:
    flow = folder / "flow.yaml"
    flow.write_text(flow.read_text().replace("dest: done", "dest: dome"))
    done = gate(folder)
    assert done.exit_code == 1
    assert f"{flow}:" in done.stdout and "scenarios: not looked at" in done.stdout


@pytest.mark.parametrize("file", ["flow.yaml", "safety.yaml", "scenarios.yaml"])
def test_a_file_that_is_no_yaml_ends_with_2(folder: Path, file: str) -> None:
    (folder / file).write_text("a: [")
    done = gate(folder)
    assert done.exit_code == 2
    assert f"  {folder / file}:2:1" in done.stdout


def test_a_warning_has_to_be_mended_or_borne(folder: Path) -> None:
    flow = folder / "flow.yaml"
    flow.write_text(flow.read_text().replace("lifetime: {idle: 30 min, absolute: 24 h}", SHORT))
    done = gate(folder)
    assert done.exit_code == 1
    assert "lint: not passed" in done.stdout
    flow.write_text(flow.read_text() + BORNE)
    done = gate(folder)
    assert done.exit_code == 0, done.output
    assert "[waived until" in done.stdout


def test_recorded_runs_are_held_against_the_folder(
    house: House, settings: Settings, browser: Callable[..., Walk], tmp_path: Path
) -> None:
    browser().get("/activation/identify").post(eik="1", email="x")
    folder = tmp_path / "activation"
    folder.mkdir()
    for name, text in read_folder(WORKFLOWS / "activation").items():
        (folder / name).write_text(text)
    done = CliRunner(env={"NARTHEX_VAR": str(settings.var), "NARTHEX_SECRET_KEYS": SECRET}).invoke(
        main, ["flows", "gate", str(folder)]
    )
    assert "1 runs: same 1" in done.stdout, done.output
    assert house.shelf.live("activation").number == 1
