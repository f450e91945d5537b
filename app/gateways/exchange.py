"""One HTTP request and its answer, bounded in time and size: no redirects, no proxy, no cookies.

The rules are those for outbound calls of OWASP ASVS 5 (12.3.2 TLS verified, 13.2.6 time-outs, 15.3.2
redirects not followed). The environment's proxy variables and ``.netrc`` are not looked at.
"""

import http.client
import ipaddress
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from app.gateways.outcome import Failed
from app.gateways.wire import Wire, trouble

LONGEST_ANSWER = 256 * 1024


@dataclass(frozen=True)
class Call:
    """What is asked of the vendor. The URL may hold a number and the headers a secret: neither is shown."""

    method: str
    url: str = field(repr=False)
    headers: Mapping[str, str] = field(repr=False)
    body: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Answer:
    """Status and body, the body cut at `LONGEST_ANSWER` bytes."""

    status: int
    body: bytes = field(repr=False)

    def json(self) -> Any:
        """The body read as JSON, None where it is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None


def exchange(call: Call, *, seconds: float, context: ssl.SSLContext) -> Answer | Failed:
    """Send the call and read the answer, whatever its status, within ``seconds`` in total."""
    parts = urlsplit(call.url)
    host, secure = parts.hostname or "", parts.scheme == "https"
    port = parts.port or (443 if secure else 80)
    kind = http.client.HTTPSConnection if secure else http.client.HTTPConnection
    connection = kind(host, port)
    target = parts._replace(scheme="", netloc="", fragment="").geturl() or "/"
    with Wire(seconds) as wire:
        try:
            connection.sock = wire.connect(host, port, context if secure else None)
            headers = {"Accept-Encoding": "identity", "Connection": "close", **call.headers}
            connection.request(call.method, target, call.body, headers)
            with connection.getresponse() as response:
                body = response.read(LONGEST_ANSWER)
            return Failed("timeout") if wire.overdue else Answer(response.status, body)
        except (OSError, http.client.HTTPException) as error:
            return Failed("timeout" if wire.overdue else _reason(error))
        finally:
            connection.close()


def checked_url(key: str, url: object) -> str:
    """The URL of a setting named ``key``; https, or http on this very machine. Raises ValueError."""
    if not isinstance(url, str):
        raise ValueError(f"{key}: write the address of the vendor as text, https://…")
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise ValueError(f"{key}: is no URL; write https://host/path") from None
    if not host or not url.isascii() or any(char <= " " for char in url):
        raise ValueError(f"{key}: is no URL; write https://host/path in ASCII without blanks")
    if parts.scheme != "https" and not (parts.scheme == "http" and is_loopback(host)):
        raise ValueError(f"{key}: must begin with https:// (plain http only to this machine)")
    if "@" in parts.netloc:
        raise ValueError(f"{key}: take user and password out of the URL and put them into a header")
    return url


def is_loopback(host: str) -> bool:
    """Whether the host is this very machine, judged without asking DNS."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _reason(error: Exception) -> str:
    if isinstance(error, http.client.HTTPException) and not isinstance(error, OSError):
        return "answer_garbled"
    return trouble(error)
