"""Files as organisations hand them over: encodings, delimiters, spreadsheets, and the ones to refuse."""

import csv
import io
import warnings
import zipfile
from datetime import date, datetime, time

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.gateways.tables import TableUnreadable, Unreadable, open_table, xlsx_file

DAY = date(2026, 1, 31)
COLUMNS = ["national_id", "name", "employer"]
BULGARIAN = [["0041020304", "Мария „Мими“ Примерова", "Синева Демо ООД"], ["1", "Й. Ъгълов", "Мостра №5"]]
HUNGARIAN = [["0000123", "Őszi Ödön Árpád", "Tükörfúrógép Kft."], ["2", "Kovács János", "Űrhajó és Társa"]]


def read(path, columns=COLUMNS):
    with open_table(path, columns) as table:
        return table.taken, list(table.lines)


def written(path, rows, delimiter=",", encoding="utf-8"):
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows([COLUMNS, *rows])
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def sheet(path, rows, shape=lambda sheet: None):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    shape(book.active)
    book.save(path)
    return path


def refusal(path, columns=COLUMNS):
    with pytest.raises(TableUnreadable) as refused:
        read(path, columns)
    return refused.value


@pytest.mark.parametrize(("delimiter", "word"), [(",", "comma"), (";", "semicolon"), ("\t", "tab")])
@pytest.mark.parametrize(
    ("encoding", "name", "rows"),
    [
        ("utf-8", "UTF-8", BULGARIAN),
        ("utf-8-sig", "UTF-8", HUNGARIAN),
        ("cp1251", "Windows-1251", BULGARIAN),
        ("cp1250", "Windows-1250", HUNGARIAN),
    ],
)
def test_encoding_and_delimiter_are_found_out_and_told(tmp_path, encoding, name, rows, delimiter, word):
    taken, lines = read(written(tmp_path / "t.csv", rows, delimiter, encoding))
    assert taken == f"CSV, {name}, {word}"
    assert lines == [(1, COLUMNS), (2, rows[0]), (3, rows[1])]


def test_a_file_of_one_column_needs_no_delimiter(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text("name\nА; Б\n", encoding="utf-8")
    assert read(path, ["name"])[1][0] == (1, ["name"])


def test_letters_far_behind_an_ascii_beginning_decide_too(tmp_path):
    rows = [[str(number), "plain", "ascii"] for number in range(5000)] + BULGARIAN
    taken, lines = read(written(tmp_path / "t.csv", rows, encoding="cp1251"))
    assert taken == "CSV, Windows-1251, comma"
    assert lines[-1][1] == BULGARIAN[-1]


def test_a_letter_cut_by_the_reading_block_is_whole(tmp_path):
    rows = [["1", "я" * 70_000, "x"]]
    assert read(written(tmp_path / "t.csv", rows))[1][1][1] == rows[0]


def test_lines_are_counted_as_an_editor_counts_them(tmp_path):
    path = tmp_path / "t.csv"
    path.write_bytes(b'national_id,name,employer\r\n\r\n1,"two\r\nlines",x\r\n,,\r\n2,b,c\r\n')
    assert read(path)[1][1:] == [(3, ["1", "two\r\nlines", "x"]), (6, ["2", "b", "c"])]


@pytest.mark.parametrize("encoding", ["koi8-r", "cp866", "cp855"])
def test_other_cyrillic_encodings_are_refused_not_guessed(tmp_path, encoding):
    rows = [[str(number), "Мария Примерова", "Синева Демо"] for number in range(20)]
    assert refusal(written(tmp_path / "t.csv", rows, encoding=encoding)).line == 2


def test_the_dos_encoding_of_hungarian_is_refused(tmp_path):
    assert "encoding" in refusal(written(tmp_path / "t.csv", HUNGARIAN * 9, encoding="cp852")).text


def test_one_broken_byte_does_not_turn_utf_8_into_windows_letters(tmp_path):
    path = written(tmp_path / "t.csv", BULGARIAN * 50)
    lines = path.read_bytes().split(b"\r\n")
    lines[70] = lines[70][:-1] + b"\xd0"
    path.write_bytes(b"\r\n".join(lines))
    refused = refusal(path)
    assert (refused.line, refused.text) == (71, "is UTF-8 but damaged here")


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"", "is empty"),
        ("name,x\n".encode("utf-16"), "is UTF-16"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 100, "is an old Excel file (.xls)"),
        (b"PK\x03\x04 and no more", "is cut off or damaged"),
        (b'name,x\n"never closed,1\n2,3\n', "has a quote that is not closed, or stands inside a value"),
        (b'name,x\na"b,"c"d\n', "has a quote that is not closed, or stands inside a value"),
    ],
)
def test_what_is_no_table_is_refused_with_a_cure(tmp_path, content, text):
    path = tmp_path / "t.csv"
    path.write_bytes(content)
    refused = refusal(path)
    assert refused.text == text
    assert refused.cure


