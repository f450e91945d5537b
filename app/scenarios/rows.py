"""The scenario's own rows, imported into its registers as an operator would import a file."""

import csv
from collections.abc import Mapping, Sequence

from app.flow.definition import Flow
from app.flow.source import Path
from app.scenarios.spec import Given, Row
from app.scenarios.stage import Scene, load_register

# What fills the one row of a register that shall be empty: an import refuses a file without rows, rightly.
_NOBODYS: Mapping[str, str] = {
    "text": "nobody",
    "digits": "0",
    "email": "nobody@nowhere.bg",
    "mobile": "+447400123456",
    "date": "1900-01-01",
    "boolean": "false",
}


def put_rows(scene: Scene, flow: Flow, given: Given) -> tuple[Path, str] | None:
    """Put the scenario's own rows into the registers; where and why one does not fit."""
    for part, registers in (("registers", given.registers), ("also", given.also)):
        for name, rows in registers.items():
            problem = _import(scene, flow, name, rows, replace_all=part == "registers")
            if problem:
                row, text = problem
                return ("given", part, name, *([row] if row is not None else [])), text
    return None


def _import(
    scene: Scene, flow: Flow, name: str, rows: Sequence[Row], *, replace_all: bool
) -> tuple[int | None, str] | None:
    columns = list(flow.spec.registers[name].columns)
    if replace_all and not rows:
        rows = [_nobody(flow, name)]
    file = scene.folder / f"{name}.csv"
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)
    report = load_register(scene.house, flow, name, file, replace_all=replace_all)
    if not report.errors:
        return None
    first = report.errors[0]
    row = first.line - 2 if 2 <= first.line < 2 + len(rows) else None
    return row, f"the row cannot be taken: {first.column} {first.text}; {first.cure}"


def _nobody(flow: Flow, name: str) -> Row:
    return {column: _NOBODYS[kind] for column, kind in flow.spec.registers[name].columns.items()}
