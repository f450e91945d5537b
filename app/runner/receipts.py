"""A vendor tells what became of a message."""

import logging
from collections.abc import Mapping

from app.gateways.receipts import Callback, Forged, ReceiptReader
from app.runner.house import House
from app.store import receipts

log = logging.getLogger(__name__)

PATH = "/receipts/sms"
"""Where vendors of text messages call, below the public address."""


def take_receipt(
    house: House, read: ReceiptReader, *, query: str, headers: Mapping[str, str], body: bytes
) -> bool:
    """Note a receipt; False where the call does not prove that it is the vendor's.

    True says nothing of the message: it may be unknown, the receipt a repetition, or its word not final.
    """
    lowered = {name.lower(): value for name, value in headers.items()}
    told = read(Callback(query, lowered, body))
    if isinstance(told, Forged):
        return False
    if told is not None:
        with house.database.write() as connection:
            receipts.note(connection, told.reference, told.status, house.clock())
        log.info("a receipt came", extra={"receipt": told.status})
    return True
