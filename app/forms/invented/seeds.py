"""Numbers that look drawn at random and are the same for the same seed at every time and place."""

from collections.abc import Sequence
from typing import TypeVar
from zlib import crc32

T = TypeVar("T")

_PRIME = 2_654_435_761  # shares no factor with the spaces used here, so that no number comes twice


def spread(seed: int, what: str, space: int) -> int:
    """A number below `space`; `space` seeds in a row give so many different ones. `what` names the draw."""
    return (seed * _PRIME + crc32(what.encode())) % space


def one_of(several: Sequence[T], seed: int, what: str) -> T:
    """One of `several`, which is not empty."""
    return several[spread(seed, what, len(several))]
