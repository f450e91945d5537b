"""The file that names each realm's webhook::

    {"registration": {"url": "https://crm.example/narthex", "secret_from": "NARTHEX_WEBHOOK_SECRET_CRM"}}

`ca_file` beside them names a private certificate authority (PEM). The variable holds one secret, or several
separated by commas while they are being changed: each of them signs.
"""

import json
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from app.gateways.sms.rules import check_keys
from app.gateways.webhook import WebhookGateway, read_secret

_KEYS = ("url", "secret_from", "ca_file")


def read_webhooks(
    file: Path, secrets: Mapping[str, str], clock: Callable[[], datetime], *, https_only: bool
) -> dict[str, WebhookGateway]:
    """The receiver of each realm. ``secrets``: the variables that may be named, by name.

    Raises ValueError with file, place and cure, never with a value.
    """
    try:
        given = json.loads(file.read_text(encoding="utf-8"))
    except OSError as problem:
        raise ValueError(f"{file}: {problem.strerror}") from None
    except json.JSONDecodeError as problem:
        raise ValueError(f"{file}:{problem.lineno}: {problem.msg}; write valid JSON") from None
    except (UnicodeDecodeError, RecursionError):
        raise ValueError(f"{file}: write valid JSON in UTF-8") from None
    if not isinstance(given, dict):
        raise ValueError(f"{file}: write a mapping of realms to their webhooks")
    webhooks = {}
    for realm, webhook in given.items():
        try:
            webhooks[realm] = _webhook(webhook, secrets, clock, https_only)
        except ValueError as problem:
            raise ValueError(f"{file}: {realm}: {problem}") from None
    return webhooks


def _webhook(
    given: Any, secrets: Mapping[str, str], clock: Callable[[], datetime], https_only: bool
) -> WebhookGateway:
    check_keys(given, _KEYS, "")
    url, variable, ca_file = (given.get(key) for key in _KEYS)
    if not isinstance(url, str):
        raise ValueError("url: is missing; write the receiver's address, https://…")
    if ca_file is not None and not isinstance(ca_file, str):
        raise ValueError("ca_file: write the path of a file as text")
    gateway = WebhookGateway(url, _secrets(variable, secrets), clock=clock, ca_file=ca_file)
    if https_only and urlsplit(url).scheme != "https":
        raise ValueError("url: production needs an https address")
    return gateway


def _secrets(variable: object, secrets: Mapping[str, str]) -> list[bytes]:
    if not isinstance(variable, str) or not variable.startswith("NARTHEX_WEBHOOK_SECRET_"):
        raise ValueError("secret_from: name a variable that begins with NARTHEX_WEBHOOK_SECRET_")
    texts = [each.strip() for each in secrets.get(variable, "").split(",") if each.strip()]
    if not texts:
        raise ValueError(f"secret_from: {variable} is not set; put the secret into it")
    try:
        return [read_secret(text) for text in texts]
    except ValueError as problem:
        raise ValueError(f"secret_from: {variable}: {problem}") from None
