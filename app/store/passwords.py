"""Keeping passwords: argon2id over a peppered password, the pepper outside the database (S42).

Cost as the Password Storage Cheat Sheet has it: 19 MiB, two passes, one lane. Who raises it rehashes every
account at its next login.
"""

import base64
import hashlib
import hmac
from threading import BoundedSemaphore

from argon2 import PasswordHasher, Type
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import hash_secret_raw

from app.store.crypto import Vault

_KIBIBYTES, _PASSES, _LANES = 19 * 1024, 2, 1
_AT_ONCE = 4  # of 19 MiB each: a crowd at the door waits for its turn, it does not eat the memory


class Passwords:
    """Hashes and checks passwords, a few at a time."""

    def __init__(self, kibibytes: int = _KIBIBYTES, passes: int = _PASSES, at_once: int = _AT_ONCE) -> None:
        self._hasher = PasswordHasher(passes, kibibytes, _LANES, type=Type.ID)
        self._turns = BoundedSemaphore(at_once)

    def hash(self, vault: Vault, password: str) -> str:
        """The encoded hash, salt and cost included. Slow on purpose: never inside a transaction."""
        with self._turns:
            return self._hasher.hash(_peppered(vault.peppers[0], password))

    def verify(self, vault: Vault, encoded: str, password: str) -> bool:
        """Whether this is the password behind `encoded`, under any configured secret; as slow as `hash`."""
        with self._turns:
            # Every pepper is tried whichever fits, so that a rotation does not show in the time taken.
            return any([self._fits(encoded, pepper, password) for pepper in vault.peppers])

    def is_outdated(self, vault: Vault, encoded: str, password: str) -> bool:
        """Whether a password just found right should be hashed anew: cost or pepper have changed."""
        if self._hasher.check_needs_rehash(encoded):
            return True
        return len(vault.peppers) > 1 and not self._fits(encoded, vault.peppers[0], password)

    def stretched(self, text: str, salt: str) -> str:
        """What `text`, which holds a password, becomes: the same each time, and as slow to try as a hash."""
        cost = self._hasher
        with self._turns:
            raw = hash_secret_raw(
                text.encode(),
                hashlib.sha256(salt.encode()).digest(),
                cost.time_cost,
                cost.memory_cost,
                cost.parallelism,
                cost.hash_len,
                Type.ID,
            )
        return raw.hex()

    def _fits(self, encoded: str, pepper: bytes, password: str) -> bool:
        try:
            return self._hasher.verify(encoded, _peppered(pepper, password))
        except (VerificationError, InvalidHashError):
            return False


def _peppered(pepper: bytes, password: str) -> bytes:
    # Of one length whatever was typed: argon2 sees no boundary at 72 bytes, and no megabyte.
    return base64.b64encode(hmac.new(pepper, password.encode(), hashlib.sha256).digest())
