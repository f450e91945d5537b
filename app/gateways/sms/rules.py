"""The rules by which a vendor is read: what means success, what is refused for good, what a receipt says."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, Literal, cast

Path = tuple[str, ...]

_CODE = re.compile(r"[a-z][a-z0-9_]*")
_HEADER = re.compile(r"[0-9A-Za-z-]+")
_SHORTEST_SECRET = 16
_RECEIPT_KEYS = ("content", "id", "status", "delivered", "failed", "header")


@dataclass(frozen=True)
class SuccessRule:
    """Taken over when the status is among these and, with a path, the value there is one of ``equals``."""

    statuses: frozenset[int] = frozenset({200, 201, 202})
    path: Path | None = None
    equals: frozenset[str] = frozenset()


@dataclass(frozen=True)
class RefusalRule:
    """What the vendor says for good: whole statuses, or its codes at ``path`` with our reason for each."""

    statuses: frozenset[int] = frozenset({400, 422})
    path: Path | None = None
    codes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ReceiptRule:
    """How the vendor's receipts are read: where message id and status stand, which words are final.

    A receipt is believed when ``header`` carries ``secret``.
    """

    id: Path
    status: Path
    delivered: frozenset[str]
    failed: frozenset[str]
    header: str
    secret: str = field(repr=False)
    content: Literal["json", "form"] = "json"


def read_success(value: object) -> SuccessRule:
    """The rule under the key ``success``. Raises ValueError with the key's name and the cure."""
    check_keys(value, ("statuses", "path", "equals"), "success.")
    given = cast(Mapping[str, Any], value)
    if ("path" in given) != ("equals" in given):
        raise ValueError("success: path and equals go together; write both or neither")
    equals = given.get("equals", [])
    equals = equals if isinstance(equals, list) else [equals]
    return SuccessRule(
        statuses=_statuses("success.statuses", given.get("statuses", [200, 201, 202])),
        path=read_path("success.path", given.get("path")),
        equals=frozenset(map(plain, equals)),
    )


def read_refused(value: object) -> RefusalRule:
    """The rule under the key ``refused``. Raises ValueError with the key's name and the cure."""
    check_keys(value, ("statuses", "path", "codes"), "refused.")
    given = cast(Mapping[str, Any], value)
    if ("path" in given) != ("codes" in given):
        raise ValueError("refused: path and codes go together; write both or neither")
    codes = given.get("codes", {})
    if not isinstance(codes, Mapping) or not all(_CODE.fullmatch(str(ours)) for ours in codes.values()):
        raise ValueError(
            "refused.codes: write a mapping of the vendor's codes to reasons like number_invalid"
        )
    return RefusalRule(
        statuses=_statuses("refused.statuses", given.get("statuses", [400, 422])),
        path=read_path("refused.path", given.get("path")),
        codes={plain(theirs): str(ours) for theirs, ours in codes.items()},
    )


def read_receipts(value: object, secret: str) -> ReceiptRule | None:
    """The rule under the key ``receipts``, None without one. Raises ValueError with the key and the cure."""
    if value is None:
        if secret:
            raise ValueError("receipts: is missing; say in it how receipts are read, or take the secret away")
        return None
    check_keys(value, _RECEIPT_KEYS, "receipts.")
    given = cast(Mapping[str, Any], value)
    if len(secret) < _SHORTEST_SECRET or not secret.isascii() or not secret.isprintable():
        raise ValueError(
            "receipts: the vendor has to prove itself; set NARTHEX_SMS_RECEIPT_TOKEN to at least "
            f"{_SHORTEST_SECRET} signs of ASCII"
        )
    content, header = given.get("content", "json"), given.get("header")
    if content not in ("json", "form"):
        raise ValueError("receipts.content: write json or form")
    if not isinstance(header, str) or not _HEADER.fullmatch(header):
        raise ValueError("receipts.header: name the header that carries the secret, such as X-Receipt-Token")
    delivered, failed = (_words(f"receipts.{key}", given.get(key)) for key in ("delivered", "failed"))
    if delivered & failed:
        raise ValueError("receipts.failed: a word cannot mean delivered and failed; take it out of one")
    message, status = (_needed_path(f"receipts.{key}", given.get(key)) for key in ("id", "status"))
    return ReceiptRule(message, status, delivered, failed, header, secret, content)


def _words(key: str, value: object) -> frozenset[str]:
    if not isinstance(value, list) or not value or not all(isinstance(word, str | int) for word in value):
        raise ValueError(f"{key}: write a list of the vendor's words, such as [DELIVRD]")
    return frozenset(map(plain, value))


def _needed_path(key: str, value: object) -> Path:
    path = read_path(key, value)
    if path is None:
        raise ValueError(f"{key}: is missing; write where it stands in a receipt, such as message.id")
    return path


def _statuses(key: str, value: object) -> frozenset[int]:
    if not isinstance(value, list) or not all(type(item) is int and 200 <= item <= 599 for item in value):
        raise ValueError(f"{key}: write a list of HTTP statuses, such as [200, 202]")
    return frozenset(value)


def read_path(key: str, value: object) -> Path | None:
    """The steps of a dotted path, None where there is none. Raises ValueError naming ``key``."""
    if value is None:
        return None
    if isinstance(value, int | str) and not isinstance(value, bool) and all(str(value).split(".")):
        return tuple(str(value).split("."))
    raise ValueError(f"{key}: write names joined by dots, a list's items by number: messages.0.id")


def plain(value: object) -> str:
    """A JSON scalar as rules compare it, so that 0 in the settings equals "0" in the answer."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def check_keys(given: object, keys: Collection[str], within: str) -> None:
    """Raises ValueError with the nearest right word unless ``given`` is a mapping of these keys only."""
    if not isinstance(given, Mapping):
        raise ValueError(f"{within.rstrip('.') or 'settings'}: write a mapping of keys to values")
    for key in given:
        if key not in keys:
            near = get_close_matches(str(key), keys, 1)
            cure = f"did you mean {near[0]}?" if near else f"known are {', '.join(sorted(keys))}"
            raise ValueError(f"{within}{key}: is no setting; {cure}")
