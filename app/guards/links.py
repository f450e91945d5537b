"""Links: whether the one used still works; whether another message may go out, with a link or a code."""

from dataclasses import replace
from datetime import timedelta

from pydantic import BaseModel, ConfigDict, model_validator

from app.flow.catalogue import guard
from app.flow.verdict import Count, Verdict
from app.step import Step
from app.step.sending import sending_of
from app.store import links, sends

#: The numbers a message is judged by, as the journal calls them. How much a flow sends in a day is told only
#: once it is as much as may be sent.
SINCE_LAST = "seconds since last"
SENT_IN_10_MINUTES, SENT_IN_A_DAY = "sent in ten minutes", "sent in a day"
OTHER_RECIPIENTS, SENT_BY_FLOW = "other recipients in the run", "sent by the flow in a day"
#: And those a link is judged by.
USES, SINCE_SENT = "uses", "seconds since sent"


class SendOptions(BaseModel):
    """Which code or link is to be sent."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    code: str | None = None
    link: str | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> "SendOptions":
        if bool(self.code) == bool(self.link):
            raise ValueError("say what is to be sent: either `code` or `link`")
        return self

    @property
    def name(self) -> str:
        """The code's or link's."""
        return self.code or self.link or ""


def _sent(options: SendOptions) -> list[tuple[str, str]]:
    return [("codes" if options.code else "links", options.name)]


@guard(reasons=("too_soon", "capped"), options=SendOptions, references=_sent)
def may_send(step: Step, options: SendOptions) -> Verdict:
    """The pause since the last message is over and the recipient has not had as many as are allowed."""
    sending = sending_of(step.flow, options.name, step.run, step.values)
    with step.world.read() as connection:
        last = sends.since_last(connection, step.run, options.name, sending.policy.resend_after, step.now)
        used = sends.used(connection, step.world.vault, sending, step.now)
    pauses = (Count.elapsed(SINCE_LAST, *last),) if last else ()
    return replace(_may_send(last, used), counts=(*pauses, *_used(used)))


def _may_send(last: tuple[timedelta, timedelta] | None, used: sends.Used) -> Verdict:
    if used.limit:
        return Verdict.no("capped")
    return Verdict.no("too_soon") if last and last[0] < last[1] else Verdict.yes()


def _used(used: sends.Used) -> tuple[Count, ...]:
    whole = (Count.used(SENT_BY_FLOW, *used.per_flow),) if used.per_flow[0] >= used.per_flow[1] else ()
    return (
        Count.used(SENT_IN_10_MINUTES, *used.per_10_minutes),
        Count.used(SENT_IN_A_DAY, *used.per_day),
        Count.used(OTHER_RECIPIENTS, *used.per_run),
        *whole,
    )


@guard(reasons=("expired", "replaced", "used_up", "no_link"))
def link_live(step: Step, options: BaseModel) -> Verdict:  # noqa: ARG001
    """The link the person came by is in force, the newest of its kind, and not used too often."""
    if step.link_id is None or step.link is None:
        return Verdict.no("no_link")
    with step.world.read() as connection:
        link = links.by_id(connection, step.link_id)
    if link is None:
        return Verdict.no("no_link")
    most = step.flow.spec.links[step.link].opens
    fate = link.fate(step.now, most)
    counts = (
        Count.used(USES, link.opens, most),
        Count.elapsed(SINCE_SENT, step.now - link.sent_at, link.expires_at - link.sent_at),
    )
    return replace(Verdict.yes() if fate == "live" else Verdict.no(fate), counts=counts)
