"""What if a limit were another: bounds that hold, of enough runs only, on the page and as a command."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from app import wiring
from app.cli import main
from app.config import Settings
from app.flow.definition import Flow
from app.flow.limits import NoSuchLimit, WrongValue, changed, direction, limit, limits
from app.runner.house import House
from app.runner.what_if.answer import what_if
from app.runner.what_if.bounds import Bounds
from app.runner.what_if.counting import Counted
from app.runner.what_if.sentences import sentences
from tests.bench.history import History
from tests.conftest import SECRET, Clock, settings_for
from tests.desk import log_in, staffed
from tests.played import played
from tests.walk import PERSON, Walk


@pytest.fixture
def dialect() -> str:
    return "sqlite"


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house in which some hundred people walked, each as far as chance had it."""
    var = tmp_path_factory.mktemp("what_if") / "var"
    with played(var) as there:
        history = History.of(there.house)
    history.write(var / "narthex.db", 3_000)
    house = wiring.open_house(settings_for(var), Clock())
    yield house
    house.database.close()


@pytest.fixture(scope="module")
def registration(busy: House) -> Flow:
    return busy.shelf.live("registration")


def judged(house: House) -> dict[str, list[dict[str, Any]]]:
    """By run, every recorded answer about the code sent to the phone."""
    found: dict[str, list[dict[str, Any]]] = {}
    with house.database.read() as connection:
        rows = connection.execute(
            text(
                "select j.run, j.record from journal j join runs r on r.id = j.run "
                "where r.flow = 'registration' order by j.run, j.seq"
            )
        ).all()
    for run, record in rows:
        answers = found.setdefault(run, [])
        answers += [each for each in json.loads(record)["guards"] if each["g"] == "phone_code_right"]
    return found


def ended_well(house: House) -> set[str]:
    with house.database.read() as connection:
        rows = connection.execute(
            text("select id from runs where flow = 'registration' and state in ('active', 'renewed')")
        )
        return set(rows.scalars())


def stopped_by(answers: list[dict[str, Any]], most: int) -> bool:
    """Whether somebody who was let on would not have been, had codes only so many tries."""
    tries = [(each["counts"]["tries"]["before"], each) for each in answers if "tries" in each["counts"]]
    return any(
        before >= most or (before + 1 >= most and each["reason"] == "wrong")
        for before, each in tries
        if each["reason"] != "no_tries_left"
    )


def test_fewer_tries_stop_exactly_those_who_needed_more(busy: House) -> None:
    found = what_if(busy, "registration", "codes.phone_code.tries", "3")
    every, well = judged(busy), ended_well(busy)
    stopped = {run for run, answers in every.items() if stopped_by(answers, 3)}
    assert (found.direction, found.every.told) == ("tighter", len(every))
    assert len(stopped) > 4
    assert found.every.least("certainly") == found.every.most("certainly", "perhaps") == len(stopped)
    assert found.through.told == len(well)
    # Fewer than five are not told apart, and then only bounds are.
    both, most = len(stopped & well), found.through.most("certainly", "perhaps")
    assert found.through.least("certainly") <= both <= most
    assert both < 5 or found.through.least("certainly") == both
    right = Counter(
        max(each["counts"]["tries"]["before"] + 1 for each in answers if each["answer"] == "yes")
        for answers in every.values()
        if any(each["answer"] == "yes" for each in answers)
    )
    assert {number: runs.number for number, runs in found.right_at.items() if runs.number} == dict(right)


def test_more_tries_bound_those_who_could_have_gone_on(busy: House) -> None:
    found = what_if(busy, "registration", "codes.phone_code.tries", "7")
    locked = [a for a in judged(busy).values() if any(each["reason"] == "no_tries_left" for each in a)]
    assert found.direction == "looser"
    assert found.stopped.told == found.stopped.most("could") == len(locked) > 4
    assert found.every.most("certainly", "perhaps") == 0
    said = [str(each) for each in sentences(found)]
    assert any(f"Of {len(locked)} runs stopped at this limit at most {len(locked)} could" in s for s in said)
    assert any("1 in 6,710,886, with the other value 1 in 4,793,490" in each for each in said)


def test_the_same_value_changes_nothing(busy: House) -> None:
    found = what_if(busy, "registration", "codes.phone_code.tries", "5")
    assert found.every.most("certainly", "perhaps") == 0
    assert any("the value it has" in each.words for each in sentences(found))


def test_of_few_runs_nothing_is_said(busy: House, walk: Walk, house: House) -> None:
    walk.get("/ecard/").post(**{**PERSON, "national_id": "1"})
    few = what_if(house, "ecard", "lifetime.idle", "1 min")
    assert few.every.told is None
    assert [each.words for each in sentences(few)] == [
        "Too few runs were begun in this time: nothing can be said."
    ]
    long_ago = house.clock().replace(year=1969)
    none = what_if(busy, "registration", "codes.phone_code.tries", "3", until=long_ago)
    assert sentences(none)[0].words == "No run was begun in this time, so nothing can be said."


@given(st.fixed_dictionaries({name: st.integers(0, 12) for name in ("certainly", "perhaps", "never")}))
def test_what_is_said_holds_of_the_true_numbers(true: dict[str, int]) -> None:
    counted = Counted()
    for name, runs in true.items():
        counted.run(runs, ended_well=True, stopped=None, refused=name)
    split = counted.splits()["through"]
    if split.told is None:
        return
    assert split.told == sum(true.values())
    assert split.least("certainly") <= true["certainly"] <= split.most("certainly")
    assert true["certainly"] + true["perhaps"] <= split.most("certainly", "perhaps")


