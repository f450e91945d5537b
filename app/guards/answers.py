"""What an answer says by itself, or beside another one."""

from pydantic import BaseModel, ConfigDict, Field

from app.flow.catalogue import guard
from app.flow.normal.email import email_key
from app.flow.normal.shape import ShapeProblem
from app.flow.spec import Name
from app.flow.verdict import Verdict
from app.guards.models import answers as models
from app.step import Step


class AnsweredOptions(BaseModel):
    """Which field is asked about."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    field: Name


def _field(options: AnsweredOptions) -> list[tuple[str, str]]:
    return [("fields", options.field)]


@guard(reasons=("unanswered",), options=AnsweredOptions, references=_field, pure=True, model=models.answered)
def answered(step: Step, options: AnsweredOptions) -> Verdict:
    """The field has an answer by now, given on a page or brought to light by a guard."""
    return Verdict.yes() if step.values.get(options.field) else Verdict.no("unanswered")


class SameAddressOptions(BaseModel):
    """Which two addresses are compared; `other` may be empty."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    field: Name
    other: Name


def _both(options: SameAddressOptions) -> list[tuple[str, str]]:
    return [("fields", options.field), ("fields", options.other)]


@guard(
    reasons=("differs",), options=SameAddressOptions, references=_both, pure=True, model=models.same_address
)
def same_address(step: Step, options: SameAddressOptions) -> Verdict:
    """Both e-mail addresses are the same without regard to case, or there is nothing to compare with."""
    other = step.values.get(options.other, "")
    same = not other or _key(step.values.get(options.field, "")) == _key(other)
    return Verdict.yes() if same else Verdict.no("differs")


class MailAtOptions(BaseModel):
    """Which field holds the address, and the hosts asked about."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    field: Name
    hosts: tuple[str, ...] = Field(json_schema_extra={"minItems": 1}, description="For example freemail.hu.")


def _address(options: MailAtOptions) -> list[tuple[str, str]]:
    return [("fields", options.field)]


@guard(reasons=("elsewhere",), options=MailAtOptions, references=_address, pure=True, model=models.mail_at)
def mail_at(step: Step, options: MailAtOptions) -> Verdict:
    """The address is at one of these hosts, whose owners need to be told something."""
    host = _key(step.values.get(options.field, "")).rpartition("@")[2]
    here = host in {each.lower() for each in options.hosts}
    return Verdict.yes() if here else Verdict.no("elsewhere")


def _key(address: str) -> str:
    try:
        return email_key(address)
    except ShapeProblem:
        return address.strip().lower()
