"""Importing a register: all or nothing, beside the rows in use, and nothing of it readable at rest."""

import csv
import gc
import os
import signal
import subprocess
import sys
import textwrap
from datetime import UTC, datetime

import openpyxl
import pytest
import yaml
from sqlalchemy import event, text

from app.config import ROOT
from app.flow.spec import RegisterSpec
from app.importing import MOST_PROBLEMS, ImportReport, ImportUnderWay, RowProblem, import_register
from app.store import registers
from app.store.crypto import Undecipherable, Vault
from app.store.register_staging import NewRow

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
OLD, NEW = b"the older secret, long enough to be one", b"the newer secret, long enough to be one"
VAULT = Vault((OLD,))
ECARD = ROOT / "workflows" / "ecard"
DECLARED = yaml.safe_load((ECARD / "flow.yaml").read_text(encoding="utf-8"))["registers"]
INSURED = RegisterSpec.model_validate(DECLARED["insured"])
PROFILES = RegisterSpec.model_validate(DECLARED["profiles"])
MARIA = {
    "national_id": "0041020304",
    "name": "Мария Примерова",
    "email": "maria.sineva.demo@gmail.com",
    "mobile": "+359888123456",
    "card_number": "0009900017",
    "insured_from": "2026-01-01",
    "insured_until": "",
    "employer": "Синева Демо ООД",
}
SMALL = RegisterSpec.model_validate(
    {
        "columns": {"number": "digits", "name": "text", "active": "boolean"},
        "key": ["number"],
        "search": ["number", "name"],
        "may_be_empty": ["name"],
    }
)


def person(**changed):
    return MARIA | changed


