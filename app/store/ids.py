"""Identifiers: unguessable, URL-safe, in the order of their making where that helps."""

import secrets
from datetime import datetime

_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"


def _base32(number: int, length: int) -> str:
    return "".join(_CROCKFORD[(number >> (5 * place)) & 31] for place in reversed(range(length)))


def ulid(now: datetime) -> str:
    """A ULID: 48 bits of milliseconds, 80 random bits, lower-case Crockford base 32, sortable by time."""
    return _base32(int(now.timestamp() * 1000) << 80 | secrets.randbits(80), 26)


def ulid_floor(moment: datetime) -> str:
    """The smallest ULID of that moment: what is below it was made earlier."""
    return _base32(max(int(moment.timestamp() * 1000), 0) << 80, 26)


def new_run_id() -> str:
    """`r-` and 128 random bits: names a run, says nothing, opens nothing by itself."""
    return "r-" + _base32(secrets.randbits(128), 26)


def new_reference() -> str:
    """Eight signs in two groups that a person can read out on the phone: `7kqm-2xrd`."""
    signs = _base32(secrets.randbits(40), 8)
    return f"{signs[:4]}-{signs[4:]}"
