"""The funnel: every run counted, numbers that add up, small ones hidden, the same as a command."""

import itertools
import json
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from app import wiring
from app.cli import main
from app.config import ROOT, Settings
from app.flow.definition import Flow
from app.flow.funnel.figures import figures
from app.flow.funnel.hiding import SMALLEST, Shown, sealed
from app.flow.funnel.learnt import Learnt
from app.flow.funnel.spans import spans
from app.flow.funnel.tally import Tally, Timed
from app.flow.loader import load, read_folder
from app.runner.funnel import funnel, taken_in
from app.runner.house import House
from app.runner.publish import publish
from tests.conftest import SECRET
from tests.desk import log_in, staffed
from tests.played import played
from tests.walk import PERSON, Walk

SECOND = 1_000_000


@pytest.fixture
def dialect() -> str:
    return "sqlite"


def shipped(name: str) -> Flow:
    flow = load(read_folder(ROOT / "workflows" / name), wiring.catalogue()).flow
    assert flow is not None
    return flow


ECARD = shipped("ecard")


@st.composite
def histories(draw: st.DrawFn, flow: Flow) -> list[list[Timed]]:
    """Runs that go along the flow's ways, each as far as it likes and as slowly."""
    runs = []
    for _ in range(draw(st.integers(0, 12))):
        state, at = flow.spec.initial, draw(st.integers(0, 50)) * SECOND
        steps = [(at, step(state, state, None, begins=True))]
        for _ in range(draw(st.integers(0, 6))):
            if not flow.transitions[state]:
                break
            way = draw(st.sampled_from(flow.transitions[state]))
            at += draw(st.integers(0, 90)) * SECOND // 2
            steps.append((at, step(state, way.dest, f"{state}.{way.id}")))
            state = way.dest
        if draw(st.booleans()):
            steps.append((at, step(state, state, None, let_go=True)))
        runs.append(steps)
    # Many alike, so that numbers beyond the smallest come about.
    times = draw(st.lists(st.sampled_from([1, 4, 5, 7]), min_size=len(runs), max_size=len(runs)))
    return [run for run, many in zip(runs, times, strict=True) for _ in range(many)]


def step(state: str, to: str, way: str | None, begins: bool = False, let_go: bool = False) -> Learnt:
    return Learnt(state, to, way, begins, let_go, (), (), ())


def counted(flow: Flow, runs: list[list[Timed]]) -> Tally:
    tally = Tally(flow)
    for run in runs:
        tally.add("en", run)
    return tally


@given(histories(ECARD))
def test_counts_are_those_of_looking_at_every_run_by_itself(runs: list[list[Timed]]) -> None:
    tally = counted(ECARD, runs)
    for name, ways in ECARD.transitions.items():
        there = [run for run in runs if any(each.to == name for _, each in run)]
        assert tally.reached[name] == len(there)
        outcomes = Counter(last_outcome(ECARD, run, name) for run in there)
        assert outcomes == {how: n for (state, how), n in tally.left.items() if state == name}
        for way in ways:
            called = f"{name}.{way.id}"
            assert tally.taken[called] == sum(any(each.way == called for _, each in run) for run in runs)
            waited = sorted(spent for run in runs for spent in waits(run, called))
            assert tally.taken_steps[called] == len(waited) == tally.spans[called].total()
            found = spans(tally.spans[called])
            assert (found.median if found else None) == (by_rank(waited, 0.5) if waited else None)
            assert (found.most if found else None) == (by_rank(waited, 0.9) if waited else None)


def last_outcome(flow: Flow, run: list[Timed], name: str) -> str:
    """How the run left the state for the last time, found from the end."""
    newest = run[-1][1]
    if newest.to == name:
        return "ended" if flow.state(name).end else "gone" if newest.let_go else "still"
    return next(str(each.way) for _, each in reversed(run) if each.state == name and each.to != name)


def waits(run: list[Timed], called: str) -> Iterator[int]:
    """Whole seconds from each arrival in a state to each time the way was taken there."""
    for number, (at, each) in enumerate(run):
        if each.way == called:
            before = run[:number]
            arrived = [when for when, other in before if other.begins or other.state != other.to]
            yield (at - arrived[-1]) // SECOND


def by_rank(ordered: list[int], part: float) -> timedelta:
    """The smallest span that at least this part does not exceed."""
    return timedelta(seconds=min(s for s in ordered if sum(o <= s for o in ordered) >= part * len(ordered)))


