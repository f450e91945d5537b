"""How each channel's letters are handed over."""

import json
import logging
from collections.abc import Callable, Mapping
from datetime import datetime

from app.delivery.post import Carrier
from app.gateways.breaker import Breaker
from app.gateways.messages import Mail, MailGateway, Sms, SmsGateway
from app.gateways.outcome import Accepted, Failed, Outcome, Refused
from app.gateways.wallet.google_objects import GoogleObjects
from app.gateways.webhook import Event, WebhookGateway
from app.store import inbox
from app.store.crypto import Vault
from app.store.database import Database
from app.store.outbox import Letter

log = logging.getLogger(__name__)

# An event is worth telling for days, so its tries end by time alone: 2 s doubling to four hours are about
# thirty of them in three days.
_UNTIL_IT_EXPIRES = 200
_HOURS = 4 * 3600.0


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


def webhook_carrier(webhooks: Mapping[str, WebhookGateway], clock: Callable[[], datetime]) -> Carrier:
    """Events, each to the machine of the realm it is addressed to.

    One that is down is left alone by a breaker of its own: the other realms' events go on.
    """
    breakers = {realm: Breaker() for realm in webhooks}

    def carry(letter: Letter) -> Outcome:
        realm = letter.recipient
        if realm not in webhooks:
            log.warning("an event waits for a realm without a webhook", extra={"realm": realm})
            return Failed("no_receiver")
        if not breakers[realm].allows(clock()):
            return Failed("left_alone")
        outcome = webhooks[realm].send(Event(letter.key, letter.body))
        breaker, then = breakers[realm], clock()
        breaker.failed(then) if isinstance(outcome, Failed) else breaker.succeeded(then)
        return outcome

    return Carrier("webhook", carry, most_tries=_UNTIL_IT_EXPIRES, longest_pause=_HOURS, breaker=False)


def google_carrier(
    objects: GoogleObjects, made: Callable[[str, str, str], Mapping[str, object] | None]
) -> Carrier:
    """Card objects at Google. The order names card, flow and language; `made` draws it up when it leaves."""

    def carry(letter: Letter) -> Outcome:
        order = json.loads(letter.body)
        body = made(order["flow"], order["card"], letter.lang)
        return Refused("card_gone") if body is None else objects.put_object(body)

    return Carrier("google_wallet", carry)
