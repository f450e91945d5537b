"""The names that safety rules speak of, as they are written."""

from collections.abc import Iterator
from typing import Any

from app.flow.source import Path

#: What a word names (`states`, `guards`; `order` and `take` name several things), where it stands, whether it
#: is a key, and the word.
Said = tuple[str, Path, bool, str]

_DEMANDS = ("never", "always", "at_most")
_PARTS = ("after", "without", "unless", "no", "comes", "before", "per")
_SORTS = {"reach": "states", "says": "guards", "order": "order", "take": "take"}


def said_in(rules: Any) -> Iterator[Said]:
    """Every name in the rules of a file, told by what it says."""
    for number, rule in enumerate(rules if isinstance(rules, list) else []):
        for demand in _DEMANDS:
            if isinstance(rule, dict) and demand in rule:
                yield from _thing(rule[demand], (number, demand))


def _thing(told: Any, at: Path) -> Iterator[Said]:
    """A guard by its name alone, a mapping of things that happen, or several of either."""
    if isinstance(told, str):
        yield "guards", at, False, told
    elif isinstance(told, list):
        for number, each in enumerate(told):
            yield from _thing(each, (*at, number))
    elif isinstance(told, dict):
        for word, value in told.items():
            yield from _part(word, value, (*at, word))


def _part(word: str, value: Any, at: Path) -> Iterator[Said]:
    if word in _PARTS:
        yield from _thing(value, at)
    elif isinstance(value, str) and word in _SORTS:
        yield _SORTS[word], at, False, value
    elif isinstance(value, dict) and word == "says":
        yield from (("guards", (*at, guard), True, guard) for guard in value)
