"""Links: whether the one used still works; whether another message may go out, with a link or a code."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

from pydantic import BaseModel, ConfigDict, model_validator

from app.flow.catalogue import guard
from app.flow.definition import Flow
from app.flow.spec import LinkSpec
from app.flow.trace import Judged
from app.flow.verdict import Count, Verdict
from app.guards.models import sending as models
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


def _sent_again(flow: Flow, options: SendOptions, judged: Judged) -> Judged | None:
    """What a recorded may_send would have answered with this flow's pauses and caps."""
    numbers = {count.name: count for count in judged.counts}
    if SENT_IN_A_DAY not in numbers:
        return None
    policy = flow.spec.codes.get(options.name) or flow.spec.links[options.name]
    limits = {SENT_IN_10_MINUTES: policy.per_10_minutes, SENT_IN_A_DAY: policy.per_day}
    if SENT_BY_FLOW in numbers:
        limits[SENT_BY_FLOW] = flow.spec.messages_per_day
    renewed = {name: replace(count, limit=limits.get(name, count.limit)) for name, count in numbers.items()}
    told = [count for name, count in renewed.items() if name != SINCE_LAST]
    if any(count.before >= count.limit for count in told):
        return replace(judged, answer="no", reason="capped", counts=tuple(renewed.values()))
    if any(each.before >= each.limit for name, each in numbers.items() if name != SINCE_LAST):
        return None  # nobody counted beyond the limit of its day
    pause = _pause(numbers, [int(each.total_seconds()) for each in policy.resend_after])
    if pause is None:
        return None
    if pause:
        renewed[SINCE_LAST] = replace(numbers[SINCE_LAST], limit=pause)
    over = not pause or numbers[SINCE_LAST].before >= pause
    reason = None if over else "too_soon"
    return Judged(judged.guard, "yes" if over else "no", reason, counts=tuple(renewed.values()))


def _pause(numbers: Mapping[str, Count], pauses: Sequence[int]) -> int | None:
    """Which of these pauses was to be kept: 0 for none; None where the record leaves it open.

    How many messages there had been is not recorded, so the pauses must agree, or hold the one kept then.
    """
    last = numbers.get(SINCE_LAST)
    if last is None:
        return 0 if not pauses or numbers[SENT_IN_A_DAY].before == 0 else None
    if last.limit in pauses:
        return last.limit
    if not pauses:
        return 0
    alike = {last.before >= pause for pause in pauses}
    return max(pauses) if len(alike) == 1 else None


@guard(
    reasons=("too_soon", "capped"),
    options=SendOptions,
    references=_sent,
    rejudge=_sent_again,
    model=models.may_send,
)
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


def _used_again(flow: Flow, options: BaseModel, judged: Judged) -> Judged | None:  # noqa: ARG001
    """What a recorded link_live would have answered with this flow's validity and uses.

    Which link it was is not recorded: where the flow has several, they must agree.
    """
    numbers = {count.name: count for count in judged.counts}
    if judged.reason in {"no_link", "replaced"}:
        return judged
    if USES not in numbers or SINCE_SENT not in numbers:
        return None
    possible = {_by_link(spec, judged, numbers) for spec in flow.spec.links.values()}
    if len({each.reason for each in possible if each}) > 1 or None in possible:
        return None
    return next(iter(possible), None)


def _by_link(spec: LinkSpec, judged: Judged, numbers: Mapping[str, Count]) -> Judged | None:
    used, since = numbers[USES], numbers[SINCE_SENT]
    if used.before >= used.limit and spec.opens > used.limit:
        return None  # nobody counted beyond the limit of its day
    counts = (replace(used, limit=spec.opens), replace(since, limit=int(spec.valid.total_seconds())))
    expired, used_up = since.before >= counts[1].limit, used.before >= spec.opens
    reason = "expired" if expired else "used_up" if used_up else None
    return Judged(judged.guard, "no" if reason else "yes", reason, counts=counts)


@guard(reasons=("expired", "replaced", "used_up", "no_link"), rejudge=_used_again, model=models.link_live)
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
