"""States that only got another name: a difference tells that, not that one went and another one came."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from app.flow.catalogue import CATALOGUE
from app.flow.definition import Flow
from app.flow.edit import DoesNotFit, apply_all, rename_everywhere
from app.flow.loader import FLOW, load
from app.flow.source import Unreadable, read

_SOMEBODY = "\0"  # no name of a definition

Pairs = tuple[tuple[str, str], ...]


def renamed(old: Flow, new: Flow) -> dict[str, str]:
    """New names of states by old ones, where exactly one that went is exactly one that came, names apart."""
    before, after = _states(old), _states(new)
    gone, come = set(before) - set(after), set(after) - set(before)
    if not gone or not come:
        return {}
    went = {name: _nameless(before[name], gone) for name in sorted(gone)}
    came = {name: _nameless(after[name], come) for name in sorted(come)}
    pairs = {}
    for name, said in went.items():
        alike = [other for other, told in came.items() if told == said]
        if len(alike) == 1 and [each for each, told in went.items() if told == said] == [name]:
            pairs[name] = alike[0]
    return pairs


def under_new_names(old: Flow, names: Mapping[str, str]) -> Flow | None:
    """`old` with its states called by their new names everywhere; None where that cannot be written."""
    return _renamed(tuple(sorted(old.files.items())), tuple(names.items()), old.number)


@lru_cache(maxsize=16)
def _renamed(files: Pairs, names: Pairs, number: int) -> Flow | None:
    texts = dict(files)
    try:
        for old, new in names:
            texts = apply_all(texts, rename_everywhere(texts, "states", old, new, CATALOGUE))
    except (DoesNotFit, Unreadable):
        return None
    return load(texts, CATALOGUE, number=number).flow


def _states(flow: Flow) -> dict[str, Any]:
    states: dict[str, Any] = read(flow.files[FLOW], FLOW).data["states"]
    return states


def _nameless(value: Any, names: set[str]) -> Any:
    """`value` with all of these names alike."""
    if isinstance(value, dict):
        return [(_nameless(key, names), _nameless(each, names)) for key, each in value.items()]
    if isinstance(value, list):
        return [_nameless(each, names) for each in value]
    return _SOMEBODY if isinstance(value, str) and value in names else value
