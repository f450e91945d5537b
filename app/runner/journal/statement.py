"""A signed statement of what the journal's heads are: one line of JSON that can be kept elsewhere.

It names the heads that changed since the statement before it, whose hash it carries, and a Merkle root over
all heads that stand (RFC 6962: leaf SHA-256(0x00 || run SP seq SP head), node SHA-256(0x01 || left || right),
by run). A chain by itself shows neither a tail that was cut off nor a run that was rewritten whole.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from app.flow.record import canonical
from app.flow.trace import parsed
from app.store.crypto import derive
from app.store.statements import Head

VERSION = 1
TYPE = "narthex.heads"
BEGINNING = "0" * 64
_TAG = b"narthex heads 1\n"
_PRUNED = b"narthex pruned 1\n"


class BadStatement(Exception):
    """A line is no statement, or nobody known has signed it; the text says which, and what to do."""


@dataclass(frozen=True)
class Statement:
    """What was stated: `heads` changed since the one before, `pruned` are no longer there; `previous` is the
    hash of the one before it; `runs`, `records` and `root` are of all heads that stood then."""

    number: int
    at: str
    previous: str
    heads: tuple[Head, ...]
    pruned: tuple[str, ...]
    runs: int
    records: int
    root: str


def signing_key(secret: bytes) -> Ed25519PrivateKey:
    """The key by which the journal's heads are signed under this secret."""
    return Ed25519PrivateKey.from_private_bytes(derive(secret, "journal statements"))


def public_hex(key: Ed25519PrivateKey) -> str:
    """The key's public half, 64 hex digits."""
    return key.public_key().public_bytes_raw().hex()


def line_of(statement: Statement, key: Ed25519PrivateKey) -> str:
    """The statement, signed: one line of canonical JSON, without the line's end."""
    body = {
        "v": VERSION,
        "type": TYPE,
        "number": statement.number,
        "at": statement.at,
        "prev": statement.previous,
        "heads": [[head.run, head.seq, head.hash] for head in statement.heads],
        "pruned": list(statement.pruned),
        "runs": statement.runs,
        "records": statement.records,
        "root": statement.root,
        "key": public_hex(key),
    }
    return canonical({**body, "sig": key.sign(_TAG + canonical(body).encode()).hex()})


def sign_pruned(last: Head, key: Ed25519PrivateKey) -> str:
    """128 hex digits by which we say that the run was pruned at this record, and not deleted by others."""
    return key.sign(_PRUNED + _leaf(last)).hex()


def is_signed_pruned(last: Head, signature: str, keys: Sequence[str]) -> bool:
    """Whether one of `keys` (hex) signed that the run was pruned at this record."""
    return any(_has_signed(key, signature, _PRUNED + _leaf(last)) for key in keys)


def _has_signed(key: str, signature: str, what: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(key)).verify(bytes.fromhex(signature), what)
    except (InvalidSignature, ValueError):
        return False
    return True


def line_hash(line: str) -> str:
    """What the next statement carries of this one."""
    return hashlib.sha256(line.encode()).hexdigest()


def read_line(line: str, keys: Sequence[str]) -> Statement:
    """The statement of a line signed by one of `keys` (hex); raises BadStatement."""
    try:
        body = parsed(line)
        signature = str(body.pop("sig"))
        statement = _statement(body)
        key = str(body["key"])
    except (ValueError, KeyError, TypeError, AttributeError):
        raise BadStatement(
            "this is no statement; keep the lines as `narthex runs heads` wrote them"
        ) from None
    if key not in keys:
        raise BadStatement(
            f"it is signed by the key {key}, which is none of ours; if it was ours once, put its secret "
            "behind the others in NARTHEX_SECRET_KEYS or give `--key`; if not, it is forged"
        )
    if not _has_signed(key, signature, _TAG + canonical(body).encode()):
        raise BadStatement("its signature does not fit: it was altered or forged")
    return statement


def _statement(body: dict[str, Any]) -> Statement:
    if (body["v"], body["type"]) != (VERSION, TYPE):
        raise ValueError("of another kind")
    return Statement(
        number=int(body["number"]),
        at=str(body["at"]),
        previous=str(body["prev"]),
        heads=tuple(Head(str(run), int(seq), str(head)) for run, seq, head in body["heads"]),
        pruned=tuple(str(run) for run in body["pruned"]),
        runs=int(body["runs"]),
        records=int(body["records"]),
        root=str(body["root"]),
    )


@dataclass(frozen=True)
class Whole:
    """All heads in three numbers."""

    runs: int
    records: int
    root: str


def whole(heads: Iterable[Head]) -> Whole:
    """How many runs and records `heads` (by run, in order of code points) stand for, their Merkle root."""
    runs = records = 0
    towers: list[tuple[int, bytes]] = []  # complete subtrees, each with its height, the lowest last
    for head in heads:
        runs, records = runs + 1, records + head.seq + 1
        node, height = _leaf(head), 0
        while towers and towers[-1][0] == height:
            node, height = _node(towers.pop()[1], node), height + 1
        towers.append((height, node))
    root = towers.pop()[1] if towers else hashlib.sha256(b"").digest()
    while towers:
        root = _node(towers.pop()[1], root)
    return Whole(runs, records, root.hex())


def _leaf(head: Head) -> bytes:
    return hashlib.sha256(b"\x00" + f"{head.run} {head.seq} {head.hash}".encode()).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()
