"""The outbox on the screen: every message as it would have gone, kept as long as the sandbox itself.

The house forgets the demo's messages within a day of its own time; here a jump of a week must not lose the
link that one wants to try too late. The lines are sealed with the sandbox's secret.
"""

import base64
import fcntl
import json
import os
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from app.delivery.carriers import inbox_carrier
from app.delivery.post import Carrier
from app.gateways.outcome import Outcome
from app.gateways.sms.length import plan
from app.runner.house import House
from app.store.crypto import Vault
from app.store.outbox import Letter

FILE = "outbox"
_PLACE = "sandbox:outbox"


@dataclass(frozen=True)
class Sent:
    """A message as its receiver would have it; `parts`: how many an SMS takes, 1 for a mail."""

    channel: str
    at: datetime
    to: str = field(repr=False)
    subject: str = field(repr=False)
    text: str = field(repr=False)
    parts: int = 1
    encoding: str = ""


def carrier(house: House, folder: Path, channel: str) -> Carrier:
    """Lays each letter of the channel into the inbox, which walks read, and into the outbox."""
    inside = inbox_carrier(house.database, house.vault, house.clock, channel)

    def carry(letter: Letter) -> Outcome:
        outcome = inside.carry(letter)
        _append(folder, house.vault, house.clock(), channel, letter)
        return outcome

    return Carrier("outbox", carry)


def sent(folder: Path, vault: Vault) -> list[Sent]:
    """All messages, oldest first."""
    try:
        lines = (folder / FILE).read_text(encoding="ascii").splitlines()
    except FileNotFoundError:
        return []
    return [_read(vault, line) for line in lines]


def _append(folder: Path, vault: Vault, now: datetime, channel: str, letter: Letter) -> None:
    written = [channel, now.isoformat(), letter.recipient, letter.subject, letter.body]
    line = base64.b64encode(vault.encrypt(json.dumps(written), _PLACE))
    descriptor = os.open(folder / FILE, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(descriptor, "ab") as opened:
        fcntl.flock(opened, fcntl.LOCK_EX)
        opened.write(line + b"\n")


def _read(vault: Vault, line: str) -> Sent:
    channel, at, to, subject, text = json.loads(vault.decrypt(base64.b64decode(line), _PLACE))
    length = plan(text) if channel == "sms" else None
    return Sent(
        channel,
        datetime.fromisoformat(at),
        to,
        subject,
        text,
        length.parts if length else 1,
        length.encoding if length else "",
    )
