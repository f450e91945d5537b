"""Cells of registers, by the column's type."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from app.flow.spec import RegisterSpec
from app.forms.invented import numbers, people
from app.forms.invented.seeds import spread

_SOME_DAY = date(2020, 1, 1)


def cell(spec: RegisterSpec, column: str, seed: int) -> str:
    """What the column may hold for this person, in normal form. Text that finds rows is a number."""
    kind = spec.columns[column]
    if kind == "text" and column not in {*spec.key, *spec.search}:
        return people.name(seed, spec.region)
    return _BY_TYPE[kind](spec, column, seed)


def _some_day(spec: RegisterSpec, column: str, seed: int) -> str:  # noqa: ARG001
    return (_SOME_DAY + timedelta(days=spread(seed, column, 2000))).isoformat()


_BY_TYPE: Mapping[str, Callable[[RegisterSpec, str, int], str]] = {
    "text": lambda _, column, seed: numbers.reference(seed, column, 12),
    "reference": lambda _, column, seed: numbers.reference(seed, column, 12),
    "digits": lambda _, column, seed: numbers.digits(seed, column, 7),
    "email": lambda _, column, seed: people.address(seed, column),
    "mobile": lambda spec, _, seed: people.mobile(seed, spec.region),
    "date": _some_day,
    "boolean": lambda *_: "true",
}
