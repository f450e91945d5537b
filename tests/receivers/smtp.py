"""An SMTP server that records mail, or does what servers do on bad days."""

import asyncio
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from threading import Event, Thread
from typing import Any, Literal

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

from tests.receivers.received import HOST, Received, closed_port
from tests.receivers.tls import Certificate

SmtpMode = Literal["ok", "421", "450", "550", "drop-after-data", "hang", "hang-after-data", "drip", "refuse"]


@dataclass(frozen=True)
class ReceivedMail:
    sender: str
    recipients: list[str]
    raw: bytes
    login: str | None
    over_tls: bool

    @property
    def message(self) -> EmailMessage:
        return message_from_bytes(self.raw, policy=policy.default)

    def text(self, kind: Literal["plain", "html"] = "plain") -> str:
        """The body of that kind with plain line feeds (MIME writes CRLF), empty if there is none."""
        body = self.message.get_body((kind,))
        return "" if body is None else str(body.get_content()).replace("\r\n", "\n")


class SmtpReceiver:
    """An SMTP server. ``answers`` replaces single replies: {"RCPT": "550 5.2.2 mailbox full"}.

    421 comes at MAIL, 450 and 550 at RCPT; ``hang`` never greets, ``drip`` greets byte by byte for ever;
    the modes after data record the mail first. With ``login`` mail is taken only after AUTH;
    without ``mechanisms`` AUTH offers no way that anyone knows.
    """

    def __init__(
        self,
        mode: SmtpMode = "ok",
        *,
        tls: Literal["none", "starttls", "tls"] = "none",
        certificate: Certificate | None = None,
        login: tuple[str, str] | None = None,
        mechanisms: bool = True,
        utf8: bool = False,
    ) -> None:
        self.mode = mode
        self.answers: dict[str, str] = {}
        self.mails: Received[ReceivedMail] = Received()
        self.connections: Received[str] = Received()
        self.closings: Received[str] = Received()
        self.port = 0
        self._tls, self._login, self._utf8 = tls, login, utf8
        self._excluded = () if mechanisms else ("PLAIN", "LOGIN")
        self._context = certificate.server_context() if certificate is not None else None
        self._transports: set[asyncio.Transport] = set()
        self._ready = Event()
        self._closed_port = closed_port()

    def __enter__(self) -> "SmtpReceiver":
        if self.mode == "refuse":
            self.port = self._closed_port.__enter__()
            return self
        self._thread = Thread(target=lambda: asyncio.run(self._serve()), name="smtp-receiver", daemon=True)
        self._thread.start()
        assert self._ready.wait(10)
        return self

    def __exit__(self, *_: object) -> None:
        if not self._ready.is_set():
            self._closed_port.__exit__(None, None, None)
            return
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join(10)

    async def _serve(self) -> None:
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        context = self._context if self._tls == "tls" else None
        server = await self._loop.create_server(self._protocol, HOST, 0, ssl=context)
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stop.wait()
        server.close()
        for transport in self._transports:
            transport.abort()
        await asyncio.sleep(0)

    def _protocol(self) -> asyncio.BaseProtocol:
        if self.mode in ("refuse", "hang", "drip"):
            return _Mute(self)
        return _SmtpSession(
            self,
            hostname="receiver.localhost",
            loop=self._loop,
            enable_SMTPUTF8=self._utf8,
            tls_context=self._context if self._tls == "starttls" else None,
            require_starttls=self._tls == "starttls",
            auth_require_tls=self._tls == "starttls",
            auth_exclude_mechanism=self._excluded,
            authenticator=self._authenticate,
        )

    def opened(self, transport: asyncio.Transport) -> None:
        """A session began; its transport is cut at the end if the client has not closed it."""
        self.connections.append(self.mode)
        self._transports.add(transport)

    def _authenticate(self, _server: SMTP, session: Any, _env: Any, _kind: str, given: Any) -> AuthResult:
        assert isinstance(given, LoginPassword)
        session.login_name = given.login.decode()
        right = self._login == (given.login.decode(), given.password.decode())
        return AuthResult(success=right, handled=False)

    async def handle_MAIL(self, _server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        if self.mode == "421":
            return "421 4.3.2 closing for maintenance"
        if self._login is not None and not session.authenticated:
            return "530 5.7.0 authentication required"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return self.answers.get("MAIL", "250 OK")

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        by_mode = {"450": "450 4.7.1 greylisted, come back", "550": f"550 5.1.1 <{address}> unknown"}
        answer = self.answers.get("RCPT", by_mode.get(self.mode, "250 OK"))
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        login = session.login_name if session.authenticated else None
        secure = session.ssl is not None or self._tls == "tls"
        mail = ReceivedMail(envelope.mail_from, list(envelope.rcpt_tos), envelope.content, login, secure)
        answer = self.answers.get("DATA", "250 2.0.0 taken")
        if answer.startswith("2"):
            self.mails.append(mail)
        if self.mode == "drop-after-data":
            server.transport.abort()
        if self.mode in ("drop-after-data", "hang-after-data"):
            await self._stop.wait()
        return answer


class _SmtpSession(SMTP):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.event_handler.opened(transport)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self.event_handler.closings.append(self.event_handler.mode)
        super().connection_lost(error)


class _Mute(asyncio.Protocol):
    """Says nothing, drips, or cuts the connection, by the receiver's mode."""

    def __init__(self, receiver: SmtpReceiver) -> None:
        self._receiver = receiver

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._receiver.opened(transport)
        if self._receiver.mode == "refuse":
            transport.abort()
        if self._receiver.mode == "drip":
            transport.write(b"220-")
            self._drip()

    def connection_lost(self, error: Exception | None) -> None:
        self._receiver.closings.append(self._receiver.mode)

    def _drip(self) -> None:
        if not self._transport.is_closing():
            self._transport.write(b"x")
            asyncio.get_running_loop().call_later(0.05, self._drip)
