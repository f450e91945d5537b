"""Two definitions compared: by a command, and on the desk's page."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli import main
from app.config import ROOT
from app.runner.house import House
from app.runner.publish import publish
from tests.desk import log_in, staffed
from tests.walk import PERSON, Walk

SHIPPED = ROOT / "workflows" / "ecard"
OPENS = ("opens: 10", "opens: 3")


@pytest.fixture
def dialect() -> str:
    return "sqlite"


def folder(where: Path, *edits: tuple[str, str], of: Path = SHIPPED) -> Path:
    """A copy of a flow's folder with places of its flow.yaml rewritten."""
    shutil.copytree(of, where / of.name)
    file = where / of.name / "flow.yaml"
    text = file.read_text()
    for old, new in edits:
        assert old in text, old
        text = text.replace(old, new, 1)
    file.write_text(text)
    return where / of.name


def diff(*words: str | Path) -> Result:
    return CliRunner().invoke(main, ["flows", "diff", *map(str, words)])


def test_two_folders_are_compared_in_words_without_a_database(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NARTHEX_VAR", str(tmp_path / "none"))
    changed = folder(tmp_path, OPENS)
    told = diff(SHIPPED, changed, "--lang", "hu")
    assert (told.exit_code, told.output) == (
        1,
        "Hivatkozás „card_link”\n  A „card_link” hivatkozás mögötti gomb mostantól 3 alkalommal nyomható meg "
        "(eddig: 10).\n",
    )
    assert diff(SHIPPED, SHIPPED).exit_code == 0
    assert not (tmp_path / "none").exists()


def test_the_difference_is_data_and_a_picture_too(tmp_path: Path) -> None:
    changed, picture = folder(tmp_path, OPENS, ("conditions: [may_resend], ", "")), tmp_path / "both.svg"
    told = diff(SHIPPED, changed, "--json", "--svg", picture)
    found = json.loads(told.stdout)
    assert (told.exit_code, found["same"], found["files"]) == (1, False, ["flow.yaml"])
    assert [(each["code"], each["old"], each["new"]) for each in found["changes"]] == [
        ("link_opens", 10, 3),
        ("way_conditions", ["may_resend"], []),
    ]
    assert found["changes"][1]["ids"] == ["states.requested", "ways.requested.again"]
    assert "resend: again ≠ changed" in picture.read_text().replace("&#45;", "-").replace("\xa0", " ")


def test_what_cannot_be_read_is_named_with_file_line_and_cure(tmp_path: Path) -> None:
    broken = folder(tmp_path, ("kind: form", "kind: fromm"))
    told = diff(SHIPPED, broken)
    assert told.exit_code == 2
    assert re.search(r"ecard/flow\.yaml:\d+:\d+: F013 .*'fromm'.*Did you mean 'form'\?", told.output)
    nowhere = diff(SHIPPED, tmp_path / "nowhere")
    assert (nowhere.exit_code, "is no folder" in nowhere.output) == (2, True)
    strange = diff(SHIPPED, ROOT / "workflows" / "activation")
    assert (strange.exit_code, "activation, ecard" in strange.output) == (2, True)


def test_versions_are_compared_by_number_and_by_what_is_live(
    house: House, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(house, folder(tmp_path, OPENS))
    monkeypatch.setattr("app.cli.common.looking_house", lambda: house)
    assert "may now be pressed 3 times (before: 10)" in diff("1", "live", "--flow", "ecard").output
    assert diff("2", "live", "--flow", "ecard").exit_code == 0
    assert diff(SHIPPED, "live").exit_code == 1
    for words, cure in (
        (("1", "live"), "--flow NAME"),
        (("1", "9", "--flow", "ecard"), "There is no version 9 of ecard"),
        (("draft", "live", "--flow", "ecard"), "There is no draft of ecard"),
        (("1", "2", "--flow", "ecrad"), "Did you mean 'ecard'?"),
    ):
        told = diff(*words)
        assert (told.exit_code, cure in told.output) == (2, True), told.output


@pytest.fixture
def auditor(house: House, browser: Callable[..., Walk], tmp_path: Path, walk: Walk) -> Walk:
    """Somebody who looks at the second version of ecard; one person was not found in the first."""
    walk.get("/ecard/").post(**{**PERSON, "email": "wrong@sineva-demo.bg"})
    edits = (OPENS, ("dest: not_found, effects", "dest: invalid, effects"))
    publish(house, folder(tmp_path, *edits))
    staffed(house, "ana", "auditor")
    return log_in(browser(lang="en"), "ana")


def plain(page: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", page.replace("<wbr>", "")).split())


def test_the_page_tells_the_difference_in_words_on_the_diagram_and_line_by_line(auditor: Walk) -> None:
    page = auditor.get("/desk/flows/ecard/compare?of=2&with=1").text
    words = plain(page)
    assert (
        "Link ‘card_link’ The button behind the link ‘card_link’ may now be pressed 3 times (before: 10)."
        in words
    )
    assert "guards: may_resend · states: form , try_later , requested , add_to_wallet , added" in words
    assert "form submit not_found not_found − removed &lt;5" in words
    assert "form submit not_found invalid + new –" in words
    picture = page.partition('<svg class="diagram"')[2].partition("</svg>")[0].replace("\xa0", " ")
    assert "not_found − removed ×&lt;5" in picture.replace("&#45;", "-")
    assert re.search(r"removed</span>|removed: </span>-    opens: 10", page)
    assert '<span class="visually-hidden">added: </span>+    opens: 3' in page


def test_without_an_address_what_is_live_is_compared_with_what_was(auditor: Walk) -> None:
    page = auditor.get("/desk/flows/ecard/compare").text
    assert re.search(r'<option value="live" selected>Live: version 2', page)
    assert re.search(r'<option value="1" selected>Version 1', page)
    same = auditor.get("/desk/flows/ecard/compare?of=live&with=2").text
    assert "Both are the same, to the letter." in same


@pytest.mark.parametrize(("lang", "said"), [("bg", "преди: 10"), ("hu", "eddig: 10")])
def test_the_page_speaks_the_languages_of_the_desk(auditor: Walk, lang: str, said: str) -> None:
    assert said in auditor.get(f"/desk/flows/ecard/compare?of=2&with=1&lang={lang}").text


@pytest.mark.parametrize(
    "path", ["ecard/compare?of=9", "nowhere/compare", "ecard/compare?of=draft", "ecard/compare?of=%00"]
)
def test_what_is_not_there_is_not_found(auditor: Walk, path: str) -> None:
    assert auditor.get(f"/desk/flows/{path}").status == 404
