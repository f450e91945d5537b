"""A vendor of text messages over HTTP(S) that records calls, or does what vendors do on bad days."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any, Literal, cast
from urllib.parse import parse_qsl, urlsplit

from tests.receivers.received import HOST, Received, closed_port
from tests.receivers.tls import Certificate

HttpMode = Literal["ok", "5xx", "429", "timeout", "hang", "drip", "dup", "refuse", "redirect"]


@dataclass(frozen=True)
class ReceivedRequest:
    method: str
    path: str
    query: dict[str, str]
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)

    def form(self) -> dict[str, str]:
        return dict(parse_qsl(self.body.decode(), keep_blank_values=True, strict_parsing=True))

    def key(self) -> str | None:
        """The idempotency key: the header Idempotency-Key, or ``key`` in body or query."""
        if "Idempotency-Key" in self.headers:
            return self.headers["Idempotency-Key"]
        if self.body.startswith(b"{"):
            return cast("str | None", self.json().get("key"))
        return {**self.query, **(self.form() if self.body else {})}.get("key")


class HttpSmsReceiver:
    """A vendor of text messages over HTTP(S) that answers {"status": "queued", "id": "sms-1"}, status 202.

    ``requests`` holds every call, ``delivered`` what phones got: a key already seen is answered with the
    first id and not delivered again, except in mode ``dup``, where every call reaches the phone twice.
    ``answer`` = (status, JSON or bytes) replaces the answer of mode ok. ``timeout`` takes the message and
    answers after 60 s or on `release`; ``hang`` never answers; ``drip`` answers byte by byte for ever.
    """

    def __init__(self, mode: HttpMode = "ok", *, certificate: Certificate | None = None) -> None:
        self.mode = mode
        self.answer: tuple[int, object] | None = None
        self.requests: Received[ReceivedRequest] = Received()
        self.delivered: Received[ReceivedRequest] = Received()
        self.port = 0
        self._certificate = certificate
        self._ids: dict[str, str] = {}
        self._released, self._closing = Event(), Event()
        self._closed_port = closed_port()
        self._server: _HttpServer | None = None

    @property
    def url(self) -> str:
        return f"{'https' if self._certificate else 'http'}://{HOST}:{self.port}"

    def release(self) -> None:
        """Let the answers held back by mode ``timeout`` go."""
        self._released.set()

    def __enter__(self) -> "HttpSmsReceiver":
        if self.mode == "refuse":
            self.port = self._closed_port.__enter__()
            return self
        self._server = _HttpServer(self)
        if self._certificate is not None:
            # The handshake belongs into the connection's own thread, at its first read.
            self._server.socket = self._certificate.server_context().wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self.port = self._server.server_address[1]
        serve = self._server.serve_forever
        self._thread = Thread(target=lambda: serve(0.02), name="http-receiver", daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._server is None:
            self._closed_port.__exit__(None, None, None)
            return
        self._closing.set()
        self._released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(10)

    def respond(self, request: ReceivedRequest) -> tuple[int, object]:
        """Status and body for a request, after whatever the mode delays."""
        self.requests.append(request)
        if self.mode in ("5xx", "429"):
            return (503 if self.mode == "5xx" else 429), {"error": "not now"}
        if self.answer is not None:
            return self.answer
        key = request.key() or f"call {len(self.requests)}"
        known = key in self._ids
        reference = self._ids.setdefault(key, f"sms-{len(self._ids) + 1}")
        for _ in range(2 if self.mode == "dup" else 0 if known else 1):
            self.delivered.append(request)
        if self.mode == "timeout":
            self._released.wait(60)
        return 202, {"status": "queued", "id": reference}

    def hold(self, handler: "_HttpHandler") -> None:
        """The modes without a whole answer: silence or a drip until the test is over or the client gone."""
        if self.mode == "drip":
            handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Slow: ")
        while not self._closing.wait(0.05):
            if self.mode == "drip":
                handler.wfile.write(b"x")


class _HttpServer(ThreadingHTTPServer):
    daemon_threads = False

    def __init__(self, receiver: HttpSmsReceiver) -> None:
        self.receiver = receiver
        super().__init__((HOST, 0), _HttpHandler)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hung up or did not trust us is what the tests are about."""


class _HttpHandler(BaseHTTPRequestHandler):
    server: _HttpServer
    timeout = 10

    def _answer(self) -> None:
        receiver, parts = self.server.receiver, urlsplit(self.path)
        if receiver.mode == "refuse":
            self.close_connection = True
            return
        length = int(self.headers.get("Content-Length", 0))
        body = self.rfile.read(length)
        if len(body) < length:  # whoever called was killed in the middle: no vendor takes half a request
            self.close_connection = True
            return
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        request = ReceivedRequest(self.command, parts.path, query, dict(self.headers), body)
        if receiver.mode in ("hang", "drip"):
            receiver.requests.append(request)
            receiver.hold(self)
            return
        if receiver.mode == "redirect":
            receiver.requests.append(request)
            self.send_response(302)
            self.send_header("Location", f"{receiver.url}/elsewhere")
            self.end_headers()
            return
        status, answer = receiver.respond(request)
        raw = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)

    do_GET = do_POST = do_PUT = _answer  # noqa: N815 - the library's names

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Quiet: the request may hold a code."""
