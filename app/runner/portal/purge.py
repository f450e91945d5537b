"""Accounts whose address nobody ever confirmed are deleted after a month, with what their run knows."""

import logging
from datetime import datetime, timedelta

from app.runner.house import House
from app.runner.portal.erasure import erase_account
from app.store import accounts

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
