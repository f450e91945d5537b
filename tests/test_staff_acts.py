"""What staff did: a chain nobody alters unseen, for those who watch, and as a table to take away."""

import csv
import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from app.cli import main
from app.config import Settings
from app.runner.house import House
from app.runner.staff.acts import Checked, acts_since, check_chain, note_act
from app.web.desk.acts import harmless
from tests.apps import ready_app
from tests.conftest import SECRET, Clock
from tests.desk import cheap, log_in, staffed
from tests.walk import Walk

BOTH = ["sqlite", "postgresql"]


@pytest.fixture
def dialect() -> str:
    return "sqlite"


@pytest.fixture
def house(house: House) -> House:
    return cheap(house)


@pytest.fixture
def app(settings: Settings, house: House) -> Flask:
    return ready_app(settings, house)


@pytest.fixture
def verify(settings: Settings) -> Callable[..., Result]:
    environment = {"NARTHEX_VAR": str(settings.var), "NARTHEX_SECRET_KEYS": SECRET}
    return lambda *more: CliRunner().invoke(main, ["staff", "acts", "--verify", *more], env=environment)


@pytest.fixture
def auditor(app: Flask, house: House) -> Walk:
    return log_in(Walk(app, lang="en"), staffed(house, "ada", "auditor"))


def noted(house: House, *subjects: str, staff: str = "vera", act: str = "read run") -> None:
    for subject in subjects:
        note_act(house, staff, act, subject)


def run(house: House, statement: str) -> None:
    with house.database.write() as connection:
        connection.execute(text(statement))


@pytest.mark.parametrize("dialect", BOTH)
def test_acts_noted_at_the_same_time_stand_in_one_chain(house: House) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: noted(house, f"r-{number}"), range(24)))
    checked = check_chain(house)
    assert (checked.acts, checked.older, checked.fault) == (24, 0, None)
    acts = acts_since(house, house.clock())
    assert [act.number for act in acts] == list(range(1, 25))
    assert {act.subject for act in acts} == {f"r-{number}" for number in range(24)}


@pytest.mark.parametrize(
    ("damage", "first"),
    [
        ("update staff_acts set subject = 'r-9' where number = 2", "Act 2 is not"),
        ("update staff_acts set staff = 'olga' where number = 2", "Act 2 is not"),
        ("update staff_acts set outcome = 'refused' where number = 3", "Act 3 is not"),
        ("update staff_acts set at = at - 1 where number = 1", "Act 1 is not"),
        ("delete from staff_acts where number = 2", "Act 2 is missing"),
        ("delete from staff_acts where number = 1", "Act 1 is missing"),
        ("update staff_acts set number = null, at = at + 1 where number = 4", "newer than the chain"),
    ],
)
def test_whatever_is_altered_or_taken_out_is_named(
    house: House, verify: Callable[..., Result], damage: str, first: str
) -> None:
    noted(house, "r-1", "r-2", "r-3", "r-4")
    run(house, damage)
    told = verify()
    assert (told.exit_code, first in told.stderr) == (1, True), told.output


def test_a_link_kept_elsewhere_shows_that_the_newest_acts_were_taken_away(
    house: House, verify: Callable[..., Result]
) -> None:
    noted(house, "r-1", "r-2", "r-3")
    link = verify().stdout.partition("last: ")[2].split()[0]
    noted(house, "r-4")
    assert verify("--link", link).exit_code == 0
    run(house, "delete from staff_acts where number > 2")
    assert verify().exit_code == 0, "the chain alone cannot know"
    assert verify("--link", link).exit_code == 1
    assert verify("--link", "ours").exit_code == 2


def test_acts_older_than_the_chain_are_told_as_such(
    house: House, clock: Clock, verify: Callable[..., Result]
) -> None:
    noted(house, "r-1", "r-2")
    run(house, "update staff_acts set number = null, link = null")
    clock.pass_(seconds=1)
    noted(house, "r-3")
    told = verify()
    assert told.exit_code == 0
    assert told.stdout.startswith("Older than the chain, and so not checked: 2 acts.\n1 acts, all as")
    assert check_chain(house) == Checked(1, str(acts_since(house, house.clock())[0].link), 2)


