"""Two trees compared leaf by leaf."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.flow.difference.change import Path


class _Missing:
    """Nothing stands there, not even an empty value."""

    def __bool__(self) -> bool:
        return False

    def __repr__(self) -> str:
        return "MISSING"


MISSING: Final = _Missing()


@dataclass(frozen=True)
class Leaf:
    """What stands at `path` in both trees; MISSING where it is in one alone."""

    path: Path
    old: Any
    new: Any


def compare(old: Any, new: Any, whole: frozenset[Path], path: Path = ()) -> Iterator[Leaf]:
    """Every place at which the trees differ, in the new tree's order, what only the old one has at the end.

    Mappings are entered, all else is compared as a whole; so is what a pattern of `whole` fits, in which
    `*` stands for any name, and an entry that only one of the trees has.
    """
    if not (isinstance(old, Mapping) and isinstance(new, Mapping)) or any(fits(path, each) for each in whole):
        if not _same(old, new):
            yield Leaf(path, old, new)
        return
    for key in [*new, *(key for key in old if key not in new)]:
        here = (*path, str(key))
        before, after = old.get(key, MISSING), new.get(key, MISSING)
        if before is MISSING or after is MISSING:
            yield Leaf(here, before, after)
        else:
            yield from compare(before, after, whole, here)


def fits(path: Path, pattern: Path) -> bool:
    """Whether `path` is one that `pattern` means; `*` is any name."""
    return len(path) == len(pattern) and all(
        wanted in ("*", name) for name, wanted in zip(path, pattern, strict=True)
    )


def _same(old: Any, new: Any) -> bool:
    # In Python 1 equals true; in a file they are two things.
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        return old.keys() == new.keys() and all(_same(old[key], new[key]) for key in old)
    if isinstance(old, list | tuple) and isinstance(new, list | tuple):
        return len(old) == len(new) and all(map(_same, old, new))
    return type(old) is type(new) and bool(old == new)
