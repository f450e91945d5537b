"""`narthex portal`: staff files documents, answers requests, ends and forgets logins; sees no password."""

import io
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result
from flask import Flask
from sqlalchemy import text

from app.cli import main
from app.config import Settings
from app.runner.house import House
from app.runner.portal import requests
from app.runner.portal.requests import Draft, Written
from app.runner.portal.uploads import Upload
from app.store import accounts, logins, outbox
from app.store.outbox import Letter
from tests.apps import ready_app
from tests.asking import PDF
from tests.conftest import SECRET
from tests.lodge import ADDRESS, PASSWORD, Guest, guest, log_in, open_lodge, standing_run
from tests.test_portal_documents import visitor_of
from tests.walk import Walk

Narthex = Callable[..., Result]


@pytest.fixture
def dialect() -> str:
    return "sqlite"


@pytest.fixture
def house(house: House) -> House:
    return open_lodge(house)


@pytest.fixture
def app(settings: Settings, house: House) -> Flask:
    return ready_app(settings, house)


@pytest.fixture
def narthex(settings: Settings, house: House) -> Narthex:
    """Runs a command beside the lodge."""
    environment = {
        "NARTHEX_VAR": str(settings.var),
        "NARTHEX_SECRET_KEYS": SECRET,
        "NARTHEX_BASE_URL": "https://lodge.example",
    }

    def run(*words: str, **more: str) -> Result:
        return CliRunner().invoke(main, ["portal", *words], env=environment, **more)  # type: ignore[arg-type]

    return run


@pytest.fixture
def letter_pdf(tmp_path: Path) -> Path:
    file = tmp_path / "letter.pdf"
    file.write_bytes(PDF)
    return file


def asked(house: House, its_text: str = "It leaks.", with_file: bool = False) -> str:
    upload = Upload("roof.pdf", io.BytesIO(PDF)) if with_file else None
    result = requests.write(house, visitor_of(house, guest(house)), Draft("m", its_text, "The roof", upload))
    assert isinstance(result, Written)
    return result.reference


def letters(house: House) -> list[Letter]:
    now = datetime.now(UTC) + timedelta(seconds=1)
    with house.database.write() as connection:
        taken = outbox.claim(
            connection, house.vault, owner="test", now=now, lease=timedelta(minutes=1), channels=["mail"],
            most=9,
        )  # fmt: skip
    return [each.letter for each in taken]


def number_of(house: House) -> str:
    customer = visitor_of(house, guest(house)).customer
    assert customer
    return f"number={customer.numbers['number']}"


def test_a_filed_document_is_in_the_portal(
    narthex: Narthex, house: House, letter_pdf: Path, browser: Callable[..., Walk]
) -> None:
    customer = number_of(house)
    filed = narthex(
        "documents", "file", "--realm", "lodge", "--customer", customer, "--title", "Policy", str(letter_pdf)
    )
    assert filed.exit_code == 0, filed.output
    assert "accounts that can read it: 1" in filed.output
    document = filed.output.split()[0]
    listed = narthex("documents", "list", "--realm", "lodge", "--customer", customer)
    assert document in listed.output
    walk = log_in(browser(lang="en"))
    assert "Policy" in walk.get("/portal/lodge/documents").text
    assert walk._ask("GET", f"/portal/lodge/documents/{document}").data == PDF


def test_a_customer_nobody_knows_is_made_only_when_named(
    narthex: Narthex, house: House, letter_pdf: Path
) -> None:
    words = ("documents", "file", "--realm", "lodge", "--customer", "number=77", "--title", "Policy")
    refused = narthex(*words, str(letter_pdf))
    assert (refused.exit_code, "--name" in refused.output) == (2, True)
    assert narthex(*words, "--name", "Nagy Béla", str(letter_pdf)).exit_code == 0
    assert "1 documents; accounts that can read them: 0" in narthex(
        "documents", "list", "--realm", "lodge", "--customer", "number=77"
    ).output  # fmt: skip


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--realm", "nowhere", "--customer", "number=1", "--title", "T", "FILE"], ["nowhere", "lodge"]),
        (["--realm", "lodge", "--customer", "eik=1", "--title", "T", "FILE"], ["--customer", "number=…"]),
        (["--realm", "lodge", "--customer", "17", "--title", "T", "FILE"], ["--customer", "number=…"]),
        (["--realm", "lodge", "--customer", "number= ", "--title", "T", "FILE"], ["number", "empty"]),
        (["--realm", "lodge", "--customer", "number=1", "--title", " ", "FILE"], ["--title", "empty"]),
        (["--realm", "lodge", "--customer", "number=1", "--title", "T", "/nowhere.pdf"], ["/nowhere.pdf"]),
        (["--realm", "lodge", "--customer", "number=1", "--title", "T", __file__], ["PDF", "convert"]),
    ],
)
def test_what_is_wrong_with_a_document_is_one_sentence_with_its_cure(
    narthex: Narthex, letter_pdf: Path, words: list[str], told: list[str]
) -> None:
    ended = narthex("documents", "file", *[str(letter_pdf) if word == "FILE" else word for word in words])
    assert ended.exit_code == 2
    assert len(ended.output.splitlines()) == 1
    assert all(word in ended.output for word in told), ended.output


