"""Where a pydantic error belongs in the data, and which alternative of a union was meant."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from app.flow.findings import nearest
from app.flow.source import Path

#: One entry of `ValidationError.errors()`.
Error = Mapping[str, Any]
Steps = Sequence[str | int]

_CONTAINERS = {"dict_type", "model_type", "list_type", "tuple_type"}
_SCALARS = {"string_type", "int_type", "bool_type", "literal_error", "string_pattern_mismatch"}


def split(data: Any, loc: Steps) -> tuple[Path, Steps]:
    """The part of a pydantic location that exists in `data`, and what it says besides."""
    path: list[str | int] = []
    rest: list[str | int] = []
    for part in loc:
        if _inside(data, part):
            path.append(part)
            data = data[part]
        else:
            rest.append(part)
    return tuple(path), rest


def quoted(expected: str) -> list[str]:
    """The words of pydantic's "'a', 'b' or 'c'"."""
    return expected.split("'")[1::2]


def telling(data: Any, errors: Iterable[Error]) -> list[Error]:
    """Of each union only one alternative's errors: its shape fits, and it is nearest to being right."""
    unions: dict[Path, dict[str | int, list[Error]]] = {}
    told: list[Error] = []
    for error in errors:
        path, tag = _union(data, error)
        if tag is None:
            told.append(error)
        else:
            unions.setdefault(path, {}).setdefault(tag, []).append(error)
    for alternatives in unions.values():
        told += min(alternatives.values(), key=_farness)
    return told


def _inside(data: Any, part: str | int) -> bool:
    if isinstance(data, list):
        return isinstance(part, int) and part < len(data)
    return isinstance(data, dict) and part in data


def _union(data: Any, error: Error) -> tuple[Path, str | int | None]:
    """The first step of the location that is not in the data names the alternative that was tried."""
    loc: list[str | int] = [part for part in error["loc"] if part != "[key]"]
    if error["type"] == "missing":
        loc.pop()
    path: list[str | int] = []
    for part in loc:
        if not _inside(data, part):
            return tuple(path), part
        path.append(part)
        data = data[part]
    return tuple(path), None


def _farness(of_one: Iterable[Error]) -> tuple[int, int]:
    """0 one word away from right, 1 the right shape, 2 another shape; then the number of errors."""
    errors = list(of_one)
    types = {error["type"] for error in errors}
    first = errors[0]
    if any(error["type"] in _wrong(error["input"]) for error in errors):
        return 2, len(errors)
    if types == {"literal_error"}:
        return 1 - bool(nearest(str(first["input"]), quoted(first["ctx"]["expected"]))), len(errors)
    return 1 - (types == {"missing", "extra_forbidden"} and len(errors) == 2), len(errors)


def _wrong(given: Any) -> set[str]:
    """The error types that tell that the alternative has another shape than what was given."""
    return _SCALARS if isinstance(given, dict | list) else _CONTAINERS
