"""The messages that leave the house, and what a vendor's gateway must be able to do with them."""

from dataclasses import dataclass, field
from typing import Protocol

from app.gateways.outcome import Outcome


@dataclass(frozen=True)
class Sms:
    """One text message: ``to`` in E.164 (``+359888123456``), ``text`` as the phone shall show it.

    ``key`` is the idempotency key: the same for every attempt at this message, different for every
    other, and free of personal data, because vendors and logs see it.
    """

    to: str = field(repr=False)
    text: str = field(repr=False)
    key: str


@dataclass(frozen=True)
class Mail:
    """One mail to one address. ``html`` repeats ``text``, which stands first and must suffice alone.

    ``key`` is the idempotency key, as in `Sms`; the Message-ID is made from it.
    """

    to: str = field(repr=False)
    subject: str = field(repr=False)
    text: str = field(repr=False)
    html: str | None = field(repr=False)
    key: str


class SmsGateway(Protocol):
    """A vendor of text messages. `send` never raises for what the vendor or the network does."""

    @property
    def name(self) -> str:
        """The vendor's name in logs, on the desk and in settings."""

    def send(self, sms: Sms) -> Outcome:
        """Hand the message over; returns within the gateway's time-out."""


class MailGateway(Protocol):
    """A way for mail out of the house. `send` never raises for what the server or the network does."""

    @property
    def name(self) -> str:
        """The gateway's name in logs, on the desk and in settings."""

    def send(self, mail: Mail) -> Outcome:
        """Hand the mail over; returns within the gateway's time-out."""
