"""Another address for letters: asked for, confirmed by a code sent there, told to the old one (S31).

The user name stays what it is.
"""

import secrets
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Connection

from app.flow.normal.email import email, email_key
from app.flow.normal.shape import ShapeProblem
from app.runner.house import House
from app.runner.portal.address_letters import changed_letter, code_letter
from app.runner.portal.visitor import Visitor
from app.store import accounts, addresses, outbox, sends
from app.store.addresses import AddressChange
from app.store.ids import ulid

VALID = timedelta(minutes=10)
MOST_TRIES = 5
_PAUSE = timedelta(minutes=1)
_PER_10_MINUTES, _PER_DAY = 5, 5
_NOTICE_USEFUL = timedelta(days=3)
_WHAT = "address_code"

#: `sent`, or why nothing was: the shape's own reasons among them.
Asked = Literal[
    "sent",
    "required",
    "too_long",
    "not_latin",
    "not_an_address",
    "no_such_domain",
    "takes_no_mail",
    "in_use",
    "too_soon",
    "capped",
]
Confirmed = Literal["confirmed", "wrong", "expired", "no_tries_left", "no_change"]


def under_way(house: House, visitor: Visitor) -> AddressChange | None:
    """The change that waits for its code."""
    with house.database.read() as connection:
        return addresses.of_account(connection, house.vault, visitor.account.id)


def until_resend(house: House, change: AddressChange) -> timedelta:
    """How long until another code may be asked for."""
    return max(change.sent_at + _PAUSE - house.clock(), timedelta(0))


def ask(house: House, visitor: Visitor, typed: str) -> Asked:
    """Send a code to the address typed; a change asked for before is given up."""
    try:
        address = email(typed)
    except ShapeProblem as problem:
        reason: Asked = problem.code  # type: ignore[assignment]  # those that `email` names
        return reason
    domain = house.mail_domain(address.rpartition("@")[2])
    if domain in {"no_such_domain", "takes_no_mail"}:
        return "no_such_domain" if domain == "no_such_domain" else "takes_no_mail"
    if email_key(address) == email_key(visitor.account.letters_to or visitor.account.address):
        return "in_use"
    return _send(house, visitor, address)


def send_again(house: House, visitor: Visitor) -> Asked | None:
    """Send a new code to the address asked for; None when there is no change under way."""
    change = under_way(house, visitor)
    return _send(house, visitor, change.address) if change else None


def _send(house: House, visitor: Visitor, address: str) -> Asked:
    now, vault, account = house.clock(), house.vault, visitor.account
    code = f"{secrets.randbelow(10**6):06d}"
    key = f"address:{account.id}:{ulid(now)}"
    letter = code_letter(visitor.realm, account, address, code, key, now + VALID)
    with house.database.write() as connection:
        accounts.hold(connection, account.id)
        if sends.wait(connection, account.id, _WHAT, (_PAUSE,), now):
            return "too_soon"
        if _is_capped(connection, house, account.id, address, now):
            return "capped"
        addresses.put(connection, vault, account.id, address, code, now, now + VALID)
        sends.count(connection, vault, address, account.id, _WHAT, now)
        sends.count(connection, vault, _own(account.id), account.id, _WHAT, now)
        outbox.put(connection, vault, letter, now)
    return "sent"


def _own(account: str) -> str:
    return f"address changes of {account}"


def _is_capped(connection: Connection, house: House, account: str, address: str, now: datetime) -> bool:
    """Neither one owner nor one address is sent more than a few codes a day, whoever asks for them."""
    recipients = sorted((address, _own(account)))
    for recipient in recipients:
        sends.hold(connection, house.vault, recipient)
    return any(
        sends.capped(connection, house.vault, recipient, _PER_10_MINUTES, _PER_DAY, now)
        for recipient in recipients
    )


def confirm(house: House, visitor: Visitor, typed: str) -> Confirmed:
    """Take the code: right, letters go there from now on; wrong, it is counted in the same commit."""
    now, vault = house.clock(), house.vault
    with house.database.write() as connection:
        accounts.hold(connection, visitor.account.id)
        change = addresses.of_account(connection, vault, visitor.account.id)
        if change is None:
            return "no_change"
        if change.tries >= MOST_TRIES:
            return "no_tries_left"
        if now >= change.expires_at:
            return "expired"
        if not change.fits(vault, "".join(typed.split())):
            addresses.count_wrong(connection, visitor.account.id)
            return "no_tries_left" if change.tries + 1 >= MOST_TRIES else "wrong"
        addresses.drop(connection, visitor.account.id)
        _put_to_use(connection, house, visitor, change.address, now)
    return "confirmed"


def use_user_name(house: House, visitor: Visitor) -> None:
    """Let letters go to the user name again; its owner has confirmed it, so no code is asked for."""
    with house.database.write() as connection:
        accounts.hold(connection, visitor.account.id)
        addresses.drop(connection, visitor.account.id)
        _put_to_use(connection, house, visitor, visitor.account.address, house.clock())


def _put_to_use(connection: Connection, house: House, visitor: Visitor, address: str, now: datetime) -> None:
    account = accounts.by_id(connection, house.vault, visitor.account.id)
    if account is None:  # forgotten this moment
        return
    before = account.letters_to or account.address
    if before == address:
        return
    is_user_name = email_key(address) == email_key(account.address)
    accounts.set_letters_to(connection, house.vault, account.id, None if is_user_name else address)
    key = f"address:{account.id}:{ulid(now)}:changed"
    letter = changed_letter(visitor.realm, account, before, key, now + _NOTICE_USEFUL)
    outbox.put(connection, house.vault, letter, now)


def give_up(house: House, visitor: Visitor) -> None:
    """Leave the address as it is."""
    with house.database.write() as connection:
        addresses.drop(connection, visitor.account.id)
