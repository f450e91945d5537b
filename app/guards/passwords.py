"""Whether a new password may be taken."""

from collections.abc import Iterator
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from app.flow.catalogue import guard
from app.flow.normal.password import PROFILES, Known, Profile, faults, possible_faults
from app.flow.spec import Name
from app.flow.verdict import Problem, Verdict
from app.guards.models import answers as models
from app.step import Step
from app.step.accounts import customer_numbers, login_of


class PasswordGoodOptions(BaseModel):
    """Where the password was typed, twice, and what is asked of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    field: Name
    again: Name
    profile: Literal["seed", "strong"] | Profile = "strong"
    unlike: tuple[Name, ...] = Field(
        default=(), description="Further fields with names, numbers and addresses it must not repeat."
    )

    @property
    def rules(self) -> Profile:
        """The profile with its rules written out."""
        return PROFILES[self.profile] if isinstance(self.profile, str) else self.profile


def _fields(options: PasswordGoodOptions) -> list[tuple[str, str]]:
    return [("fields", name) for name in (options.field, options.again, *options.unlike)]


def _problems(options: PasswordGoodOptions) -> Iterator[tuple[str, str]]:
    yield from ((options.field, code) for code in possible_faults(options.rules))
    yield options.again, "not_alike"


@guard(
    reasons=(*possible_faults(PROFILES["seed"]), "not_alike"),  # which has every rule there is
    options=PasswordGoodOptions,
    references=_fields,
    problems=_problems,
    model=models.password_good,
)
def password_good(step: Step, options: PasswordGoodOptions) -> Verdict:
    """The password keeps every rule of the profile and was typed twice alike; every rule broken is told.

    `seed`: at least 6 signs, small and capital letter and digit, nothing but unaccented letters and digits.
    `strong`: at least 15 of any signs. Both refuse what is used most, what repeats the user name, and what
    holds the customer's name, the brand or the numbers of `unlike`. Nothing is trimmed or folded (S40).
    """
    password = step.values.get(options.field, "")
    rules = options.rules
    problems = [
        Problem(code, options.field, {"min": rules.min} if code == "too_short" else {})
        for code in faults(password, rules, _known(step, options))
    ]
    if step.values.get(options.again, "") != password:
        problems.append(Problem("not_alike", options.again))
    return Verdict.no(problems[0].code, tuple(problems)) if problems else Verdict.yes()


def _known(step: Step, options: PasswordGoodOptions) -> Known:
    """What the run knows of the owner; the user name of a login is known where its password is renewed."""
    specs = [spec for spec in step.flow.spec.accounts.values() if spec.password == options.field]
    given = [step.values.get(name, "") for name in options.unlike]
    with step.world.read() as connection:
        for spec in specs:
            given += [step.values.get(spec.username, ""), *customer_numbers(step, spec).values()]
            given.append(step.values.get(spec.customer_name or "", ""))
            login = login_of(connection, step, spec)
            given.append(login.address if login else "")
    return Known(
        addresses=tuple(each for each in given if "@" in each),
        brands=tuple(step.flow.theme.name.values()),
        facts=tuple(each for each in given if "@" not in each),
    )