@given(histories(ECARD))
def test_who_reached_a_state_left_it_stands_there_or_ended_there(runs: list[list[Timed]]) -> None:
    for state in figures(counted(ECARD, runs)).states:
        parts = [way.left for way in state.ways if way.left] + [state.still, state.ended, state.gone]
        if all(each.number is not None for each in [state.reached, *parts]):
            assert state.reached.number == sum(each.number or 0 for each in parts)
        for way in state.ways:
            assert way.runs.number is None or not 0 < way.runs.number < SMALLEST
            # What hides how many left by a way must not stand beside it.
            assert not (way.left == Shown("many") and way.runs.number is not None)


def choices(cell: Shown, most: int) -> range:
    if cell.number is not None:
        return range(cell.number, cell.number + 1)
    return range(1, SMALLEST) if cell.sort == "few" else range(SMALLEST, most + 1)


@given(st.lists(st.integers(0, 9), min_size=1, max_size=4))
def test_no_hidden_number_follows_from_the_others(counts: list[int]) -> None:
    whole, cells = sealed(counts)
    assert all(str(n) == str(cell) or cell.number is None for n, cell in zip(counts, cells, strict=True))
    assert all(cell.number is None or not 0 < cell.number < SMALLEST for cell in [whole, *cells])
    told = [range(SMALLEST) if whole.sort == "few" else choices(cell, 60) for cell in cells]
    most = range(1, SMALLEST) if whole.sort == "few" else choices(whole, 200)
    worlds = [world for world in itertools.product(*told) if sum(world) in most]
    assert tuple(counts) in worlds
    for at, cell in enumerate(cells):
        assert cell.number is not None or len({world[at] for world in worlds}) > 1


