"""Rules of the house that a machine can check."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from flask import Flask

from app.config import ROOT
from app.flow.names import RESERVED
from app.web import access

APP = ROOT / "app"
LONGEST = 500


def sources() -> list[Path]:
    return sorted(APP.rglob("*.py"))


def test_only_use_cases_open_a_write() -> None:
    """The single commit: runner, delivery, importing and the commands; nobody else."""
    allowed = {"runner", "delivery", "cli", "importing"}
    for file in sources():
        part = file.relative_to(APP).parts[0]
        if ".write()" in file.read_text() and part not in allowed:
            assert file.name in {"schema.py", "database.py"}, f"{file} opens a write"
        assert ".commit()" not in file.read_text(), f"{file} commits by itself"


def test_no_view_opens_a_write_and_no_get_calls_a_use_case_that_moves() -> None:
    moving = {"submit.submit", "submit.choose", "links.press", "sweep"}
    for file in sorted((APP / "web").rglob("*.py")):
        for function in [n for n in ast.walk(ast.parse(file.read_text())) if isinstance(n, ast.FunctionDef)]:
            gets = any(ast.unparse(d).startswith("bp.get(") for d in function.decorator_list)
            calls = {ast.unparse(n.func) for n in ast.walk(function) if isinstance(n, ast.Call)}
            assert not (gets and calls & moving), f"{file.name}:{function.name} moves a run on GET"


def test_every_file_fits_in_the_head() -> None:
    long = {str(f): n for f in sources() if (n := len(f.read_text().splitlines())) > LONGEST}
    assert long == {}


def test_only_config_reads_the_environment() -> None:
    assert [f.name for f in sources() if "os.environ" in f.read_text()] == ["config.py"]


def test_the_core_alone_brings_neither_web_nor_database() -> None:
    script = (
        "import app.flow.step, sys;"
        "print([m for m in ('flask', 'wtforms', 'sqlalchemy', 'jinja2') if m in sys.modules])"
    )
    command = [sys.executable, "-c", script]
    found = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    assert found.stdout.strip() == "[]"


@pytest.fixture
def dialect() -> str:
    return "sqlite"


def test_every_route_stands_in_exactly_one_access_list(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        lists = [name for name, endpoints in access.LISTS.items() if rule.endpoint in endpoints]
        assert len(lists) == 1, f"{rule.endpoint} stands in {lists or 'no list'}"


def test_no_flow_can_have_an_address_that_is_the_houses_own(app: Flask) -> None:
    first = {rule.rule.split("/")[1] for rule in app.url_map.iter_rules()}
    assert {part for part in first if part and "<" not in part} <= RESERVED
