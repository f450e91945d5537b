"""Making out the card a match has earned."""

import json

from sqlalchemy import Connection

from app.flow.catalogue import effect
from app.step import Order, Write
from app.store import cards, outbox
from app.store.outbox import Letter


@effect(section="cards", needs=("subject",))
def issue(order: Order) -> Write:
    """Issue the named card to the person found: the same serial as before if there is one."""
    step = order.step
    spec = step.flow.spec.cards[order.argument]
    found = order.found[spec.facts]
    facts = {
        "holder": found[spec.holder],
        "number": found[spec.number],
        "valid_until": found.get(spec.valid_until, ""),
    }

    def write(connection: Connection) -> str:
        card = cards.issue(
            connection,
            step.world.vault,
            realm=step.flow.spec.realm,
            name=order.argument,
            subject=step.values[spec.subject],
            facts=facts,
            run=step.run,
            now=step.now,
        )
        if step.world.google_objects:
            _order_object(connection, order, card)
        return "requested"

    return write


def _order_object(connection: Connection, order: Order, card: str) -> None:
    step = order.step
    letter = Letter(
        key=google_key(step.run, step.seq),
        channel="google",
        lang=step.lang,
        expires_at=step.now + step.flow.spec.lifetime.absolute,
        recipient="",
        body=json.dumps({"card": card, "flow": step.flow.name, "digest": step.flow.digest}),
        run=step.run,
    )
    outbox.put(connection, step.world.vault, letter, step.now)


def google_key(run: str, seq: int) -> str:
    """The outbox key of the Google object ordered in this step."""
    return f"{run}:{seq}:google"
