"""`narthex staff`, and the accounts that a demo makes for its desk."""

import os
import pty
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli import main
from app.cli.demo_desk import staff_the_desk
from app.config import Settings
from app.runner.house import House
from app.runner.staff import people
from tests.conftest import SECRET
from tests.desk import PASSWORD, cheap, log_in, staffed
from tests.walk import Walk

Narthex = Callable[..., Result]
SCRIPT = Path(sys.executable).parent / "narthex"


@pytest.fixture
def dialect() -> str:
    return "sqlite"


@pytest.fixture
def house(house: House) -> House:
    return cheap(house)


@pytest.fixture
def environment(settings: Settings) -> dict[str, str]:
    return {"NARTHEX_VAR": str(settings.var), "NARTHEX_SECRET_KEYS": SECRET}


@pytest.fixture
def narthex(environment: dict[str, str]) -> Narthex:
    def run(*words: str, **more: str) -> Result:
        return CliRunner().invoke(main, ["staff", *words], env=environment, **more)  # type: ignore[arg-type]

    return run


def test_staff_comes_in_by_a_password_from_standard_input(narthex: Narthex, walk: Walk) -> None:
    assert narthex("list").output.startswith("Nobody yet.")
    added = narthex(
        "add", "vera", "--role", "operator", "--role", "qa", "--password-stdin", input=f"{PASSWORD}\n"
    )
    assert added.exit_code == 0, added.output
    assert PASSWORD not in added.output
    assert log_in(walk).at == "/desk/"
    assert narthex("list").output.split()[:3] == ["vera", "qa,operator", "since"]


def test_a_made_up_password_is_shown_once_and_opens_the_desk(narthex: Narthex, walk: Walk) -> None:
    told = narthex("add", "vera", "--role", "qa", "--generate").output
    password = told.split()[-1]
    assert log_in(walk, password=password).at == "/desk/"
    assert password not in narthex("list").output + narthex("acts").output


def test_a_password_is_typed_twice_and_not_shown(environment: dict[str, str], house: House) -> None:
    ours, theirs = pty.openpty()
    command = subprocess.Popen(
        [SCRIPT, "staff", "add", "vera", "--role", "qa"],
        env={**os.environ, **environment}, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True,
    )  # fmt: skip
    os.close(theirs)
    told = ""
    with os.fdopen(ours, "r+b", buffering=0) as terminal:
        for asked in ("characters or more", "Once more"):
            while asked not in told or not told.endswith(": "):
                told += terminal.read(1024).decode()
            terminal.write(f"{PASSWORD}\n".encode())
        while "can log in" not in told:
            told += terminal.read(1024).decode()
    assert command.wait(60) == 0
    assert PASSWORD not in told
    assert people.is_password(house, "vera", PASSWORD)


def test_roles_passwords_and_leaving(narthex: Narthex, house: House, walk: Walk) -> None:
    staffed(house)
    assert log_in(walk).at == "/desk/"
    assert narthex("roles", "vera", "--role", "operator").output == "vera: operator.\n"
    told = narthex("password", "vera", "--generate").output
    assert "1 logins ended" in told
    assert walk.get("/desk/").at == "/desk/login"
    assert log_in(walk, password=told.split()[-1]).at == "/desk/"
    assert "1 logins ended" in narthex("leave", "vera").output
    assert walk.get("/desk/").at == "/desk/login"
    assert "  left " in narthex("list").output
    since = house.clock().date().isoformat()
    noted = narthex("acts", "--since", since).output
    assert "add staff       vera: qa\n" in noted
    assert "vera          log in\n" in noted
    assert narthex("acts", "--since", "2999-01-01").output == ""


#: What is typed after `narthex staff`, and words of the answer.
WRONG = (
    (["add", "Vera", "--role", "qa", "--generate"], ["'Vera'", "lower case"]),
    (["add", "vera", "--role", "qa", "--generate"], ["'vera'", "choose another"]),
    (["add", "olga", "--role", "qa", "--password-stdin"], ["shorter than 15", "holds the name"]),
    (["add", "olga", "--role", "qa", "--password-stdin", "--generate"], ["--password-stdin", "not both"]),
    (["add", "olga", "--role", "qa"], ["no terminal", "--generate"]),
    (["roles", "olga", "--role", "qa"], ["'olga'", "vera"]),
    (["password", "olga"], ["'olga'", "vera"]),
    (["leave", "olga"], ["'olga'", "vera"]),
    (["acts", "--since", "yesterday"], ["--since", "2026-11-22"]),
)


def test_what_is_wrong_is_one_sentence_with_its_cure(narthex: Narthex, house: House) -> None:
    staffed(house)
    for words, told in WRONG:
        ended = narthex(*words, input="olga\n")
        assert (ended.exit_code, len(ended.output.splitlines())) == (2, 1), ended.output
        assert all(word in ended.output for word in told), ended.output


def test_a_demo_makes_its_accounts_once_and_keeps_their_passwords_to_its_owner(
    house: House, tmp_path: Path
) -> None:
    var = tmp_path / "fresh"
    var.mkdir()
    with ThreadPoolExecutor(4) as pool:
        made = list(pool.map(lambda _: staff_the_desk(house, var), range(4)))
    assert [sorted(each) for each in made] == [["analyst", "approver", "auditor", "operator", "qa"]] * 4
    assert all(each == made[0] for each in made)
    (file,) = var.iterdir()
    assert file.stat().st_mode & 0o777 == 0o600
    assert {member.name: member.roles for member in people.everyone(house)} == {
        each: (each,) for each in ("analyst", "approver", "qa", "operator", "auditor")
    }
    assert made[0]["qa"] != made[0]["operator"]


def test_a_demo_shows_no_password_that_does_not_hold_and_brings_nobody_back(
    house: House, tmp_path: Path
) -> None:
    staff_the_desk(house, tmp_path)
    people.set_password(house, "qa", PASSWORD)
    people.leave(house, "operator")
    assert sorted(staff_the_desk(house, tmp_path)) == ["analyst", "approver", "auditor"]
    assert people.is_password(house, "qa", PASSWORD)
