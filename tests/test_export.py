"""Definitions taken out: as an archive, and into folders whose own changes are never undone unasked."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli import main
from app.flow.archive import read_archive
from app.flow.loader import digest, read_folder
from app.runner.house import House
from app.runner.publish import publish
from tests.test_compare import OPENS, SHIPPED, folder


@pytest.fixture
def dialect() -> str:
    return "sqlite"


@pytest.fixture
def there(house: House, monkeypatch: pytest.MonkeyPatch) -> House:
    """The house that commands find."""
    monkeypatch.setattr("app.cli.common.looking_house", lambda: house)
    monkeypatch.setattr("app.cli.common.house", lambda *_: house)
    return house


def narthex(*words: str | Path) -> Result:
    return CliRunner().invoke(main, ["flows", *map(str, words)])


def test_an_archive_holds_the_definition_and_says_what_it_is(there: House, tmp_path: Path) -> None:
    file = tmp_path / "ecard.zip"
    assert narthex("export", "ecard", "--to", file).exit_code == 0
    found = read_archive(file.read_bytes())
    version = there.shelf.live("ecard")
    assert {name: found.files[name] for name in version.files} == version.files
    assert (found.about["flow"], found.about["number"], found.about["digest"]) == ("ecard", 1, version.digest)
    assert found.about["exported_at"].endswith("+00:00")
    again = narthex("export", "ecard", "--to", file)
    assert (again.exit_code, "--over" in again.output) == (2, True)


def test_a_folder_that_holds_a_version_is_brought_up_to_date(there: House, tmp_path: Path) -> None:
    publish(there, folder(tmp_path / "a", OPENS))
    mine = folder(tmp_path / "b")
    (mine / "texts.hu.yaml").write_text("states: {}\n")  # a language nobody speaks there
    refused = narthex("export", "ecard", "--to", mine)
    assert (refused.exit_code, f"{mine}: holds changes that no version" in refused.output) == (2, True)
    (mine / "texts.hu.yaml").unlink()
    done = narthex("export", "ecard", "--to", mine)
    assert done.output == f"{mine}: flow.yaml, narthex.json\n"
    assert digest(read_folder(mine)) == there.shelf.live("ecard").digest
    assert (mine / "registers").is_dir()
    older = narthex("export", "ecard", "--of", "1", "--to", mine)
    assert older.exit_code == 0
    assert read_folder(mine) == read_folder(SHIPPED)


@pytest.mark.parametrize("name", ["flow.yaml", "scenarios.yaml"])
def test_changes_that_no_version_holds_are_kept_unless_one_says_over(
    there: House, tmp_path: Path, name: str
) -> None:
    publish(there, folder(tmp_path / "a", OPENS))
    mine = folder(tmp_path / "b")
    with (mine / name).open("a") as file:
        file.write("# Mine.\n")
    before = {each: each.read_bytes() for each in mine.rglob("*") if each.is_file()}
    refused, told = narthex("export", "ecard", "--to", mine), mine if name == "flow.yaml" else mine / name
    assert refused.exit_code == 2
    assert f"{told}: holds changes that no version of ecard has" in refused.output
    assert {each: each.read_bytes() for each in mine.rglob("*") if each.is_file()} == before
    assert narthex("export", "ecard", "--to", mine, "--over").exit_code == 0
    assert "# Mine." not in (mine / name).read_text()


def test_what_is_not_there_is_named(there: House, tmp_path: Path) -> None:
    for words, said in (
        (("ecrad",), "Did you mean 'ecard'?"),
        (("ecard", "--of", "7"), "ecard has no version '7'"),
        (("ecard", "--of", "draft"), "ecard has no draft"),
    ):
        told = narthex("export", *words, "--to", tmp_path / "x.zip")
        assert (told.exit_code, said in told.output) == (2, True), told.output
    file = tmp_path / "file"
    file.write_text("x")
    assert "is a file, no folder" in narthex("export", "ecard", "--to", file).output
