"""The parties outside the house as operators see them: how each is configured, how it does, what runs out.

What is configured is told by whoever wires (`Outside`): names and hosts, never a secret. The rest is read
from the letters and their attempts.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from app.flow.definition import Flow
from app.flow.spec import RegisterSpec
from app.gateways.breaker import BreakerState
from app.gateways.registers import source_options
from app.runner.house import FlowMissing, House
from app.store import deliveries
from app.store.deliveries import LastAnswers, Left

HOUR, DAY, LOOKED_BACK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)
#: What GOV.UK Notify publishes of itself daily: 95 % handed over within 10 seconds.
PROMISED, PROMISED_SHARE = timedelta(seconds=10), 0.95
WARN_BEFORE = timedelta(days=30)
_MOST = 100_000

Part = Literal["sms", "mail", "google", "webhook", "dns", "apple", "google_key"]


@dataclass(frozen=True)
class Configured:
    """One party: the channel or part it stands for, the gateway's name, where it is, what it is called there.

    `where` is a host and port, a file's path or an identifier; never a secret, never an address with one.
    """

    part: Part
    gateway: str
    where: str = ""
    realm: str = ""


@dataclass(frozen=True)
class Certificate:
    """A certificate we work with: for what, whose, until when; `trouble` is why it cannot be read."""

    role: str
    subject: str
    ends_at: datetime | None
    trouble: str = ""

    def days_left(self, now: datetime) -> int | None:
        """Whole days until it runs out, negative once it has; None when it cannot be read."""
        return math.floor((self.ends_at - now) / DAY) if self.ends_at else None


@dataclass(frozen=True)
class KeyFinding:
    """What is wrong or soon will be with the wallets' keys, in English sentences, as the command says it."""

    level: Literal["warn", "error"]
    sentence: str
    cure: str


@dataclass(frozen=True)
class Outside:
    """Everything wired to speak to the world. `breaker` is known where delivery is in this process."""

    configured: tuple[Configured, ...]
    certificates: tuple[Certificate, ...]
    findings: tuple[KeyFinding, ...]
    breaker: Callable[[str], BreakerState | None]


@dataclass(frozen=True)
class Pace:
    """Letters of a span: how many, how many handed over, how long that took (seconds), the share in time.

    `in_time` counts those handed over within ten seconds among all that were, or should have been by now.
    """

    letters: int
    handed_over: int
    p50: float | None
    p95: float | None
    in_time: float | None

    @property
    def as_promised(self) -> bool | None:
        """Whether 95 % were in time; None without letters."""
        return None if self.in_time is None else self.in_time >= PROMISED_SHARE


@dataclass(frozen=True)
class Doing:
    """How one channel does: the last hour, the last day, what its gateway answered last."""

    channel: str
    hour: Pace
    day: Pace
    last: LastAnswers


@dataclass(frozen=True)
class LiveRegister:
    """A register that is asked live: of which flow, by what, where, and its breaker in this process."""

    name: str
    flow: str
    source: str
    where: str
    breaker: BreakerState | None


def doing(house: House) -> list[Doing]:
    """Each channel that had letters in the last seven days or has an attempt on record."""
    now = house.clock()
    with house.database.read() as connection:
        left = deliveries.left_since(connection, now - DAY, _MOST)
        last = deliveries.last_answers(connection, now - LOOKED_BACK)
    channels = sorted({each.channel for each in left} | set(last))
    return [
        Doing(
            channel,
            pace([e for e in left if e.channel == channel and e.created_at >= now - HOUR], now),
            pace([e for e in left if e.channel == channel], now),
            last.get(channel, LastAnswers()),
        )
        for channel in channels
    ]


def pace(letters: Sequence[Left], now: datetime) -> Pace:
    """The figures of these letters."""
    took = sorted(each.took.total_seconds() for each in letters if each.took is not None)
    due = [each for each in letters if each.took is not None or each.created_at + PROMISED <= now]
    quick = sum(seconds <= PROMISED.total_seconds() for seconds in took)
    return Pace(
        len(letters),
        len(took),
        _percentile(took, 0.5),
        _percentile(took, 0.95),
        quick / len(due) if due else None,
    )


def _percentile(sorted_seconds: Sequence[float], share: float) -> float | None:
    """By nearest rank: a time that some letter really took."""
    if not sorted_seconds:
        return None
    return sorted_seconds[max(math.ceil(share * len(sorted_seconds)), 1) - 1]


def live_flows(house: House) -> list[Flow]:
    """The live versions that load."""
    found = []
    for name in house.shelf.names():
        try:
            found.append(house.shelf.live(name))
        except FlowMissing:
            continue
    return found


def live_registers(house: House) -> list[LiveRegister]:
    """The registers of live flows that are asked, not imported."""
    found: dict[str, LiveRegister] = {}
    for flow in live_flows(house):
        for name, spec in flow.spec.registers.items():
            if spec.source != "imported":
                found.setdefault(name, _live_register(house, flow.name, name, spec))
    return [found[name] for name in sorted(found)]


def _live_register(house: House, flow: str, name: str, spec: RegisterSpec) -> LiveRegister:
    assert spec.source != "imported"
    options = source_options(spec.source)
    state = house.sources.breaker(name, house.clock())
    return LiveRegister(name, flow, next(iter(spec.source)), options.url_from, state)
