"""Flows to start from: each runs as it is, in whatever languages were chosen."""

from datetime import date
from pathlib import Path

import pytest
from click.testing import CliRunner

from app import wiring
from app.cli import main
from app.cli.common import today
from app.config import ROOT
from app.flow.loader import load, read_folder
from app.flow.paths.explore import explore
from app.flow.safety.check import Prover
from app.flow.safety.read import read_rules
from app.flow.starters import NAMES, UnfitFlow, offered, started
from app.runner.publish import check_folder
from app.scenarios.run import try_folder


@pytest.mark.parametrize("starter", NAMES)
@pytest.mark.parametrize("languages", [["hu"], ["bg", "en"]])
def test_a_starter_is_clean_and_does_what_its_scenarios_say(
    starter: str, languages: list[str], tmp_path: Path
) -> None:
    folder = tmp_path / "greeting"
    given = [f"--lang={each}" for each in languages]
    done = CliRunner().invoke(
        main, ["flows", "new", "greeting", "--from", starter, *given, "--to", str(folder)]
    )
    assert done.exit_code == 0, done.output
    catalogue = wiring.catalogue()
    found = check_folder(folder, catalogue, today())
    assert [each for each in found if not each.waived] == []
    flow = load(read_folder(folder), catalogue).flow
    assert flow is not None and (flow.name, flow.spec.languages) == ("greeting", languages)
    assert [each.failure for each in try_folder(folder, ROOT)] == [None, None]
    told = read_rules(folder / "safety.yaml", flow, catalogue)
    prover = Prover(explore(flow, catalogue), catalogue)
    assert {prover.check(rule).verdict for rule in told.rules} == {"holds"}


def test_every_language_of_the_house_is_worded() -> None:
    assert offered() == {"bg", "en", "hu"}


@pytest.mark.parametrize(
    ("name", "languages", "code"),
    [
        ("Big", ["en"], "name"),
        ("a" * 31, ["en"], "long"),
        ("portal", ["en"], "reserved"),
        ("fine", [], "languages"),
        ("fine", ["en", "en"], "languages"),
        ("fine", ["de"], "languages"),
    ],
)
def test_what_cannot_be_a_flow_is_refused(name: str, languages: list[str], code: str) -> None:
    with pytest.raises(UnfitFlow) as refused:
        started("form", name, languages, date(2026, 11, 29))
    assert refused.value.code == code


def test_a_folder_that_is_there_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "flow.yaml").write_text("mine")
    done = CliRunner().invoke(main, ["flows", "new", "greeting", "--to", str(tmp_path)])
    assert done.exit_code == 2
    assert "there already" in done.output
    assert (tmp_path / "flow.yaml").read_text() == "mine"
