"""The texts of a flow at the desk: the grid, saving beside others, the workbook out and in."""

import html
import io
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from flask import Flask

from app import wiring
from app.flow.translated import wording
from app.flow.wording import TextChange
from app.runner.drafting.changing import save_file
from app.runner.drafting.drafts import discard, draft_of, open_draft
from app.runner.house import House
from app.runner.staff.acts import acts_since
from app.runner.staff.who import Staff
from app.runner.texts.export import TRANSLATION
from app.runner.texts.grid import seen
from app.runner.texts.intake import intake
from app.runner.texts.saving import Typed, save, write
from tests.apps import ready_app
from tests.conftest import Clock, settings_for
from tests.desk import cheap, log_in, staffed
from tests.test_texts_workbook import row_of
from tests.walk import Walk

TEXTS = "/desk/flows/ecard/texts"
TITLE, HINT = "flow.title", "fields.email.hint"
ANNA = Staff("a", "anna", frozenset({"analyst"}))
CELL = re.compile(
    r'<textarea[^>]* name="(\w\w-\d+)"[^>]*>\n(.*?)</textarea>\s*'
    r'<input type="hidden" name="[^"]*-seen" value="(\w*)">',
    re.S,
)
KEYS = re.compile(r'<input type="hidden" name="key" value="([^"]+)">')


@dataclass
class Grid:
    """An analyst's browser with the grid of a draft in view."""

    walk: Walk
    house: House

    @property
    def sent(self) -> dict[str, Any]:
        """What the form would send if nobody typed."""
        fields: dict[str, Any] = {"key": KEYS.findall(self.walk.text)}
        for name, words, stands in CELL.findall(self.walk.text):
            fields[name], fields[f"{name}-seen"] = html.unescape(words), stands
        return fields

    def box(self, language: str, key: str) -> str:
        return f"{language}-{self.sent['key'].index(key)}"

    def save(self, _query: str = "", /, **more: Any) -> "Grid":
        """Send the page's form as it stands, with `more` typed."""
        form = {**self.walk.hidden(), "csrf_token": self.walk.header_token(), **self.sent, **more}
        self.walk.page = self.walk._ask("POST", TEXTS + _query, data=form)
        if self.walk.status == 303:
            self.walk.get(self.walk.page.location)
        return self

    def words(self, language: str) -> dict[str, str]:
        return dict(wording(draft_of(self.house, "ecard").files).words(language))

    def stale(self, language: str = "en") -> list[str]:
        there = wording(draft_of(self.house, "ecard").files)
        return [key for key in there.every_key() if there.is_stale(language, key)]


@pytest.fixture(scope="module")
def desk(demo_var: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, House, Walk]]:
    """An application with two people at the desk, anna logged in; each test begins with a fresh draft."""
    var = tmp_path_factory.mktemp("texts") / "var"
    shutil.copytree(demo_var, var)
    settings = settings_for(var)
    house = cheap(wiring.open_house(settings, Clock()))
    app = ready_app(settings, house)
    staffed(house, "anna", "analyst")
    staffed(house, "vera", "qa")
    yield app, house, log_in(Walk(app, lang="en"), "anna")
    house.database.close()


@pytest.fixture
def grid(desk: tuple[Flask, House, Walk]) -> Grid:
    _, house, walk = desk
    discard(house, ANNA, "ecard", open_draft(house, ANNA, "ecard").revision)
    open_draft(house, ANNA, "ecard")
    return Grid(walk.get(TEXTS), house)


def test_a_typed_translation_is_saved_and_counts_as_made_from_the_source(grid: Grid) -> None:
    before = draft_of(grid.house, "ecard").files
    assert grid.save(**{grid.box("en", TITLE): "My health card"}).walk.at == TEXTS
    assert "Saved in the draft." in grid.walk.text
    after = draft_of(grid.house, "ecard").files
    assert {name for name in after if after[name] != before[name]} == {"texts.en.yaml"}
    assert grid.words("en")[TITLE] == "My health card"
    assert [act.act for act in acts_since(grid.house, grid.house.clock())][-1] == "edit draft"


def test_a_source_that_changes_leaves_its_translations_older_until_somebody_says_they_are_right(
    grid: Grid,
) -> None:
    grid.save(**{grid.box("bg", TITLE): "Електронен талон"})
    assert grid.stale() == [TITLE]
    grid.walk.get(f"{TEXTS}?only=stale&spoken=en")
    assert grid.sent["key"] == [TITLE]
    assert "Older than the source, which was changed since." in grid.walk.text
    assert re.search("The source read:.*Електронен здравноосигурителен талон", grid.walk.text)
    grid.save("?only=stale&spoken=en", right=f"en {TITLE}")
    assert grid.stale() == []
    assert "Nothing of that sort" in grid.walk.text


