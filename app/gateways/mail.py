"""Mail by SMTP (RFC 5321), over TLS that is verified, one connection per mail."""

import logging
import re
import smtplib
import ssl
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any, Literal

from app.gateways.messages import Mail
from app.gateways.mime import Letter, compose, parse_sender
from app.gateways.outcome import Accepted, Failed, Outcome, Refused
from app.gateways.wire import Wire, trouble, trusted_by

log = logging.getLogger(__name__)

Tls = Literal["starttls", "tls", "none"]

_BY_ENHANCED_CODE = {
    "5.1.1": "mailbox_unknown",
    "5.1.2": "domain_unknown",
    "5.1.3": "address_invalid",
    "5.1.6": "mailbox_unknown",
    "5.1.10": "domain_takes_no_mail",
    "5.2.1": "mailbox_closed",
    "5.2.2": "mailbox_full",
}
_BY_CODE = {550: "mailbox_unknown", 551: "mailbox_unknown", 552: "mailbox_full", 553: "address_invalid"}
_ENHANCED = re.compile(rb"5\.(\d{1,3})\.\d{1,3}(?= |$)")


class SmtpGateway:
    """Hands mail to one server. ``tls``: ``starttls`` (587), ``tls`` from the first byte (465), ``none``.

    Without ``username`` (None or empty) there is no login. ``sender`` is an address or ``Name <address>``;
    ``timeout`` the total of one delivery in seconds; ``ca_file`` a private authority; ``clock`` gives the
    Date. With ``starttls`` a server that offers none gets nothing. A wrong setting raises ValueError.
    """

    def __init__(
        self,
        host: str,
        port: int,
        tls: Tls,
        username: str | None,
        password: str | None,
        sender: str,
        timeout: float = 15.0,
        ca_file: str | None = None,
        *,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        name: str = "smtp",
    ) -> None:
        if tls not in ("starttls", "tls", "none"):
            raise ValueError("tls: write starttls, tls or none")
        if bool(username) != bool(password):
            raise ValueError("username: give username and password, or neither")
        if tls == "none" and username:
            raise ValueError("tls: a password is never sent in the clear; write starttls or tls")
        if not f"{username}{password}".isascii():
            raise ValueError("password: SMTP takes ASCII here; choose another user name or password")
        if timeout <= 0:
            raise ValueError("timeout: write the total in seconds, more than 0")
        self.name = name
        self._sender = parse_sender(sender)
        self._host, self._port, self._tls, self._timeout = host, port, tls, timeout
        self._login = (username, password) if username and password else None
        self._context = trusted_by(ca_file)
        self._clock = clock

    def send(self, mail: Mail) -> Outcome:
        """Deliver to the server; the reference is the Message-ID, equal for every attempt at one key."""
        letter = compose(mail, self._sender, self._clock())
        if isinstance(letter, Refused):
            return letter
        with Wire(self._timeout) as wire:
            try:
                outcome = self._converse(wire, letter)
            except (smtplib.SMTPException, OSError) as error:
                outcome = Failed("timeout") if wire.overdue else _outcome(error)
        if not isinstance(outcome, Accepted):
            log.warning("mail not taken over", extra={"gateway": self.name, "reason": outcome.reason})
        return outcome

    def _converse(self, wire: Wire, letter: Letter) -> Outcome:
        smtp = _Smtp(wire, self._host, self._port, self._sender.domain, self._immediate_context())
        try:
            if self._tls == "starttls":
                smtp.starttls(context=self._context)
                wire.sock = smtp.sock
            if self._login is not None:
                smtp.login(*self._login)
            smtp.ehlo_or_helo_if_needed()
            if letter.utf8 and not smtp.has_extn("smtputf8"):
                return Refused("address_needs_smtputf8")
            options = ["SMTPUTF8", "BODY=8BITMIME"] if letter.utf8 else []
            smtp.sendmail(self._sender.addr_spec, [letter.recipient], letter.as_bytes(), options)
            _part(smtp)
            return Accepted(letter.message_id)
        finally:
            smtp.close()

    def _immediate_context(self) -> ssl.SSLContext | None:
        return self._context if self._tls == "tls" else None


class _Smtp(smtplib.SMTP):
    """The library's client on a wire of ours; greets with the sender's domain, not by a slow DNS look-up."""

    def __init__(
        self, wire: Wire, host: str, port: int, greeting: str, context: ssl.SSLContext | None
    ) -> None:
        self._wire, self._tls_from_start = wire, context
        super().__init__(host, port, local_hostname=greeting)

    def _get_socket(self, host: str, port: int, timeout: float | None) -> Any:  # noqa: ARG002 - the library's
        return self._wire.connect(host, port, self._tls_from_start)


def _part(smtp: smtplib.SMTP) -> None:
    # The mail is the server's already: a goodbye that fails or hangs must not undo that.
    with suppress(smtplib.SMTPException, OSError):
        if smtp.sock is not None:
            smtp.sock.settimeout(1.0)
        smtp.quit()


def _outcome(error: Exception) -> Outcome:
    match error:
        case smtplib.SMTPRecipientsRefused():
            return _recipient(*next(iter(error.recipients.values())))
        case smtplib.SMTPNotSupportedError():
            return Failed("server_lacks_tls_or_login")
        case smtplib.SMTPServerDisconnected():
            return Failed("connection_lost")
        case smtplib.SMTPResponseException():
            return _response(error)
        case smtplib.SMTPException():
            # The one thing left that the library says so plainly: no way of logging in that both know.
            return Failed("server_lacks_tls_or_login")
        case _:
            return Failed(trouble(error))


def _recipient(code: int, text: bytes) -> Outcome:
    if code < 500:
        return Failed("busy" if code == 421 else "deferred")
    if code == 530:
        return Failed("credentials")
    enhanced = _ENHANCED.match(text)
    if enhanced is None:
        return Refused(_BY_CODE.get(code, "recipient_refused"))
    if enhanced[1] == b"7":
        return Refused("refused_by_policy")
    return Refused(_BY_ENHANCED_CODE.get(enhanced[0].decode(), "recipient_refused"))


def _response(error: smtplib.SMTPResponseException) -> Outcome:
    code = error.smtp_code
    if code == 421:
        return Failed("busy")
    if (isinstance(error, smtplib.SMTPAuthenticationError) and code >= 500) or code in (530, 535, 538):
        return Failed("credentials")
    if code == -1:
        return Failed("answer_garbled")
    if code < 500:
        return Failed("deferred")
    if isinstance(error, smtplib.SMTPDataError):
        return Refused("message_refused")
    # Before DATA a lasting no concerns our host or our sender: an operator can put that right.
    return Failed("sender" if isinstance(error, smtplib.SMTPSenderRefused) else "server_refuses_us")
