"""Which parts of two sequences are the same, found out at a bounded cost whatever they hold."""

from collections import Counter
from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Literal

#: What to do, with items of one from, to, in the place of which there are items of the other from, to.
Opcode = tuple[Literal["replace", "delete", "insert", "equal"], int, int, int, int]

#: What comparing may cost, in looks at an item, some two seconds; two files of nothing but equal lines would
#: cost the third power of their length.
MOST_LOOKS = 100_000_000


def opcodes(one: Sequence[str], other: Sequence[str]) -> list[Opcode]:
    """What makes `other` of `one`, as difflib tells it; one stretch where more would cost too much."""
    begin, end = _ends_alike(one, other)
    old, new = one[begin : len(one) - end], other[begin : len(other) - end]
    found: list[Opcode] = [("equal", 0, begin, 0, begin)] if begin else []
    if _cost(old, new) <= MOST_LOOKS:
        inner = SequenceMatcher(None, old, new, False).get_opcodes()
        found += [(tag, begin + i, begin + j, begin + k, begin + n) for tag, i, j, k, n in inner]
    else:
        found.append(("replace", begin, begin + len(old), begin, begin + len(new)))
    if end:
        found.append(("equal", len(one) - end, len(one), len(other) - end, len(other)))
    return found


def _ends_alike(one: Sequence[str], other: Sequence[str]) -> tuple[int, int]:
    """How many lines are equal at the beginning of both, and how many of the rest at the end."""
    shortest, begin, end = min(len(one), len(other)), 0, 0
    while begin < shortest and one[begin] == other[begin]:
        begin += 1
    while end < shortest - begin and one[-1 - end] == other[-1 - end]:
        end += 1
    return begin, end


def _cost(one: Sequence[str], other: Sequence[str]) -> int:
    """How many looks at an item it takes at the worst to find out which of one is which of the other."""
    there = Counter(other)
    pairs = sum(many * there[line] for line, many in Counter(one).items())
    return min(len(one), len(other)) * (len(one) + pairs)
