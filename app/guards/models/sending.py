"""Whether another message may go out, whether a link works."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, cast

from app.flow.catalogue import CATALOGUE
from app.flow.definition import Flow, GuardUse
from app.flow.paths.facts import BY_LINK, LOGGED_IN, OPEN_LINK, TRIGGER, number
from app.flow.paths.limits import USES
from app.flow.paths.model import Facts, Outcome
from app.flow.spec import SendPolicy
from app.flow.verdict import Count
from app.step.caps import cap, outlives_login

if TYPE_CHECKING:
    from app.guards.links import SendOptions


def may_send(use: GuardUse, flow: Flow, state: str, facts: Facts) -> Iterator[Outcome]:  # noqa: ARG001
    """The pause is as long as one likes to wait; the cap counts this run's messages and those of others."""
    name = cast("SendOptions", use.options).name
    policy: SendPolicy = flow.spec.codes.get(name) or flow.spec.links[name]
    capped = cap(policy)
    sent = 0 if f"now sent {name}" in facts else number(facts, f"sent {name}")
    counts = (Count(capped[0], sent, sent, capped[1]),) if capped else ()
    code = flow.spec.codes.get(name)
    # Within a pause of the message, the login that is open now cannot see its code go out of date.
    fresh = {f"fresh {name}": "yes"} if code and LOGGED_IN in facts and outlives_login(code) else {}
    # Whoever has had all of them waits until the span is over and begins anew.
    anew = {f"sent {name}": "", f"full {name}": "", f"now may {name}": "yes"}
    if f"full {name}" in facts or (capped and sent >= capped[1]):
        yield Outcome("no", "capped", fresh, counts=counts)
        yield Outcome("yes", facts=anew)
        return
    yield Outcome("yes", facts={f"now may {name}": "yes"}, counts=counts)
    if sent and policy.resend_after:
        there = {f"code {name}": "there"} if facts.get(f"code {name}") == "ordered" else {}
        yield Outcome("no", "too_soon", {**fresh, **there}, counts=counts)
    yield Outcome("no", "capped", {**fresh, f"full {name}": "yes"}, "crowd")


def link_live(use: GuardUse, flow: Flow, state: str, facts: Facts) -> Iterator[Outcome]:  # noqa: ARG001
    """A link's button takes no step unless the link works (`runner.links.press`); who posts the page's button
    without it has no link. A dead link is told on its page, where nothing moves."""
    trigger = facts.get(TRIGGER, "")
    for name, link in flow.spec.links.items():
        used = number(facts, f"uses {name}")
        pressed = trigger == OPEN_LINK or trigger in CATALOGUE.kinds[flow.state(link.page).kind].raises
        if pressed and facts.get(f"link {name}") and used < link.opens:
            yield Outcome("yes", counts=(Count(USES, used, used, link.opens),))
    if trigger != OPEN_LINK and BY_LINK not in facts:
        yield Outcome("no", "no_link")