def test_source_and_translation_written_together_belong_together(grid: Grid) -> None:
    grid.save(**{grid.box("bg", TITLE): "Електронен талон", grid.box("en", TITLE): "Electronic card"})
    assert (grid.words("bg")[TITLE], grid.words("en")[TITLE]) == ("Електронен талон", "Electronic card")
    assert grid.stale() == []


def test_two_people_saving_different_texts_of_a_page_both_keep_theirs(grid: Grid) -> None:
    other = Typed("en", HINT, "The address of your profile.", seen(grid.words("en")[HINT]))
    assert save(grid.house, ANNA, "ecard", [other]).saved == 1
    grid.save(**{grid.box("en", TITLE): "My health card"})
    assert (grid.words("en")[TITLE], grid.words("en")[HINT]) == ("My health card", other.words)


def test_two_people_saving_the_same_text_the_second_sees_both_and_decides(grid: Grid) -> None:
    box = grid.box("en", TITLE)
    save(grid.house, ANNA, "ecard", [Typed("en", TITLE, "Theirs <b>", seen(grid.words("en")[TITLE]))])
    grid.save(**{box: "Mine", grid.box("en", HINT): "Another one."})
    assert grid.walk.status == 409
    assert "Somebody else changed this text" in grid.walk.text
    assert "Theirs &lt;b&gt;" in grid.walk.text
    assert grid.sent[box] == "Mine"
    assert (grid.words("en")[TITLE], grid.words("en")[HINT]) == ("Theirs <b>", "Another one.")
    grid.save()
    assert grid.words("en")[TITLE] == "Mine"


@pytest.mark.parametrize(
    ("typed", "told"),
    [("  ", "A text cannot be empty."), ("a\u202eb", "cannot be seen"), ("x" * 5001, "longer than 5,000")],
)
def test_what_no_file_can_hold_is_not_saved_and_not_lost(grid: Grid, typed: str, told: str) -> None:
    grid.save(**{grid.box("en", TITLE): typed, grid.box("en", HINT): "Another one."})
    assert grid.walk.status == 422
    assert told in grid.walk.text
    assert grid.words("en")[HINT] == "Another one."
    assert grid.sent[grid.box("en", TITLE)] == typed


def test_a_draft_published_while_one_wrote_is_begun_anew(grid: Grid) -> None:
    discard(grid.house, ANNA, "ecard", draft_of(grid.house, "ecard").revision)
    grid.save(**{grid.box("en", TITLE): "My health card"})
    assert grid.words("en")[TITLE] == "My health card"
    assert "My health card" in grid.walk.text


def test_what_is_shown_stands_in_the_address(grid: Grid) -> None:
    walk = grid.walk
    assert len(KEYS.findall(walk.get(TEXTS).text)) == 20
    assert len(KEYS.findall(walk.get(f"{TEXTS}?page=5").text)) == 2
    assert KEYS.findall(walk.get(f"{TEXTS}?find=ТАЛОНА+СИ").text)
    assert KEYS.findall(walk.get(f"{TEXTS}?find=card_link").text) == ["messages.card_link.sms"]
    assert re.findall(r"SMS parts: (\d), ([\w-]+)", walk.text) == [("2", "Unicode"), ("1", "GSM-7")]
    for odd in ("?only=nonsense&page=x&spoken=fr", "?page=99999999999", "?find=" + "x" * 3000):
        assert walk.get(TEXTS + odd).status == 200
    assert walk.get(f"{TEXTS}?of=77").status == 404


def test_others_read_the_texts_and_write_none(desk: tuple[Flask, House, Walk], grid: Grid) -> None:
    walk = log_in(Walk(desk[0], lang="en"), "vera").get(TEXTS)
    assert "<textarea" not in walk.text
    assert grid.words("en")[TITLE] in walk.text
    assert "<textarea" not in grid.walk.get(f"{TEXTS}?of=live").text
    assert walk._ask("POST", TEXTS, data={"csrf_token": "x"}).status_code == 403


def test_a_file_of_the_draft_that_cannot_be_read_is_named(grid: Grid) -> None:
    draft = draft_of(grid.house, "ecard")
    save_file(grid.house, ANNA, "ecard", draft.revision, "texts.en.yaml", "flow: [")
    assert "texts.en.yaml, line" in grid.walk.get(TEXTS).text


