"""docs/desk.md and the README cannot rot: their commands, roles, tabs and settings are the program's."""

import re
import shlex
from pathlib import Path

import click
import pytest
from flask import Flask

from app.cli import main
from app.config import ROOT, Settings
from app.runner.staff.who import ROLES
from app.web.desk.flow_tabs import TABS
from app.web.desk.ways import WAYS

GUIDE = (ROOT / "docs/desk.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
LINES = [line for sort, fence in FENCE.findall(GUIDE) if not sort for line in fence.splitlines()]
#: Ways that other pages tell of, and where everybody begins.
ELSEWHERE = {"Overview", "Coverage", "Sandbox", "Acts", "Staff"}


@pytest.fixture
def dialect() -> str:
    """Words are the same on every database."""
    return "sqlite"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the guide's files lie."""
    (tmp_path / "workflows").symlink_to(ROOT / "workflows")
    for name in ("people.csv", "todo.xlsx", "registration.zip"):
        (tmp_path / name).touch()
    monkeypatch.chdir(tmp_path)


def found(words: list[str]) -> tuple[click.Command, click.Context, list[str]]:
    """The command that these words name, and what is left of them."""
    command: click.Command = main
    context = click.Context(main)
    while isinstance(command, click.Group):
        _, inner, words = command.resolve_command(context, words)
        assert inner is not None
        command, context = inner, click.Context(inner, parent=context)
    return command, context, words


@pytest.mark.parametrize("line", LINES)
def test_a_command_of_the_desks_guide_is_understood_with_its_options(line: str, place: None) -> None:
    program, *words = shlex.split(line)
    command, context, left = found(words)
    assert program == "narthex"
    command.parse_args(context, left)


def test_the_readmes_table_names_commands_that_there_are() -> None:
    table = README.partition("## Commands\n")[2].partition("\n## ")[0]
    lines = [re.split(r"  |;", line)[0] for line in table.splitlines() if line.startswith("narthex ")]
    assert len(lines) > 20
    for line in lines:
        bare = re.sub(r"\[.*?\]|--\S+( [\w=]+)?|\"[^\"]*\"|\|", " ", line.removeprefix("narthex"))
        names = [word for word in bare.split() if word == word.lower()]
        for name in names:
            assert name in COMMANDS, f"{name} in: {line}"


def _every(group: click.Group) -> set[str]:
    inner = [each for each in group.commands.values() if isinstance(each, click.Group)]
    return set(group.commands).union(*map(_every, inner))


COMMANDS = _every(main)


def test_the_guide_tells_of_every_role_every_tab_and_every_way(app: Flask) -> None:
    rows = re.findall(r"^\| `(\w+)` \|", GUIDE, re.MULTILINE)
    assert sorted(rows) == sorted(ROLES)
    bold = set(re.findall(r"\*\*([^*]+)\*\*", GUIDE))
    with app.test_request_context():
        words = {tab.words() for tab in TABS} | ({way.words() for way in WAYS} - ELSEWHERE)
    assert words - bold == set()


def test_settings_that_the_pages_name_are_settings() -> None:
    known = {field.alias for field in Settings.model_fields.values()}
    prefixes = [f"NARTHEX_{each}_" for each in ("WEBHOOK_SECRET", "REGISTER", "APPLE", "GOOGLE", "OIDC")]
    for name in re.findall(r"NARTHEX_[A-Z_]+", README + GUIDE):
        assert name in known or name in prefixes, name
