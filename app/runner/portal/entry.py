"""Coming in to a realm's portal and leaving it."""

from app.runner.house import House
from app.runner.logins import Login
from app.runner.portal.visitor import Visitor
from app.store import logins


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
