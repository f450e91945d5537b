"""Forgetting an account for good, when its owner asks for that."""

from dataclasses import dataclass

from app.runner.house import House
from app.runner.submit import expire, version_of
from app.store import accounts, customers, documents, files, requests, retention, runs


@dataclass(frozen=True)
class Erased:
    """What went with the account: files, customers and their documents; `kept` customers nobody acts for."""

    files: int
    customers: int
    documents: int
    kept: int


def erase_account(house: House, account_id: str, *, customers_too: bool) -> Erased | None:
    """Delete the account, its logins, requests and files, and the key of its run; None if unknown.

    With `customers_too` also those customers nobody else acts for, with the documents filed for them. The
    consents stay: they prove what was agreed to, and name nobody. A run that has not ended yet, as before the
    first login, ends first: without its key nothing could end it any more.
    """
    _end_run(house, account_id)
    with house.database.write() as connection:
        account = accounts.by_id(connection, house.vault, account_id)
        if account is None:
            return None
        theirs = customers.of_account(connection, house.vault, account.id)
        alone = [each.id for each in theirs if customers.members(connection, each.id) == [account.id]]
        sent = requests.files_of(connection, account.id)
        accounts.forget(connection, account.id)
        files.forget(connection, sent)
        if account.run:
            retention.erase_key(connection, account.run)
        if not customers_too:
            return Erased(len(sent), 0, 0, len(alone))
        filed = 0
        for customer in alone:
            filed += documents.forget(connection, customer)
            customers.forget(connection, customer)
        return Erased(len(sent) + filed, len(alone), filed, 0)


def _end_run(house: House, account_id: str) -> None:
    with house.database.read() as connection:
        account = accounts.by_id(connection, house.vault, account_id)
        run = runs.by_id(connection, account.run) if account and account.run else None
    if run is None or run.ended_at is not None or run.wrapped_key is None:
        return
    flow = version_of(house, run)
    if flow and flow.ways(run.state, "expire"):
        expire(house, flow, run)
