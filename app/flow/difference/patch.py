"""The files of two versions line by line, for those who want to see the text itself."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import unified_diff
from typing import Literal

Sign = Literal["added", "removed", "same", "gap"]

_SIGNS: Mapping[str, Sign] = {"+": "added", "-": "removed", "@": "gap"}


@dataclass(frozen=True)
class Line:
    """One line of a patch; a gap's text says which lines follow, as `diff -u` does."""

    sign: Sign
    text: str

    def __str__(self) -> str:
        mark = {"added": "+", "removed": "-", "same": " ", "gap": ""}[self.sign]
        return f"{mark}{self.text}"


@dataclass(frozen=True)
class FilePatch:
    """What differs in one file, which may be in one of the versions alone."""

    file: str
    lines: tuple[Line, ...]


def patches(old: Mapping[str, str], new: Mapping[str, str]) -> list[FilePatch]:
    """One patch for each file that is not the same, byte by byte, by name."""
    names = sorted({*old, *new})
    differing = (name for name in names if old.get(name) != new.get(name))
    return [FilePatch(name, _lines(old.get(name, ""), new.get(name, ""))) for name in differing]


def _lines(old: str, new: str) -> tuple[Line, ...]:
    told = list(unified_diff(old.splitlines(), new.splitlines(), lineterm="", n=2))
    return tuple(_line(each) for each in told[2:])


def _line(text: str) -> Line:
    sign = _SIGNS.get(text[:1], "same")
    return Line(sign, text if sign == "gap" else text[1:])


def written(all_patches: Iterable[FilePatch]) -> str:
    """The patches as `patch -p1` reads them."""
    return "".join(
        f"--- a/{each.file}\n+++ b/{each.file}\n" + "".join(f"{line}\n" for line in each.lines)
        for each in all_patches
    )
