"""Who looks at a page of the portal, and for which customer."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from app.runner.house import House
from app.runner.logins import Login
from app.runner.portal.realms import Realm
from app.store import accounts, customers
from app.store.accounts import Account
from app.store.customers import Customer

_FRESH = timedelta(minutes=5)

Arrival = Literal["let_in", "confirmed"]


@dataclass(frozen=True)
class Visitor:
    """Somebody logged in: the realm, the open login, the account, and the customers it may act for."""

    realm: Realm
    login: Login
    account: Account
    customers: tuple[Customer, ...] = field(repr=False)

    @property
    def customer(self) -> Customer | None:
        """The customer acted for: the one chosen in the switcher, else the first; None when there is none."""
        chosen = [each for each in self.customers if each.id == self.login.customer]
        return (*chosen, *self.customers, None)[0]


def visitor(house: House, realm: Realm, login: Login) -> Visitor | None:
    """Who this login belongs to; None when the account is gone."""
    with house.database.read() as connection:
        account = accounts.by_id(connection, house.vault, login.account)
        if account is None:
            return None
        theirs = customers.of_account(connection, house.vault, account.id)
    return Visitor(realm, login, account, tuple(theirs))


def arrival(house: House, visitor: Visitor) -> Arrival | None:
    """What has just come true for the visitor: let in by the step that set the password, or confirmed."""
    account, login, now = visitor.account, visitor.login, house.clock()
    if login.started_at == account.password_at and now < login.started_at + _FRESH:
        return "let_in"
    confirmed = account.confirmed_at
    if confirmed and account.run and login.started_at <= confirmed and now < confirmed + _FRESH:
        return "confirmed"
    return None
