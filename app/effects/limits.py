"""Whether a message that was ordered may leave."""

import logging

from sqlalchemy import Connection

from app.step import Step
from app.step.sending import sending_of
from app.store import sends

log = logging.getLogger(__name__)


def suppressed(connection: Connection, step: Step, name: str) -> bool:
    """Whether the code or link `name` must not be sent; an alarm once the whole flow's budget is spent."""
    sending = sending_of(step.flow, name, step.run, step.values)
    limit = sends.limit(connection, step.world.vault, sending, step.now)
    if limit == "flow":
        log.error("the messages of a flow for today are spent", extra={"flow": step.flow.name})
    return limit is not None
