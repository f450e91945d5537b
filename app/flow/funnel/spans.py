"""Spans of time of many people, kept as how many there were of each length: exact to the second."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Spans:
    """The middle of the spans, and what nine of ten do not exceed; both of them spans that occurred."""

    median: timedelta
    most: timedelta


def spans(seconds: Counter[int]) -> Spans | None:
    """Median and ninth decile by nearest rank; None of nothing."""
    if not seconds:
        return None
    number = seconds.total()
    return Spans(_rank(seconds, -(-number // 2)), _rank(seconds, -(-9 * number // 10)))


def _rank(seconds: Counter[int], rank: int) -> timedelta:
    """The span that stands at `rank`, counted from 1, in their order."""
    passed = 0
    for length in sorted(seconds):
        passed += seconds[length]
        if passed >= rank:
            break
    return timedelta(seconds=length)
