"""Coming in to a realm's portal and leaving it.

Whatever is wrong, the door says one and the same thing: an unknown name, a wrong password, too many tries.
"""

import secrets
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection

from app.runner import door
from app.runner.door import Refused
from app.runner.house import House
from app.runner.logins import Login
from app.runner.outcome import Browser
from app.runner.portal.confirmation import come_in, waiting_run
from app.runner.portal.visitor import Visitor
from app.store import accounts, login_failures, logins, runs
from app.store.accounts import Account
from app.store.login_failures import Try


@dataclass(frozen=True)
class Entered:
    """The secret of the new login, and the browser's new identity (S45)."""

    token: str = field(repr=False)
    browser: str = field(repr=False)


def log_in(
    house: House, realm: str, browser: Browser, username: str, password: str, former: Login | None = None
) -> Entered | Refused:
    """Let in who knows the password. `former`: the login this browser had until now, which ends.

    A name that must wait, or a network that failed too often, is refused before anything is compared.
    """
    tried = Try(realm, username, browser.network)
    with house.database.read() as connection:
        account = accounts.by_username(connection, house.vault, realm, username)
        barred = _barred(connection, house, tried, account)
    if barred:
        return barred
    better = door.judged(house, account.password if account else None, password)
    if account is None or better is None:
        return _failed(house, tried, account)
    entered = _entered(house, tried, account, better, browser, former)
    if isinstance(entered, Entered) and account.confirmed_at is None:
        come_in(house, account, replace(browser, id=entered.browser))
    return entered


def _barred(connection: Connection, house: House, tried: Try, account: Account | None) -> Refused | None:
    # A password set anew ends the wait: who recovers through the flow is not kept out by a guesser.
    since = account.password_at if account else None
    # Asked for names nobody has as well, so that the work is the same.
    whose = account.id if account else "nobody"
    at_home = logins.has_come_from(connection, house.vault, whose, tried.network)
    return door.barred(connection, house, tried, since, at_home=at_home)


def _failed(house: House, tried: Try, account: Account | None) -> Refused:
    with house.database.write() as connection:
        login_failures.hold(connection, house.vault, tried)
        # Others may have been guessing at the same time: then this guess has no verdict.
        return _barred(connection, house, tried, account) or door.count(connection, house, tried)


def _entered(
    house: House, tried: Try, account: Account, encoded: str, browser: Browser, former: Login | None
) -> Entered | Refused:
    entered = Entered(secrets.token_urlsafe(32), secrets.token_urlsafe(16))
    now, vault, run = house.clock(), house.vault, waiting_run(house, account)
    with house.database.write() as connection:
        login_failures.hold(connection, vault, tried)
        accounts.hold(connection, account.id)
        barred = _barred(connection, house, tried, account)
        today = accounts.by_id(connection, vault, account.id)
        if barred or today is None or today.password_at != account.password_at:
            return barred or Refused()  # the password was set anew while the old one was being compared
        login_failures.reset(connection, vault, tried)
        if encoded != account.password:
            accounts.rehash(connection, account.id, account.password, encoded)
        if former:
            logins.end(connection, former.account, [former.id], now)
        if run:  # one browser at a time confirms the address
            logins.end_all(connection, account.id, now)
        logins.open_login(
            connection, vault, account.id, entered.token, browser.device_name, now, browser.network
        )
        for old in vault.indexes(browser.id, "browser"):
            runs.rebind(connection, old, vault.index(entered.browser, "browser"))
        if run:
            runs.bind(connection, run.id, run.flow, vault.indexes(entered.browser, "browser"))
    return entered


def log_out(house: House, login: Login) -> None:
    """End this login for good: its cookie opens nothing any more (S47)."""
    with house.database.write() as connection:
        logins.end(connection, login.account, [login.id], house.clock())


def switch(house: House, visitor: Visitor, customer: str) -> bool:
    """Act for another of one's customers from now on; False when it is not one's own."""
    if customer not in {each.id for each in visitor.customers}:
        return False
    with house.database.write() as connection:
        logins.choose(connection, visitor.login.id, customer)
    return True