def test_between_the_look_and_the_commit_the_quicker_one_wins_and_the_other_is_told(grid: Grid) -> None:
    was = grid.words("en")[TITLE]
    left = write(
        grid.house,
        ANNA,
        "ecard",
        [
            TextChange("en", TITLE, "Late", "what stood there once"),
            TextChange("en", HINT, "In time", grid.words("en")[HINT]),
        ],
    )
    assert [(each.reason, each.theirs) for each in left] == [("changed", was)]
    assert grid.words("en")[HINT] == "In time"


def test_a_text_no_page_asks_for_is_removed_in_every_language_and_no_other_is(grid: Grid) -> None:
    draft = draft_of(grid.house, "ecard")
    for language in ("bg", "en"):
        name = f"texts.{language}.yaml"
        save_file(
            grid.house, ANNA, "ecard", draft.revision, name, f"{draft.files[name]}\nodd.key: {language}\n"
        )
    grid.walk.get(f"{TEXTS}?only=unknown_key")
    assert grid.sent["key"] == ["odd.key"]
    grid.save(remove="odd.key")
    assert (
        draft_of(grid.house, "ecard").files["texts.bg.yaml"].rstrip() == draft.files["texts.bg.yaml"].rstrip()
    )
    assert "odd.key" not in grid.words("en")
    grid.save(remove=TITLE)
    assert TITLE in grid.words("en")


# The workbook


def downloaded(walk: Walk, query: str = "") -> bytes:
    answer = walk._ask("GET", f"/desk/flows/ecard/texts.xlsx{query}")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="ecard-texts.xlsx"'
    return bytes(answer.data)


def upload(grid: Grid, content: bytes, **more: str) -> Walk:
    walk = grid.walk.get(TEXTS)
    form = {"csrf_token": walk.header_token(), "file": (io.BytesIO(content), "t.xlsx"), **more}
    walk.page = walk._ask("POST", f"{TEXTS}/file", data=form, content_type="multipart/form-data")
    return walk


def filled(content: bytes, words: dict[str, str]) -> bytes:
    book = openpyxl.load_workbook(io.BytesIO(content))
    for key, said in words.items():
        book["en"].cell(row_of(book["en"], key), TRANSLATION + 1).value = said
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


def test_a_workbook_comes_back_as_it_went_and_changes_nothing(grid: Grid) -> None:
    content = downloaded(grid.walk)
    files = draft_of(grid.house, "ecard").files
    assert intake(io.BytesIO(content), "ecard", wording(files)).changes == ()
    walk = upload(grid, content)
    assert walk.status == 303
    assert "Nothing was changed" in walk.get(TEXTS).text
    assert draft_of(grid.house, "ecard").files == files


def test_good_rows_are_taken_and_the_others_told_with_their_number(grid: Grid) -> None:
    content = filled(
        downloaded(grid.walk), {TITLE: "My health card", "messages.card_link.sms": "{brand}", HINT: "=1+1"}
    )
    walk = upload(grid, content, check="yes")
    assert (walk.status, grid.words("en")[TITLE] == "My health card") == (422, False)
    walk = upload(grid, content)
    assert walk.status == 422
    assert grid.words("en")[TITLE] == "My health card"
    assert "{link} of the source is not in it." in walk.text
    assert "The cell holds a formula or an error." in walk.text
    assert "Rows taken into the draft: 1, as they stood: 79, refused: 2." in walk.text


def test_what_is_to_be_done_goes_out_alone(grid: Grid) -> None:
    grid.save(**{grid.box("bg", TITLE): "Електронен талон"})
    sheet = openpyxl.load_workbook(io.BytesIO(downloaded(grid.walk, "?only=open")))["en"]
    assert [row[0].value for row in sheet.iter_rows(min_row=2)] == [TITLE]


@pytest.mark.parametrize("content", [b"", b"nothing of the sort"])
def test_a_file_that_is_none_ends_in_one_sentence(grid: Grid, content: bytes) -> None:
    walk = upload(grid, content)
    assert walk.status == 422
    assert "The file cannot be read, or is too large. Save it anew as .xlsx." in walk.text


def test_a_page_of_long_texts_fits_into_one_form(grid: Grid) -> None:
    long = {grid.box(lang, key): "Ж" * 4000 for lang in ("bg", "en") for key in grid.sent["key"][:8]}
    grid.save(**long)
    assert grid.words("bg")[TITLE] == "Ж" * 4000