@pytest.mark.parametrize(
    ("counts", "cells"),
    [
        ([3, 20, 30], ["<5", "≥5", "30"]),
        ([2, 1, 20, 30], ["<5", "<5", "20", "30"]),
        ([1, 1, 20, 30], ["<5", "<5", "≥5", "30"]),
        ([1, 5, 30], ["<5", "≥5", "≥5"]),
        ([0, 7, 30], ["0", "7", "30"]),
        ([0, 3], ["<5", "<5"]),
    ],
)
def test_one_more_is_hidden_where_a_small_number_could_be_worked_out(
    counts: list[int], cells: list[str]
) -> None:
    assert [str(cell) for cell in sealed(counts)[1]] == cells


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A house in which people went on many ways."""
    with played(tmp_path_factory.mktemp("funnel") / "var") as there:
        yield there.house


def test_recorded_runs_are_all_counted_and_what_is_small_is_hidden(recorded: House) -> None:
    told = funnel(recorded, "registration").versions[0]
    flow = recorded.shelf.live("registration")
    with recorded.database.read() as connection:
        rows = connection.execute(
            text(
                "select j.run, j.record from journal j join runs r on r.id = j.run "
                "where r.flow = 'registration'"
            )
        ).all()
    naive: dict[str, set[str]] = {}
    for run, record in rows:
        if chosen := json.loads(record)["chosen"]:
            naive.setdefault(chosen, set()).add(run)
    assert taken_in(recorded, flow) == {way: len(who) for way, who in naive.items()}
    assert (told.left_out, str(told.runs)) == (0, str(len({run for run, _ in rows})))
    wrong = told.way("verify_phone.wrong")
    assert wrong is not None
    assert (str(wrong.runs), wrong.steps, wrong.spans) == ("<5", None, None)


def test_records_older_than_the_fold_count_and_damaged_ones_are_told(walk: Walk, house: House) -> None:
    walk.get("/ecard/").post(**{**PERSON, "national_id": "1"}).post(trigger="back")
    before = taken_in(house, house.shelf.live("ecard"))
    with house.database.write() as connection:
        connection.execute(text("update journal set fold = null"))
    assert taken_in(house, house.shelf.live("ecard")) == before
    with house.database.write() as connection:
        connection.execute(text("update journal set record = '{' where seq = 1"))
    told = funnel(house, "ecard")
    assert told.unreadable == 1
    assert told.versions[0].left_out == 1
    assert str(told.versions[0].runs) == "0"


def test_the_window_is_by_the_start_and_the_language_by_the_newest_page(walk: Walk, house: House) -> None:
    walk.get("/ecard/").post(**{**PERSON, "national_id": "1"})
    flow, now = house.shelf.live("ecard"), house.clock()
    assert sum(taken_in(house, flow, since=now).values()) == 1
    assert sum(taken_in(house, flow, until=now).values()) == 0
    assert str(funnel(house, "ecard", lang="bg").versions[0].runs) == "<5"
    assert str(funnel(house, "ecard", lang="en").versions[0].runs) == "0"


@pytest.fixture
def busy(house: House, browser: Callable[..., Walk]) -> House:
    """Six people whose national id is refused."""
    for _ in range(6):
        browser(lang="bg").get("/ecard/").post(**{**PERSON, "national_id": "1"})
    return house


def test_the_page_shows_the_numbers_as_picture_and_list_and_leads_to_the_runs(
    busy: House, browser: Callable[..., Walk]
) -> None:
    staffed(busy)
    qa = log_in(browser(lang="en"))
    page = qa.get("/desk/flows/ecard/funnel").text.replace("<wbr>", "")
    rows = [
        " ".join(re.sub(r"<[^>]+>", " ", r).split()) for r in re.findall(r"<tr>.*?</tr>", page, re.DOTALL)
    ]
    assert any(re.match(r"submit malformed invalid 6 100 % 6 6 ", row) for row in rows), rows
    picture = page.partition('<svg class="diagram"')[2].partition("</svg>")[0].replace("&#45;", "-")
    assert "malformed ×6 100" in picture.replace("\xa0", " ")
    assert "share-4" in picture
    link = re.search(r'href="(/desk/runs\?[^"]*malformed[^"]*)"', page)
    assert link is not None
    found = qa.get(link[1].replace("&amp;", "&")).text
    assert "Shown: 6" in found
    assert "national_id" in page.partition('id="fields"')[2]


def test_two_versions_stand_beside_each_other(
    busy: House, browser: Callable[..., Walk], tmp_path: Path
) -> None:
    changed = shutil.copytree(ROOT / "workflows" / "ecard", tmp_path / "ecard")
    words = (changed / "flow.yaml").read_text("utf-8")
    (changed / "flow.yaml").write_text(words.replace("opens: 10", "opens: 5"), "utf-8")
    publish(busy, changed)
    browser(lang="bg").get("/ecard/").post(**{**PERSON, "national_id": "1"})
    staffed(busy)
    page = log_in(browser(lang="en")).get("/desk/flows/ecard/funnel?version=1&version=2").text
    assert page.count('<svg class="diagram"') == 2
    assert "ecard, version 2" in page
    rows = [
        " ".join(re.sub(r"<[^>]+>", " ", r).split()) for r in re.findall(r"<tr>.*?</tr>", page, re.DOTALL)
    ]
    both = r"submit malformed invalid 6 100 % 6 6 under 1 s under 1 s &lt;5 &lt;5$"
    assert any(re.match(both, row) for row in rows)


@pytest.mark.parametrize("query", ["?version=9", "?version=x"])
def test_a_version_that_is_not_published_is_not_found(
    house: House, browser: Callable[..., Walk], query: str
) -> None:
    staffed(house)
    assert log_in(browser(lang="en")).get(f"/desk/flows/ecard/funnel{query}").status == 404


def test_the_command_says_the_same(busy: House, settings: Settings) -> None:
    environment = {"NARTHEX_VAR": str(settings.var), "NARTHEX_SECRET_KEYS": SECRET}

    def narthex(*words: str) -> Result:
        return CliRunner().invoke(main, ["flows", "funnel", *words], env=environment)

    told = json.loads(narthex("ecard", "--lang", "bg", "--json").stdout)
    form = next(state for state in told["states"] if state["state"] == "form")
    assert (form["reached"], form["ways"][0]["runs"]) == (6, 6)
    assert "submit: malformed -> invalid  6 (100.0%)" in narthex("ecard").stdout
    assert narthex("ecard", "--lang", "en").stdout.startswith("ecard, version 1: 0 runs")
    lost = narthex("ecart")
    assert (lost.exit_code, "Did you mean 'ecard'?" in lost.stderr) == (2, True)
    gone = narthex("ecard", "--version", "7")
    assert (gone.exit_code, "its versions are 1" in gone.stderr) == (2, True)
