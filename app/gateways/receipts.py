"""Delivery receipts: what a vendor tells afterwards of a message it took over, translated at the border."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class Callback:
    """A call to us, as it arrived; `query` without its question mark, header names in lower case."""

    query: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


@dataclass(frozen=True)
class Receipt:
    """The vendor's final word on the message it calls `reference`."""

    reference: str
    status: Literal["delivered", "failed"]


@dataclass(frozen=True)
class Forged:
    """The call does not prove that it comes from the vendor."""


ReceiptReader = Callable[[Callback], Receipt | Forged | None]
"""A vendor's way of telling. None: it is the vendor, but this call says nothing final."""
