"""How each channel's letters are handed over."""

import json
from collections.abc import Callable, Mapping
from datetime import datetime

from app.delivery.post import Carrier
from app.gateways.messages import Mail, MailGateway, Sms, SmsGateway
from app.gateways.outcome import Accepted, Outcome, Refused
from app.gateways.wallet.google_objects import GoogleObjects
from app.store import inbox
from app.store.crypto import Vault
from app.store.database import Database
from app.store.outbox import Letter


def sms_carrier(gateway: SmsGateway) -> Carrier:
    """Text messages by a vendor."""

    def carry(letter: Letter) -> Outcome:
        return gateway.send(Sms(letter.recipient, letter.body, letter.key))

    return Carrier(gateway.name, carry)


def mail_carrier(gateway: MailGateway) -> Carrier:
    """Mails by a server."""

    def carry(letter: Letter) -> Outcome:
        return gateway.send(Mail(letter.recipient, letter.subject, letter.body, None, letter.key))

    return Carrier(gateway.name, carry)


def inbox_carrier(database: Database, vault: Vault, clock: Callable[[], datetime], channel: str) -> Carrier:
    """The demo's inbox in the place of a vendor."""

    def carry(letter: Letter) -> Outcome:
        with database.write() as connection:
            message = inbox.put(
                connection,
                vault,
                key=letter.key,
                channel=channel,
                to=letter.recipient,
                subject=letter.subject,
                text=letter.body,
                now=clock(),
            )
        return Accepted(message)

    return Carrier("inbox", carry)


def google_carrier(
    objects: GoogleObjects, made: Callable[[str, str, str], Mapping[str, object] | None]
) -> Carrier:
    """Card objects at Google. The order names card, flow and language; `made` draws it up when it leaves."""

    def carry(letter: Letter) -> Outcome:
        order = json.loads(letter.body)
        body = made(order["flow"], order["card"], letter.lang)
        return Refused("card_gone") if body is None else objects.put_object(body)

    return Carrier("google_wallet", carry)
