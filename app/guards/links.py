"""Links: whether the one used still works, whether another message may go out."""

from pydantic import BaseModel, ConfigDict

from app.flow.catalogue import guard
from app.flow.verdict import Verdict
from app.step import Step
from app.store import links, sends


class SendOptions(BaseModel):
    """Which link is to be sent."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    link: str


def _links(options: SendOptions) -> list[tuple[str, str]]:
    return [("links", options.link)]


@guard(reasons=("too_soon", "capped"), options=SendOptions, references=_links)
def may_send(step: Step, options: SendOptions) -> Verdict:
    """The pause since the last message is over and the recipient has not had as many as are allowed."""
    spec = step.flow.spec.links[options.link]
    with step.world.read() as connection:
        pause = sends.wait(connection, step.run, options.link, spec.resend_after, step.now)
        capped = sends.capped(
            connection,
            step.world.vault,
            step.values.get(spec.to, ""),
            spec.per_10_minutes,
            spec.per_day,
            step.now,
        )
    if capped:
        return Verdict.no("capped")
    if pause:
        return Verdict.no("too_soon")
    return Verdict.yes()


@guard(reasons=("expired", "replaced", "used_up", "no_link"))
def link_live(step: Step, options: BaseModel) -> Verdict:  # noqa: ARG001
    """The link the person came by is in force, the newest of its kind, and not used too often."""
    if step.link_id is None or step.link is None:
        return Verdict.no("no_link")
    with step.world.read() as connection:
        link = links.by_id(connection, step.link_id)
    if link is None:
        return Verdict.no("no_link")
    fate = link.fate(step.now, step.flow.spec.links[step.link].opens)
    return Verdict.yes() if fate == "live" else Verdict.no(fate)
