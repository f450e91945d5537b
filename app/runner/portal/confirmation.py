"""The first login: until the address of an account is confirmed, its run is all there is to see (C4)."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from app.runner.house import House
from app.runner.outcome import At, Browser
from app.runner.steps import Intent, commit_once_more
from app.runner.submit import version_of
from app.store import runs
from app.store.accounts import Account
from app.store.runs import Run, StaleStep

_TRIGGER = "log_in"
_AGAIN = 4

#: The run is gone or over; or another browser, or nobody, holds it.
Nowhere = Literal["gone", "elsewhere"]


def confirmation(house: House, account: Account, holder: Sequence[str]) -> At | Nowhere:
    """Where the account's run asks for the code, for the browser of these blind indexes; moves nothing."""
    with house.database.read() as connection:
        run = runs.by_id(connection, account.run) if account.run else None
    if not _waits(run):
        return "gone"
    assert run is not None
    return At(run.flow, run.state) if run.browser in holder else "elsewhere"


def _waits(run: Run | None) -> bool:
    return run is not None and run.ended_at is None and run.wrapped_key is not None


def waiting_run(house: House, account: Account) -> Run | None:
    """The run that waits for the account's address to be confirmed, if it still can be."""
    with house.database.read() as connection:
        run = runs.by_id(connection, account.run) if account.run and not account.confirmed_at else None
    return run if _waits(run) else None


def come_in(house: House, account: Account, browser: Browser) -> None:
    """Tell the account's run that its owner has logged in, in whatever browser that was.

    A run that stands where this says nothing to it stays where it is.
    """
    for _ in range(_AGAIN):
        run = waiting_run(house, account)
        flow = version_of(house, run) if run else None
        if run is None or flow is None or not flow.ways(run.state, _TRIGGER):
            return
        with house.database.read() as connection:
            known = runs.read_answers(connection, run, house.vault)
        values = {name: value for name, value in known.items() if not name.endswith("~")}
        try:
            commit_once_more(house, flow, run, Intent(_TRIGGER, values), replace(browser, account=account.id))
        except StaleStep:
            continue
        return
