"""Events told to an organisation's own machine, signed as Standard Webhooks 1.0 says.

The signature is `v1,` and the base64 of HMAC-SHA256 over "id.timestamp.body" under the secret; during a
rotation one for every secret, separated by blanks (standardwebhooks.com).
"""

import hmac
import logging
from base64 import b64decode, b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256

from app.gateways.exchange import Call, checked_url, exchange
from app.gateways.outcome import Accepted, Failed, Outcome, Refused
from app.gateways.wire import trusted_by

log = logging.getLogger(__name__)

_PREFIX = "whsec_"
_SHORTEST, _LONGEST = 24, 64  # bytes of a secret, by the standard
_LATER = {408: "timeout", 409: "conflict", 425: "too_early", 429: "busy"}
_GONE = 410
_SECONDS = 5.0


@dataclass(frozen=True)
class Event:
    """What happened, as JSON; `key` names it, the same at every attempt."""

    key: str
    body: str = field(repr=False)

    @property
    def id(self) -> str:
        """The `webhook-id`: made from the key, which may say more of us than the receiver need know."""
        return f"msg_{sha256(self.key.encode()).hexdigest()[:32]}"


class WebhookGateway:
    """Tells one receiver. ``secrets`` are those of `read_secret`, the current one first.

    Raises ValueError for a URL that is neither https nor this very machine.
    """

    def __init__(
        self,
        url: str,
        secrets: Sequence[bytes],
        *,
        clock: Callable[[], datetime],
        ca_file: str | None = None,
        timeout: float = _SECONDS,
    ) -> None:
        self.url = checked_url("url", url)
        self._secrets = tuple(secrets)
        self._clock = clock
        self._context = trusted_by(ca_file)
        self._timeout = timeout

    def send(self, event: Event) -> Outcome:
        """Post the event once, signed anew for this attempt.

        2xx is Accepted, 4xx is Refused (``gone``, ``receiver_refused``); 408, 409, 425 and 429 are Failed,
        as are 5xx (``receiver_error``), 3xx (``redirected``) and what the network does.
        """
        body = event.body.encode()
        timestamp = str(int(self._clock().timestamp()))
        headers = {
            "Content-Type": "application/json",
            "webhook-id": event.id,
            "webhook-timestamp": timestamp,
            "webhook-signature": " ".join(
                signature(secret, event.id, timestamp, body) for secret in self._secrets
            ),
        }
        call = Call("POST", self.url, headers, body)
        answer = exchange(call, seconds=self._timeout, context=self._context)
        outcome = answer if isinstance(answer, Failed) else _judge(answer.status)
        if not isinstance(outcome, Accepted):
            log.warning("webhook not taken over", extra={"webhook": event.id, "reason": outcome.reason})
        return outcome


def signature(secret: bytes, event_id: str, timestamp: str, body: bytes) -> str:
    """One signature of the header; ``timestamp`` in whole seconds since 1970."""
    signed = b".".join((event_id.encode(), timestamp.encode(), body))
    return f"v1,{b64encode(hmac.digest(secret, signed, 'sha256')).decode()}"


def read_secret(text: str) -> bytes:
    """The bytes of ``whsec_<base64>``. Raises ValueError with the cure, never with the value."""
    cure = f"write whsec_ and the base64 of {_SHORTEST} to {_LONGEST} random bytes"
    try:
        secret = b64decode(text.removeprefix(_PREFIX), validate=True)
    except ValueError:
        raise ValueError(cure) from None
    if not text.startswith(_PREFIX) or not _SHORTEST <= len(secret) <= _LONGEST:
        raise ValueError(cure)
    return secret


def _judge(status: int) -> Outcome:
    if 200 <= status < 300:
        return Accepted()
    if status in _LATER:
        return Failed(_LATER[status])
    if status >= 500:
        return Failed("receiver_error")
    if status >= 400:
        return Refused("gone" if status == _GONE else "receiver_refused")
    return Failed("redirected")
