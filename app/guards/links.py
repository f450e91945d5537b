"""Links: whether the one used still works; whether another message may go out, with a link or a code."""

from pydantic import BaseModel, ConfigDict, model_validator

from app.flow.catalogue import guard
from app.flow.verdict import Verdict
from app.step import Step
from app.step.sending import sending_of
from app.store import links, sends


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
        pause = sends.wait(connection, step.run, options.name, sending.policy.resend_after, step.now)
        limit = sends.limit(connection, step.world.vault, sending, step.now)
    if limit:
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
