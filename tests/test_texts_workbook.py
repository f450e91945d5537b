"""Texts out to translators and back: a workbook that changes nothing by itself, and every way to spoil it."""

import io
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from click.testing import CliRunner, Result
from hypothesis import given, settings
from hypothesis import strategies as st

from app.cli import main
from app.config import ROOT, Settings
from app.flow.edit import apply_all
from app.flow.loader import read_folder
from app.flow.source import has_unseen
from app.flow.text_edits import edits_for
from app.flow.translated import source_hash, wording
from app.flow.wording import TextChange, has_loose_brace, most_characters, placeholders
from app.gateways.tables import xlsx_sheets
from app.runner.texts.export import KEY, SOURCE, TRANSLATION, workbook
from app.runner.texts.intake import Intake, NotTexts, Refused, intake
from tests.conftest import SECRET
from tests.flows import sound

Row = list[Any]


def exported(files: dict[str, str], **more: Any) -> bytes:
    return workbook("club", wording(files), **more)


def filled_in(content: bytes, change: Callable[[Any], None], language: str = "hu") -> bytes:
    """The workbook as somebody saved it who did `change` to its sheet."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    change(book[language])
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def row_of(sheet: Any, key: str) -> int:
    return next(row[0].row for row in sheet.iter_rows() if row[KEY].value == key)


def translated(key: str, words: object) -> Callable[[Any], None]:
    def change(sheet: Any) -> None:
        sheet.cell(row_of(sheet, key), TRANSLATION + 1).value = words

    return change


def taken(content: bytes, files: dict[str, str] | None = None) -> Intake:
    return intake(io.BytesIO(content), "club", wording(files or sound()))


def refused(change: Callable[[Any], None], files: dict[str, str] | None = None) -> Refused:
    (found,) = taken(filled_in(exported(sound()), change), files).refused
    return found


def not_texts(content: bytes) -> NotTexts:
    with pytest.raises(NotTexts) as problem:
        taken(content)
    return problem.value


# Words of all sorts

SAYABLE = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=60).filter(
    lambda words: words.strip() and not has_unseen(words)
)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(SAYABLE, min_size=2, max_size=2),
    st.sampled_from(["=1+1", "@x", "+a", "-", "#N/A", "_x000D_", "1"]),
)
def test_what_goes_out_and_comes_back_untouched_changes_nothing(words: list[str], odd: str) -> None:
    files = sound()
    keys = ["states.ask.title", "states.later.title", "states.fetch.title"]
    for language, said in (("en", words[0]), ("hu", words[1])):
        there = wording(files).words(language)
        changes = [
            TextChange(language, key, each, there[key])
            for key, each in zip(keys, [said, odd, odd + said], strict=True)
        ]
        files = apply_all(files, edits_for(files, changes))
    found = taken(exported(files), files)
    assert (found.changes, found.refused) == ((), ())
    assert found.unchanged == len(wording(files).every_key())
    assert apply_all(files, edits_for(files, found.changes)) == files


@settings(max_examples=25, deadline=None)
@given(SAYABLE)
def test_a_cell_of_any_content_is_taken_sign_for_sign_or_refused_with_a_reason(words: str) -> None:
    key = "states.ask.title"

    def typed(sheet: Any) -> None:
        cell = sheet.cell(row_of(sheet, key), TRANSLATION + 1)
        cell.value, cell.data_type = words, "s"

    found = taken(filled_in(exported(sound()), typed))
    fits = not has_loose_brace(words) and not placeholders(words) and len(words) <= most_characters(key)
    assert [each.words for each in found.changes] == (
        [words.replace("\r\n", "\n").replace("\r", "\n")] if fits else []
    )
    assert bool(found.refused) is not fits
    after = apply_all(sound(), edits_for(sound(), found.changes))
    if fits:
        assert wording(after).words("hu")[key] == found.changes[0].words
        assert wording(after).translated.made_from("hu") == {key: source_hash("Who are you?")}


# The file itself


def test_a_sheet_a_language_with_text_cells_alone_a_fixed_head_and_one_column_to_write_in() -> None:
    files = sound(("texts.en.yaml", "Who are you?", "'=HYPERLINK(\"http://x\")'"))
    book = openpyxl.load_workbook(io.BytesIO(exported(files)))
    sheet = book["hu"]
    assert book.sheetnames == ["hu"]
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}
    assert sheet.cell(row_of(sheet, "states.ask.title"), SOURCE + 1).quotePrefix
    assert (sheet.freeze_panes, sheet.protection.sheet) == ("A2", True)
    assert sheet.column_dimensions["G"].hidden
    open_ = {cell.column for row in sheet.iter_rows(min_row=2) for cell in row if not cell.protection.locked}
    assert open_ == {TRANSLATION + 1}
    where = sheet.cell(row_of(sheet, "messages.door_code.sms"), 2).value
    assert where == "message 'door_code', sms"
    assert sheet.cell(row_of(sheet, "messages.door_code.sms"), 5).value == "{code}"


def test_only_what_is_to_do_goes_out() -> None:
    files = sound(("texts.hu.yaml", "  later: {title: Jöjjön vissza később}\n", ""))
    sheet = openpyxl.load_workbook(io.BytesIO(exported(files, only=("missing",))))["hu"]
    assert [row[KEY].value for row in sheet.iter_rows(min_row=2)] == ["states.later.title"]


# What comes back


def test_a_good_row_is_taken_and_marked_as_made_from_the_source() -> None:
    found = taken(filled_in(exported(sound()), translated("states.ask.title", "Ki Ön?")))
    after = apply_all(sound(), edits_for(sound(), found.changes))
    assert after["texts.hu.yaml"] == sound()["texts.hu.yaml"].replace("Kicsoda Ön?", "Ki Ön?")
    assert wording(after).translated.made_from("hu") == {"states.ask.title": source_hash("Who are you?")}


@pytest.mark.parametrize(
    ("key", "words", "reason"),
    [
        ("messages.door_code.sms", "Az Ön kódja", "placeholders"),
        ("messages.door_code.sms", "{code} {name}", "placeholders"),
        ("messages.door_code.sms", "{code} {", "brace"),
        ("states.ask.title", None, "empty"),
        ("states.ask.title", "  ", "empty"),
        ("states.ask.title", "Ki Ön?\u202e", "unseen"),
        ("states.ask.title", "Ki " * 40, "too_long"),
        ("states.ask.title", "=1+1", "not_text"),
        ("states.ask.title", "#N/A", "not_text"),
    ],
)
def test_a_row_that_is_not_good_is_refused_and_the_rest_is_taken(
    key: str, words: str | None, reason: str
) -> None:
    def change(sheet: Any) -> None:
        translated(key, words)(sheet)
        translated("states.later.title", "Később")(sheet)

    found = taken(filled_in(exported(sound()), change))
    assert [each.words for each in found.changes] == ["Később"]
    assert [(each.key, each.reason) for each in found.refused] == [(key, reason)]
    assert found.refused[0].row > 1


def test_a_source_that_changed_meanwhile_is_told_with_both_texts() -> None:
    now = sound(("texts.en.yaml", "Who are you?", "Who is it?"))
    found = refused(translated("states.ask.title", "Ki Ön?"), now)
    assert (found.reason, found.was, found.now) == ("source_changed", "Who are you?", "Who is it?")


def test_unknown_keys_and_the_second_row_of_a_key_are_refused() -> None:
    assert refused(lambda sheet: sheet.append(["no.such", "", "", "x", "", "", ""])).reason == "unknown_key"
    twice = refused(lambda sheet: sheet.append(["states.ask.title", "", "", "x", "", "", ""]))
    assert (twice.reason, twice.first) == ("duplicate", 13)


def test_a_sheet_of_a_language_the_flow_does_not_have_is_told() -> None:
    def copied(sheet: Any) -> None:
        sheet.parent.copy_worksheet(sheet).title = "bg"

    assert (refused(copied).sheet, refused(copied).reason) == ("bg", "no_such_language")


# Hostile files


def bomb() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for number in range(2):
            archive.writestr(f"xl/{number}.xml", b" " * (xlsx_sheets.LARGEST_BOOK // 2 + 1))
    return packed.getvalue()


def many_rows() -> bytes:
    def change(sheet: Any) -> None:
        sheet.cell(1_000_000, 1).value = "far.away"

    return filled_in(exported(sound()), change)


def moved() -> bytes:
    return filled_in(exported(sound()), lambda sheet: sheet.insert_cols(1))


def renamed() -> bytes:
    return filled_in(exported(sound()), lambda sheet: setattr(sheet, "title", "Magyar"))


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "unreadable"),
        (b"no workbook at all", "unreadable"),
        (b"PK\x03\x04 cut off", "unreadable"),
        (b"PK\x03\x04" + b"x" * (xlsx_sheets.LARGEST_FILE + 1), "unreadable"),
        (bomb(), "unreadable"),
        (many_rows(), "unreadable"),
        (moved(), "foreign"),
        (renamed(), "no_language"),
        (workbook("other", wording(sound())), "other_flow"),
    ],
    ids=["empty", "text", "cut", "large", "bomb", "rows", "moved", "renamed", "other"],
)
def test_a_hostile_or_foreign_file_ends_in_one_sentence(content: bytes, code: str) -> None:
    problem = not_texts(content)
    assert problem.code == code
    assert str(problem).count("\n") == 0
    assert str(problem).endswith(".")


def test_a_reference_to_another_workbook_is_never_followed() -> None:
    found = refused(translated("states.ask.title", "='[http://192.0.2.1/x.xlsx]S'!A1"))
    assert found.reason == "not_text"


# The commands


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "workflows" / "ecard", tmp_path / "ecard")
    return tmp_path / "ecard"


def narthex(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def test_the_round_trip_by_command_keeps_comments_and_order(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "t.xlsx"
    texts = folder / "texts.en.yaml"
    texts.write_text("# Ours.\n" + texts.read_text())
    before = read_folder(folder)
    assert (
        narthex("texts", "export", folder, "--xlsx", file, "--lang", "en").output == f"{file} written: en.\n"
    )
    done = narthex("texts", "import", file, folder)
    assert (done.exit_code, done.output) == (0, "Rows taken: 0, as before: 82, refused: 0.\n")
    assert read_folder(folder) == before
    key = "states.form.buttons.submit"
    change = translated(key, "Go")
    file.write_bytes(filled_in(file.read_bytes(), change, "en"))
    assert "would be taken: 1" in narthex("texts", "import", file, folder, "--dry-run").output
    assert read_folder(folder) == before
    assert narthex("texts", "import", file, folder).exit_code == 0
    after = read_folder(folder)
    assert {name for name in after if after[name] != before[name]} == {"texts.en.yaml"}
    assert len(after["texts.en.yaml"].splitlines()) == len(before["texts.en.yaml"].splitlines())
    assert wording(after).words("en")[key] == "Go"


def test_a_refused_row_is_told_by_its_number_with_what_to_do(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "t.xlsx"
    narthex("texts", "export", folder, "--xlsx", file)
    file.write_bytes(filled_in(file.read_bytes(), translated("messages.card_link.sms", "{brand}"), "en"))
    done = narthex("texts", "import", file, folder)
    assert done.exit_code == 1
    assert "messages.card_link.sms: it lacks {link}; keep the placeholders of the source." in done.output
    assert narthex("texts", "import", ROOT / "README.md", folder).exit_code == 2


def test_the_live_version_goes_out_by_the_flows_name(
    demo: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NARTHEX_VAR", str(demo.var))
    monkeypatch.setenv("NARTHEX_SECRET_KEYS", SECRET)
    file = tmp_path / "t.xlsx"
    done = narthex("texts", "export", "ecard", "--xlsx", file, "--only", "stale")
    assert (done.exit_code, done.output) == (0, f"{file} written: en.\n")
    assert narthex("texts", "export", "ecrad", "--xlsx", file).exit_code == 2
    assert narthex("texts", "export", "ecard", "--of", "draft", "--xlsx", file).exit_code == 2
    assert (
        "Did you mean 'stale'?"
        in narthex("texts", "export", "ecard", "--xlsx", file, "--only", "stail").output
    )


@pytest.fixture
def dialect() -> str:
    return "sqlite"


@pytest.fixture
def demo(request: pytest.FixtureRequest) -> Settings:
    found: Settings = request.getfixturevalue("settings")
    return found
