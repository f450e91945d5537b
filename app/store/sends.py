"""How often something was sent to whom: pauses within a run, caps across runs and flows (S27, S28)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Connection, bindparam, delete, func, insert, select, text

from app.flow.spec import SendPolicy
from app.store.crypto import Vault
from app.store.models import runs, sends

TEN_MINUTES, A_DAY = timedelta(minutes=10), timedelta(days=1)
MOST_RECIPIENTS = 3  # of one code or link in one run: who mistypes a number may correct it twice

#: What keeps a message from leaving: its recipient, its run or its flow has had as many as are allowed.
Limit = Literal["recipient", "run", "flow"]


@dataclass(frozen=True)
class Sending:
    """A message about to leave: `what` is the code's or link's name, `per_day` the flow's whole budget."""

    flow: str
    run: str
    what: str
    recipient: str = field(repr=False)
    policy: SendPolicy
    per_day: int


_INSERT = insert(sends)
_COUNT = select(func.count()).where(
    sends.c.recipient.in_(bindparam("recipients", expanding=True)), sends.c.at > bindparam("since")
)
_OF_RUN = (
    select(sends.c.at)
    .where(sends.c.run_id == bindparam("run"), sends.c.what == bindparam("what"))
    .order_by(sends.c.at)
)
_OTHERS_OF_RUN = select(func.count(sends.c.recipient.distinct())).where(
    sends.c.run_id == bindparam("run"),
    sends.c.what == bindparam("what"),
    sends.c.recipient.not_in(bindparam("recipients", expanding=True)),
)
_OF_FLOW = select(func.count()).select_from(
    select(sends.c.id)
    .join(runs, runs.c.id == sends.c.run_id)
    .where(sends.c.at > bindparam("since"), runs.c.flow == bindparam("in_flow"))
    .limit(bindparam("most"))
    .subquery()
)
_PURGE = delete(sends).where(sends.c.at < bindparam("before"))
_LOCK = text("select pg_advisory_xact_lock(hashtextextended(:subject, 0))")


@dataclass(frozen=True)
class Used:
    """How much of what may be sent was sent: to the recipient, in the run, by the flow; with what is allowed.

    `per_run` counts other recipients of the same code or link. None is told beyond its limit.
    """

    per_10_minutes: tuple[int, int]
    per_day: tuple[int, int]
    per_run: tuple[int, int]
    per_flow: tuple[int, int]

    @property
    def limit(self) -> Limit | None:
        """What keeps a further message from leaving."""
        if _full(self.per_10_minutes) or _full(self.per_day):
            return "recipient"
        if _full(self.per_run):
            return "run"
        return "flow" if _full(self.per_flow) else None


def _full(used: tuple[int, int]) -> bool:
    return used[0] >= used[1]


def capped(
    connection: Connection, vault: Vault, recipient: str, per_10_minutes: int, per_day: int, now: datetime
) -> bool:
    """Whether this recipient has had as much as may be sent for now."""
    recipients = _indexes(vault, recipient)
    spans = ((TEN_MINUTES, per_10_minutes), (A_DAY, per_day))
    return any(_full(_sent(connection, recipients, span, most, now)) for span, most in spans)


def _sent(
    connection: Connection, recipients: list[str], span: timedelta, most: int, now: datetime
) -> tuple[int, int]:
    asked = {"recipients": recipients, "since": now - span}
    return min(connection.execute(_COUNT, asked).scalar_one(), most), most


def limit(connection: Connection, vault: Vault, sending: Sending, now: datetime) -> Limit | None:
    """What keeps this message from leaving now, pauses aside; None when nothing does."""
    return used(connection, vault, sending, now).limit


def used(connection: Connection, vault: Vault, sending: Sending, now: datetime) -> Used:
    """How much was sent by now of what may be sent, pauses aside."""
    policy, recipients = sending.policy, _indexes(vault, sending.recipient)
    asked = {"run": sending.run, "what": sending.what, "recipients": recipients}
    others = connection.execute(_OTHERS_OF_RUN, asked).scalar_one()
    whole = {"in_flow": sending.flow, "since": now - A_DAY, "most": sending.per_day}
    return Used(
        per_10_minutes=_sent(connection, recipients, TEN_MINUTES, policy.per_10_minutes, now),
        per_day=_sent(connection, recipients, A_DAY, policy.per_day, now),
        per_run=(min(others, MOST_RECIPIENTS), MOST_RECIPIENTS),
        per_flow=(connection.execute(_OF_FLOW, whole).scalar_one(), sending.per_day),
    )


def count(connection: Connection, vault: Vault, recipient: str, run: str, what: str, now: datetime) -> None:
    """Note one send."""
    index = _indexes(vault, recipient)[0]
    connection.execute(_INSERT, {"recipient": index, "run_id": run, "what": what, "at": now})


def hold(connection: Connection, vault: Vault, recipient: str) -> None:
    """Until the commit, let nobody else count this recipient; SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(_LOCK, {"subject": _indexes(vault, recipient)[0]})


def wait(
    connection: Connection, run: str, what: str, pauses: Sequence[timedelta], now: datetime
) -> timedelta:
    """How long until `what` may be sent again in this run; zero when it may be now."""
    last = since_last(connection, run, what, pauses, now)
    return max(last[1] - last[0], timedelta(0)) if last else timedelta(0)


def since_last(
    connection: Connection, run: str, what: str, pauses: Sequence[timedelta], now: datetime
) -> tuple[timedelta, timedelta] | None:
    """How long ago `what` was last sent in this run, and the pause to be kept after it; None: it was not.

    The last pause repeats for every further send.
    """
    sent: list[datetime] = [row.at for row in connection.execute(_OF_RUN, {"run": run, "what": what})]
    if not sent or not pauses:
        return None
    return now - sent[-1], pauses[min(len(sent), len(pauses)) - 1]


def purge(connection: Connection, before: datetime) -> int:
    """Forget sends older than any cap looks back; how many."""
    return connection.execute(_PURGE, {"before": before}).rowcount


def _indexes(vault: Vault, recipient: str) -> list[str]:
    """The blind indexes of a recipient; capitals make no other mailbox, so they gain no further messages."""
    return vault.indexes(recipient.lower(), "recipient")
