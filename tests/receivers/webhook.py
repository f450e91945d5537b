"""A receiver of signed webhooks, written from the standard's description alone (standardwebhooks.com).

`verified` and `Ledger` are what an organisation would take over; the rest is a machine on loopback.
"""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Lock, Thread
from typing import Any, Literal

from tests.receivers.received import HOST, Received
from tests.receivers.tls import Certificate

WebhookMode = Literal["ok", "5xx", "hang", "gone", "redirect"]

# --- what docs/webhooks.md shows: begin ---
TOLERANCE = 5 * 60  # seconds


def verified(secret: str, headers: Mapping[str, str], body: bytes, now: float) -> bool:
    """Whether a call was signed with `secret` (whsec_...) at most five minutes from `now`."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    message_id, timestamp = headers.get("webhook-id", ""), headers.get("webhook-timestamp", "")
    if not timestamp.isdecimal() or abs(now - int(timestamp)) > TOLERANCE:
        return False
    signed = f"{message_id}.{timestamp}.".encode() + body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    for given in headers.get("webhook-signature", "").split(" "):
        version, _, value = given.partition(",")
        if version == "v1" and hmac.compare_digest(value.encode(), expected.encode()):
            return True
    return False


class Ledger:
    """Events taken over, each once: a repeated webhook-id changes nothing. Keep it in your database."""

    def __init__(self) -> None:
        self._seen: set[str] = set()
        self._lock = Lock()
        self.events: list[dict[str, Any]] = []

    def take(self, message_id: str, body: bytes) -> None:
        with self._lock:
            if message_id not in self._seen:
                self._seen.add(message_id)
                self.events.append(json.loads(body))


# --- what docs/webhooks.md shows: end ---


class WebhookReceiver:
    """A machine at `url` that takes over what is verified: 204, and 401 for what is not.

    `calls` holds headers (names in lower case) and body of each; `modes` are used up call by call before
    `mode` holds: `5xx` answers 503, `gone` 410, `redirect` leads elsewhere, `hang` never answers.
    `now` is the receiver's clock.
    """

    def __init__(
        self,
        secret: str,
        mode: WebhookMode = "ok",
        *,
        certificate: Certificate | None = None,
        now: Callable[[], float] = time.time,
    ) -> None:
        self.secret, self.mode, self.now = secret, mode, now
        self.modes: list[WebhookMode] = []
        self.ledger = Ledger()
        self.calls: Received[tuple[dict[str, str], bytes]] = Received()
        self.paths: list[str] = []
        self.closing = Event()
        self._certificate = certificate
        self._server: ThreadingHTTPServer | None = None

    @property
    def url(self) -> str:
        assert self._server is not None
        return f"{'https' if self._certificate else 'http'}://{HOST}:{self._server.server_address[1]}/events"

    def __enter__(self) -> "WebhookReceiver":
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            timeout = 10

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name.lower(): value for name, value in self.headers.items()}
                receiver.paths.append(self.path)
                status = receiver.judge(headers, body)
                receiver.calls.append((headers, body))
                if status is None:
                    receiver.closing.wait(30)
                    return
                self.send_response(status)
                if 300 <= status < 400:
                    self.send_header("Location", f"{receiver.url}/elsewhere")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Nobody reads it."""

        self._server = _Quiet((HOST, 0), Handler)
        if self._certificate is not None:
            self._server.socket = self._certificate.server_context().wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        serve = self._server.serve_forever
        self._thread = Thread(target=lambda: serve(0.02), name="webhook-receiver", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        assert self._server is not None
        self.closing.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(10)

    def judge(self, headers: Mapping[str, str], body: bytes) -> int | None:
        """The status of the answer, None for none."""
        mode = self.modes.pop(0) if self.modes else self.mode
        if mode != "ok":
            return {"5xx": 503, "gone": 410, "redirect": 307, "hang": None}[mode]
        if not verified(self.secret, headers, body, self.now()):
            return 401
        self.ledger.take(headers["webhook-id"], body)
        return 204


class _Quiet(ThreadingHTTPServer):
    daemon_threads = False

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hung up or did not trust us is what the tests are about."""
