"""A live source's rows brought into the form that imported rows have."""

import logging
import math
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from app.flow.normal.column import normalise
from app.flow.normal.shape import ShapeProblem
from app.flow.spec import RegisterSpec
from app.gateways.registers.source import AnswerUnusable

log = logging.getLogger(__name__)

#: Types of columns that decide; an unreadable one must not pass for an empty, open-ended date.
_DECISIVE = frozenset({"date", "boolean"})


def usable_rows(
    spec: RegisterSpec, raw: Iterable[Mapping[str, Any]], lookup: Mapping[str, str]
) -> list[dict[str, str]]:
    """The rows that fit `lookup`, every value as text in its column's normal form.

    An e-mail, phone, text or number that cannot be read counts as empty, so it never matches. Raises
    AnswerUnusable for a row without one of the columns, with an unreadable or wrongly empty date or flag,
    or with a value that is no text, number, date or truth value.
    """
    rows = [_row(spec, row) for row in raw]
    return [row for row in rows if all(row[column] == value for column, value in lookup.items())]


def _row(spec: RegisterSpec, raw: Mapping[str, Any]) -> dict[str, str]:
    if missing := spec.columns.keys() - raw.keys():
        log.error("register answer lacks columns", extra={"columns": ",".join(sorted(missing))})
        raise AnswerUnusable("column_missing")
    return {column: _value(spec, column, raw[column]) for column in spec.columns}


def _value(spec: RegisterSpec, column: str, raw: object) -> str:
    decisive = spec.columns[column] in _DECISIVE
    try:
        value = normalise(spec.columns[column], as_text(raw), spec.region)
    except ShapeProblem as problem:
        log.warning("register value not readable", extra={"column": column, "reason": problem.code})
        if decisive:
            raise AnswerUnusable("value_unreadable") from None
        return ""
    if decisive and not value and column not in spec.may_be_empty:
        raise AnswerUnusable("value_missing")
    return value


def as_text(raw: object) -> str:
    """A database's or JSON's value as it would stand in a file; raises AnswerUnusable for anything nested."""
    if raw is None:
        return ""
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, float | Decimal) and math.isfinite(raw):
        return str(int(raw)) if raw == int(raw) else str(raw)
    if isinstance(raw, datetime | date):
        return raw.isoformat()
    if isinstance(raw, str | int | UUID):
        return str(raw)
    raise AnswerUnusable("value_unreadable")
