"""What became of one message or order at the outside party: three answers, none of them an exception.

A gateway translates its vendor's codes and exceptions into these before returning, so that delivery
decides on retrying without knowing a vendor. Every ``reason`` is a snake_case code, never a vendor's
sentence: those may quote a number, an address or the text.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Accepted:
    """The other side took responsibility; ``reference`` is its own name for the message, if it gave one."""

    reference: str | None = None


@dataclass(frozen=True)
class Refused:
    """The other side will never take this message: sending it again is pointless."""

    reason: str


@dataclass(frozen=True)
class Failed:
    """It is unknown or temporary whether the message got through: send the same one again later."""

    reason: str


Outcome = Accepted | Refused | Failed
