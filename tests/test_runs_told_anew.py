"""A recorded run becomes a scenario and a pytest: readable, true, and without the person it was."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text

from app.config import ROOT
from app.delivery.post import Post
from app.proof.telling import NotTellable, as_pytest, as_scenario
from app.runner.house import House
from app.scenarios.run import try_text
from tests.conftest import Clock
from tests.desk import log_in, staffed
from tests.walk import PERSON, Walk, code_in, link_in


@pytest.fixture
def dialect() -> str:
    return "sqlite"


def the_run(house: House) -> str:
    with house.database.read() as connection:
        run: str = connection.execute(text("select id from runs order by started_at desc")).scalars().first()
    return run


def comes_true(flow: str, told: str) -> None:
    (tried,) = try_text(ROOT / "workflows" / flow, told)
    assert tried.failure is None, tried.failure


def test_a_card_from_the_mistake_to_the_wallet(walk: Walk, post: Post, house: House, clock: Clock) -> None:
    walk.get("/ecard/").post(**{**PERSON, "national_id": "1"}).post(trigger="back").post(**PERSON)
    post.deliver()
    clock.pass_(seconds=31)
    walk.post(trigger="resend")
    post.deliver()
    walk.get(link_in(walk.messages()[-1])).post(follow=False, trigger="add", wallet="apple")
    told = as_scenario(house, the_run(house))
    for value in (*PERSON.values(), "Мария"):
        assert value in {"ios", "android"} or value not in told
    assert "- name: 'As recorded on version 1: form > invalid > form > requested" in told
    assert "wallet:" in told
    comes_true("ecard", told)


def test_wrong_codes_until_nothing_is_left(browser: Callable[..., Walk], post: Post, house: House) -> None:
    walk = browser(lang="en")
    walk.get("/registration/").post(
        id_kind="policy", policy_number="HU-20471183", mobile_prefix="20", mobile_number="1234567"
    )
    post.deliver()
    right = code_in(walk.messages()[-1])[-5:]
    for number in range(5):
        wrong = f"{number:05}"
        assert wrong != right
        walk.post(code=wrong)
    assert walk.at == "/registration/locked"
    told = as_scenario(house, the_run(house))
    assert "HU-20471183" not in told
    assert told.count("wrong: true") == 5
    comes_true("registration", told)


def test_the_pytest_runs_by_itself_and_holds_nobody(walk: Walk, house: House, tmp_path: Path) -> None:
    walk.get("/ecard/").post(**{**PERSON, "email": "wrong@sineva-demo.bg"}).post(trigger="back")
    module = as_pytest(house, the_run(house))
    assert "def test_a_recorded_run_of_ecard_still_comes_to_form() -> None:" in module
    assert PERSON["national_id"] not in module
    file = tmp_path / "test_told.py"
    file.write_text(module, encoding="utf-8")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-n0",
        "-p",
        "no:cacheprovider",
        "-c",
        os.devnull,
        str(file),
    ]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert "1 passed" in ran.stdout, ran.stdout + ran.stderr


def test_what_cannot_be_told_says_why(house: House) -> None:
    with pytest.raises(NotTellable, match="no run 'r-none'"):
        as_scenario(house, "r-none")


def test_the_page_of_a_run_offers_it_as_a_test(
    walk: Walk, browser: Callable[..., Walk], house: House
) -> None:
    walk.get("/ecard/").post(**{**PERSON, "email": "wrong@sineva-demo.bg"})
    run = the_run(house)
    staffed(house)
    qa = log_in(browser(lang="en"))
    assert f"/desk/runs/{run}/export/scenario" in qa.get(f"/desk/runs/{run}").text
    comes_true("ecard", qa.get(f"/desk/runs/{run}/export/scenario").text)
    assert "def test_a_recorded_run_of_ecard_" in qa.get(f"/desk/runs/{run}/export/pytest").text
    with house.database.write() as connection:
        connection.execute(text("delete from journal where seq > 0"))
    refused = qa.get(f"/desk/runs/{run}/export/pytest")
    assert (refused.status, "has taken no step yet" in refused.text) == (409, True)
