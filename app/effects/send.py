"""Leaving a message with a code or a link in the outbox."""

import secrets

from sqlalchemy import Connection

from app.effects import models
from app.effects.codes import plan_code
from app.effects.issue import google_key
from app.effects.limits import suppressed
from app.flow.catalogue import effect
from app.flow.definition import Flow
from app.flow.spec import LinkSpec
from app.step import Order, Step, Write
from app.store import links, outbox, sends
from app.store.ids import ulid
from app.store.links import Link
from app.store.outbox import Letter
from app.store.runs import StaleStep

_SECRET_BYTES = 16  # 128 bits (S32)


@effect(section=("codes", "links"), model=models.send, needs=("to",))
def send(order: Order) -> Write:
    """Send the named code or link to the address its definition names; an older one dies.

    Nothing is sent, and the older one stays good, when the recipient has had as many messages as allowed.
    """
    if order.argument in order.step.flow.spec.codes:
        return plan_code(order, order.argument, order.key)
    return _plan_link(order)


def _plan_link(order: Order) -> Write:
    step, name = order.step, order.argument
    spec = step.flow.spec.links[name]
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    letter = _letter(step, order, spec, step.world.link_url(secret))

    def write(connection: Connection) -> str:
        vault = step.world.vault
        sends.hold(connection, vault, letter.recipient)
        if suppressed(connection, step, name):
            return "suppressed"
        link = Link(ulid(step.now), step.run, name, step.now, step.now + spec.valid, None, 0)
        links.put(connection, vault, link, secret, _subject(step, spec, letter.recipient))
        sends.count(connection, vault, letter.recipient, step.run, name, step.now)
        outbox.put(connection, vault, letter, step.now)
        return "requested"

    return write


def _letter(step: Step, order: Order, spec: LinkSpec, url: str) -> Letter:
    subject, body = worded(step.flow, step.lang, order.argument, url)
    return Letter(
        key=order.key,
        channel=spec.channel,
        lang=step.lang,
        expires_at=step.now + spec.valid,
        recipient=step.values[spec.to],
        subject=subject,
        body=body,
        run=step.run,
        after=google_key(step.run, step.seq) if step.world.google_objects else None,
    )


def worded(flow: Flow, lang: str, name: str, url: str) -> tuple[str, str]:
    """Subject (of a mail) and body of the message with the link `name`, which leads to `url`."""
    channel = flow.spec.links[name].channel
    key = f"messages.{name}.{channel}"
    words = {"link": url, "brand": flow.theme.name.get(lang, next(iter(flow.theme.name.values())))}
    subject = flow.text(lang, f"{key}_subject", **words) if channel == "mail" else ""
    return subject, flow.text(lang, key, **words)


def _subject(step: Step, spec: LinkSpec, recipient: str) -> str:
    """Whose link it is: the person whose card its page shows, else the recipient."""
    card = step.flow.state(spec.page).options.get("card")
    return step.values[step.flow.spec.cards[card].subject] if card else recipient


@effect(section="links", model=models.count_use)
def count_use(order: Order) -> Write:
    """Count one use of the link the person came by; if it died meanwhile, the step is decided anew."""
    step = order.step
    spec = step.flow.spec.links[order.argument]

    def write(connection: Connection) -> str:
        if not links.count_use(connection, step.link_id or "", spec.opens, step.now):
            raise StaleStep(step.run)
        return "requested"

    return write
