"""The settings of the generic HTTP vendor, read from a parsed mapping (YAML or JSON).

Example::

    url: https://sms.vendor.example/v2/messages
    headers: {Authorization: Bearer 0123, Idempotency-Key: "{key}"}
    body: {to: "{to}", from: Narthex, message: {text: "{text}"}}
    success: {statuses: [200, 201], path: messages.0.status, equals: [queued, sent]}
    refused: {statuses: [422], path: error.code, codes: {"1007": number_invalid}}
    reference: messages.0.id

Every mistake raises ValueError with the key's name and the cure, never with the value: it may be a secret.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any, Literal, Self, cast

from app.gateways.exchange import checked_url

Content = Literal["json", "form"]
Path = tuple[str, ...]

PLACEHOLDERS = ("to", "digits", "text", "key")
"""``digits`` is ``to`` without its plus sign, as many vendors want it."""

_KEYS = (
    *("name", "url", "method", "headers", "content", "body", "success", "refused", "reference"),
    *("timeout", "ca_file"),
)
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_CODE = re.compile(r"[a-z][a-z0-9_]*")


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
class HttpSmsSettings:
    """How one vendor wants to be called and how its answers are read; ``timeout`` is the total in seconds."""

    url: str = field(repr=False)
    body: Any = field(default=None, repr=False)
    method: str = "POST"
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    content: Content = "json"
    success: SuccessRule = SuccessRule()
    refused: RefusalRule = RefusalRule()
    reference: Path | None = None
    timeout: float = 5.0
    ca_file: str | None = None
    name: str = "http"

    @classmethod
    def parse(cls, given: Mapping[str, Any]) -> Self:
        """Settings from a parsed mapping; raises ValueError with the key's name and the cure."""
        _known(given, _KEYS, "")
        content = given.get("content", "json")
        if content not in ("json", "form"):
            raise ValueError("content: write json or form")
        method = given.get("method", "POST")
        if method not in ("POST", "PUT", "GET"):
            raise ValueError("method: write POST, PUT or GET")
        success, refused = _success(given.get("success", {})), _refused(given.get("refused", {}))
        if success.statuses & refused.statuses:
            raise ValueError("refused.statuses: a status cannot mean success and refusal; take it out of one")
        return cls(
            url=_url(given.get("url")),
            body=_body(given.get("body"), method, content),
            method=method,
            headers=_headers(given.get("headers", {})),
            content=cast(Content, content),
            success=success,
            refused=refused,
            reference=_path("reference", given.get("reference")),
            timeout=_timeout(given.get("timeout", 5)),
            ca_file=_text("ca_file", given["ca_file"]) if given.get("ca_file") else None,
            name=_text("name", given.get("name", "http")),
        )