def put(path, rows, columns=None):
    """A CSV file of these rows, mappings or lists."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns or list(rows[0]))
        writer.writerows(row.values() if isinstance(row, dict) else row for row in rows)
    return path


def take(database, file, *, vault=VAULT, name="insured", spec=INSURED, **how):
    how = {"replace": False, "dry_run": False, "now": NOW, "progress": lambda _: None} | how
    return import_register(database, vault, name, spec, file, **how)


def find(database, lookup, *, vault=VAULT, name="insured"):
    with database.read() as connection:
        return registers.find(connection, vault, name, lookup)


def stored(database):
    """Every row there is, live or not, as it lies in the tables."""
    with database.read() as connection:
        rows = connection.execute(text('select id, generation, key, "values" from register_rows order by id'))
        lookups = connection.execute(text("select row_id, mac from register_lookups order by row_id, mac"))
        return [tuple(row) for row in rows], [tuple(row) for row in lookups]


def small(database, rows, path, **how):
    return take(database, put(path, rows, ["number", "name", "active"]), name="small", spec=SMALL, **how)


def test_a_row_is_found_by_what_it_holds_in_normal_form(database, tmp_path):
    raw = person(
        national_id=" 0041 02 0304",
        email=" Maria.Sineva.Demo@GMAIL.com ",
        mobile="0888 123 456",
        insured_from="2026-01-01 00:00",
    )
    report = take(database, put(tmp_path / "f.csv", [raw]))
    assert report == ImportReport(1, 1, 0, 0, (), 0, "CSV, UTF-8, comma")
    assert find(database, {"national_id": "0041020304"}) == [MARIA]


def test_a_column_may_stand_anywhere_and_be_written_in_capitals(database, tmp_path):
    backwards = dict(reversed(MARIA.items()))
    take(database, put(tmp_path / "f.csv", [backwards], [name.upper() for name in backwards]))
    assert find(database, {"national_id": "0041020304"}) == [MARIA]


def test_the_demo_registers_import_and_hold_the_guides_example(database):
    for name, spec in (("insured", INSURED), ("profiles", PROFILES)):
        report = take(database, ECARD / "registers" / f"{name}.csv", name=name, spec=spec)
        assert report.ok, report.errors
    (row,) = find(database, {"national_id": "9912310123"})
    assert (row["mobile"], row["email"]) == ("+359888123456", "maria.sineva.demo@gmail.com")
    assert find(database, {"national_id": "9912310123"}, name="profiles") == []
    assert len(find(database, {"national_id": "6812094628"})) == 2


def test_a_spreadsheet_gives_the_same_rows(database, tmp_path):
    book = openpyxl.Workbook()
    book.active.append(list(MARIA))
    book.active.append(
        ["0041020304", MARIA["name"], MARIA["email"], 888123456, 9900017, NOW.date(), None, MARIA["employer"]]
    )
    book.active["E2"].number_format = "0" * 10
    book.save(tmp_path / "f.xlsx")
    assert take(database, tmp_path / "f.xlsx").taken == "XLSX, first sheet"
    assert find(database, {"national_id": "0041020304"}) == [
        person(insured_from=NOW.date().isoformat(), mobile="+359888123456")
    ]


@pytest.mark.parametrize(
    ("changed", "column", "said"),
    [
        ({"insured_from": "31.01.2026"}, "insured_from", "cannot be read as date (not_a_date)"),
        ({"insured_from": "2026-02-30"}, "insured_from", "cannot be read as date (not_a_date)"),
        ({"insured_from": ""}, "insured_from", "is empty"),
        ({"name": " \u00a0 "}, "name", "is empty"),
        ({"national_id": "00-41-x"}, "national_id", "cannot be read as digits (not_digits)"),
        ({"email": "maria@"}, "email", "cannot be read as email (not_an_address)"),
        ({"mobile": "02 123 4567"}, "mobile", "cannot be read as mobile (not_mobile)"),
        ({"name": "a\x07b"}, "name", "cannot be read as text (unusual_characters)"),
    ],
)
def test_a_wrong_value_is_told_by_line_and_column_with_a_cure(database, tmp_path, changed, column, said):
    good = person(card_number="2")
    report = take(database, put(tmp_path / "f.csv", [good, person(**changed)]))
    (problem,) = report.errors
    assert (problem.line, problem.column, problem.text) == (3, column, said)
    assert problem.cure
    assert find(database, {"national_id": "0041020304"}) == []


@pytest.mark.parametrize(
    ("written", "kept"), [("yes", "true"), ("1", "true"), ("No", "false"), ("0", "false")]
)
def test_truth_is_written_in_several_ways(database, tmp_path, written, kept):
    assert small(database, [["01", "a", written]], tmp_path / "f.csv").ok
    assert find(database, {"number": "01"}, name="small")[0]["active"] == kept


def test_a_truth_value_that_is_none_is_an_error(database, tmp_path):
    (problem,) = small(database, [["01", "a", "maybe"]], tmp_path / "f.csv").errors
    assert problem.cure == "write true or false, 1 or 0, yes or no"


def test_every_error_of_the_header_is_told_at_once(database, tmp_path):
    report = small(database, [], tmp_path / "f.csv")
    assert (report.rows, report.errors) == (0, ())
    (tmp_path / "f.csv").write_text("nubmer,active,active,pet\n1,yes,no,cat\n", encoding="utf-8")
    report = take(database, tmp_path / "f.csv", name="small", spec=SMALL)
    assert report.errors == (
        RowProblem(1, "number", "is missing", "the header is number,name,active"),
        RowProblem(1, "name", "is missing", "the header is number,name,active"),
        RowProblem(1, "the header", "column 1 is not known to this register", "rename it to number"),
        RowProblem(1, "active", "stands there twice", "take one of the two out"),
        RowProblem(1, "the header", "column 4 is not known to this register", "take the column out"),
    )


def test_a_line_with_too_many_or_too_few_values_is_an_error(database, tmp_path):
    path = put(
        tmp_path / "f.csv", [["1", "a", "yes"], ["2", "b"], ["3", "c", "yes", ""]], list(SMALL.columns)
    )
    report = take(database, path, name="small", spec=SMALL)
    assert [(p.line, p.column, p.text) for p in report.errors] == [
        (3, "the line", "has 2 values, the header 3"),
        (4, "the line", "has 4 values, the header 3"),
    ]


def test_a_key_that_stands_twice_is_told_with_both_lines(database, tmp_path):
    report = small(database, [["007", "a", "1"], ["08", "b", "1"], ["00 7", "c", "1"]], tmp_path / "f.csv")
    assert [(p.line, p.column, p.text) for p in report.errors] == [
        (4, "number", "the same key stands in line 2")
    ]


def test_columns_of_a_key_cannot_run_into_each_other(database, tmp_path):
    spec = SMALL.model_copy(update={"key": ["number", "name"]})
    path = put(tmp_path / "f.csv", [["1", "2a", "1"], ["12", "a", "1"]], list(SMALL.columns))
    assert take(database, path, name="small", spec=spec).inserted == 2


def test_a_hundred_errors_are_told_and_the_others_counted(database, tmp_path):
    report = small(database, [[str(n), "a", "?"] for n in range(130)], tmp_path / "f.csv")
    assert (len(report.errors), report.more_errors) == (MOST_PROBLEMS, 30)


def test_a_report_quotes_nothing_of_the_file(database, tmp_path):
    canary = person(national_id="canary-1", email="canary-2", mobile="canary-3", insured_from="canary-4")
    report = take(database, put(tmp_path / "f.csv", [canary]))
    assert len(report.errors) == 4
    assert "canary" not in repr(report)


def test_with_any_error_nothing_changes(database, tmp_path):
    small(database, [["1", "before", "1"]], tmp_path / "f.csv")
    before = stored(database)
    bad = [[str(n), "after", "1"] for n in range(1200)] + [["x", "bad", "1"]]
    for replace in (True, False):
        report = small(database, bad, tmp_path / "f.csv", replace=replace)
        assert not report.ok
        assert stored(database) == before


def test_a_dry_run_checks_everything_and_changes_nothing(database, tmp_path):
    small(database, [["1", "a", "1"], ["2", "b", "1"], ["3", "c", "1"]], tmp_path / "f.csv")
    before = stored(database)
    rows = [["3", "c", "0"], ["4", "d", "1"]]
    report = small(database, rows, tmp_path / "g.csv", dry_run=True, replace=True)
    assert (report.rows, report.inserted, report.updated, report.deleted) == (2, 1, 1, 2)
    assert not small(database, [["5", "e", "?"]], tmp_path / "g.csv", dry_run=True).ok
    assert stored(database) == before


def test_a_first_dry_run_leaves_the_register_unknown(database, tmp_path):
    assert small(database, [["1", "a", "1"]], tmp_path / "f.csv", dry_run=True).inserted == 1
    with database.read() as connection:
        assert not registers.is_imported(connection, "small")


def test_without_replace_rows_are_added_or_updated_by_key(database, tmp_path):
    small(database, [["1", "a", "1"], ["2", "b", "1"]], tmp_path / "f.csv")
    report = small(database, [["2", "changed", "0"], ["3", "c", "1"]], tmp_path / "g.csv")
    assert (report.inserted, report.updated, report.deleted) == (1, 1, 0)
    names = {n: [row["name"] for row in find(database, {"number": n}, name="small")] for n in "123"}
    assert names == {"1": ["a"], "2": ["changed"], "3": ["c"]}
    assert find(database, {"name": "b"}, name="small") == []
    assert len(stored(database)[0]) == 3


def test_replace_leaves_the_files_rows_and_no_others(database, tmp_path):
    small(database, [["1", "a", "1"], ["2", "b", "1"]], tmp_path / "f.csv")
    report = small(database, [["2", "changed", "0"], ["3", "c", "1"]], tmp_path / "g.csv", replace=True)
    assert (report.inserted, report.updated, report.deleted) == (1, 1, 1)
    assert find(database, {"number": "1"}, name="small") == []
    assert len(stored(database)[0]) == 2
    assert len(stored(database)[1]) == 4


def test_registers_do_not_touch_each_other(database, tmp_path):
    path = put(tmp_path / "f.csv", [["1", "a", "1"]], list(SMALL.columns))
    for name in ("one", "two", "one"):
        take(database, path, name=name, spec=SMALL, replace=True)
    assert find(database, {"number": "1"}, name="two")
    assert find(database, {"number": "1"}, name="three") == []


def test_after_a_secrets_rotation_rows_are_found_and_updated_by_key(database, tmp_path):
    rotated = Vault((NEW, OLD))
    small(database, [["1", "a", "1"], ["2", "b", "1"]], tmp_path / "f.csv")
    assert find(database, {"number": "1"}, name="small", vault=rotated)[0]["name"] == "a"
    report = small(database, [["1", "changed", "1"]], tmp_path / "g.csv", vault=rotated)
    assert (report.inserted, report.updated) == (0, 1)
    assert [r["name"] for r in find(database, {"number": "1"}, name="small", vault=rotated)] == ["changed"]
    assert [r["name"] for r in find(database, {"number": "2"}, name="small", vault=rotated)] == ["b"]


def test_between_two_batches_others_can_write(database, tmp_path):
    positions = []

    def progress(position):
        positions.append(position)
        with database.write() as connection:
            connection.execute(text("delete from sends"))

    rows = [[str(n), "a", "1"] for n in range(1201)]
    path = put(tmp_path / "f.csv", rows, list(SMALL.columns))
    assert take(database, path, name="small", spec=SMALL, progress=progress).rows == 1201
    assert len(positions) == 3
    assert positions[-1] == path.stat().st_size


def test_the_old_rows_are_found_until_the_new_ones_are_all_there(database, tmp_path):
    small(database, [["1", "before", "1"]], tmp_path / "f.csv")
    seen = []

    def progress(_):
        seen.extend(row["name"] for row in find(database, {"number": "1"}, name="small"))

    rows = [[str(n), "after", "1"] for n in range(600)]
    small(database, rows, tmp_path / "g.csv", replace=True, progress=progress)
    assert seen == ["before", "before"]
    assert [row["name"] for row in find(database, {"number": "1"}, name="small")] == ["after"]


def test_a_second_import_of_the_same_register_says_so_and_another_register_does_not_care(database, tmp_path):
    path = put(tmp_path / "f.csv", [["1", "a", "1"]], list(SMALL.columns))
    refused = []

    def progress(_):
        try:
            take(database, path, name="small", spec=SMALL)
        except ImportUnderWay as under_way:
            refused.append(str(under_way))
        assert take(database, path, name="other", spec=SMALL).ok

    assert take(database, path, name="small", spec=SMALL, progress=progress).inserted == 1
    assert refused == ["small"]
    assert take(database, path, name="small", spec=SMALL).updated == 1


CHILD = """
import os, signal, sys
from pathlib import Path
from tests.test_register_import import SMALL, take
from app.store.database import Database

