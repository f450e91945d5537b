"""The settings of the generic HTTP vendor, read from a parsed mapping (YAML or JSON).

Example::

    url: https://sms.vendor.example/v2/messages
    headers: {Authorization: "Bearer {token}", Idempotency-Key: "{key}"}
    body: {to: "{to}", from: Narthex, message: {text: "{text}"}}
    success: {statuses: [200, 201], path: messages.0.status, equals: [queued, sent]}
    refused: {statuses: [422], path: error.code, codes: {"1007": number_invalid}}
    reference: messages.0.id
    receipts: {id: message.id, status: message.state, delivered: [DELIVRD], failed: [UNDELIV, REJECTD],
      header: X-Receipt-Token}

Every mistake raises ValueError with the key's name and the cure, never with the value: it may be a secret.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Self, cast

from app.gateways.exchange import checked_url
from app.gateways.sms.rules import (
    Path,
    ReceiptRule,
    RefusalRule,
    SuccessRule,
    check_keys,
    plain,
    read_path,
    read_receipts,
    read_refused,
    read_success,
)

Content = Literal["json", "form"]

IN_URL = ("to", "digits", "text", "key")
"""``digits`` is ``to`` without its plus sign, as many vendors want it."""

IN_BODY = (*IN_URL, "token")
"""``token`` is the vendor's secret, kept out of the file; it never stands in a URL, which gets logged."""

IN_HEADERS = ("key", "token")
"""A number or a text in a header would end up in the logs of every proxy on the way."""

_KEYS = (
    *("name", "url", "method", "headers", "content", "body", "success", "refused", "reference"),
    *("receipts", "timeout", "ca_file"),
)
_PLACEHOLDER = re.compile(r"\{(\w+)\}")
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


@dataclass(frozen=True)
class HttpSmsSettings:
    """How one vendor wants to be called and how its answers are read; ``timeout`` is the total in seconds."""

    url: str = field(repr=False)
    body: Any = field(default=None, repr=False)
    method: str = "POST"
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    content: Content = "json"
    success: SuccessRule = field(default_factory=SuccessRule)
    refused: RefusalRule = field(default_factory=RefusalRule)
    reference: Path | None = None
    receipts: ReceiptRule | None = None
    timeout: float = 5.0
    ca_file: str | None = None
    name: str = "http"
    token: str = field(default="", repr=False)

    @classmethod
    def parse(cls, given: Mapping[str, Any], token: str = "", receipt_token: str = "") -> Self:
        """Settings from a parsed mapping, the secret for its ``{token}`` and that of its receipts.

        Raises ValueError with the key's name and the cure.
        """
        check_keys(given, _KEYS, "")
        content = given.get("content", "json")
        if content not in ("json", "form"):
            raise ValueError("content: write json or form")
        method = given.get("method", "POST")
        if method not in ("POST", "PUT", "GET"):
            raise ValueError("method: write POST, PUT or GET")
        _token(token, given.get("headers"), given.get("body"))
        success, refused = read_success(given.get("success", {})), read_refused(given.get("refused", {}))
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
            reference=read_path("reference", given.get("reference")),
            receipts=_receipts(given, receipt_token),
            timeout=_timeout(given.get("timeout", 5)),
            ca_file=_text("ca_file", given["ca_file"]) if given.get("ca_file") else None,
            name=_text("name", given.get("name", "http")),
            token=token,
        )


def _receipts(given: Mapping[str, Any], secret: str) -> ReceiptRule | None:
    rule = read_receipts(given.get("receipts"), secret)
    if rule is not None and given.get("reference") is None:
        raise ValueError("reference: is missing; receipts name a message by what the vendor called it")
    return rule


def _token(token: str, *templates: object) -> None:
    wanted = any("{token}" in str(template) for template in templates)
    if wanted and not token:
        raise ValueError("token: the file says {token}; give the vendor's secret beside it")
    if token and not wanted:
        raise ValueError("token: is given but used nowhere; write {token} into headers or body")
    if not token.isascii() or not token.isprintable():
        raise ValueError("token: write one line of ASCII, as the vendor gave it")


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
    return _template("url", url, IN_URL)


def _headers(value: object) -> dict[str, str]:
    if not isinstance(value, Mapping):
        raise ValueError("headers: write a mapping of names to values")
    for name, text in value.items():
        if not isinstance(name, str) or not _TOKEN.fullmatch(name):
            raise ValueError("headers: a header's name has letters, digits and hyphens only")
        _template(f"headers.{name}", _text(f"headers.{name}", text), IN_HEADERS)
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
        fields[str(name)] = _template(f"body.{name}", plain(text), IN_BODY)
    return fields


def _leaves(key: str, value: object) -> None:
    if isinstance(value, str):
        _template(key, value, IN_BODY)
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


def _timeout(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value <= 5:
        raise ValueError("timeout: write the total in seconds, more than 0 and at most 5")
    return float(value)
