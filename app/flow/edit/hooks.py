"""What the options of guards and kinds name, told by the hooks of the catalogue.

A word among the options is a reference if the hook tells another name once another word stands in its place.
"""

from collections.abc import Iterator
from typing import Any

from pydantic import BaseModel

from app.flow.catalogue import References
from app.flow.edit.wanted import Reference, Wanted, match
from app.flow.grammar import check
from app.flow.source import Path, Source
from app.flow.spec import StateSpec

#: A name nobody uses, put in to see whether a hook follows.
_PROBE = "zz_another_name_than_any"


def in_options(file: str, wanted: Wanted) -> Iterator[Reference]:
    """Every word of options in flow.yaml that refers to the name."""
    for path, options in match(wanted.flow, ("guards", "*", "*")):
        guard = wanted.catalogue.guards.get(str(path[-1]))
        if guard and guard.references:
            given = {} if options is None else options
            yield from _followed(file, wanted, path, given, guard.options, guard.references)
    own = {info.alias or name for name, info in StateSpec.model_fields.items()}
    for path, state in match(wanted.flow, ("states", "*")):
        kind = wanted.catalogue.kinds.get(str(state.get("kind"))) if isinstance(state, dict) else None
        if kind and kind.references:
            given = {key: value for key, value in state.items() if key not in own}
            yield from _followed(file, wanted, path, given, kind.options, kind.references)


def _followed(
    file: str, wanted: Wanted, at: Path, given: Any, model: type[BaseModel], hook: References
) -> Iterator[Reference]:
    """The words among the options after which the hook tells another name, once they are replaced."""
    for path, key in _candidates(given, wanted.name):
        options, _ = check(model, _replaced(given, path, key), Source(file, None))
        told = hook(options) if options is not None else ()
        if any(name == _PROBE and _same_section(section, wanted.section) for section, name in told):
            yield Reference(file, (*at, *path), key)


def _same_section(told: str, wanted: str) -> bool:
    """What can be searched is columns, too."""
    return (f"{told.removesuffix('.search')}.columns" if told.endswith(".search") else told) == wanted


def _candidates(value: Any, name: str, at: Path = ()) -> Iterator[tuple[Path, bool]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == name:
                yield (*at, key), True
            yield from _candidates(inner, name, (*at, key))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            yield from _candidates(inner, name, (*at, number))
    elif value == name and isinstance(value, str):
        yield at, False


def _replaced(value: Any, path: Path, key: bool) -> Any:
    if not path:
        return _PROBE
    part, rest = path[0], path[1:]
    if isinstance(value, list):
        return [_replaced(each, rest, key) if number == part else each for number, each in enumerate(value)]
    if key and not rest:
        return {_PROBE if each == part else each: inner for each, inner in value.items()}
    return {each: _replaced(inner, rest, key) if each == part else inner for each, inner in value.items()}