def plain(value: object) -> str:
    """A JSON scalar as rules compare it, so that 0 in the settings equals "0" in the answer."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _known(given: object, keys: Collection[str], within: str) -> None:
    if not isinstance(given, Mapping):
        raise ValueError(f"{within.rstrip('.') or 'settings'}: write a mapping of keys to values")
    for key in given:
        if key not in keys:
            near = get_close_matches(str(key), keys, 1)
            cure = f"did you mean {near[0]}?" if near else f"known are {', '.join(sorted(keys))}"
            raise ValueError(f"{within}{key}: is no setting; {cure}")


def _text(key: str, value: object) -> str:
    if not isinstance(value, str) or not value.strip() or any(char < " " for char in value):
        raise ValueError(f"{key}: write one line of text; put a number into quotes")
    return value


def _template(key: str, value: str, allowed: Collection[str]) -> str:
    for name in _PLACEHOLDER.findall(value):
        if name not in allowed:
            raise ValueError(f"{key}: {{{name}}} cannot stand here; allowed are {', '.join(allowed)}")
    return value


def _url(value: object) -> str:
    if value is None:
        raise ValueError("url: is missing; write the address the vendor gave, https://…")
    # What is checked is the URL as it will be called: braces are no characters of a host.
    url = checked_url("url", value)
    start = url.index("://") + 3
    host = re.split(r"[/?#]", url[start:], maxsplit=1)[0]
    _template("url (host)", host, ())
    return _template("url", url, PLACEHOLDERS)


def _headers(value: object) -> dict[str, str]:
    if not isinstance(value, Mapping):
        raise ValueError("headers: write a mapping of names to values")
    for name, text in value.items():
        if not isinstance(name, str) or not _TOKEN.fullmatch(name):
            raise ValueError("headers: a header's name has letters, digits and hyphens only")
        # A number or a text in a header would end up in the logs of every proxy on the way.
        _template(f"headers.{name}", _text(f"headers.{name}", text), ("key",))
        if not text.isascii():
            raise ValueError(f"headers.{name}: write ASCII only; the vendor's secret may be mistyped")
    return dict(value)


def _body(value: object, method: object, content: object) -> object:
    if method == "GET":
        if value is not None:
            raise ValueError("body: a GET has none; put the placeholders into the url or use POST")
        return None
    if content == "form":
        return _form(value)
    if not isinstance(value, Mapping | list):
        raise ValueError("body: write the vendor's JSON as a mapping, with {to} and {text} in it")
    _leaves("body", value)
    return value


def _form(value: object) -> dict[str, str]:
    if not isinstance(value, Mapping):
        raise ValueError("body: write a mapping of the form's fields, with {to} and {text} in it")
    fields = {}
    for name, text in value.items():
        if isinstance(text, Mapping | list):
            raise ValueError(f"body.{name}: a form's field is one text; use content: json for nesting")
        fields[str(name)] = _template(f"body.{name}", plain(text), PLACEHOLDERS)
    return fields


def _leaves(key: str, value: object) -> None:
    if isinstance(value, str):
        _template(key, value, PLACEHOLDERS)
    elif isinstance(value, Mapping):
        for name, item in value.items():
            if not isinstance(name, str):
                raise ValueError(f"{key}: every key of the JSON is text; put {name} into quotes")
            _leaves(f"{key}.{name}", item)
    elif isinstance(value, list):
        for position, item in enumerate(value):
            _leaves(f"{key}.{position}", item)
    elif not isinstance(value, bool | int | float | None):
        raise ValueError(f"{key}: is no JSON value; put it into quotes")


def _success(value: object) -> SuccessRule:
    _known(value, ("statuses", "path", "equals"), "success.")
    given = cast(Mapping[str, Any], value)
    if ("path" in given) != ("equals" in given):
        raise ValueError("success: path and equals go together; write both or neither")
    equals = given.get("equals", [])
    equals = equals if isinstance(equals, list) else [equals]
    return SuccessRule(
        statuses=_statuses("success.statuses", given.get("statuses", [200, 201, 202])),
        path=_path("success.path", given.get("path")),
        equals=frozenset(map(plain, equals)),
    )


def _refused(value: object) -> RefusalRule:
    _known(value, ("statuses", "path", "codes"), "refused.")
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
        path=_path("refused.path", given.get("path")),
        codes={plain(theirs): str(ours) for theirs, ours in codes.items()},
    )


def _statuses(key: str, value: object) -> frozenset[int]:
    if not isinstance(value, list) or not all(type(item) is int and 200 <= item <= 599 for item in value):
        raise ValueError(f"{key}: write a list of HTTP statuses, such as [200, 202]")
    return frozenset(value)


def _path(key: str, value: object) -> Path | None:
    if value is None:
        return None
    if isinstance(value, int | str) and not isinstance(value, bool) and all(str(value).split(".")):
        return tuple(str(value).split("."))
    raise ValueError(f"{key}: write names joined by dots, a list's items by number: messages.0.id")


def _timeout(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 5:
        raise ValueError("timeout: write the total in seconds, more than 0 and at most 5")
    return float(value)