def test_a_request_is_found_read_and_answered_and_its_owner_told_without_a_word_of_it(
    narthex: Narthex, house: House, tmp_path: Path
) -> None:
    reference = asked(house, with_file=True)
    assert f"{reference}  open" in narthex("requests", "list", "--realm", "lodge").output
    shown = narthex("requests", "show", reference.upper()).output
    assert "It leaks." in shown
    assert "[file 1: roof.pdf" in shown
    target = tmp_path / "roof.pdf"
    assert narthex("requests", "save", reference, "1", str(target)).exit_code == 0
    assert (target.read_bytes(), target.stat().st_mode & 0o777) == (PDF, 0o600)
    again = narthex("requests", "save", reference, "1", str(target))
    assert (again.exit_code, "is there already" in again.output) == (2, True)
    answered = narthex("requests", "answer", reference, "--file", "-", input="A roofer\ncomes.\n")
    assert answered.exit_code == 0, answered.output
    assert narthex("requests", "list", "--realm", "lodge").output == ""
    assert f"{reference}  answered" in narthex("requests", "list", "--realm", "lodge", "--all").output
    (letter,) = letters(house)
    assert letter.recipient == ADDRESS
    assert "https://lodge.example/portal/lodge/" in letter.body.splitlines()
    for word in ("roof", "leaks", "roofer", "Kerekes", reference):
        assert word not in letter.subject + letter.body


def test_the_notice_goes_to_the_address_for_letters_in_the_accounts_language(
    narthex: Narthex, house: House
) -> None:
    reference = asked(house)
    with house.database.write() as connection:
        (account,) = accounts.of_realm(connection, house.vault, "lodge")
        accounts.set_letters_to(connection, house.vault, account.id, "post.lodge.demo@gmail.com")
        connection.execute(text("update accounts set lang = 'hu'"))
    narthex("requests", "answer", reference, "--text", "Jön a tetőfedő.")
    (letter,) = letters(house)
    assert (letter.recipient, letter.lang) == ("post.lodge.demo@gmail.com", "hu")
    assert house.shelf.live("lodge").theme.name["hu"] in letter.body


def test_a_closed_request_takes_no_answer(narthex: Narthex, house: House) -> None:
    reference = asked(house)
    assert "closed" in narthex("requests", "answer", reference, "--text", "Done.", "--close").output
    refused = narthex("requests", "answer", reference, "--text", "More.")
    assert (refused.exit_code, "closed" in refused.output) == (2, True)
    assert narthex("requests", "close", reference).output == "It was closed already.\n"
    assert len(letters(house)) == 1


@pytest.mark.parametrize(
    "words",
    [
        ["show", "0000-0000"],
        ["close", "0000-0000"],
        ["save", "0000-0000", "1", "x"],
        ["answer", "0000-0000", "--text", "Hello"],
        ["answer", "REFERENCE"],
        ["answer", "REFERENCE", "--text", "a", "--file", "-"],
        ["answer", "REFERENCE", "--text", " "],
        ["answer", "REFERENCE", "--text", "a" * 4001],
        ["save", "REFERENCE", "1", "x"],
    ],
)
def test_what_cannot_be_done_to_a_request_is_one_sentence(
    narthex: Narthex, house: House, words: list[str]
) -> None:
    reference = asked(house)
    ended = narthex("requests", *[reference if word == "REFERENCE" else word for word in words])
    assert (ended.exit_code, len(ended.output.splitlines())) == (2, 1), ended.output
    assert letters(house) == []


