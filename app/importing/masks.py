"""Values of a register as a preview shows them: a column can be told by them, nobody whose they are."""

from collections.abc import Mapping

from app.flow.spec import RegisterSpec

_REST = "•••"


def masked_row(spec: RegisterSpec, values: Mapping[str, str]) -> dict[str, str]:
    """The row by column, each value masked; an empty one stays empty."""
    return {column: _masked(spec.columns[column], value) for column, value in values.items()}


def _masked(kind: str, value: str) -> str:
    """Numbers keep two signs, days their year, addresses what follows the last dot; what is true stays."""
    if not value or kind == "boolean":
        return value
    if kind == "date":
        return f"{value[:4]}-••-••"
    if kind == "email":
        return f"{_REST}@{_REST}.{value.rpartition('.')[2]}"
    if kind in {"digits", "mobile", "reference"}:
        return f"{_REST}{value[-2:]}" if len(value) > 4 else _REST
    return value[0] + _REST
