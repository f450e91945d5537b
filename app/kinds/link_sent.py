"""The page after a link was sent: where to, what became of it, when it may be sent again."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from math import ceil
from typing import Any

from pydantic import BaseModel, ConfigDict

from app.flow.catalogue import kind
from app.flow.definition import Flow
from app.kinds.masking import masked
from app.kinds.message import paragraphs
from app.step import Page
from app.step.sending import sending_of
from app.step.then import DOTS, Then, moments_of_sending
from app.store import outbox, sends


class LinkSentOptions(BaseModel):
    """Which link the page is about."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    link: str


def _links(options: LinkSentOptions) -> list[tuple[str, str]]:
    return [("links", options.link)]


def _link_sent_then(page: Page, options: LinkSentOptions, then: Then) -> Mapping[str, Any]:
    spec = page.flow.spec.links[options.link]
    return {
        "paragraphs": paragraphs(page),
        "masked": page.values.get(spec.to) or DOTS,
        "wait": whole_seconds(then.pause(options.link, spec.resend_after, page.now)),
        "capped": options.link in then.capped,
        "delivery": then.delivery.get(spec.channel, "on_its_way"),
        "reference": page.run.reference if page.run else "",
    }


def _moments(flow: Flow, options: LinkSentOptions, now: datetime) -> Mapping[str, Then]:
    return moments_of_sending(options.link, flow.spec.links[options.link].channel, now)


@kind(
    raises=("resend",),
    texts=("title", "lead"),
    options=LinkSentOptions,
    references=_links,
    seen=_link_sent_then,
    moments=_moments,
)
def link_sent(page: Page, options: LinkSentOptions) -> Mapping[str, Any]:
    """Says that a link is on its way to the masked address, and offers to send it again after a pause."""
    spec = page.flow.spec.links[options.link]
    run = page.run
    assert run is not None, "no run stands here before its first step"
    sending = sending_of(page.flow, options.link, run.id, page.values)
    with page.world.read() as connection:
        pause = sends.wait(connection, run.id, options.link, spec.resend_after, page.now)
        limit = sends.limit(connection, page.world.vault, sending, page.now)
        delivery = outbox.newest_delivery(connection, run.id, spec.channel)
    return {
        "paragraphs": paragraphs(page),
        "masked": masked(sending.recipient),
        "wait": whole_seconds(pause),
        "capped": limit is not None,
        "delivery": delivery,
        "reference": run.reference,
    }


def whole_seconds(pause: timedelta) -> int:
    """The pause, rounded up: whoever asks after so many seconds is not too early."""
    return ceil(pause.total_seconds())
