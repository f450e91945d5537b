"""Opening a login of the portal without a further click."""

from sqlalchemy import Connection

from app.flow.catalogue import effect
from app.step import Order, Write
from app.step.accounts import customer_of
from app.step.recording import Outdated
from app.store import accounts, logins


@effect(section="accounts", hands="login", needs=("username",))
def log_in(order: Order) -> Write:
    """Open a login for the user name given; the answer hands its cookie to this very browser.

    It begins with the customer named here: whoever adds a second one wants to see that one.
    Stands after whatever sets the password, which ends all logins there are.
    """
    step = order.step
    spec = step.flow.spec.accounts[order.argument]
    token = step.world.login_token(step.run, step.seq)

    def write(connection: Connection) -> str:
        vault = step.world.vault
        typed = step.values[spec.username]
        account = accounts.by_username(connection, vault, step.flow.spec.realm, typed)
        if account is None:
            raise Outdated(step.run)
        login = logins.open_login(connection, vault, account.id, token, step.device, step.now, step.network)
        customer = customer_of(connection, step, spec)
        if customer:
            logins.choose(connection, login, customer.id)
        return "requested"

    return write
