"""Importing a register at the desk: columns told, tried without a change, taken whole or not at all."""

import csv
import io
import re
import shutil
import sqlite3
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import wiring
from app.config import ROOT
from app.flow.loader import load, read_folder
from app.flow.spec import RegisterSpec
from app.gateways.tables import TableUnreadable
from app.importing.mapping import Header, by_name, guessed, read_header
from app.importing.masks import masked_row
from app.importing.uploads import KEPT, LARGEST, Uploads
from app.runner.matching import matching
from app.runner.outside import live_registers
from app.runner.registers import ask_now, declared
from app.runner.sources import Sources
from app.runner.staff.acts import acts_since
from app.runner.staff.who import Staff
from app.store import registers, versions
from app.store.register_lock import alone
from app.web.desk import import_words, register_import
from app.web.desk.registers import rate
from app.web.formats import ZONE
from tests.apps import ready_app
from tests.asking import send
from tests.conftest import Clock, settings_for
from tests.desk import log_in
from tests.operating import Operating, operating, post
from tests.walk import Walk

IMPORT = "/desk/registers/profiles/import"
HEADER = "ЕГН;Имейл;GSM номер;Бележка\n"
ROWS = (
    HEADER + "8001010001;new.person@gmail.com;0888555001;x\n8001010002;other.person@gmail.com;0888555002;y\n"
)


@pytest.fixture
def desk(demo_var: Path, tmp_path: Path) -> Iterator[Operating]:
    shutil.copytree(demo_var, tmp_path / "var")
    settings, clock = settings_for(tmp_path / "var"), Clock()
    house = wiring.open_house(settings, clock)
    yield operating(lambda opened: ready_app(settings, opened), house, clock)
    house.database.close()


@pytest.fixture
def olga(desk: Operating) -> Walk:
    return desk.browser("olga", "operator")


def files(tmp_path: Path) -> list[Path]:
    folder = tmp_path / "var" / "imports"
    return sorted(folder.iterdir()) if folder.exists() else []


def upload(walk: Walk, content: bytes, name: str = "people.csv", where: str = IMPORT) -> Walk:
    send(walk.get(where), where, (name, content))
    return walk


def told(walk: Walk, how: str = "update", **columns: str) -> Walk:
    """Send the page of the columns, as guessed but for `columns`."""
    chosen = {}
    for name, options in re.findall(
        r'<select class="input" id="(column-\d+)".*?>(.*?)</select>', walk.text, re.S
    ):
        found = re.search(r'value="(\w*)" selected', options)
        chosen[name] = found[1] if found else ""
    return post(walk, walk.at, **{**chosen, **columns}, how=how)


def profile(desk: Operating, number: str) -> list[dict[str, str]]:
    with desk.house.database.read() as connection:
        return registers.find(connection, desk.house.vault, "profiles", {"national_id": number})


def test_a_file_with_foreign_columns_comes_in_page_by_page(
    desk: Operating, olga: Walk, tmp_path: Path
) -> None:
    upload(olga, ROWS.encode("cp1251"))
    assert "Windows-1251, values parted by semicolons" in olga.text
    (table,) = [file for file in files(tmp_path) if file.suffix == ".table"]
    assert {file.stat().st_mode & 0o777 for file in files(tmp_path)} == {0o600}
    told(olga)
    assert olga.at.endswith("/preview"), olga.text
    assert "New rows: 2" in olga.text
    assert "Nothing is removed" in olga.text
    assert "new.person" not in olga.text
    assert "8001010001" not in olga.text
    assert profile(desk, "8001010001") == [], "a trial changes nothing"
    post(olga, olga.at.removesuffix("/preview") + "/take")
    assert olga.at == "/desk/registers"
    assert "has its new rows" in olga.text
    assert profile(desk, "8001010001")[0]["mobile"] == "+359888555001"
    assert not table.exists()
    assert files(tmp_path) == []
    shown = declared(desk.house)["profiles"].imported
    assert shown and (shown.rows, shown.imported_by) == (5, "olga")
    acts = [(a.staff, a.subject) for a in acts_since(desk.house, desk.clock()) if a.act == "import register"]
    assert acts == [("olga", "profiles: 2 rows, by key")]


def test_a_whole_register_says_how_many_rows_go_before_they_do(desk: Operating, olga: Walk) -> None:
    told(upload(olga, ROWS.encode()), how="replace")
    assert "Rows that are removed, as the file lacks them: 3" in olga.text
    post(olga, olga.at.removesuffix("/preview") + "/take")
    shown = declared(desk.house)["profiles"].imported
    assert shown and shown.rows == 2


