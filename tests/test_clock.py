"""How long a page can be sent at once, and what becomes of one that comes too late (U15, U16)."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from app.runner.house import House
from app.runner.publish import publish
from app.store import runs
from tests.conftest import Clock
from tests.test_journal import records
from tests.test_races import together
from tests.walk import PERSON, Walk

BOOTH = Path(__file__).parent / "flows" / "booth"
CONTRACT = {"id_kind": "policy", "policy_number": "HU-1", "mobile_prefix": "20", "mobile_number": "1234567"}
LATE = {"minutes": 31}


@pytest.fixture
def dialect() -> str:
    return "sqlite"  # but for what the databases could tell apart


BOTH = pytest.mark.parametrize(
    "dialect",
    ["sqlite", "postgresql"],
    indirect=True,
)


@pytest.fixture
def booth(house: House, walk: Walk) -> Walk:
    """A browser at the first page of `booth`, in English."""
    publish(house, BOOTH)
    walk.lang = "en"
    return walk.get("/booth/identify")


def seconds_left(walk: Walk) -> int:
    (left,) = re.findall(r'data-left="(\d+)"', walk.text)
    return int(left)


def shown(walk: Walk, name: str) -> str:
    """What stands in the box of this name."""
    (box,) = re.findall(rf'<input[^>]* name="{name}"[^>]*>', walk.text)
    return "".join(re.findall(r'\bvalue="([^"]*)"', box))


def stay(walk: Walk) -> int:
    """What clock.js sends when somebody wants to stay; the status of the answer."""
    return walk._ask("POST", "/booth/", data={**walk.hidden(), "trigger": "continue"}).status_code


def events(house: House) -> list[object]:
    return [record["event"] for record in records(house)]


def test_a_page_says_until_when_it_stays_valid_by_the_organisation_s_clock(booth: Walk) -> None:
    assert "This page stays valid until 10:30." in booth.text  # nine in London is ten in Budapest
    assert seconds_left(booth) == 30 * 60


def test_the_time_runs_from_the_last_step_and_looking_does_not_prolong_it(booth: Walk, clock: Clock) -> None:
    booth.post(**CONTRACT)
    assert booth.at == "/booth/contact"
    assert "stays valid until" not in booth.text  # nobody asked for the clock on this page
    clock.pass_(minutes=10)
    assert seconds_left(booth.get("/booth/contact")) == 20 * 60
    clock.pass_(minutes=19, seconds=59)
    assert seconds_left(booth.get("/booth/contact")) == 1


def test_pages_that_ask_nothing_have_no_clock(walk: Walk) -> None:
    walk.get("/ecard/").post(**{**PERSON, "national_id": "1"})
    assert walk.at == "/ecard/invalid"
    assert "data-left" not in walk.text


def test_staying_gives_the_whole_span_again_as_often_as_wanted(booth: Walk, clock: Clock) -> None:
    booth.post(**CONTRACT)
    hidden = booth.hidden()
    for _ in range(12):
        clock.pass_(minutes=29)
        assert stay(booth) == 303
    assert seconds_left(booth.get("/booth/contact")) == 30 * 60
    clock.pass_(minutes=29)
    fields = {"email": "a@abv.bg", "marketing": "decline", "contract": "on"}
    assert booth._ask("POST", "/booth/contact", data={**hidden, **fields}).location == "/booth/choose"


def test_no_staying_goes_beyond_the_end_of_the_run(booth: Walk, clock: Clock) -> None:
    booth.post(**CONTRACT)
    clock.pass_(hours=23, minutes=50)
    booth.get("/booth/contact").post("/booth/", trigger="continue")
    assert seconds_left(booth.get("/booth/contact")) == 10 * 60


def test_a_page_shown_for_another_step_does_not_prolong_the_run(booth: Walk, clock: Clock) -> None:
    first = booth.hidden()
    booth.post(**CONTRACT)
    clock.pass_(minutes=20)
    booth._ask("POST", "/booth/", data={**first, "trigger": "continue"})
    assert seconds_left(booth.get("/booth/contact")) == 10 * 60


def test_a_password_is_not_among_what_is_kept_for_who_comes_back(
    booth: Walk, house: House, clock: Clock
) -> None:
    booth.post(**CONTRACT).post(email="a@abv.bg", marketing="accept", contract="on")
    assert booth.at == "/booth/choose"
    clock.pass_(**LATE)
    booth.post(password="Sonne7Mond", password_again="Sonne7Mond")
    assert booth.at == "/booth/"
    assert "Passwords and codes are never kept" in booth.text
    booth.post(trigger="continue")
    assert booth.at == "/booth/choose"
    with house.database.read() as connection:
        (run,) = connection.execute(text("select id from runs")).scalars()
        stored = runs.by_id(connection, run)
        assert stored is not None
        assert "Sonne7Mond" not in runs.read_answers(connection, stored, house.vault).values()


def test_a_late_button_that_the_page_does_not_have_makes_no_run(
    walk: Walk, house: House, clock: Clock
) -> None:
    walk.get("/ecard/form")
    clock.pass_(**LATE)
    assert walk.post(trigger="activate", **PERSON).status == 400
    assert events(house) == []


@BOTH
def test_a_first_page_sent_too_late_is_kept_and_can_be_continued(
    walk: Walk, house: House, clock: Clock
) -> None:
    walk.get("/ecard/form")
    clock.pass_(**LATE)
    walk.post(**PERSON)
    assert walk.at == "/ecard/"
    assert events(house) == ["start", "rested"]  # and nothing was matched or sent
    walk.post(trigger="continue")
    assert walk.at == "/ecard/form"
    assert {name: shown(walk, name) for name in ("email", "mobile", "national_id")} == {
        name: PERSON[name] for name in ("email", "mobile", "national_id")
    }
    assert walk.post(**PERSON).at == "/ecard/requested"
    chained = records(house)
    assert [record["seq"] for record in chained] == [0, 1, 2]
    assert chained[2]["prev"] == chained[1]["hash"]


@BOTH
def test_a_late_double_click_makes_one_run(walk: Walk, house: House, clock: Clock) -> None:
    hidden = walk.get("/ecard/form").hidden()
    clock.pass_(**LATE)
    with walk.client.session_transaction() as session:
        cookie = dict(session)

    def post() -> int:
        other = Walk(walk.app)
        with other.client.session_transaction() as session:
            session.update(cookie)
        return other._ask("POST", "/ecard/form", data={**hidden, **PERSON}).status_code

    assert set(together([post] * 6)) == {303}
    assert events(house) == ["start", "rested"]


def test_a_late_first_page_does_not_touch_the_run_of_another_tab(
    walk: Walk, house: House, clock: Clock
) -> None:
    old = walk.get("/ecard/form").hidden()
    walk.get("/ecard/form").post(**{**PERSON, "national_id": "1"})
    clock.pass_(**LATE)
    walk._ask("POST", "/ecard/form", data={**old, **PERSON})
    assert events(house) == ["start", "submit"]


def test_a_first_page_in_time_begins_at_once(walk: Walk, clock: Clock) -> None:
    walk.get("/ecard/form")
    clock.now += timedelta(minutes=29, seconds=59)
    assert walk.post(**PERSON).at == "/ecard/requested"