def test_an_unclosed_quote_is_told_by_the_line_it_opens_in(tmp_path):
    path = tmp_path / "t.csv"
    path.write_text('name,x\n1,2\n3,"4\n' + "5,6\n" * 100, encoding="utf-8")
    assert refusal(path).line == 3


CELLS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(
    rows=st.lists(st.tuples(CELLS, CELLS, CELLS).map(list), max_size=8),
    delimiter=st.sampled_from([",", ";", "\t"]),
)
def test_whatever_is_quoted_comes_back_as_it_was(tmp_path, rows, delimiter):
    kept = [row for row in rows if any(cell.strip() for cell in row)]
    lines = read(written(tmp_path / "any.csv", rows, delimiter, "utf-8-sig"))[1]
    assert [cells for _, cells in lines] == [COLUMNS, *kept]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=100)
@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(tmp_path, content):
    path = tmp_path / "any"
    path.write_bytes(content)
    try:
        read(path)
    except TableUnreadable as refused:
        assert refused.cure


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(st.data())
def test_a_damaged_workbook_is_read_or_refused(tmp_path, data):
    path = sheet(tmp_path / "t.xlsx", [COLUMNS, *BULGARIAN])
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = data.draw(
        st.sampled_from([n for n in parts if n.endswith(("sheet1.xml", "workbook.xml", ".rels"))])
    )
    start = data.draw(st.integers(0, len(parts[name]) - 1))
    length = data.draw(st.integers(1, 40))
    with zipfile.ZipFile(path, "w") as archive:
        for part, content in parts.items():
            damaged = content[:start] + content[start + length :] if part == name else content
            archive.writestr(part, damaged)
    try:
        read(path)
    except TableUnreadable as refused:
        assert refused.cure


def test_a_spreadsheet_gives_its_first_sheet_as_text(tmp_path):
    path = sheet(
        tmp_path / "t.xlsx",
        [
            COLUMNS,
            [None, None, None],
            [9912310123, 12.0, True],
            [DAY, datetime.combine(DAY, time(0)), datetime.combine(DAY, time(9, 30))],
            ["0041020304", 1.5, None],
        ],
    )
    taken, lines = read(path)
    assert taken == "XLSX, first sheet"
    assert lines[1:] == [
        (3, ["9912310123", "12", "true"]),
        (4, ["2026-01-31", "2026-01-31", "2026-01-31 09:30:00"]),
        (5, ["0041020304", "1.5", ""]),
    ]


def test_zeros_that_a_cells_format_shows_are_kept(tmp_path):
    def shape(active):
        active["A2"].number_format = "0000000000"

    lines = read(sheet(tmp_path / "t.xlsx", [COLUMNS, [41020304, "a", "b"]], shape))[1]
    assert lines[1][1][0] == "0041020304"


def test_a_number_that_a_spreadsheet_has_rounded_is_not_believed(tmp_path):
    lines = read(sheet(tmp_path / "t.xlsx", [COLUMNS, [1234567890123456, "a", "b"]]))[1]
    assert isinstance(lines[1][1][0], Unreadable)


def test_a_formulas_error_is_not_taken_for_a_value(tmp_path):
    def shape(active):
        active["A2"].value = "#N/A"
        active["A2"].data_type = "e"

    assert isinstance(
        read(sheet(tmp_path / "t.xlsx", [COLUMNS, ["", "a", "b"]], shape))[1][1][1][0], Unreadable
    )