def test_every_fault_is_named_by_line_and_column_and_saved_as_a_file(desk: Operating, olga: Walk) -> None:
    bad = "national_id,email,mobile\n8001010001,not an address,0888555001\nabc,b@gmail.com,0888555002\n"
    told(upload(olga, bad.encode()))
    assert "cannot be imported as it is: 2 problems" in olga.text
    answer = olga._ask("GET", olga.at.removesuffix("/preview") + "/report.csv")
    rows = list(csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))
    assert rows[1:] == [
        ["2", "email", "cannot be read as an email address", "write one address, name@domain"],
        ["3", "national_id", "cannot be read as digits", "write digits only"],
    ]
    before = declared(desk.house)["profiles"].imported
    post(olga, olga.at.removesuffix("/preview") + "/take")
    assert declared(desk.house)["profiles"].imported == before


def test_columns_that_lack_or_stand_twice_are_told_on_the_page(olga: Walk) -> None:
    upload(olga, b"who,mail\n8001010001,a@gmail.com\n")
    told(olga)
    assert olga.status == 422
    assert "No column of the file is chosen for: national_id, mobile." in olga.text
    told(olga, **{"column-0": "email", "column-1": "email"})
    assert "email is chosen twice" in olga.text
    told(olga, **{"column-0": "salary"})
    assert "no column salary" in olga.text


def test_two_imports_at_once_and_the_second_is_told(desk: Operating, olga: Walk) -> None:
    told(upload(olga, ROWS.encode()))
    with alone(desk.house.database, "profiles"):
        post(olga, olga.at.removesuffix("/preview") + "/take")
    assert "Another import of this register is running" in olga.text
    assert profile(desk, "8001010001") == []
    post(olga, olga.at.removesuffix("/preview") + "/take")
    assert profile(desk, "8001010001")


def bomb() -> bytes:
    out = io.BytesIO()
    sheet = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive, archive.open(sheet, "w") as part:
        for _ in range(520):
            part.write(bytes(1024 * 1024))
    return out.getvalue()


def test_what_is_no_table_is_refused_with_the_cure_and_does_not_stay(olga: Walk, tmp_path: Path) -> None:
    for content, words in (
        (b"", "must not be empty"),
        (bomb(), "unpacks to too much"),
        (b"PK\x03\x04 cut off", "is cut off or damaged"),
        (b"\xd0\xcf\x11\xe0 old", "is an old Excel file"),
        ("a\n".encode("utf-16"), "is UTF-16"),
    ):
        upload(olga, content)
        assert olga.status == 422
        assert words in olga.text
    assert files(tmp_path) == []


def test_a_file_beyond_the_limit_is_not_read(olga: Walk, tmp_path: Path) -> None:
    olga.get(IMPORT)
    told_size = {"CONTENT_LENGTH": str(1024**3), "wsgi.input": io.BytesIO()}
    answer = olga.client.post(
        IMPORT, content_type="multipart/form-data; boundary=x", environ_overrides=told_size
    )
    assert answer.status_code == 413
    assert upload(olga, b"x" * (LARGEST + 1)).status == 422
    assert "larger than 32 MB" in olga.text
    assert files(tmp_path) == []


