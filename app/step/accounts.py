"""Which login a step or a page is about: the one its run made, or the one of the customer it has named."""

from sqlalchemy import Connection

from app.flow.spec import AccountSpec
from app.step import Page, Step
from app.store import accounts, customers
from app.store.accounts import Account
from app.store.customers import Customer


def customer_numbers(step: Step | Page, spec: AccountSpec) -> dict[str, str]:
    """The numbers that name the customer, as far as the run knows them."""
    return {kind: step.values.get(name, "") for kind, name in spec.customer.items()}


def customer_of(connection: Connection, step: Step | Page, spec: AccountSpec) -> Customer | None:
    """The customer that the run has named, if the portal knows it."""
    numbers = customer_numbers(step, spec)
    return customers.find(connection, step.world.vault, step.flow.spec.realm, numbers)


def login_of(connection: Connection, step: Step | Page, spec: AccountSpec) -> Account | None:
    """The login of the customer named; where there may be several, the one whose user name was given."""
    customer = customer_of(connection, step, spec)
    members = customers.members(connection, customer.id) if customer else []
    vault = step.world.vault
    if spec.sole:
        return accounts.by_id(connection, vault, members[0]) if members else None
    typed = step.values.get(spec.username, "")
    account = accounts.by_username(connection, vault, step.flow.spec.realm, typed)
    return account if account and account.id in members else None