def killed(_):
    os.kill(os.getpid(), signal.SIGKILL)

take(Database(sys.argv[1]), Path(sys.argv[2]), name="small", spec=SMALL, replace=True, progress=killed)
"""


def test_a_killed_import_changes_nothing_and_the_next_one_clears_up(database, tmp_path):
    small(database, [["1", "before", "1"]], tmp_path / "f.csv")
    path = put(tmp_path / "g.csv", [[str(n), "after", "1"] for n in range(600)], list(SMALL.columns))
    url = database.url.render_as_string(hide_password=False)
    child = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(CHILD), url, str(path)],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert child.returncode == -signal.SIGKILL
    assert len(stored(database)[0]) == 501
    assert [row["name"] for row in find(database, {"number": "1"}, name="small")] == ["before"]
    assert small(database, [["2", "later", "1"]], tmp_path / "f.csv").inserted == 1
    assert len(stored(database)[0]) == 2


def test_a_long_file_is_never_held_in_memory(database, tmp_path):
    alive = []

    def progress(_):
        alive.append(sum(isinstance(thing, NewRow) for thing in gc.get_objects()))

    rows = ([str(n), f"лице {n}", "1"] for n in range(5_000))
    path = put(tmp_path / "f.csv", rows, list(SMALL.columns))
    report = take(database, path, name="small", spec=SMALL, dry_run=True, progress=progress)
    assert report.rows == 5_000
    assert max(alive) <= 500


def test_nothing_personal_can_be_read_in_the_database_or_beside_it(database, tmp_path):
    take(database, put(tmp_path / "f.csv", [MARIA]))
    if database.is_sqlite:
        files = [path for path in tmp_path.iterdir() if path.suffix != ".csv"]
        content = b"".join(path.read_bytes() for path in files)
    else:
        content = repr(stored(database)).encode()
    assert MARIA["card_number"].encode() not in content
    for value in filter(None, MARIA.values()):
        assert value.encode() not in content
        assert repr(value.encode())[2:-1].encode() not in content


def test_a_value_moved_to_another_row_or_column_is_not_readable():
    sealed = registers.seal_values(VAULT, "one", {"name": "a", "email": "b"})
    assert registers.open_values(VAULT, "one", sealed) == {"name": "a", "email": "b"}
    for row, values in (("two", sealed), ("one", {"name": sealed["email"]})):
        with pytest.raises(Undecipherable):
            registers.open_values(VAULT, row, values)


def test_every_column_asked_for_must_agree(database, tmp_path):
    small(database, [["1", "a", "1"], ["2", "a", "1"], ["3", "", "1"]], tmp_path / "f.csv")
    assert sorted(r["number"] for r in find(database, {"name": "a"}, name="small")) == ["1", "2"]
    assert [r["number"] for r in find(database, {"name": "a", "number": "2"}, name="small")] == ["2"]
    assert find(database, {"name": "b", "number": "2"}, name="small") == []
    assert find(database, {"active": "true"}, name="small") == []


def test_an_empty_value_and_an_empty_question_match_nothing(database, tmp_path):
    small(database, [["1", "", "1"]], tmp_path / "f.csv")
    for lookup in ({"name": ""}, {"number": "1", "name": ""}, {}):
        assert find(database, lookup, name="small") == []


def test_found_or_not_the_same_queries_run_and_as_much_is_deciphered(database, tmp_path, monkeypatch):
    take(database, put(tmp_path / "f.csv", [MARIA]))
    work = []

    def queried(_connection, _cursor, statement, *_):
        if statement.startswith("SELECT"):
            work.append("query")

    event.listen(database.engine, "before_cursor_execute", queried)
    for name in ("encrypt", "decrypt"):
        real = getattr(Vault, name)
        monkeypatch.setattr(Vault, name, lambda *a, real=real: work.append("cipher") or real(*a))

    def cost(lookup):
        work.clear()
        find(database, lookup)
        return work.count("query"), work.count("cipher")

    found = cost({"national_id": "0041020304"})
    assert found == cost({"national_id": "1111111111"}) == cost({"national_id": ""}) == (1, 8)
