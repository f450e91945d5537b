"""The operators' commands: what they do, and how they say what is wrong."""

import os
import re
import stat
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy.exc import IntegrityError

from app import config
from app.cli import main
from app.config import ROOT
from app.flow.catalogue import Catalogue


@pytest.fixture
def narthex(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):  # type: ignore[no-untyped-def]
    """Runs a command beside a demo of its own."""
    monkeypatch.setenv("NARTHEX_VAR", str(tmp_path / "var"))

    def run(*words: str, **environment: str) -> Result:
        return CliRunner().invoke(main, words, env=environment)

    return run


def test_config_shows_every_setting_and_no_secret(narthex) -> None:  # type: ignore[no-untyped-def]
    shown = narthex("config", NARTHEX_SECRET_KEYS="k" * 40)
    assert shown.exit_code == 0
    assert "NARTHEX_DATABASE_URL" in shown.output
    assert "kkkk" not in shown.output


def test_config_shows_what_is_right_beside_what_is_wrong(narthex) -> None:  # type: ignore[no-untyped-def]
    shown = narthex("config", PORT="many", NARTHEX_SMS="pigeon", NARTHEX_COLOUR="red", NARTHEX_HOST="::1")
    assert shown.exit_code == 2
    assert re.search(r"NARTHEX_HOST +::1 +\(environment\)", shown.output)
    assert re.search(r"PORT +\(wrong", shown.output)
    for wrong in ("PORT", "NARTHEX_SMS", "NARTHEX_COLOUR"):
        assert re.search(rf"^{wrong}: ", shown.output, re.MULTILINE)
    assert "pigeon" not in shown.output


def test_a_wrong_setting_of_production_is_not_called_missing_too(narthex) -> None:  # type: ignore[no-untyped-def]
    shown = narthex("config", NARTHEX_PROFILE="production", NARTHEX_BASE_URL="here")
    assert len(re.findall(r"^NARTHEX_BASE_URL: ", shown.output, re.MULTILINE)) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("NARTHEX_DATABASE_URL", "nonsense"),
        ("NARTHEX_DATABASE_URL", "postgresql://narthex:hunter2@127.0.0.1:many/narthex"),
        ("NARTHEX_DATABASE_URL", "mysql://narthex:hunter2@127.0.0.1/narthex"),
        ("NARTHEX_DATABASE_URL", "postgresql://narthex:hunter2@127.0.0.1:1/narthex"),
        ("NARTHEX_DATABASE_URL", "sqlite:////proc/narthex/narthex.db"),
        ("NARTHEX_REDIS_URL", "rdis://:hunter2@127.0.0.1/0"),
        ("NARTHEX_VAR", "/proc/narthex"),
        ("NARTHEX_VAR", "/dev/null"),
        ("NARTHEX_HOME", "/proc"),
    ],
)
@pytest.mark.parametrize("command", [["flows", "list"], ["db", "upgrade"]])
def test_what_an_operator_can_mend_is_one_sentence(  # type: ignore[no-untyped-def]
    narthex, command: list[str], name: str, value: str
) -> None:
    ended = narthex(*command, **{name: value})
    assert ended.exit_code == 2
    assert isinstance(ended.exception, SystemExit)
    assert name in ended.output
    assert len(ended.output.splitlines()) == 1
    assert "hunter2" not in ended.output


def test_a_file_that_is_no_database_is_told(narthex, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "narthex.db").write_text("notes of a meeting\n" * 100)
    ended = narthex("flows", "list")
    assert (ended.exit_code, "NARTHEX_DATABASE_URL" in ended.output) == (2, True)


