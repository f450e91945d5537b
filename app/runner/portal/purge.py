"""Accounts whose address nobody ever confirmed are deleted after a month, with what their run knows."""

import logging
from datetime import datetime, timedelta

from app.runner import submit
from app.runner.house import House
from app.runner.portal.erasure import erase_account
from app.runner.submit import version_of
from app.store import accounts, runs

log = logging.getLogger(__name__)

KEPT_UNCONFIRMED = timedelta(days=30)
_BATCH, _BATCHES = 100, 10


def purge_unconfirmed(house: House, now: datetime) -> int:
    """Delete them, past those it cannot be done to; how many. Their runs are over: `expire` is fired."""
    done, after = 0, ""
    for _ in range(_BATCHES):
        with house.database.read() as connection:
            ids = accounts.unconfirmed(connection, now - KEPT_UNCONFIRMED, _BATCH, after)
        for account in ids:
            try:
                _end_run(house, account)
                done += erase_account(house, account, customers_too=False) is not None
            except Exception as fault:
                # Its text may quote a value, so only the type is logged.
                log.error(
                    "an account cannot be purged", extra={"account": account, "fault": type(fault).__name__}
                )
        if len(ids) < _BATCH:
            break
        after = ids[-1]
    return done


def _end_run(house: House, account_id: str) -> None:
    with house.database.read() as connection:
        account = accounts.by_id(connection, house.vault, account_id)
        run = runs.by_id(connection, account.run) if account and account.run else None
    if run is None or run.ended_at is not None or run.wrapped_key is None:
        return
    flow = version_of(house, run)
    if flow and flow.ways(run.state, "expire"):
        submit.expire(house, flow, run)