def test_every_limit_of_a_shipped_flow_takes_its_own_value_and_is_then_the_same(registration: Flow) -> None:
    for each in limits(registration):
        flow, new = changed(registration, each, each.written)
        assert (new, direction(each, new)) == (each, "same")
        assert flow.spec == registration.spec


@given(tries=st.integers(1, 100))
def test_another_value_changes_that_limit_alone(registration: Flow, tries: int) -> None:
    flow, _ = changed(registration, limit(registration, "codes.phone_code.tries"), str(tries))
    before, after = registration.spec.codes["phone_code"], flow.spec.codes["phone_code"]
    assert after == before.model_copy(update={"tries": tries})
    assert flow.spec.model_copy(update={"codes": {}}) == registration.spec.model_copy(update={"codes": {}})


@pytest.mark.parametrize(
    ("value", "way"),
    [
        ("10 s, 60 s, 120 s", "looser"),
        ("30 s, 60 s, 300 s", "tighter"),
        ("10 s, 60 s, 300 s", "mixed"),
        ("30 s", "looser"),
        ("", "looser"),
    ],
)
def test_shorter_pauses_let_more_on(registration: Flow, value: str, way: str) -> None:
    pauses = limit(registration, "codes.phone_code.resend_after")
    assert direction(pauses, changed(registration, pauses, value)[1]) == way


@pytest.mark.parametrize("value", ["0", "101", "five", "-1", "5 min", "٣", "9" * 40])
def test_a_value_the_grammar_does_not_allow_is_named(registration: Flow, value: str) -> None:
    with pytest.raises(WrongValue):
        changed(registration, limit(registration, "codes.phone_code.tries"), value)


def test_a_limit_that_is_not_there_is_named_with_the_nearest(registration: Flow) -> None:
    with pytest.raises(NoSuchLimit, match=r"Did you mean 'codes\.phone_code\.tries'"):
        limit(registration, "codes.phone_code.tires")


@pytest.fixture
def slow(house: House, clock: Clock, browser: Callable[..., Walk]) -> House:
    """Six people who look at a page for twelve minutes before they go on."""
    walks = [browser(lang="bg").get("/ecard/").post(**{**PERSON, "national_id": "1"}) for _ in range(6)]
    clock.pass_(minutes=12)
    for walk in walks:
        walk.post(trigger="back")
    return house


def test_lifetimes_are_held_against_the_times_of_steps(slow: House) -> None:
    def stopped(name: str, value: str) -> Bounds:
        return what_if(slow, "ecard", f"lifetime.{name}", value)

    assert stopped("idle", "11 min").every.most("perhaps", "certainly") == 6
    assert stopped("idle", "11 min").every.least("certainly") == 0
    assert stopped("idle", "13 min").every.most("perhaps", "certainly") == 0
    assert stopped("absolute", "11 min").every.least("certainly") == 6
    assert stopped("absolute", "13 min").every.most("perhaps", "certainly") == 0


def test_the_page_answers_in_the_language_of_its_reader(slow: House, browser: Callable[..., Walk]) -> None:
    staffed(slow)
    page = log_in(browser(lang="en"))
    told = page.get("/desk/flows/ecard/what-if?limit=lifetime.absolute&value=11+min").text
    assert "Of all 6 runs it would have stopped 6." in told
    told = page.get("/desk/flows/ecard/what-if?limit=lifetime.absolute&value=11+min&lang=hu").text
    assert "Az összes 6 futás közül 6 futást állított volna meg." in told
    assert "lifetime.absolute" in page.get("/desk/flows/ecard/what-if").text


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("limit=lifetime.absolute&value=soon", 422),
        ("limit=lifetime.nothing&value=5", 422),
        ("limit=lifetime.absolute&value=%3Cscript%3E", 422),
        ("version=9", 404),
        ("version=x", 404),
    ],
)
def test_what_cannot_be_answered_is_said(
    house: House, browser: Callable[..., Walk], query: str, status: int
) -> None:
    staffed(house)
    page = log_in(browser(lang="en")).get(f"/desk/flows/ecard/what-if?{query}")
    assert page.status == status
    assert "<script>" not in page.text


def test_the_command_says_the_same(slow: House, settings: Settings) -> None:
    environment = {"NARTHEX_VAR": str(settings.var), "NARTHEX_SECRET_KEYS": SECRET}

    def narthex(*words: str) -> Result:
        return CliRunner().invoke(main, ["flows", "what-if", *words], env=environment)

    assert "Of all 6 runs it would have stopped 6." in narthex("ecard", "lifetime.absolute=11 min").stdout
    told = json.loads(narthex("ecard", "lifetime.absolute=11 min", "--json").stdout)
    assert told["every"] == {"runs": "6", "certainly": "6", "perhaps": "0", "never": "0"}
    assert "lifetime.idle=" in narthex("ecard").stdout
    for words, cure in (
        (["ecard", "lifetime.absolute=soon"], "Write it like lifetime.absolute='"),
        (["ecard", "lifetime.absolut=1 h"], "Did you mean 'lifetime.absolute'?"),
        (["ecart", "lifetime.absolute=1 h"], "Did you mean 'ecard'?"),
        (["ecard", "--version", "7"], "no version 7"),
    ):
        answer = narthex(*words)
        assert (answer.exit_code, cure in answer.stderr) == (2, True), answer.stderr
