"""A mail as it goes over the wire: headers, plain text first, and an envelope address. Pure."""

import email.policy
import re
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from hashlib import sha256

from app.gateways.dns import ascii_domain
from app.gateways.messages import Mail
from app.gateways.outcome import Refused

# An unquoted local part: no blanks, no controls, none of the characters that structure a header.
_LOCAL_PART = re.compile(r"[^\s\x00-\x20\x7f\ud800-\udfff\"(),:;<>@\[\\\]]{1,64}")


@dataclass(frozen=True)
class Letter:
    """A finished message with the recipient for the envelope; ``utf8`` where SMTPUTF8 is needed."""

    message: EmailMessage = field(repr=False)
    recipient: str = field(repr=False)
    message_id: str
    utf8: bool

    def as_bytes(self) -> bytes:
        """The message with CRLF, as DATA wants it."""
        return self.message.as_bytes()


def parse_sender(text: str) -> Address:
    """The sender, ``no-reply@bank.bg`` or ``Банка <no-reply@bank.bg>``. Raises ValueError with the cure."""
    cure = "sender: write an address, or a name and the address in angle brackets: Bank <no-reply@bank.bg>"
    if _has_controls(text):
        raise ValueError(cure)
    name, address = parseaddr(text)
    try:
        local, domain = _split(address)
    except ValueError:
        raise ValueError(cure) from None
    if not local.isascii():
        raise ValueError("sender: the part before the @ must be ASCII, so that every server takes it")
    return Address(name, local, domain)


def compose(mail: Mail, sender: Address, at: datetime) -> Letter | Refused:
    """The mail as a message dated ``at`` (aware); the same key gives the same Message-ID and boundary.

    A line break or control character in subject or address is refused, so that no header can be added;
    ``subject_invalid``, ``address_invalid`` and ``text_invalid`` are the reasons.
    """
    if _has_controls(mail.subject) or not _is_unicode(mail.subject):
        return Refused("subject_invalid")
    if not _is_unicode(mail.text + (mail.html or "")):
        return Refused("text_invalid")
    try:
        local, domain = _split(mail.to)
    except ValueError:
        return Refused("address_invalid")
    utf8 = not local.isascii()
    # Seven bits unless the address itself forces more: no server on the way then has to convert.
    message = EmailMessage(email.policy.SMTPUTF8 if utf8 else email.policy.SMTP.clone(cte_type="7bit"))
    recipient = Address(username=local, domain=domain)
    digest = sha256(mail.key.encode()).hexdigest()
    message_id = f"<{digest[:40]}@{sender.domain}>"
    message["From"] = sender
    message["To"] = recipient
    message["Subject"] = mail.subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office reply to a machine
    message.set_content(mail.text)
    if mail.html is not None:
        message.add_alternative(mail.html, subtype="html")
        message.set_boundary(f"=_{digest[40:]}")
    return Letter(message, recipient.addr_spec, message_id, utf8)


def _split(address: str) -> tuple[str, str]:
    local, at, domain = address.rpartition("@")
    if not at or not _LOCAL_PART.fullmatch(local) or _has_controls(domain):
        raise ValueError("not an address")
    domain = ascii_domain(domain)
    if not re.fullmatch(r"[A-Za-z0-9_.-]+", domain):
        raise ValueError("not a domain")
    return local, domain


def _is_unicode(text: str) -> bool:
    # Half a surrogate pair has no encoding; the error would quote the text.
    return not any("\ud800" <= char <= "\udfff" for char in text)


def _has_controls(text: str) -> bool:
    # U+0085, U+2028 and U+2029 are line breaks to Python's text functions, though not to SMTP.
    return any(char < " " or char in "\x7f\x85\u2028\u2029" for char in text)
