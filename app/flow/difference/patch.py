"""The files of two versions line by line, for those who want to see the text itself."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from app.flow.alike import Opcode, opcodes

Sign = Literal["added", "removed", "same", "gap"]

_AROUND = 2  # equal lines shown before and behind what differs


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
    before, after = old.splitlines(), new.splitlines()
    found: list[Line] = []
    for group in _groups(opcodes(before, after)):
        (_, start, _, begin, _), (_, _, stop, _, end) = group[0], group[-1]
        found.append(Line("gap", f"@@ -{_span(start, stop)} +{_span(begin, end)} @@"))
        for tag, i, j, k, n in group:
            if tag == "equal":
                found += [Line("same", line) for line in before[i:j]]
            else:
                found += [Line("removed", line) for line in before[i:j]]
                found += [Line("added", line) for line in after[k:n]]
    return tuple(found)


def _groups(codes: list[Opcode]) -> Iterator[list[Opcode]]:
    """The codes with no more than _AROUND equal lines about what differs."""
    group: list[Opcode] = []
    for number, (tag, i, j, k, n) in enumerate(codes):
        if tag != "equal":
            group.append((tag, i, j, k, n))
            continue
        head, tail = min(j - i, _AROUND) if group else 0, min(j - i, _AROUND)
        if number == len(codes) - 1:
            tail = 0
        if group and head + tail < j - i:
            yield [*group, ("equal", i, i + head, k, k + head)]
            group = []
        elif group:
            group.append((tag, i, j, k, n))
        if not group and tail:
            group = [("equal", j - tail, j, n - tail, n)]
    if any(code[0] != "equal" for code in group):
        yield group


def _span(start: int, stop: int) -> str:
    """The lines as `diff -u` tells them."""
    many = stop - start
    first = start + 1 if many else start
    return f"{first}" if many == 1 else f"{first},{many}"


def written(all_patches: Iterable[FilePatch]) -> str:
    """The patches as `patch -p1` reads them."""
    return "".join(
        f"--- a/{each.file}\n+++ b/{each.file}\n" + "".join(f"{line}\n" for line in each.lines)
        for each in all_patches
    )
