"""Receipts of text messages, by the ways vendors have of telling and of proving who they are."""

import hmac
import json
from base64 import b64encode
from typing import Any
from urllib.parse import parse_qs, urlsplit

from app.gateways.receipts import Callback, Forged, Receipt
from app.gateways.sms.http import at, reference
from app.gateways.sms.rules import Path, ReceiptRule, plain

_MOST_FIELDS = 100

_TWILIO_FINAL = {"delivered": "delivered", "read": "delivered", "undelivered": "failed", "failed": "failed"}
"""Twilio's message statuses that are followed by no other worth telling."""


class TwilioReceipts:
    """Twilio's StatusCallback, signed in X-Twilio-Signature with the account's auth `token`.

    The signature is the base64 of HMAC-SHA1 over the `url` that Twilio was told to call, followed by name
    and value of every posted field in the order of the names (twilio.com/docs/usage/security).
    """

    def __init__(self, token: str, url: str) -> None:
        self._token = token.encode()
        self._urls = _as_twilio_may_write_it(url)

    def __call__(self, callback: Callback) -> Receipt | Forged | None:
        """The receipt in a call, if the call is Twilio's."""
        fields = _form(callback.body)
        if fields is None or not self._is_signed(callback, fields):
            return Forged()
        # Old names stand beside the new ones in some calls and alone in others.
        told = {name: values[0] for name, values in fields.items()}
        status = told.get("MessageStatus", told.get("SmsStatus", ""))
        return _receipt(told.get("MessageSid", told.get("SmsSid")), _TWILIO_FINAL.get(status))

    def _is_signed(self, callback: Callback, fields: dict[str, list[str]]) -> bool:
        given = callback.headers.get("x-twilio-signature", "").encode()
        query = f"?{callback.query}" if callback.query else ""
        posted = "".join(name + value for name in sorted(fields) for value in sorted(set(fields[name])))
        signed = (f"{url}{query}{posted}".encode() for url in self._urls)
        ours = (b64encode(hmac.digest(self._token, each, "sha1")) for each in signed)
        return any(hmac.compare_digest(given, each) for each in ours)


class HttpReceipts:
    """The receipts of the declared HTTP vendor: where id and status stand, and its secret in a header."""

    def __init__(self, rule: ReceiptRule) -> None:
        self._rule = rule

    def __call__(self, callback: Callback) -> Receipt | Forged | None:
        """The receipt in a call, if the call carries the agreed secret."""
        rule = self._rule
        given = callback.headers.get(rule.header.lower(), "").encode()
        if not hmac.compare_digest(given, rule.secret.encode()):
            return Forged()
        word = plain(self._at(callback.body, rule.status))
        status = "delivered" if word in rule.delivered else "failed" if word in rule.failed else None
        return _receipt(self._at(callback.body, rule.id), status)

    def _at(self, body: bytes, path: Path) -> Any:
        if self._rule.content == "form":
            return (_form(body) or {}).get(".".join(path), [None])[0]
        try:
            return at(json.loads(body), path)
        except (ValueError, RecursionError):
            return None


def _receipt(told: object, status: str | None) -> Receipt | None:
    name = reference(told)
    match status:
        case "delivered" | "failed" if name is not None:
            return Receipt(name, status)
    return None


def _form(body: bytes) -> dict[str, list[str]] | None:
    """The fields of a posted form, None where it is none."""
    try:
        return parse_qs(body.decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS, errors="strict")
    except ValueError:
        return None


def _as_twilio_may_write_it(url: str) -> list[str]:
    """The address as told and, as Twilio does either, with its port left out or the usual one written."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    bare = host.removesuffix(f":{parts.port}") if parts.port else host
    port = parts.port or (443 if parts.scheme == "https" else 80)
    return [parts._replace(netloc=each).geturl() for each in (bare, f"{bare}:{port}")]