def test_accounts_are_listed_without_whose_they_are(narthex: Narthex, house: House) -> None:
    its = guest(house, names=("Lodge A", "Lodge B"))
    guest(house, "bela.lodge.demo@gmail.com", names=("Nagy Béla",), confirmed=False)
    listed = narthex("accounts", "list", "--realm", "lodge").output
    assert re.search(rf"{its.account}  .* UTC  confirmed +customers: 2", listed)
    assert re.search(r"not confirmed +customers: 1", listed)
    assert "@" not in listed
    assert "Lodge" not in listed


def test_ended_logins_are_out_at_once(narthex: Narthex, house: House, browser: Callable[..., Walk]) -> None:
    its, walk = guest(house), browser(lang="en")
    assert log_in(walk).at == "/portal/lodge/"
    assert narthex("accounts", "end-logins", its.account).output == "1 logins ended.\n"
    assert walk.get("/portal/lodge/documents").at == "/portal/lodge/login"
    assert log_in(walk).at == "/portal/lodge/"
    assert narthex("accounts", "end-logins", "nobody").exit_code == 2


def rows(house: House, *tables: str) -> list[int]:
    with house.database.read() as connection:
        return [connection.execute(text(f"select count(*) from {t}")).scalar_one() for t in tables]


def test_a_forgotten_account_leaves_nothing_of_its_own(
    narthex: Narthex, house: House, letter_pdf: Path
) -> None:
    run = standing_run(house)
    asked(house, with_file=True)
    with house.database.write() as connection:
        (account,) = accounts.of_realm(connection, house.vault, "lodge")
        connection.execute(text("update accounts set run_id = :run"), {"run": run})
        logins.open_login(connection, house.vault, account.id, "t", "Firefox", house.clock())
    customer = visitor_of(house, Guest(account.id, (), run)).customer
    assert customer
    narthex(
        "documents", "file", "--realm", "lodge", "--customer", f"number={customer.numbers['number']}",
        "--title", "Policy", str(letter_pdf),
    )  # fmt: skip
    refused = narthex("accounts", "forget", account.id)
    assert (refused.exit_code, "--yes" in refused.output) == (2, True)
    told = narthex("accounts", "forget", account.id, "--yes").output
    assert "1 customers stay" in told
    gone = ("accounts", "logins", "memberships", "requests", "request_messages")
    assert rows(house, *gone) == [0] * len(gone)
    assert rows(house, "files", "documents", "customers") == [1, 1, 1]
    with house.database.read() as connection:
        assert (
            connection.execute(text("select run_key from runs where id = :id"), {"id": run}).scalar() is None
        )
    assert narthex("accounts", "forget", account.id, "--yes").exit_code == 2


def test_customers_nobody_else_acts_for_go_too_when_that_is_asked(
    narthex: Narthex, house: House, letter_pdf: Path
) -> None:
    number = number_of(house)
    narthex("documents", "file", "--realm", "lodge", "--customer", number, "--title", "P", str(letter_pdf))
    with house.database.read() as connection:
        (account,) = accounts.of_realm(connection, house.vault, "lodge")
    assert narthex("accounts", "forget", account.id, "--customers", "--yes").exit_code == 0
    gone = ("accounts", "customers", "customer_numbers", "documents", "files", "file_chunks")
    assert rows(house, *gone) == [0] * len(gone)


def commands(group: click.Command) -> Iterator[click.Command]:
    yield group
    for each in getattr(group, "commands", {}).values():
        yield from commands(each)


def test_no_command_asks_for_a_password_or_shows_one(narthex: Narthex, house: House) -> None:
    for command in commands(main.commands["portal"]):
        words = [command.name or "", *(word for param in command.params for word in param.opts)]
        assert not [word for word in words if "pass" in word or "pin" in word], command.name
    reference = asked(house)
    with house.database.read() as connection:
        (account,) = accounts.of_realm(connection, house.vault, "lodge")
    shown = "".join(
        narthex(*words).output
        for words in (
            ("accounts", "list", "--realm", "lodge"),
            ("accounts", "end-logins", account.id),
            ("requests", "show", reference),
            ("requests", "list", "--realm", "lodge", "--all"),
        )
    )
    assert account.password not in shown
    assert PASSWORD not in shown
    assert "argon2" not in shown
