"""What operators do by command: a file with foreign columns, a letter tried again, a document taken back."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli import main
from app.config import Settings
from app.runner.house import House
from app.runner.staff.acts import acts_since
from app.store import registers
from tests.conftest import SECRET, Clock
from tests.operating import Operating, operating


@pytest.fixture
def dialect() -> str:
    return "sqlite"


@pytest.fixture
def run(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[CliRunner]:
    for name, value in {
        "NARTHEX_VAR": str(settings.var),
        "NARTHEX_SECRET_KEYS": SECRET,
        "NARTHEX_DNS": "off",
    }.items():
        monkeypatch.setenv(name, value)
    yield CliRunner()


def narthex(run: CliRunner, *words: str) -> Result:
    return run.invoke(main, list(words))


def test_columns_are_mapped_by_the_command(house: House, run: CliRunner, tmp_path: Path) -> None:
    file = tmp_path / "people.csv"
    file.write_text("ЕГН;Имейл;GSM;Бележка\n8001010001;new.person@gmail.com;0888555001;x\n", encoding="utf-8")
    mapped = ("--map", "егн=national_id", "--map", "Имейл=email", "--map", "GSM=mobile")
    short = narthex(run, "registers", "import", "profiles", str(file), *mapped)
    assert (short.exit_code, "column 4 is not known" in short.output) == (2, True)
    wrong = narthex(run, "registers", "import", "profiles", str(file), "--map", "GSM=mobil")
    assert (wrong.exit_code, "did you mean mobile?" in wrong.output) == (2, True)
    done = narthex(run, "registers", "import", "profiles", str(file), *mapped, "--map", "Бележка=")
    assert done.exit_code == 0, done.output
    with house.database.read() as connection:
        (row,) = registers.find(connection, house.vault, "profiles", {"national_id": "8001010001"})
    assert row["mobile"] == "+359888555001"


def test_a_letter_that_was_given_up_is_tried_again_by_the_command(
    house: House, clock: Clock, run: CliRunner
) -> None:
    desk: Operating = operating(lambda _: None, house, clock)  # type: ignore[arg-type,return-value]
    letter, late = desk.given_up(days=40_000), desk.given_up("r-2:1:1", hours=-1)
    listed = narthex(run, "outbox", "list", "--state", "given_up")
    assert letter in listed.output
    assert "888123456" not in narthex(run, "outbox", "show", letter).output
    assert narthex(run, "outbox", "retry", letter).output == "It waits to leave again.\n"
    assert narthex(run, "outbox", "give-up", letter).output == "Given up.\n"
    refused = narthex(run, "outbox", "retry", late)
    assert (refused.exit_code, "not given up" in refused.output) == (2, True)
    unknown = narthex(run, "outbox", "retry", "nothing")
    assert (unknown.exit_code, "There is no letter nothing" in unknown.output) == (2, True)


def test_a_document_is_withdrawn_by_the_command(house: House, clock: Clock, run: CliRunner) -> None:
    desk: Operating = operating(lambda _: None, house, clock)  # type: ignore[arg-type,return-value]
    document = desk.document()
    number = str(sum(map(ord, "Hanna.Lodge.Demo@gmail.comKerekes Hanna")) * 7919)
    of = ("--realm", "lodge", "--customer", f"number={number}")
    done = narthex(run, "portal", "documents", "withdraw", *of, document)
    assert (done.exit_code, done.output) == (0, "Withdrawn.\n")
    again = narthex(run, "portal", "documents", "withdraw", *of, document)
    assert again.exit_code == 2
    acts = [act.act for act in acts_since(house, clock()) if act.subject == document]
    assert acts == ["file document", "withdraw document"]