def test_equal_acts_that_follow_each_other_are_one_row(house: House, clock: Clock, auditor: Walk) -> None:
    for number in range(7):
        clock.pass_(minutes=1)
        noted(house, f"r-{number}")
    clock.pass_(minutes=1)
    noted(house, "r-1", staff="olga")
    text_of_page = auditor.get("/desk/acts").text
    assert "7 times" in text_of_page
    assert "Different ones: 7" in text_of_page
    assert text_of_page.count("<code>olga</code>") == 1
    assert text_of_page.index("<code>olga</code>") < text_of_page.index("7 times"), "the newest first"


def test_who_reads_the_trail_stands_in_it_once_for_each_login(
    house: House, clock: Clock, auditor: Walk
) -> None:
    auditor.get("/desk/acts").get("/desk/acts?member=ada")
    acts = [(act.staff, act.act) for act in acts_since(house, clock.now - timedelta(hours=1))]
    assert acts.count(("ada", "read acts")) == 1


def test_boxes_choose_by_member_act_outcome_and_day(house: House, clock: Clock, auditor: Walk) -> None:
    noted(house, "r-old")
    clock.pass_(days=2)
    log_in(auditor, "ada")
    noted(house, "r-new")
    noted(house, "r-olga", staff="olga", act="export run")
    note_act(house, "vera", "open page", "desk.staff", "refused")

    def found(query: str) -> list[str]:
        rows = csv.DictReader(io.StringIO(auditor._ask("GET", f"/desk/acts.csv?{query}").text))
        return [row["subject"] for row in rows if row["member"] != "ada" and row["act"] != "add staff"]

    assert found("") == ["desk.staff", "r-olga", "r-new", "r-old"]
    assert found("member=olga") == ["r-olga"]
    assert found("act=read+run") == ["r-new", "r-old"]
    assert found("outcome=refused") == ["desk.staff"]
    assert found("since=2026-11-25&member=vera") == ["desk.staff", "r-new"]
    assert found("until=2026-11-23") == ["r-old"]
    assert "r-olga" in auditor.get("/desk/acts?member=olga").text
    assert "r-old" not in auditor.text
    assert "futás megtekintése" in auditor.get("/desk/acts?act=read+run&lang=hu").text
    assert "r-old" in auditor.text  # the address keeps the name that the trail has


def test_older_acts_stand_on_pages_of_their_own_none_twice_and_none_left_out(
    house: House, auditor: Walk
) -> None:
    noted(house, *(f"r-{number:03}" for number in range(230)))
    page = auditor.get("/desk/acts?member=vera").text
    onward = page.partition('rel="next"')[0].rpartition('href="')[2].partition('"')[0].replace("&amp;", "&")
    both = page + auditor._ask("GET", onward).text
    assert [both.count(f"<code>r-{number:03}</code>") for number in range(230)] == [1] * 230


def test_no_cell_of_the_table_is_a_formula(house: House, auditor: Walk) -> None:
    noted(house, "=1+1", "@SUM(A1)", "-2", "+3", "plain")
    rows = csv.DictReader(io.StringIO(auditor._ask("GET", "/desk/acts.csv?member=vera").text))
    assert [row["subject"] for row in rows] == ["plain", "'+3", "'-2", "'@SUM(A1)", "'=1+1"]


@given(st.text(max_size=8))
def test_a_cell_is_what_it_was_or_quoted(cell: str) -> None:
    assert harmless(cell) == (f"'{cell}" if cell.startswith(tuple("=+-@\t\r")) else cell)


def test_the_list_of_staff_shows_who_is_there_and_who_was_last(house: House, auditor: Walk) -> None:
    staffed(house, "olga", "operator")
    page = auditor.get("/desk/staff").text
    assert ["<code>ada</code>" in page, "<code>olga</code>" in page] == [True, True]
    assert "password alone" in page
