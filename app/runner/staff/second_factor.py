"""Time-based one-time codes (RFC 6238: SHA-1, six digits, thirty seconds) and codes for a lost device."""

import base64
import re
import secrets

from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor import InvalidToken
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from sqlalchemy import Connection

from app.runner.house import House
from app.store import staff_factors

_BYTES, _DIGITS, _SECONDS = 20, 6, 30
_AROUND = (-1, 0, 1)  # a clock may be half a minute wrong, and people type slowly (RFC 6238, 5.2)
_CODES, _GROUP = 10, 5
_SIGNS = "23456789abcdefghjkmnpqrstuvwxyz"


def new_secret() -> str:
    """160 bits in base 32, as authenticator apps want them typed."""
    return base64.b32encode(secrets.token_bytes(_BYTES)).decode()


def new_codes() -> list[str]:
    """Ten recovery codes of 49 bits, in groups that can be copied by hand."""
    return ["-".join(_group() for _ in range(2)) for _ in range(_CODES)]


def _group() -> str:
    return "".join(secrets.choice(_SIGNS) for _ in range(_GROUP))


def in_groups(secret: str) -> str:
    """The secret in groups of four, to be typed."""
    return " ".join(re.findall(".{1,4}", secret))


def app_address(secret: str, name: str) -> str:
    """What the QR code says to an authenticator app."""
    return _totp(secret).get_provisioning_uri(name, "Narthex")


def _totp(secret: str) -> TOTP:
    # SHA-1 is what the apps know; in an HMAC its collisions do not matter (RFC 6238, 1.2).
    return TOTP(base64.b32decode(secret), _DIGITS, SHA1(), _SECONDS)  # noqa: S303


def step_of(secret: str, typed: str, now: float) -> int | None:
    """The step of which this is the code, among the present one and its neighbours; None for no code."""
    code, totp, found = _plain(typed).encode(), _totp(secret), None
    for step in (int(now) // _SECONDS + around for around in _AROUND):
        try:  # compares in constant time, and all three steps are always tried
            totp.verify(code, step * _SECONDS)
        except InvalidToken:
            continue
        found = step
    return found


def _plain(typed: str) -> str:
    return re.sub(r"[\s-]", "", typed).lower()


def counts(connection: Connection, house: House, member: str, typed: str) -> bool:
    """Whether this is a code, or a recovery code, of the member that was not used yet; now it is.

    The caller holds the member until the commit.
    """
    factor = staff_factors.of(connection, house.vault, member)
    if factor is None:
        return False
    step = step_of(factor.secret, typed, house.clock().timestamp())
    if step is not None:
        return staff_factors.use_step(connection, member, step)
    return staff_factors.use_code(connection, house.vault, member, _plain(typed))


def put(connection: Connection, house: House, member: str, secret: str, typed: str) -> list[str] | None:
    """Ask the member for this factor from now on, if `typed` proves it; the new recovery codes, else None."""
    step = step_of(secret, typed, house.clock().timestamp())
    if step is None:
        return None
    codes = new_codes()
    plain = [_plain(code) for code in codes]
    staff_factors.put(connection, house.vault, member, secret, step, plain, house.clock())
    return codes