def test_more_rows_than_a_page_waits_for_go_by_the_command(
    olga: Walk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(register_import, "MOST_ROWS", 1)
    told(upload(olga, ROWS.encode()))
    assert "has more than 1 rows" in olga.text
    assert "narthex registers import" in olga.text


def test_a_file_is_its_owners_alone_and_an_hour_old_it_is_swept(
    desk: Operating, olga: Walk, tmp_path: Path
) -> None:
    upload(olga, ROWS.encode())
    other = desk.browser("otto", "operator").get(olga.at)
    assert other.at == IMPORT
    assert "does not wait here any more" in other.text
    assert desk.browser("nobody2", "analyst").get(IMPORT).status == 403
    desk.clock.pass_(minutes=KEPT.seconds // 60)
    assert Uploads(tmp_path / "var" / "imports").sweep(desk.clock()) == 1
    assert files(tmp_path) == []
    again = log_in(Walk(desk.app, lang="en"), "olga")
    assert again.get(olga.at).at == IMPORT


def test_names_that_no_upload_has_lead_nowhere_else(olga: Walk, tmp_path: Path) -> None:
    (tmp_path / "secret.json").write_text("{}")
    for name in ("..%2f..%2fsecret", "x", "A" * 22, "%00" * 22):
        assert olga.get(f"{IMPORT}/{name}").at in {IMPORT, f"{IMPORT}/{name}"}


def test_matches_are_counted_by_cause_and_small_numbers_hidden(desk: Operating) -> None:
    for number in range(7):
        guess = Walk(desk.app, lang="bg", address=f"10.1.{number}.9")
        answers = {"email": f"nobody{number}@gmail.com", "mobile": "0888999111", "device": "ios"}
        guess.get("/ecard/form").post(national_id="9912310123" if number < 2 else "8203141590", **answers)
    found = matching(desk.house, "insured", timedelta(days=7), ZONE)
    (guard,) = found.guards
    assert (guard.flow, guard.guard) == ("ecard", "card_found")
    assert sum(guard.ends.values()) == 7
    assert guard.ends["contact_differs"] + guard.ends["over_budget"] == 7
    assert found.times.asked >= 7
    page = desk.browser("audit", "auditor").get("/desk/registers/insured/matching?days=30")
    assert page.status == 200
    assert "Answer times" in page.text
    assert [rate(*pair) for pair in ((0, 40), (3, 40), (37, 40), (20, 40), (2, 3))] == [
        "0.0",
        None,
        None,
        "50.0",
        None,
    ]


SPEC = RegisterSpec.model_validate(
    {
        "columns": {"national_id": "digits", "name": "text", "email": "email", "mobile": "mobile"},
        "key": ["national_id"],
        "search": ["national_id"],
    }
)


@given(st.lists(st.text(max_size=20), min_size=1, max_size=12))
def test_no_column_is_guessed_twice_whatever_the_header_says(names: list[str]) -> None:
    header = Header(tuple(names), "")
    found = guessed(header, SPEC)
    assert len(set(found.values())) == len(found)
    assert set(by_name(header, found).values()) <= {*SPEC.columns, ""}


@pytest.mark.parametrize(
    "names",
    [
        ("ЕГН", "Имена", "Имейл", "Мобилен телефон"),
        ("NATIONAL ID", "Name", "E-mail", "Mobile number"),
        ("Személyi szám", "Név", "E-mail cím", "Telefonszám"),
        ("mobile", "email", "name", "national_id"),
    ],
)
def test_columns_are_found_by_their_names_in_three_languages(names: tuple[str, ...]) -> None:
    found = guessed(Header(names, ""), SPEC)
    wanted = tuple(SPEC.columns) if names[0] != "mobile" else names
    assert tuple(found.get(place) for place in range(4)) == wanted


READERS = ("__init__", "csv_file", "encoding", "xlsx_file")


def test_what_importing_says_in_english_is_known_to_the_pages() -> None:
    """Every sentence in the code of importing and its tables has words in the page's language."""
    known = [pattern for pattern, _ in (*import_words._TEXTS, *import_words._CURES)]
    code = "".join((ROOT / "app/gateways/tables" / f"{name}.py").read_text() for name in READERS)
    found = re.findall(r'TableUnreadable\(\s*[^,]+,\s*"([^"{]+)"|Unreadable\("([^"]+)"', code)
    said = {text for texts in found for text in texts if text}
    assert len(said) > 8
    assert [text for text in said if not any(re.fullmatch(pattern, text) for pattern in known)] == []


def test_a_live_register_is_asked_about_nobody_and_no_row_is_shown(desk: Operating, tmp_path: Path) -> None:
    files = dict(read_folder(ROOT / "workflows" / "ecard"))
    query = "select national_id, email, mobile from people where national_id = :national_id"
    live = "    source: {sql: {url_from: NARTHEX_REGISTER_PEOPLE, query: '" + query + "'}}\n"
    files["flow.yaml"] = files["flow.yaml"].replace("\nbudgets:", live + "\nbudgets:", 1)
    flow = load(files, desk.house.catalogue, root="ecard").flow
    assert flow is not None
    with desk.house.database.write() as connection:
        versions.publish(connection, "ecard", flow.digest, files, desk.clock())
    olga = Staff("x", "olga", frozenset({"operator"}))
    assert ask_now(desk.house, olga, "profiles").reason == "not_configured"
    with sqlite3.connect(tmp_path / "people.db") as people:
        people.execute("create table people (national_id text, email text, mobile text)")
    url = f"sqlite:///{tmp_path / 'people.db'}"
    house = replace(desk.house, sources=Sources({"NARTHEX_REGISTER_PEOPLE": url}))
    assert ask_now(house, olga, "profiles").rows == 0
    assert [each.breaker for each in live_registers(house)] == ["closed"]
    (tmp_path / "people.db").unlink()
    assert ask_now(house, olga, "profiles").reason == "database_error"
    walk = desk.browser("olga", "operator").get("/desk/registers")
    post(walk, "/desk/registers/profiles/ask")
    assert "profiles did not answer: a setting that it needs is missing" in walk.text


def test_a_preview_tells_a_column_and_nobody() -> None:
    values = {"national_id": "8001010001", "name": "Мария", "email": "maria@sineva.bg", "mobile": ""}
    shown = {"national_id": "•••01", "name": "М•••", "email": "•••@•••.bg", "mobile": ""}
    assert masked_row(SPEC, values) == shown


def test_a_file_of_far_too_many_columns_is_refused_before_they_are_compared(
    desk: Operating, tmp_path: Path
) -> None:
    file = tmp_path / "wide.csv"
    file.write_text(",".join(f"column {each}" for each in range(5000)) + "\n", encoding="utf-8")
    with pytest.raises(TableUnreadable) as refused:
        read_header(file, SPEC)
    assert import_words.told(refused.value.text) == "has more than 500 columns"
    assert import_words.cure(refused.value.cure) == "take out those that nobody needs"
