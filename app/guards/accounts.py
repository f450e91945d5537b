"""Logins to the portal: whether there is one, whether its address is confirmed, whether it is open here."""

from dataclasses import replace

from pydantic import BaseModel, ConfigDict, Field

from app.flow.catalogue import guard
from app.flow.spec import AccountSpec, Name
from app.flow.verdict import Verdict
from app.guards.models import accounts as models
from app.step import Step
from app.step.accounts import customer_of, login_of
from app.store import accounts, customers


class AccountOptions(BaseModel):
    """Which kind of login is asked about."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    account: Name


class HasLoginOptions(AccountOptions):
    """What a later step may want to know."""

    keep: Name | None = Field(
        default=None, description="The field that remembers, with `yes`, that there was a login here."
    )


def _accounts(options: AccountOptions) -> list[tuple[str, str]]:
    return [("accounts", options.account)]


def _account_and_field(options: HasLoginOptions) -> list[tuple[str, str]]:
    return [("accounts", options.account), *([("fields", options.keep)] if options.keep else [])]


def _spec(step: Step, options: AccountOptions) -> AccountSpec:
    return step.flow.spec.accounts[options.account]


@guard(reasons=("no_login",), options=HasLoginOptions, references=_account_and_field, model=models.has_login)
def has_login(step: Step, options: HasLoginOptions) -> Verdict:
    """The customer whose numbers the run knows has a login already."""
    with step.world.read() as connection:
        customer = customer_of(connection, step, _spec(step, options))
        members = customers.members(connection, customer.id) if customer else []
    if not members:
        return Verdict.no("no_login")
    return replace(Verdict.yes(), keeps={options.keep: "yes"} if options.keep else {})


@guard(
    reasons=("no_login", "unconfirmed"),
    options=AccountOptions,
    references=_accounts,
    model=models.login_confirmed,
)
def login_confirmed(step: Step, options: AccountOptions) -> Verdict:
    """The login that this run made, or else the customer's, has a confirmed address."""
    with step.world.read() as connection:
        made = accounts.of_run(connection, step.world.vault, step.run)
        login = made or login_of(connection, step, _spec(step, options))
    if login is None:
        return Verdict.no("no_login")
    return Verdict.yes() if login.confirmed_at else Verdict.no("unconfirmed")


@guard(reasons=("logged_out",), options=AccountOptions, references=_accounts, model=models.logged_in)
def logged_in(step: Step, options: AccountOptions) -> Verdict:  # noqa: ARG001
    """Whoever is in front of this browser is logged in to the portal as the login that this run made."""
    with step.world.read() as connection:
        made = accounts.of_run(connection, step.world.vault, step.run)
    here = made is not None and made.id == step.account
    return Verdict.yes() if here else Verdict.no("logged_out")
