"""Replaying what people did in the three flows, by the commands, from a journal that cannot be written."""

import json
import shutil
import socket
import sqlite3
import xml.etree.ElementTree as ET
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app import wiring
from app.cli import main
from app.flow.trace import fold
from app.runner.house import House
from app.runner.replaying import replay as replaying
from app.runner.replaying.replay import Asked
from app.runner.replaying.report import Report
from app.store import replaying as store
from app.store.database import Database
from app.store.replaying import Chosen, looking
from tests.altered import OF_AGE, THREE_TRIES, WITHOUT_ALREADY_REGISTERED, altered_folder
from tests.conftest import SECRET, Clock, settings_for
from tests.played import played

Narthex = Callable[..., Result]


@pytest.fixture(scope="module")
def walked(tmp_path_factory: pytest.TempPathFactory, demo_var: Path) -> Path:
    """The data folder of a demo whose flows were gone through on many ways."""
    var = tmp_path_factory.mktemp("walked") / "var"
    shutil.copytree(demo_var, var)
    with played(var):
        pass
    return var


@pytest.fixture
def var(walked: Path, tmp_path: Path) -> Path:
    """A copy of it, for tests that do something to it."""
    return shutil.copytree(walked, tmp_path / "var")


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """No socket can be opened and nothing written to the database."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("replay must neither ask the network nor write")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setattr(Database, "write", refuse)


@pytest.fixture
def narthex(monkeypatch: pytest.MonkeyPatch, walked: Path, offline: None) -> Narthex:
    """The commands, on the house that was walked through or another one, offline."""

    def run(*words: str, var: Path = walked) -> Result:
        monkeypatch.setenv("NARTHEX_VAR", str(var))
        monkeypatch.setenv("NARTHEX_SECRET_KEYS", SECRET)
        return CliRunner().invoke(main, ["runs", *words], catch_exceptions=False)

    return run


@pytest.fixture
def house(walked: Path, offline: None) -> Iterator[House]:
    opened = wiring.open_house(settings_for(walked), Clock())
    yield opened
    opened.database.close()


def change(var: Path, statement: str, *values: object) -> None:
    """Do to the database what no program of ours would."""
    connection = sqlite3.connect(var / "narthex.db")
    connection.execute(statement, values)
    connection.commit()
    connection.close()


def a_run(var: Path, of_state: str) -> str:
    connection = sqlite3.connect(var / "narthex.db")
    (run,) = connection.execute("select id from runs where state = ?", (of_state,)).fetchone()
    connection.close()
    return str(run)


def same(report: Report) -> bool:
    return (report.exit_code, set(report.classes)) == (0, {"same"})


@pytest.mark.parametrize("flow", ["ecard", "registration", "activation"])
def test_what_was_recorded_of_each_flow_comes_out_the_same(flow: str, house: House) -> None:
    report = replaying.strictly(house, Asked(chosen=Chosen(flow)))
    assert same(report), "\n".join(report.sentences())
    assert report.runs >= 2
    assert report.records >= 8


def test_replay_leaves_the_database_as_it_was(narthex: Narthex, walked: Path) -> None:
    before = (walked / "narthex.db").read_bytes()
    assert narthex("replay").exit_code == 0
    assert narthex("replay", "--reguard").exit_code == 0
    assert narthex("replay", "--against", "live").exit_code == 0
    assert narthex("show", a_run(walked, "active"), "--why").exit_code == 0
    assert (walked / "narthex.db").read_bytes() == before


def test_the_connection_of_a_replay_refuses_to_write(house: House) -> None:
    with looking(house.database) as connection, pytest.raises(Exception, match="readonly"):
        connection.exec_driver_sql("delete from journal")


def test_a_run_by_itself_may_be_named_by_id_beginning_or_reference(narthex: Narthex, walked: Path) -> None:
    run = a_run(walked, "locked")
    shown = json.loads(narthex("show", run, "--json").output)
    for name in (run, run[:12], shown["reference"]):
        assert "1 run with 7 records replayed (strict): 1 same." in narthex("replay", name).output
    assert narthex("replay", "r-nobody").exit_code == 2
    assert "More than one run is meant by 'r-'" in narthex("replay", "r-").output


def test_fewer_tries_are_told_by_class_and_sentence(house: House, tmp_path: Path) -> None:
    folder = altered_folder("registration", THREE_TRIES, tmp_path)
    report = replaying.held_against(house, Asked(), str(folder))
    assert report.exit_code == 1
    assert report.classes == Counter({"same": 3, "same end": 1, "other end": 1, "stuck": 0, "starved": 0})
    told = "\n".join(report.sentences())
    assert (
        "At verify_phone on submit 2 runs took 'wrong' and stayed; now 'locked' is taken and leads to "
        "locked, because phone_code_right answers no_tries_left (3 of 3 tries, was 3 of 5)." in told
    )
    assert "1 of them ended in active, now in locked (other end)." in told
    assert "1 of them ended in locked, and still do (same end)." in told
    assert "Expected: tries of the code phone_code: 3, was 5." in told
    assert "is projection" in told


def test_a_removed_state_is_told_by_class_and_sentence(house: House, tmp_path: Path) -> None:
    folder = altered_folder("registration", WITHOUT_ALREADY_REGISTERED, tmp_path)
    report = replaying.held_against(house, Asked(), str(folder))
    assert report.classes == Counter({"same": 4, "same end": 0, "other end": 0, "stuck": 1, "starved": 0})
    told = "\n".join(report.sentences())
    assert "took 'known' and came to already_registered; now 'right' is taken and leads to email" in told
    assert "ended in renewed, now stuck at email (stuck)." in told
    assert (
        "Expected: the state already_registered was removed; the way 'known' of verify_phone was removed."
        in told
    )


def test_what_was_never_recorded_starves_runs_and_is_named_with_the_way_there(
    house: House, tmp_path: Path
) -> None:
    report = replaying.held_against(house, Asked(), str(altered_folder("registration", OF_AGE, tmp_path)))
    assert report.classes == Counter({"same": 1, "same end": 1, "other end": 0, "stuck": 0, "starved": 3})
    told = "\n".join(report.sentences())
    assert "now it depends on of_age, of which the record does not tell enough (needs the field birth" in told
    assert "of them ended in active, now there or elsewhere (starved)." in told
    assert "(identify on submit)." in told


def test_other_words_are_reported_beside_and_differ_nowhere(narthex: Narthex, tmp_path: Path) -> None:
    new = {"Enter the last 5 characters": "Type the last 5 signs"}
    folder = altered_folder("registration", new, tmp_path, "texts.en.yaml")
    told = narthex("replay", "--against", str(folder))
    assert told.exit_code == 0
    assert (
        "Pages with other words, by runs that saw them, which is no difference: verify_phone (4)"
        in told.output
    )


def test_a_folder_that_loads_is_enough(narthex: Narthex, tmp_path: Path) -> None:
    """Lint would refuse it: nothing fits any more when the code is wrong."""
    gone = {"      - {id: wrong, trigger: submit, dest: verify_phone, say: wrong_code}\n": ""}
    told = narthex("replay", "--against", str(altered_folder("registration", gone, tmp_path)))
    assert told.exit_code == 1
    assert "they are stuck: none of the ways of verify_phone on submit fits" in told.output


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--against", "/nowhere"), "'/nowhere' is no folder, no version's number and not 'live'."),
        (("--against", "7"), "There is no version 7; `narthex flows list` shows what is live."),
        (("--against", "live", "--flow", "ecart"), "There is no flow 'ecart'. Did you mean 'ecard'?"),
        (("--flow", "ecart"), "There is no flow 'ecart'. Did you mean 'ecard'?"),
        (("--against", "live", "--strict"), "Choose one of --strict, --reguard and --against."),
    ],
)
def test_what_cannot_be_held_against_says_why(words: tuple[str, ...], says: str, narthex: Narthex) -> None:
    told = narthex("replay", *words)
    assert told.exit_code == 2
    assert says in told.output


def test_pure_guards_judge_anew_on_stand_ins_and_what_these_cannot_tell_is_pinned(house: House) -> None:
    report = replaying.judged_anew(house, Asked())
    assert same(report)
    told = "\n".join(report.sentences())
    assert "0 verdicts judged anew" not in told
    assert (
        "Verdict pinned at email on submit (registration 1): address_on_file 'yes', contract_email was not "
        "typed: a guard found it. So in 1 verdict," in told
    )
    assert "Verdict pinned at identify" not in told  # policy or account, too short, unknown: all came out


DAMAGES: dict[str, tuple[str, str]] = {
    "missing": (
        "delete from journal where run = ? and seq = 3",
        "record 3: this record is missing, and later ones are there",
    ),
    "beginning missing": (
        "delete from journal where run = ? and seq = 0",
        "record 0: this record is missing",
    ),
    "end missing": (
        "delete from journal where run = ? and seq = 6",
        "it stands at locked after 6 steps, its records lead to verify_phone after 5",
    ),
    "all missing": ("delete from journal where run = ?", "the run is there, but none of its records"),
    "run missing": ("delete from runs where id = ?", "but the run itself is not there"),
    "doubled": (
        "update journal set (record, fold) = (select record, fold from journal as other where "
        "other.run = journal.run and other.seq = 1) where run = ? and seq = 3",
        "",  # read by itself it says that it is record 1; by its fold it does not follow on the one before
    ),
    "altered": (
        "update journal set record = replace(record, 'verify_phone.wrong', 'verify_phone.used') "
        "where run = ? and seq = 3",
        "it is not the record that the fold beside it was made of",
    ),
    "newer": (
        "update journal set record = replace(record, '\"v\":2', '\"v\":9') where run = ? and seq = 3",
        "its schema is 9, this program reads up to 2",
    ),
    "no JSON": ("update journal set record = '{' where run = ? and seq = 3", "it is not JSON"),
    "no answer": (
        'update journal set fold = null, record = replace(record, \'"answer":"no"\', \'"answer":"error"\') '
        "where run = ? and seq = 3",
        "answered 'error', which is no answer",
    ),
    "no definition": (
        "update flow_contents set digest = '-' where digest = (select digest from runs where id = ?)",
        "is not in the database any more",
    ),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_journal_is_said_where_and_what_to_do(damage: str, narthex: Narthex, var: Path) -> None:
    run = a_run(var, "locked")
    statement, says = DAMAGES[damage]
    change(var, statement, run)
    if damage == "run missing":
        assert says in narthex("replay", var=var).output
        return
    for told in (narthex("replay", run, var=var), narthex("replay", var=var)):
        if damage in {"altered", "newer", "no JSON"} and told.exit_code == 0:
            continue  # by folds alone only one record of each is read; `narthex runs verify` reads all
        assert told.exit_code == 2, told.output
        assert run in told.output or damage == "no definition"
        assert says in told.output
        assert "What to do:" in told.output


def test_rows_older_than_the_fold_are_replayed_as_well(narthex: Narthex, var: Path) -> None:
    change(var, "update journal set fold = null where seq > 1")
    told = narthex("replay", var=var)
    assert told.exit_code == 0, told.output
    assert " same." in told.output


def test_what_was_recorded_otherwise_is_shown_beside_what_is_decided(narthex: Narthex, var: Path) -> None:
    run = a_run(var, "locked")
    with sqlite3.connect(var / "narthex.db") as connection:
        (text,) = connection.execute(
            "select record from journal where run = ? and seq = 2", (run,)
        ).fetchone()
        record = json.loads(text)
        record["chosen"] = "verify_phone.used"
        values = (json.dumps(record), fold(record), run)
        connection.execute("update journal set record = ?, fold = ? where run = ? and seq = 2", values)
    connection.close()
    told = narthex("replay", "--junit", str(var / "out.xml"), var=var)
    assert told.exit_code == 1
    assert f"Example: {run}, step 2." in told.output
    (line,) = [line for line in told.output.splitlines() if line.split()[:1] == ["way"]]
    assert line.split() == ["way", "used", "wrong", "<>"]
    suite = ET.parse(var / "out.xml").getroot()
    assert suite.attrib["failures"] == "1"
    (failure,) = suite.iter("failure")
    assert "1 run was recorded otherwise than registration 1 decides" in failure.attrib["message"]
    assert "<>" in (failure.text or "")


def test_junit_has_a_case_for_each_path_and_survives_what_xml_cannot_hold(
    narthex: Narthex, var: Path
) -> None:
    change(var, "update runs set id = 'r-<&\x01' where state = 'locked'")
    told = narthex("replay", "--junit", str(var / "out.xml"), var=var)
    assert told.exit_code == 2
    suite = ET.parse(var / "out.xml").getroot()
    assert suite.attrib["errors"] == "2"
    names = [case.attrib["name"] for case in suite.iter("testcase")]
    assert len(names) == int(suite.attrib["tests"])
    assert any("verify_phone.wrong (3 times) > verify_phone.right > email" in name for name in names)
    assert any("r-<&�" in name for name in names)


def test_json_says_the_same_to_programs(narthex: Narthex, tmp_path: Path) -> None:
    folder = altered_folder("registration", THREE_TRIES, tmp_path)
    told = json.loads(narthex("replay", "--against", str(folder), "--json").output)
    assert told["classes"] == {"same": 3, "same end": 1, "other end": 1, "stuck": 0, "starved": 0}
    (difference,) = told["differences"]
    assert (difference["state"], difference["took"], difference["runs"]) == ("verify_phone", "wrong", 2)
    assert {fate["class"] for fate in difference["fates"]} == {"same end", "other end"}


def test_runs_are_chosen_by_flow_and_beginning(narthex: Narthex) -> None:
    assert "0 runs with 0 records replayed (strict): nothing to replay." in (
        narthex("replay", "--since", "2027-01-01").output
    )
    assert "2 runs" in narthex("replay", "--flow", "ecard", "--since", "2026-11-23").output


def test_show_tells_each_step_and_why(narthex: Narthex, walked: Path) -> None:
    told = narthex("show", a_run(walked, "locked"), "--why")
    assert told.exit_code == 0
    assert "phone_code_right answered 'no_tries_left' (5 of 10 failures in a day" in told.output
    assert "- 'locked' was taken: phone_code_right answered 'no_tries_left'" in told.output
    assert "- 'locked' was refused: phone_code_right answered 'wrong', wanted 'no_tries_left'" in told.output
    assert "(page message, hu)" in told.output


def test_show_names_the_record_that_cannot_be_read(narthex: Narthex, var: Path) -> None:
    run = a_run(var, "locked")
    change(var, "update journal set record = '{' where run = ? and seq = 3", run)
    told = narthex("show", run, var=var)
    assert told.exit_code == 2
    assert f"run {run}, record 3: it is not JSON" in told.output
    assert narthex("show", "r-nobody", var=var).exit_code == 2


def test_an_index_alone_is_read_for_all_runs(house: House) -> None:
    """What makes a million records quick: no record is read but one of each fold."""
    with looking(house.database) as connection:
        rows = list(store.kept(connection, Chosen()))
    assert all(row.seqs == ",".join(map(str, range(row.records))) for row in rows)
    assert all(len(row.folds) == 32 * row.records for row in rows)
    report = replaying.strictly(house, Asked())
    assert report.folds < report.records