def test_a_date_out_of_range_is_not_quoted_in_a_warning(tmp_path):
    def shape(active):
        active["A2"].number_format = "yyyy-mm-dd"

    with warnings.catch_warnings(record=True) as said:
        lines = read(sheet(tmp_path / "t.xlsx", [COLUMNS, [9912310123, "a", "b"]], shape))[1]
    assert isinstance(lines[1][1][0], Unreadable)
    assert said == []


def handmade(path, rows_xml, texts=()):
    """A workbook as spreadsheets write it: texts in a table of their own, a size declared that is wrong."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006/relationships"
    types = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    relations = "application/vnd.openxmlformats-package.relationships+xml"
    parts = {
        "[Content_Types].xml": (
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            f'<Default Extension="rels" ContentType="{relations}"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{types}.sheet.main+xml"/>'
            f'<Override PartName="/xl/sharedStrings.xml" ContentType="{types}.sharedStrings+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{types}.worksheet+xml"/></Types>'
        ),
        "_rels/.rels": (
            f'<Relationships xmlns="{package}"><Relationship Id="r1" Type="{office}/officeDocument" '
            'Target="xl/workbook.xml"/></Relationships>'
        ),
        "xl/workbook.xml": (
            f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets><sheet name="A" sheetId="1" r:id="r1"/>'
            "</sheets></workbook>"
        ),
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{package}"><Relationship Id="r1" Type="{office}/worksheet" '
            'Target="worksheets/sheet1.xml"/></Relationships>'
        ),
        "xl/sharedStrings.xml": f'<sst xmlns="{main}">{"".join(f"<si><t>{t}</t></si>" for t in texts)}</sst>',
        "xl/worksheets/sheet1.xml": (
            f'<worksheet xmlns="{main}"><dimension ref="A1"/><sheetData>{rows_xml}</sheetData></worksheet>'
        ),
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def test_shared_texts_and_a_wrong_declared_size_lose_nothing(tmp_path):
    rows = "".join(
        f'<row r="{r}"><c r="A{r}" t="s"><v>{2 * r - 2}</v></c><c r="B{r}" t="s"><v>{2 * r - 1}</v></c></row>'
        for r in (1, 2)
    )
    path = handmade(tmp_path / "t.xlsx", rows, ["national_id", "name", "0012", "Мария"])
    assert read(path)[1] == [(1, ["national_id", "name"]), (2, ["0012", "Мария"])]


def test_a_false_row_number_ends_the_reading(tmp_path):
    rows = (
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="99999999999"><c r="A99999999999"><v>1</v></c></row>'
    )
    assert refusal(handmade(tmp_path / "t.xlsx", rows)).text == "has more rows than a sheet can have"


def test_rows_that_reach_far_to_the_right_for_nothing_are_not_read_to_the_end(tmp_path, monkeypatch):
    rows = "".join(f'<row r="{each}"><c r="XFD{each}"><v>1</v></c></row>' for each in range(1, 400))
    monkeypatch.setattr(xlsx_file, "_MOST_CELLS", 16_384 * 100)
    refused = refusal(handmade(tmp_path / "t.xlsx", rows))
    assert (refused.line, refused.text) == (101, "unpacks to too much")


@pytest.mark.parametrize("limit", ["LARGEST_BOOK", "LARGEST_TEXTS"])
def test_a_workbook_that_unpacks_to_too_much_is_refused_unread(tmp_path, monkeypatch, limit):
    monkeypatch.setattr(xlsx_file, limit, 1024**2)
    path = handmade(tmp_path / "t.xlsx", "", ["a" * 2 * 1024**2])
    assert path.stat().st_size < 20_000
    assert refusal(path).text == "unpacks to too much"


def test_how_far_a_file_has_been_read_is_told(tmp_path):
    for path in (
        written(tmp_path / "t.csv", BULGARIAN * 5000),
        sheet(tmp_path / "t.xlsx", [COLUMNS, *BULGARIAN * 50]),
    ):
        with open_table(path, COLUMNS) as table:
            positions = [table.position() for _ in table.lines]
        assert positions == sorted(positions)
        assert 0 < positions[0] < positions[-1] == path.stat().st_size
