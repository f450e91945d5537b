"""Three texts of one origin put together line by line, for what edits cannot tell: comments and layout."""

from collections.abc import Iterator
from difflib import SequenceMatcher

#: Lines of the origin from, to, and what stands there now.
Hunk = tuple[int, int, list[str]]


def merged_lines(base: str, mine: str, theirs: str) -> str | None:
    """The text with what both sides did to `base`; None where they touch the same or neighbouring lines."""
    origin = base.splitlines(keepends=True)
    ours, others = list(_hunks(origin, mine)), list(_hunks(origin, theirs))
    if any(_touch(one, other) and one != other for one in ours for other in others):
        return None
    lines, at = [], 0
    for start, stop, new in sorted([*ours, *(each for each in others if each not in ours)]):
        lines += origin[at:start] + new
        at = stop
    return "".join(lines + origin[at:])


def _hunks(origin: list[str], text: str) -> Iterator[Hunk]:
    lines = text.splitlines(keepends=True)
    for tag, start, stop, begin, end in SequenceMatcher(None, origin, lines, False).get_opcodes():
        if tag != "equal":
            yield start, stop, lines[begin:end]


def _touch(one: Hunk, other: Hunk) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]
