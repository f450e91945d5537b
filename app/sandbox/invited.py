"""The people of a draft whose flow has no folder yet: those its first scenario speaks of."""

import csv
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.flow.definition import Flow
from app.flow.source import Unreadable, read
from app.scenarios.read import FILE


def invite(flow: Flow, scenarios: str, folder: Path) -> Path | None:
    """A folder with the people of the first scenario: its rows, and what its first step types.

    None where the scenarios speak of nobody, or cannot be read.
    """
    first = _first(scenarios)
    steps = [step for step in first.get("steps", ()) if isinstance(step, dict)]
    answers = steps[0].get("answers", {}) if steps else {}
    typed = {field: value for field, value in answers.items() if isinstance(value, str | int)}
    rows = first.get("given", {}).get("registers", {})
    if not typed and not rows:
        return None
    (folder / "registers").mkdir(parents=True)
    told = json.dumps({"try": {field: str(value) for field, value in typed.items()}}, ensure_ascii=False)
    (folder / "demo.yaml").write_text(told, encoding="utf-8")  # JSON is YAML as we read it
    for name, listed in rows.items():
        if name in flow.spec.registers:
            _write_rows(folder / "registers" / f"{name}.csv", list(flow.spec.registers[name].columns), listed)
    return folder


def _first(scenarios: str) -> dict[str, Any]:
    try:
        entries = read(scenarios, FILE).data
    except Unreadable:
        return {}
    first = entries[0] if isinstance(entries, list) and entries else {}
    return first if isinstance(first, dict) else {}


def _write_rows(file: Path, columns: list[str], rows: list[Mapping[str, Any]]) -> None:
    with file.open("w", encoding="utf-8", newline="") as opened:
        writer = csv.DictWriter(opened, columns, restval="", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
