"""Three texts of one origin put together line by line, for what edits cannot tell: comments and layout."""

from collections import deque
from collections.abc import Iterator

from app.flow.alike import opcodes

#: Lines of the origin from, to, and what stands there now.
Hunk = tuple[int, int, list[str]]


def merged_lines(base: str, mine: str, theirs: str) -> str | None:
    """The text with what both sides did to `base`; None where they touch the same or neighbouring lines."""
    origin = base.splitlines(keepends=True)
    ours, others = list(_hunks(origin, mine)), list(_hunks(origin, theirs))
    if (hunks := _beside_each_other(ours, others)) is None:
        return None
    lines, at = [], 0
    for start, stop, new in hunks:
        lines += origin[at:start] + new
        at = stop
    return "".join(lines + origin[at:])


def _beside_each_other(ours: list[Hunk], others: list[Hunk]) -> list[Hunk] | None:
    """All of them in order, those of both sides once; None where two that are not the same touch."""
    found: list[Hunk] = []
    left, right = deque(ours), deque(others)
    while left and right:
        if left[0] == right[0]:
            found.append(left.popleft())
            right.popleft()
        elif _touch(left[0], right[0]):
            return None
        else:
            found.append(left.popleft() if left[0] < right[0] else right.popleft())
    return [*found, *left, *right]


def _hunks(origin: list[str], text: str) -> Iterator[Hunk]:
    lines = text.splitlines(keepends=True)
    for tag, start, stop, first, last in opcodes(origin, lines):
        if tag != "equal":
            yield start, stop, lines[first:last]


def _touch(one: Hunk, other: Hunk) -> bool:
    return one[0] <= other[1] and other[0] <= one[1]
