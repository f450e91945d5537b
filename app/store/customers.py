"""The organisation's customers as the portal knows them, and whose login may act for whom."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from app.store.crypto import Vault
from app.store.ids import ulid
from app.store.portal_models import customer_numbers, customers, memberships


@dataclass(frozen=True)
class Customer:
    """One customer: the name, and the numbers (policy number, EIK) by which the organisation knows it."""

    id: str
    realm: str
    name: str = field(repr=False)
    numbers: Mapping[str, str] = field(repr=False)


_BY_NUMBER = (
    select(customers)
    .join(customer_numbers, customer_numbers.c.customer_id == customers.c.id)
    .where(
        customer_numbers.c.realm == bindparam("in_realm"),
        customer_numbers.c.kind == bindparam("of_kind"),
        customer_numbers.c.number.in_(bindparam("indexes", expanding=True)),
    )
)
_OF_ACCOUNT = (
    select(customers)
    .join(memberships, memberships.c.customer_id == customers.c.id)
    .where(memberships.c.account_id == bindparam("account"))
    .order_by(memberships.c.added_at, customers.c.id)
)
_BY_ID = select(customers).where(customers.c.id == bindparam("customer"))
_MEMBERS = (
    select(memberships.c.account_id)
    .where(memberships.c.customer_id == bindparam("customer"))
    .order_by(memberships.c.added_at, memberships.c.account_id)
)
_IS_MEMBER = (
    select(func.count())
    .select_from(memberships)
    .where(
        memberships.c.account_id == bindparam("account"), memberships.c.customer_id == bindparam("customer")
    )
)
_INSERT = insert(customers)
_NUMBER = insert(customer_numbers)
_FACTS = update(customers).where(customers.c.id == bindparam("customer")).values(facts=bindparam("sealed"))
_JOIN = insert(memberships)
_FORGET = delete(customers).where(customers.c.id == bindparam("customer"))


def find(connection: Connection, vault: Vault, realm: str, numbers: Mapping[str, str]) -> Customer | None:
    """The customer of the realm who has one of these numbers; empty numbers name nobody."""
    for kind, number in numbers.items():
        if not number:
            continue
        indexes = vault.indexes(number, f"customer:{realm}:{kind}")
        row = connection.execute(_BY_NUMBER, {"in_realm": realm, "of_kind": kind, "indexes": indexes}).first()
        if row:
            return _customer(row, vault)
    return None


def by_id(connection: Connection, vault: Vault, customer: str) -> Customer | None:
    """The customer of this id."""
    row = connection.execute(_BY_ID, {"customer": customer}).first()
    return _customer(row, vault) if row else None


def _customer(row: Any, vault: Vault) -> Customer:
    facts = json.loads(vault.decrypt(row.facts, f"customers:{row.id}:facts"))
    return Customer(row.id, row.realm, facts["name"], facts["numbers"])


def ensure(
    connection: Connection, vault: Vault, realm: str, numbers: Mapping[str, str], name: str, now: datetime
) -> Customer:
    """The customer with these numbers, made if unknown, with what is new about it written down.

    A number that is another customer's stays with that one. IntegrityError when somebody else makes the
    customer at this very moment: decide anew.
    """
    given = {kind: number for kind, number in numbers.items() if number}
    known = find(connection, vault, realm, given)
    if known:
        others = {kind: find(connection, vault, realm, {kind: number}) for kind, number in given.items()}
        given = {k: number for k, number in given.items() if (o := others[k]) is None or o.id == known.id}
    customer = Customer(
        known.id if known else ulid(now),
        realm,
        name or (known.name if known else ""),
        {**(known.numbers if known else {}), **given},
    )
    if known == customer:
        return customer
    facts = json.dumps({"name": customer.name, "numbers": dict(customer.numbers)}, ensure_ascii=False)
    sealed = vault.encrypt(facts, f"customers:{customer.id}:facts")
    if known:
        connection.execute(_FACTS, {"customer": customer.id, "sealed": sealed})
    else:
        connection.execute(_INSERT, {"id": customer.id, "realm": realm, "facts": sealed, "created_at": now})
    for kind, number in given.items():
        if not known or known.numbers.get(kind) != number:
            index = vault.index(number, f"customer:{realm}:{kind}")
            connection.execute(
                _NUMBER, {"realm": realm, "kind": kind, "number": index, "customer_id": customer.id}
            )
    return customer


def of_account(connection: Connection, vault: Vault, account: str) -> list[Customer]:
    """The customers an account may act for, the first added first."""
    return [_customer(row, vault) for row in connection.execute(_OF_ACCOUNT, {"account": account})]


def members(connection: Connection, customer: str) -> list[str]:
    """The accounts that may act for a customer, the oldest membership first."""
    return list(connection.execute(_MEMBERS, {"customer": customer}).scalars())


def join(connection: Connection, account: str, customer: str, *, sole: bool, now: datetime) -> None:
    """Let the account act for the customer; once more changes nothing.

    With `sole` nobody else may: IntegrityError when another account does already.
    """
    asked = {"account": account, "customer": customer}
    if connection.execute(_IS_MEMBER, asked).scalar_one():
        return
    connection.execute(
        _JOIN,
        {
            "account_id": account,
            "customer_id": customer,
            "sole": customer if sole else None,
            "added_at": now,
        },
    )


def forget(connection: Connection, customer: str) -> None:
    """Delete the customer with its numbers and memberships; its documents must have gone before."""
    connection.execute(_FORGET, {"customer": customer})
