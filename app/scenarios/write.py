"""Writing scenarios as analysts would: the same words, short things on one line, nothing that goes without
saying. What is written here is read back by `app.scenarios.read` as the same scenarios.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

import yaml

from app.flow.durations import write_duration
from app.scenarios.spec import Scenario

_WIDTH = 110
#: What stands on one line in curly braces.
_SHORT = ("answers", "message", "log_in", "problems")


class _Line(dict[str, Any]):
    """A mapping that stands on one line."""


class _Writer(yaml.SafeDumper):
    """Indents lists below their key, as the files beside it do."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002
        super().increase_indent(flow, False)


_Writer.add_representer(
    _Line, lambda writer, line: writer.represent_mapping("tag:yaml.org,2002:map", line, flow_style=True)
)


def write_scenarios(scenarios: Iterable[Scenario]) -> str:
    """The text of a scenarios.yaml with these scenarios, an empty line before each but the first."""
    return "\n".join(_one(scenario) for scenario in scenarios)


def _one(scenario: Scenario) -> str:
    told = scenario.model_dump(by_alias=True, exclude_defaults=True)
    told["steps"] = [_step(step) for step in told["steps"]]
    for part in ("registers", "also"):
        for name, rows in told.get("given", {}).get(part, {}).items():
            told["given"][part][name] = [_Line(row) for row in rows]
    return yaml.dump(
        [_plain(told)], Dumper=_Writer, sort_keys=False, allow_unicode=True, width=_WIDTH, indent=2
    )


def _step(step: Mapping[str, Any]) -> dict[str, Any]:
    return {key: _short(value) if key in _SHORT else value for key, value in step.items()}


def _short(value: Any) -> Any:
    if isinstance(value, list):
        return [_short(each) for each in value]
    return _Line({key: _short(each) for key, each in value.items()}) if isinstance(value, dict) else value


def _plain(value: Any) -> Any:
    """Spans as they are spelt; dates and texts as they are."""
    if isinstance(value, timedelta):
        return write_duration(value)
    if isinstance(value, dict):
        return type(value)({key: _plain(each) for key, each in value.items()})
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value if isinstance(value, str | int | bool | date) else str(value)
