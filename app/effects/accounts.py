"""Making logins, renewing their passwords, confirming their addresses.

Whatever takes time, the hash above all, happens while planning; a write only places rows.
"""

from dataclasses import replace

from sqlalchemy import Connection

from app.effects import models
from app.effects.codes import plan_code
from app.effects.limits import suppressed
from app.effects.notices import notice, to_every_address
from app.effects.webhooks import put_event
from app.flow.catalogue import effect
from app.flow.spec import AccountSpec
from app.step import Order, Step, Write
from app.step.accounts import customer_numbers, login_of
from app.step.consents import given
from app.step.recording import Outdated
from app.store import accounts, codes, consents, customers, logins, outbox, runs, sends
from app.store.accounts import Account
from app.store.consents import Consent
from app.store.ids import ulid

#: What the journal says was proven by a code sent to an address: no second factor (C4).
ADDRESS_CONFIRMATION = "address_confirmation"


@effect(section="accounts", model=models.create_account, needs=("username", "password", "customer"))
def create_account(order: Order) -> Write:
    """Make the login: its customer may be served by it, its consents are kept, its `confirm` code goes out.

    A user name that is taken makes nothing; its owner gets the `taken` notice, and everything else looks
    alike (S17). Where a customer may have one login only and has got one meanwhile, it is decided anew.
    """
    step, spec = order.step, _spec(order)
    account, proofs = _planned(step, spec)
    confirm = plan_code(order, spec.confirm, f"{order.key}:confirm") if spec.confirm else None

    def write(connection: Connection) -> str:
        vault = step.world.vault
        owner = accounts.by_username(connection, vault, account.realm, account.address)
        if owner is not None:
            _tell_owner(connection, order, owner)
            return "requested"
        _store(connection, order, account, proofs)
        if confirm is not None:
            confirm(connection)
        return "requested"

    return write


@effect(section="accounts", model=models.set_up_account, needs=("username", "password", "customer"))
def set_up_account(order: Order) -> Write:
    """Make the login, or give the one with this user name the new password; it may serve the customer.

    A login that was there loses every open session and its owner gets the `renewed` notice.
    """
    step, spec = order.step, _spec(order)
    fresh, proofs = _planned(step, spec)

    def write(connection: Connection) -> str:
        known = accounts.by_username(connection, step.world.vault, fresh.realm, fresh.address)
        if known is None:
            _store(connection, order, fresh, proofs)
            _end_other_ways(connection, step, fresh)
            return "requested"
        if spec.confirm is None:
            accounts.confirm(connection, known.id, step.now)
        _join(connection, step, spec, known.id)
        _keep(connection, known.id, proofs)
        _renew(connection, order, known, fresh.password)
        return "requested"

    return write


@effect(section="accounts", model=models.renew_password, needs=("password", "customer"))
def renew_password(order: Order) -> Write:
    """Give the customer's login the new password; every open session ends, its owner is told (S31, S48)."""
    step, spec = order.step, _spec(order)
    encoded = step.world.hash_password(step.values[spec.password])

    def write(connection: Connection) -> str:
        account = login_of(connection, step, spec)
        if account is None:  # gone since the guard saw it
            raise Outdated(step.run)
        _renew(connection, order, account, encoded)
        return "requested"

    return write


@effect(section="accounts", model=models.confirm_address)
def confirm_address(order: Order) -> Write:
    """The address of the login that this run made is its owner's. No second factor: it was asked by mail."""
    step = order.step

    def write(connection: Connection) -> str:
        account = accounts.of_run(connection, step.world.vault, step.run)
        if account is None:  # purged meanwhile
            raise Outdated(step.run)
        if accounts.confirm(connection, account.id, step.now):
            put_event(connection, step.world, "account.confirmed", account, order.key, step.now)
        return ADDRESS_CONFIRMATION

    return write


def _tell_owner(connection: Connection, order: Order, owner: Account) -> None:
    """That somebody wanted to register with this address; as rarely as the code would have gone to it."""
    step, spec, vault = order.step, _spec(order), order.step.world.vault
    if spec.confirm:
        to = step.values[step.flow.spec.codes[spec.confirm].to]
        sends.hold(connection, vault, to)
        if suppressed(connection, step, spec.confirm):
            return
        sends.count(connection, vault, to, step.run, spec.confirm, step.now)
    letter = notice(step.flow, spec.taken, owner, owner.address, f"{order.key}:taken", step.now)
    outbox.put(connection, vault, letter, step.now)


def _spec(order: Order) -> AccountSpec:
    return order.step.flow.spec.accounts[order.argument]


def _planned(step: Step, spec: AccountSpec) -> tuple[Account, list[Consent]]:
    """The login as it would be new, password hashed, and what its owner has consented to."""
    account = Account(
        id=ulid(step.now),
        realm=step.flow.spec.realm,
        address=step.values[spec.username],
        letters_to=None,
        password=step.world.hash_password(step.values[spec.password]),
        password_at=step.now,
        lang=step.lang,
        flow=step.flow.name,
        run=step.run if spec.confirm else None,
        created_at=step.now,
        confirmed_at=None if spec.confirm else step.now,
    )
    return account, given(step, spec.consents, account.id)


def _store(connection: Connection, order: Order, account: Account, proofs: list[Consent]) -> None:
    step = order.step
    accounts.create(connection, step.world.vault, account)
    _join(connection, step, _spec(order), account.id)
    _keep(connection, account.id, proofs)
    put_event(connection, step.world, "account.created", account, order.key, step.now)


def _join(connection: Connection, step: Step, spec: AccountSpec, account: str) -> None:
    name = step.values.get(spec.customer_name or "", "")
    customer = customers.ensure(
        connection,
        step.world.vault,
        step.flow.spec.realm,
        customer_numbers(step, spec),
        name,
        step.now,
    )
    customers.join(connection, account, customer.id, sole=spec.sole, now=step.now)


def _keep(connection: Connection, account: str, proofs: list[Consent]) -> None:
    for proof in proofs:
        consents.record(connection, replace(proof, account=account))


def _renew(connection: Connection, order: Order, account: Account, encoded: str) -> None:
    """Another password: whatever was begun without it ends, and every address of the owner hears of it."""
    step, spec = order.step, _spec(order)
    accounts.set_password(connection, account.id, encoded, step.now)
    logins.end_all(connection, account.id, step.now)
    _end_other_ways(connection, step, account)
    for letter in to_every_address(step.flow, spec.renewed, account, f"{order.key}:renewed", step.now):
        outbox.put(connection, step.world.vault, letter, step.now)
    put_event(connection, step.world, "password.changed", account, order.key, step.now)


def _end_other_ways(connection: Connection, step: Step, account: Account) -> None:
    """No other run gets to a new password by a code sent until now, whether it was given there or not."""
    vault = step.world.vault
    for recipient in _recipients(step, account):
        codes.end_all(connection, vault, account.realm, recipient, step.now)
        proven = codes.proven_in(connection, vault, account.realm, recipient)
        runs.release_open(connection, [run for run in proven if run != step.run])


def _recipients(step: Step, account: Account) -> set[str]:
    """Where codes for this owner may have gone: the addresses of the login, and those this run knows."""
    sent_to = (step.values.get(code.to, "") for code in step.flow.spec.codes.values())
    return {each for each in (account.address, account.letters_to, *sent_to) if each}
