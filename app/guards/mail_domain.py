"""Whether an e-mail address can exist."""

from pydantic import BaseModel, ConfigDict

from app.flow.catalogue import guard
from app.flow.verdict import Problem, Verdict
from app.guards.models import answers as models
from app.step import Step


class MailDomainOptions(BaseModel):
    """Which field holds the address."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    field: str


def _fields(options: MailDomainOptions) -> list[tuple[str, str]]:
    return [("fields", options.field)]


def _problems(options: MailDomainOptions) -> list[tuple[str, str]]:
    return [(options.field, "no_such_domain"), (options.field, "takes_no_mail")]


@guard(
    reasons=("no_such_domain", "takes_no_mail"),
    unavailable=True,
    options=MailDomainOptions,
    references=_fields,
    problems=_problems,
    model=models.mail_domain_exists,
)
def mail_domain_exists(step: Step, options: MailDomainOptions) -> Verdict:
    """The address's domain exists and takes mail, as DNS tells; unavailable when DNS does not answer."""
    domain = step.values.get(options.field, "").rpartition("@")[2]
    answer = step.world.mail_domain(domain)
    if answer == "takes_mail":
        return Verdict.yes()
    if answer == "unknown":
        return Verdict.unavailable("dns_unknown")
    return Verdict.no(answer, (Problem(answer, options.field),))
