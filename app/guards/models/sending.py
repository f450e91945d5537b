"""Whether another message may go out, whether a link works."""

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, cast

from app.flow.catalogue import CATALOGUE
from app.flow.definition import Flow, GuardUse
from app.flow.paths.facts import BY_LINK, OPEN_LINK, TRIGGER, number
from app.flow.paths.model import Facts, Outcome
from app.flow.spec import SendPolicy
from app.flow.verdict import Count
from app.store.sends import A_DAY, TEN_MINUTES

if TYPE_CHECKING:
    from app.guards.links import SendOptions


def may_send(use: GuardUse, flow: Flow, state: str, facts: Facts) -> Iterator[Outcome]:  # noqa: ARG001
    """The pause is as long as one likes to wait; the cap counts this run's messages and those of others."""
    name = cast("SendOptions", use.options).name
    policy: SendPolicy = flow.spec.codes.get(name) or flow.spec.links[name]
    sent, most = number(facts, f"sent {name}"), cap(policy)
    full = most is not None and sent >= most
    # Whoever has had all of them waits until the span is over and begins anew.
    anew = {f"sent {name}": ""} if full else {}
    yield Outcome(
        "yes", facts=anew, counts=() if most is None or full else (Count("sent", sent, sent + 1, most),)
    )
    if full:
        yield Outcome("no", "capped", counts=(Count("sent", sent, sent, most or 0),))
        return
    if sent and policy.resend_after:
        yield Outcome("no", "too_soon")
    yield Outcome("no", "capped", by="others")


def link_live(use: GuardUse, flow: Flow, state: str, facts: Facts) -> Iterator[Outcome]:  # noqa: ARG001
    """A link's button takes no step unless the link works (`runner.links.press`); who posts the page's button
    without it has no link. A dead link is told on its page, where nothing moves."""
    trigger = facts.get(TRIGGER, "")
    for name, link in flow.spec.links.items():
        used = number(facts, f"uses {name}")
        pressed = trigger == OPEN_LINK or trigger in CATALOGUE.kinds[flow.state(link.page).kind].raises
        if pressed and facts.get(f"link {name}") and used < link.opens:
            more = used + (trigger != OPEN_LINK)
            yield Outcome("yes", counts=(Count("uses", used, more, link.opens),))
    if trigger != OPEN_LINK and BY_LINK not in facts:
        yield Outcome("no", "no_link")


def cap(policy: SendPolicy) -> int | None:
    """How many messages one run alone can send before a cap closes; None where the pauses are too long."""
    for most, span in ((policy.per_10_minutes, TEN_MINUTES), (policy.per_day, A_DAY)):
        pauses = policy.resend_after or [timedelta()]
        if sum((pauses[min(n, len(pauses)) - 1] for n in range(1, most)), timedelta()) < span:
            return most
    return None


def pause_window(policy: SendPolicy) -> timedelta:
    """After how long a message stands neither in the way of the next nor in the short cap."""
    return max([TEN_MINUTES, *policy.resend_after])
