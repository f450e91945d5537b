"""Keeping personal values: AES-256-GCM per field, keys that rotate, keyed blind indexes for search.

Every purpose has a key of its own, derived by HKDF-SHA256 (RFC 5869) from the operator's secrets. The first
secret encrypts and indexes; all of them decrypt and are searched, so a secret is rotated by putting the new
one in front (requirements S54, S55).
"""

import hashlib
import hmac
import os
from dataclasses import dataclass, field
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_FORMAT = b"\x01"
_KEY_ID = 4
_NONCE = 12


class Undecipherable(Exception):
    """A stored value does not belong to this place, was altered, or its key is gone."""


def derive(secret: bytes, purpose: str) -> bytes:
    """A 32-byte key for one purpose."""
    return HKDF(hashes.SHA256(), 32, salt=None, info=b"narthex " + purpose.encode()).derive(secret)


@dataclass(frozen=True)
class _Key:
    id: bytes
    cipher: AESGCM = field(repr=False)
    index: bytes = field(repr=False)
    wrap: AESGCM = field(repr=False)
    pepper: bytes = field(repr=False)


def _key(secret: bytes) -> _Key:
    identity = hashlib.sha256(derive(secret, "key id")).digest()[:_KEY_ID]
    return _Key(
        identity,
        AESGCM(derive(secret, "field")),
        derive(secret, "blind index"),
        AESGCM(derive(secret, "run key")),
        derive(secret, "password pepper"),
    )


@dataclass(frozen=True)
class RunKey:
    """The key of one run's answers; destroying it erases them everywhere, backups included."""

    raw: bytes = field(repr=False)

    def seal(self, plain: str, place: str) -> bytes:
        """`plain` encrypted for `place` (run and field)."""
        nonce = os.urandom(_NONCE)
        return nonce + _cipher(self.raw).encrypt(nonce, plain.encode(), place.encode())

    def open(self, sealed: bytes, place: str) -> str:
        """What was sealed for `place`; raises Undecipherable otherwise."""
        return _open(_cipher(self.raw), sealed, place).decode()

    def fingerprint(self, text: str) -> str:
        """A keyed MAC of `text`: shows equality within this run and nothing else."""
        return hmac.new(self.raw, b"fingerprint\0" + text.encode(), hashlib.sha256).hexdigest()[:32]


@lru_cache(maxsize=512)
def _cipher(raw: bytes) -> AESGCM:
    return AESGCM(raw)


def _open(cipher: AESGCM, sealed: bytes, place: str) -> bytes:
    try:
        return cipher.decrypt(sealed[:_NONCE], sealed[_NONCE:], place.encode())
    except (InvalidTag, ValueError):
        raise Undecipherable("a stored value cannot be read in its place") from None


class Vault:
    """The operator's secrets at work."""

    def __init__(self, secrets: tuple[bytes, ...]) -> None:
        if not secrets:
            raise ValueError("at least one secret is needed")
        self._keys = tuple(_key(secret) for secret in secrets)

    def __repr__(self) -> str:
        return f"<Vault of {len(self._keys)} keys>"

    def encrypt(self, plain: str, place: str) -> bytes:
        """`plain` encrypted for `place` (`table:row:column`), which decryption must name again."""
        return self.encrypt_bytes(plain.encode(), place)

    def decrypt(self, sealed: bytes, place: str) -> str:
        """The value encrypted for `place`; raises Undecipherable."""
        return self.decrypt_bytes(sealed, place).decode()

    def encrypt_bytes(self, plain: bytes, place: str) -> bytes:
        """`plain` encrypted for `place`; for parts of files."""
        key, nonce = self._keys[0], os.urandom(_NONCE)
        return _FORMAT + key.id + nonce + key.cipher.encrypt(nonce, plain, place.encode())

    def decrypt_bytes(self, sealed: bytes, place: str) -> bytes:
        """What was encrypted for `place`; raises Undecipherable."""
        return _open(self._key_of(sealed).cipher, sealed[1 + _KEY_ID :], place)

    @property
    def peppers(self) -> tuple[bytes, ...]:
        """What is mixed into passwords before they are hashed, the current one first."""
        return tuple(key.pepper for key in self._keys)

    def index(self, value: str, what: str) -> str:
        """The blind index of `value` as a `what` (32 hex digits) under the current key."""
        return _mac(self._keys[0].index, value, what)

    def indexes(self, value: str, what: str) -> list[str]:
        """The blind indexes of `value` under every key, the current one first: what a search asks for."""
        return [_mac(key.index, value, what) for key in self._keys]

    def new_run_key(self, run: str) -> tuple[RunKey, bytes]:
        """A fresh key for `run`, and the wrapped form that is stored."""
        raw, key, nonce = AESGCM.generate_key(256), self._keys[0], os.urandom(_NONCE)
        wrapped = _FORMAT + key.id + nonce + key.wrap.encrypt(nonce, raw, f"run:{run}".encode())
        return RunKey(raw), wrapped

    def run_key(self, wrapped: bytes, run: str) -> RunKey:
        """The key of `run` from its stored form; raises Undecipherable."""
        return RunKey(_open(self._key_of(wrapped).wrap, wrapped[1 + _KEY_ID :], f"run:{run}"))

    def _key_of(self, sealed: bytes) -> _Key:
        identity = sealed[1 : 1 + _KEY_ID]
        for key in self._keys:
            if key.id == identity and sealed[:1] == _FORMAT:
                return key
        raise Undecipherable("the key of a stored value is not among the configured secrets")


def _mac(key: bytes, value: str, what: str) -> str:
    return hmac.new(key, f"{what}\0{value}".encode(), hashlib.sha256).hexdigest()[:32]
