"""Taking due letters under a lease, handing them to their gateways, recording what became of them."""

import logging
import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from app.gateways.breaker import Breaker, BreakerState
from app.gateways.outcome import Accepted, Failed, Outcome, Refused
from app.store import attempts, outbox
from app.store.crypto import Vault
from app.store.database import Database
from app.store.outbox import Claimed, Letter

log = logging.getLogger(__name__)

#: How long a letter is ours once taken. One is taken at a time, so the lease need outlast one call only.
LEASE = timedelta(seconds=90)
#: The longest that any gateway's call takes, Google's with its token included. No call begins when less is
#: left of the lease: it might still be on its way when another worker sends the same letter.
LONGEST_CALL = timedelta(seconds=80)
MOST_TRIES = 8
_LONGEST_PAUSE = 600.0


@dataclass(frozen=True)
class Carrier:
    """A gateway for one channel: its name for the record, and how a letter is handed over.

    `longest_pause` between two tries is in seconds. Without `breaker` the carrier itself leaves alone who
    is down, as one must that goes to several neighbours.
    """

    name: str
    carry: Callable[[Letter], Outcome]
    most_tries: int = MOST_TRIES
    longest_pause: float = _LONGEST_PAUSE
    breaker: bool = True


@dataclass(frozen=True)
class Post:
    """The post office: `carriers` by channel; `owner` names this process in the leases."""

    database: Database
    vault: Vault
    carriers: Mapping[str, Carrier]
    clock: Callable[[], datetime]
    owner: str
    chance: Callable[[], float] = random.random
    breakers: Mapping[str, Breaker] = field(default_factory=lambda: defaultdict(Breaker))

    def breaker_state(self, channel: str) -> BreakerState | None:
        """Whether the channel's vendor is left alone; None for a carrier that sees to that itself."""
        carrier = self.carriers.get(channel)
        return self.breakers[channel].state(self.clock()) if carrier and carrier.breaker else None

    def deliver(self, most: int = 10) -> int:
        """Deliver what is due, one after the other, at most `most` letters; how many were taken.

        A fault of ours with one letter is logged and the next one taken; its lease brings it back.
        """
        for taken in range(most):
            claimed = self._claim()
            if claimed is None:
                return taken
            try:
                self._deliver(claimed)
            except Exception as fault:
                log.error("a delivery broke", extra={"letter": claimed.id, "fault": type(fault).__name__})
        return most

    def _claim(self) -> Claimed | None:
        with self.database.write() as connection:
            now = self.clock()  # not before: waiting for the database must not use up the lease
            claimed = outbox.claim(
                connection,
                self.vault,
                owner=self.owner,
                now=now,
                lease=LEASE,
                channels=self._open_channels(now),
                most=1,
            )
        return claimed[0] if claimed else None

    def _open_channels(self, now: datetime) -> list[str]:
        """A vendor that is down is left alone for a while; its letters keep their tries for when it is back.

        As letters go one at a time, the first after the pause is the breaker's trial. `allows` would use up
        the trial even where the channel has no letter to try it with.
        """
        return [channel for channel in self.carriers if self.breakers[channel].state(now) != "open"]

    def _deliver(self, claimed: Claimed) -> None:
        carrier = self.carriers[claimed.letter.channel]
        now = self.clock()
        if now >= claimed.letter.expires_at:
            self._close(claimed, "expired", None)
            return
        if now + LONGEST_CALL > claimed.lease:
            log.warning("a letter was taken too slowly", extra={"letter": claimed.id})
            self._put_back(claimed, now)
            return
        self._note_what_went_before(claimed)
        with self.database.write() as connection:
            attempts.begin(connection, claimed, carrier.name, now)
        outcome = self._carry(carrier, claimed)
        if carrier.breaker:
            breaker, then = self.breakers[claimed.letter.channel], self.clock()
            breaker.failed(then) if isinstance(outcome, Failed) else breaker.succeeded(then)
        name = {Accepted: "accepted", Refused: "refused", Failed: "failed"}[type(outcome)]
        reason = None if isinstance(outcome, Accepted) else outcome.reason
        with self.database.write() as connection:
            attempts.end(connection, claimed, name, reason, self.clock())
        self._conclude(carrier, claimed, outcome)

    def _note_what_went_before(self, claimed: Claimed) -> None:
        """A letter whose forerunner failed leaves all the same, but not unnoticed."""
        if claimed.attempt == 1 and claimed.earlier in {"given_up", "expired"}:
            log.warning(
                "a letter leaves though the one before it did not",
                extra={"letter": claimed.id, "earlier": claimed.earlier},
            )

    def _carry(self, carrier: Carrier, claimed: Claimed) -> Outcome:
        try:
            return carrier.carry(claimed.letter)
        except Exception as fault:
            # The text of a vendor's exception may quote the message, so only its type is logged.
            log.error("a gateway broke", extra={"letter": claimed.id, "fault": type(fault).__name__})
            return Failed("gateway_fault")

    def _conclude(self, carrier: Carrier, claimed: Claimed, outcome: Outcome) -> None:
        if isinstance(outcome, Accepted):
            self._close(claimed, "sent", outcome.reference)
        elif isinstance(outcome, Refused) or claimed.attempt_now >= carrier.most_tries:
            self._close(claimed, "given_up", None)
        else:
            self._put_back(claimed, self.clock() + self._pause(carrier, claimed.attempt_now))

    def _put_back(self, claimed: Claimed, due: datetime) -> None:
        with self.database.write() as connection:
            outbox.try_again(connection, claimed, self.owner, due)

    def _pause(self, carrier: Carrier, attempt: int) -> timedelta:
        """Back-off with jitter: 2, 4, 8 ... seconds up to the carrier's longest, each times 0.5 to 1.5."""
        return timedelta(seconds=min(carrier.longest_pause, 2.0**attempt) * (0.5 + self.chance()))

    def _close(self, claimed: Claimed, state: outbox.State, reference: str | None) -> None:
        with self.database.write() as connection:
            kept = outbox.finish(connection, claimed, self.owner, state, reference, self.clock())
        level = logging.WARNING if state == "given_up" else logging.INFO
        log.log(
            level,
            "letter closed",
            extra={"letter": claimed.id, "state": state, "attempt": claimed.attempt, "ours": kept},
        )


def warn_of_uncarried(database: Database, channels: Iterable[str]) -> None:
    """Warn of open letters on channels that nobody carries, as after a change of settings.

    They, and what comes after them, wait until they expire or the channel has a carrier again.
    """
    with database.read() as connection:
        waiting = outbox.waiting(connection)
    for channel in waiting.keys() - set(channels):
        log.warning(
            "letters wait for a channel nobody carries",
            extra={"channel": channel, "letters": waiting[channel]},
        )