def test_a_fault_of_ours_keeps_its_traceback(narthex, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    def broken(*_: object) -> None:
        raise IntegrityError("insert", {}, Exception())

    monkeypatch.setattr("app.wiring.ready_house", broken)
    assert isinstance(narthex("flows", "list").exception, IntegrityError)


def test_the_demos_secret_is_on_disk_before_it_is_used(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[tuple[str, bool]] = []
    secret = tmp_path / "demo-secret"

    def sync(descriptor: int) -> None:
        synced.append(("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file", secret.exists()))

    monkeypatch.setattr("os.fsync", sync)
    config.with_demo_secrets(config.load({"NARTHEX_VAR": str(tmp_path)}))
    assert synced == [("file", False), ("folder", True)]
    assert [file.name for file in tmp_path.iterdir()] == ["demo-secret"]


def test_an_empty_secret_is_told_and_not_used(narthex, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "demo-secret").touch()
    ended = narthex("flows", "list")
    assert (ended.exit_code, "demo-secret" in ended.output) == (2, True)


def test_the_registers_of_flows_that_load_are_known_beside_one_that_does_not(  # type: ignore[no-untyped-def]
    narthex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    narthex("flows", "publish")
    monkeypatch.setattr("app.wiring.catalogue", Catalogue)  # a program without the guards that flows name
    ended = narthex("registers", "import", "insured", str(tmp_path / "x.csv"))
    assert ended.exit_code == 2
    assert "Flow 'ecard': its live version does not load" in ended.output


@pytest.mark.parametrize("command", [["config"], ["serve"], ["worker"], ["flows", "list"]])
def test_a_wrong_setting_ends_any_command_with_its_cure(narthex, command: list[str]) -> None:  # type: ignore[no-untyped-def]
    ended = narthex(*command, PORT="many")
    assert ended.exit_code == 2
    assert "PORT" in ended.output
    assert "Traceback" not in ended.output


def test_the_database_is_upgraded_and_flows_are_published(narthex) -> None:  # type: ignore[no-untyped-def]
    newest = (ROOT / "migrations" / "current_head.txt").read_text().strip()
    assert newest in narthex("db", "upgrade").output
    assert "ecard  version 1" in narthex("flows", "publish").output
    assert "ecard  version 1" in narthex("flows", "publish").output
    assert "ecard  version 1" in narthex("flows", "list").output


def test_the_shipped_flows_have_no_lint_error(narthex) -> None:  # type: ignore[no-untyped-def]
    linted = narthex("flows", "lint")
    assert linted.exit_code == 0, linted.output


def test_lint_names_file_line_and_the_nearest_right_word(narthex, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    folder = tmp_path / "ecard"
    folder.mkdir()
    for file in (ROOT / "workflows" / "ecard").glob("*.yaml"):
        (folder / file.name).write_text(file.read_text())
    definition = (folder / "flow.yaml").read_text().replace("dest: not_found,", "dest: not_fuond,", 1)
    (folder / "flow.yaml").write_text(definition)
    line = definition[: definition.index("not_fuond")].count("\n") + 1
    linted = narthex("flows", "lint", str(folder))
    assert linted.exit_code == 1
    assert f"flow.yaml:{line}:" in linted.output
    assert "not_found" in linted.output


def test_unreadable_yaml_ends_lint_with_two(narthex, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "flow.yaml").write_text("a: &x [1]\nb: *x\n")
    assert narthex("flows", "lint", str(tmp_path)).exit_code == 2


def test_the_schema_for_editors_is_fresh(narthex) -> None:  # type: ignore[no-untyped-def]
    assert narthex("flows", "schema", "--check").exit_code == 0


def test_a_register_is_imported_checked_and_refused_row_by_row(narthex, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    narthex("flows", "publish")
    file = tmp_path / "profiles.csv"
    file.write_text("national_id,email,mobile\n9912310123,a@sineva-demo.bg,0888123456\n", "utf-8")
    tried = narthex("registers", "import", "profiles", str(file), "--dry-run")
    assert tried.exit_code == 0, tried.output
    assert "1 would be added" in tried.output
    assert "1 were added" in narthex("registers", "import", "profiles", str(file)).output
    file.write_text("national_id,email,mobile\n9912310123,a@sineva-demo.bg,12\n", "utf-8")
    refused = narthex("registers", "import", "profiles", str(file))
    assert refused.exit_code == 2
    assert f"{file}:2: mobile:" in refused.output


def test_an_unknown_register_or_file_is_named(narthex, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    narthex("flows", "publish")
    unknown = narthex("registers", "import", "people", str(tmp_path / "x.csv"))
    assert unknown.exit_code == 2
    assert "insured" in unknown.output
    missing = narthex("registers", "import", "insured", str(tmp_path / "x.csv"))
    assert missing.exit_code == 2
    assert "x.csv" in missing.output


def test_the_demos_wallet_keys_are_in_order(narthex) -> None:  # type: ignore[no-untyped-def]
    checked = narthex("wallet", "check")
    assert checked.exit_code == 0, checked.output
    assert "error" not in checked.output


def test_a_broken_certificate_is_named_with_its_cure(narthex, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    narthex("wallet", "check")
    broken = tmp_path / "var" / "wallet" / "pass.pem"
    broken.write_text("-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n")
    checked = narthex("wallet", "check")
    assert checked.exit_code == 2
    assert "pass.pem" in checked.output


def test_a_form_that_cannot_be_built_is_told_before_anybody_asks_for_it(narthex, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    folder = tmp_path / "ecard"
    folder.mkdir()
    for file in (ROOT / "workflows" / "ecard").glob("*.yaml"):
        (folder / file.name).write_text(file.read_text())
    definition = (folder / "flow.yaml").read_text()
    (folder / "flow.yaml").write_text(
        definition.replace("    type: email\n", "    type: email\n    when: {colour: red}\n")
    )
    linted = narthex("flows", "lint", str(folder))
    assert linted.exit_code == 1
    assert "colour" in linted.output


def test_an_empty_file_does_not_replace_a_register(narthex, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    narthex("flows", "publish")
    file = tmp_path / "profiles.csv"
    file.write_text("national_id,email,mobile\n", "utf-8")
    refused = narthex("registers", "import", "profiles", str(file), "--replace")
    assert refused.exit_code == 2
    assert "no rows" in refused.output


def test_half_given_wallet_settings_are_named_instead_of_ignored(narthex) -> None:  # type: ignore[no-untyped-def]
    checked = narthex("wallet", "check", NARTHEX_APPLE_CERTIFICATE="pass.pem")
    assert checked.exit_code == 2
    assert "NARTHEX_APPLE_WWDR" in checked.output
    checked = narthex("wallet", "check", NARTHEX_GOOGLE_ACCOUNT="account.json")
    assert checked.exit_code == 2
    assert "NARTHEX_GOOGLE_ISSUER" in checked.output
