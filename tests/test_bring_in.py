"""Archives and folders brought into drafts: as one edit, never over edits nobody looked at, never live."""

import io
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from app.flow.archive import read_archive, write_archive
from app.flow.loader import definition_files, read_folder
from app.runner.drafting.changing import save_file
from app.runner.drafting.drafts import draft_of, open_draft
from app.runner.house import House
from app.runner.publish import publish
from app.runner.staff.who import Staff
from tests.desk import log_in, staffed
from tests.test_compare import OPENS, SHIPPED, folder, plain
from tests.test_export import narthex, there
from tests.walk import Walk

__all__ = ["there"]

COMPARE, IMPORT = "/desk/flows/ecard/compare", "/desk/flows/ecard/import"
OLGA = Staff("", "olga", frozenset({"analyst"}))


@pytest.fixture
def dialect() -> str:
    return "sqlite"


@pytest.fixture
def analyst(house: House, browser: Callable[..., Walk]) -> Walk:
    staffed(house, "ana", "analyst")
    return log_in(browser(lang="en"), "ana")


def changed(tmp_path: Path, *edits: tuple[str, str], **about: object) -> bytes:
    files = {each.name: each.read_text() for each in folder(tmp_path, OPENS, *edits).glob("*.yaml")}
    return write_archive(files, {"flow": "ecard", **about})


def bring(analyst: Walk, content: bytes, name: str = "ecard.zip") -> str:
    """Send the file by the form of the comparison; what the page after it says."""
    page = analyst.get(COMPARE).text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.partition("<main")[2])
    revision = re.search(r'name="revision" value="(\d+)"', page)
    assert token and revision
    sent = {"csrf_token": token[1], "revision": revision[1], "file": (io.BytesIO(content), name)}
    return analyst.post(IMPORT, **sent).text  # type: ignore[arg-type]


def test_what_is_brought_in_stands_in_the_draft_and_is_compared_with_what_is_live(
    analyst: Walk, house: House, tmp_path: Path
) -> None:
    words = plain(bring(analyst, changed(tmp_path)))
    assert "The file is in the draft now." in words
    assert "may now be pressed 3 times (before: 10)" in words
    assert "demo.yaml" in words.partition("Left out")[2][:60]
    assert house.shelf.live("ecard").number == 1
    draft = draft_of(house, "ecard")
    assert (draft.revision, "opens: 3" in draft.files["flow.yaml"]) == (1, True)
    taken = analyst.client.get("/desk/flows/ecard/export?of=draft")
    assert taken.headers["Content-Disposition"] == "attachment; filename=ecard-draft.zip"
    assert definition_files(read_archive(taken.data).files) == definition_files(draft.files)


def test_an_archive_of_an_older_version_is_taken_with_a_warning(
    analyst: Walk, house: House, tmp_path: Path
) -> None:
    publish(house, folder(tmp_path / "a", ("idle: 30 min", "idle: 20 min")))
    words = plain(bring(analyst, changed(tmp_path / "b", number=1)))
    assert "It was taken from version 1, and a newer one is live" in words


def test_edits_made_after_the_page_was_shown_are_not_lost(
    analyst: Walk, house: House, tmp_path: Path
) -> None:
    open_draft(house, OLGA, "ecard")
    page = analyst.get(COMPARE).text
    token = re.search(r'name="csrf_token" value="([^"]+)"', page.partition("<main")[2])
    assert token
    save_file(house, OLGA, "ecard", 0, "theme.yaml", (SHIPPED / "theme.yaml").read_text() + "# olga\n")
    sent = {"csrf_token": token[1], "revision": "0", "file": (io.BytesIO(changed(tmp_path)), "x.zip")}
    words = plain(analyst.post(IMPORT, **sent).text)  # type: ignore[arg-type]
    assert "changed meanwhile by olga, and nothing was brought in" in words
    assert draft_of(house, "ecard").files["theme.yaml"].endswith("# olga\n")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"no archive", "This is no ZIP archive"),
        (write_archive({"flow.yaml": "flow: activation\n"}, {}), "holds the flow “activation”"),
        (write_archive({"flow.yaml": "- [\n"}, {}), "does not say which flow it is"),
        (write_archive({"flow.yaml": "flow: ecard\n", "../x": ""}, {}), "'../x' leads out of the archive."),
    ],
)
def test_what_is_not_taken_is_told_beside_the_form_and_nothing_changes(
    analyst: Walk, house: House, content: bytes, said: str
) -> None:
    page = bring(analyst, content)
    assert said in plain(page.replace("&#39;", "'")), plain(page)[-900:]
    assert 'aria-describedby="archive-hint archive-error"' in page
    assert "Draft</option>" not in page


def test_a_definition_that_does_not_load_is_kept_and_its_findings_are_shown(
    analyst: Walk, house: House, tmp_path: Path
) -> None:
    page = bring(analyst, changed(tmp_path, ("kind: form", "kind: fromm")))
    assert "Draft cannot be read as a flow" in plain(page)
    assert "Did you mean &#39;form&#39;?" in page
    assert "+    kind: fromm" in page


def test_who_does_not_edit_takes_files_away_and_brings_none(
    house: House, browser: Callable[..., Walk]
) -> None:
    staffed(house, "otto", "auditor")
    auditor = log_in(browser(lang="en"), "otto")
    page = auditor.get(COMPARE).text
    assert "/desk/flows/ecard/export?of=live" in page
    assert "Bring in" not in page
    assert auditor.post(IMPORT, file="x").status == 403
    assert auditor.get("/desk/flows/ecard/export?of=9").status == 404


def test_a_folder_and_an_archive_come_in_by_a_command(there: House, tmp_path: Path) -> None:
    mine = folder(tmp_path, OPENS)
    assert narthex("import", mine).exit_code == 2
    done = narthex("import", mine, "--as-draft")
    assert (done.exit_code, done.output.partition("\n")[0]) == (0, "ecard  draft, revision 1"), done.output
    assert "may now be pressed 3 times" in narthex("diff", "live", "draft", "--flow", "ecard").output
    file = tmp_path / "ecard.zip"
    assert narthex("export", "ecard", "--to", file).exit_code == 0
    refused = narthex("import", file, "--as-draft")
    assert (refused.exit_code, "the draft holds edits by (console)" in refused.output) == (2, True), (
        refused.output
    )
    assert narthex("import", file, "--as-draft", "--over").exit_code == 0
    assert definition_files(draft_of(there, "ecard").files) == read_folder(SHIPPED)


def test_a_flow_that_is_not_there_yet_becomes_a_draft(there: House, tmp_path: Path) -> None:
    new = tmp_path / "new.zip"
    new.write_bytes(write_archive({"flow.yaml": "flow: visit\n"}, {}))
    assert narthex("import", new, "--as-draft").exit_code == 0
    assert draft_of(there, "visit").base_number is None
    new.write_bytes(b"PK")
    told = narthex("import", new, "--as-draft")
    assert (told.exit_code, f"{new}: This is no ZIP archive" in told.output) == (2, True)
